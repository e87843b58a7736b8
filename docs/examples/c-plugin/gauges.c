// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// A plugin in C: two rain gauges as a layer, their readings as observations, and
// a list of them as JSON. protobuf-c packs and unpacks the messages; everything
// else that the contract asks for is in this file.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "miaopu_plugin.h"
#include "plugin.pb-c.h"

// The names that protobuf-c makes of the package are long.
#define M(name) Miaopu__Plugin__V1__##name
#define CALL(name) MIAOPU__PLUGIN__V1__PLUGIN_REQUEST__CALL_##name
#define ANSWER(name) MIAOPU__PLUGIN__V1__PLUGIN_REPLY__ANSWER_##name
#define ASK(name) MIAOPU__PLUGIN__V1__HOST_REQUEST__CALL_##name

#if defined(__x86_64__)
#define MACHINE 62
#elif defined(__aarch64__)
#define MACHINE 183
#endif

// ---- The stamp: read before any of this code runs -----------------------------

__attribute__((section(MIAOPU_STAMP_SECTION), used)) static const struct miaopu_stamp_record stamp[] = {
    {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_CONTRACT, {MIAOPU_CONTRACT_VERSION}},
    {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_COMPILER, {1, __GNUC__, __GNUC_MINOR__, 0}},
    {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {MACHINE, 1}},
};

// ---- Asking the host -----------------------------------------------------------

static const struct miaopu_host_table *host;

// Sends a call. Answers a reply for m_reply_free, or null; `sentence` has the
// host's reason then.
static M(HostReply) *ask(const M(HostRequest) *request, char *sentence, size_t room) {
    size_t count = miaopu__plugin__v1__host_request__get_packed_size(request);
    uint8_t *bytes = malloc(count + 1);
    if (!bytes) {
        snprintf(sentence, room, "There is no memory for a call of the host.");
        return NULL;
    }
    miaopu__plugin__v1__host_request__pack(request, bytes);
    struct miaopu_bytes answer = {0};
    int32_t status = host->call(host->context, bytes, count, &answer);
    free(bytes);
    M(HostReply) *reply = NULL;
    if (status == MIAOPU_OK) {
        reply = miaopu__plugin__v1__host_reply__unpack(NULL, answer.count, answer.bytes);
        if (!reply) snprintf(sentence, room, "The host answered with no message of the contract.");
    } else {
        snprintf(sentence, room, "%.*s", (int)answer.count, answer.bytes ? (const char *)answer.bytes : "");
    }
    // Who receives bytes releases them, also those of a sentence.
    if (answer.release) answer.release(answer.owner);
    return reply;
}

static int ask_and_forget(const M(HostRequest) *request, char *sentence, size_t room) {
    M(HostReply) *reply = ask(request, sentence, room);
    if (!reply) return 0;
    miaopu__plugin__v1__host_reply__free_unpacked(reply, NULL);
    return 1;
}

// One SQL statement without parameters.
static M(HostReply) *sql(char *text, char *sentence, size_t room) {
    M(SQLStatement) statement = MIAOPU__PLUGIN__V1__SQLSTATEMENT__INIT;
    statement.text = text;
    M(SQLStatement) *statements[] = {&statement};
    M(SQLRequest) message = MIAOPU__PLUGIN__V1__SQLREQUEST__INIT;
    message.statements = statements;
    message.n_statements = 1;
    M(HostRequest) request = MIAOPU__PLUGIN__V1__HOST_REQUEST__INIT;
    request.call_case = ASK(SQL);
    request.sql = &message;
    return ask(&request, sentence, room);
}

// ---- The calls -----------------------------------------------------------------

// What is handed over as bytes at the end of a call.
struct outcome {
    int32_t status;
    char sentence[512];
};

static void describe(M(PluginReply) *reply) {
    static M(Title) title = MIAOPU__PLUGIN__V1__TITLE__INIT;
    title.zh = "雨量站";
    title.en = "Rain gauges";
    static char *permissions[] = {"tables", "observations"};
    static M(Manifest) manifest = MIAOPU__PLUGIN__V1__MANIFEST__INIT;
    manifest.id = "gauges";
    manifest.version = "1.0.0";
    manifest.contract_version = MIAOPU_CONTRACT_VERSION;
    manifest.title = &title;
    manifest.permissions = permissions;
    manifest.n_permissions = 2;
    reply->answer_case = ANSWER(DESCRIBE);
    reply->describe = &manifest;
}

static int register_layer(struct outcome *outcome) {
    M(Title) name = MIAOPU__PLUGIN__V1__TITLE__INIT, rain = name, title = name;
    name.zh = "名称", name.en = "Name";
    rain.zh = "雨量", rain.en = "Rain";
    title.zh = "雨量站", title.en = "Rain gauges";
    M(Field) fields[] = {MIAOPU__PLUGIN__V1__FIELD__INIT, MIAOPU__PLUGIN__V1__FIELD__INIT};
    fields[0].name = "name";
    fields[0].type = MIAOPU__PLUGIN__V1__FIELD_TYPE__FIELD_TYPE_TEXT;
    fields[0].title = &name;
    fields[1].name = "rain";
    fields[1].type = MIAOPU__PLUGIN__V1__FIELD_TYPE__FIELD_TYPE_REAL;
    fields[1].title = &rain;
    fields[1].unit = "mm";
    M(Field) *list[] = {&fields[0], &fields[1]};
    M(LayerRegistration) layer = MIAOPU__PLUGIN__V1__LAYER_REGISTRATION__INIT;
    layer.id = "gauges";
    layer.title = &title;
    layer.geometry_type = MIAOPU__PLUGIN__V1__GEOMETRY_TYPE__GEOMETRY_TYPE_POINT;
    layer.fields = list;
    layer.n_fields = 2;
    layer.style_layers =
        "[{\"id\": \"dot\", \"type\": \"circle\", \"paint\": {\"circle-radius\": 8, \"circle-color\": \"#0b6fd6\"}}]";
    layer.min_zoom = 8;
    layer.max_zoom = 22;
    M(HostRequest) request = MIAOPU__PLUGIN__V1__HOST_REQUEST__INIT;
    request.call_case = ASK(REGISTER_LAYER);
    request.register_layer = &layer;
    return ask_and_forget(&request, outcome->sentence, sizeof outcome->sentence);
}

// A first reading of each gauge, so that there is something to see.
static int append_readings(struct outcome *outcome) {
    M(Observation) readings[] = {MIAOPU__PLUGIN__V1__OBSERVATION__INIT, MIAOPU__PLUGIN__V1__OBSERVATION__INIT};
    M(Observation) *list[] = {&readings[0], &readings[1]};
    for (int i = 0; i < 2; i++) {
        readings[i].datastream = i == 0 ? "1/rain" : "2/rain";
        readings[i].time = (int64_t)time(NULL) * 1000;
        readings[i].result_case = MIAOPU__PLUGIN__V1__OBSERVATION__RESULT_NUMBER;
        readings[i].number = i == 0 ? 12.5 : 3;
    }
    M(ObservationsAppend) append = MIAOPU__PLUGIN__V1__OBSERVATIONS_APPEND__INIT;
    append.observations = list;
    append.n_observations = 2;
    M(HostRequest) request = MIAOPU__PLUGIN__V1__HOST_REQUEST__INIT;
    request.call_case = ASK(APPEND_OBSERVATIONS);
    request.append_observations = &append;
    return ask_and_forget(&request, outcome->sentence, sizeof outcome->sentence);
}

// The tables, and what is in them at first. The host runs a migration once.
static int migrate(struct outcome *outcome) {
    static char *statements[] = {
        "CREATE TABLE gauges (id INTEGER PRIMARY KEY, name TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL)",
        "INSERT INTO gauges (id, name, x, y) VALUES (1, '梅陇', 121.387, 31.105), (2, '莘庄', 121.372, 31.112)",
    };
    M(Migration) first = MIAOPU__PLUGIN__V1__MIGRATION__INIT;
    first.version = 1;
    first.title = "gauges";
    first.statements = statements;
    first.n_statements = 2;
    M(Migration) *list[] = {&first};
    M(Migrations) migrations = MIAOPU__PLUGIN__V1__MIGRATIONS__INIT;
    migrations.migrations = list;
    migrations.n_migrations = 1;
    M(HostRequest) request = MIAOPU__PLUGIN__V1__HOST_REQUEST__INIT;
    request.call_case = ASK(MIGRATE);
    request.migrate = &migrations;
    return ask_and_forget(&request, outcome->sentence, sizeof outcome->sentence);
}

static void start(struct outcome *outcome) {
    if (!migrate(outcome) || !register_layer(outcome) || !append_readings(outcome)) outcome->status = MIAOPU_FAILED;
}

// A gauge with its newest reading.
struct gauge {
    int64_t id;
    char name[64];
    double x, y, rain;
};

enum { MOST_GAUGES = 64 };

// All gauges; -1 when the host would not say.
static int read_gauges(struct gauge *gauges, struct outcome *outcome) {
    M(HostReply) *rows = sql("SELECT id, name, x, y FROM gauges ORDER BY id", outcome->sentence, sizeof outcome->sentence);
    if (!rows) return -1;
    int count = 0;
    M(SQLResult) *result = rows->sql && rows->sql->n_results ? rows->sql->results[0] : NULL;
    for (size_t i = 0; result && i < result->n_rows && count < MOST_GAUGES; i++) {
        M(Row) *row = result->rows[i];
        if (row->n_values != 4) continue;
        struct gauge *gauge = &gauges[count++];
        *gauge = (struct gauge){row->values[0]->integer, "", row->values[2]->real, row->values[3]->real, 0};
        snprintf(gauge->name, sizeof gauge->name, "%s", row->values[1]->text);
    }
    miaopu__plugin__v1__host_reply__free_unpacked(rows, NULL);

    M(ObservationsLatest) latest = MIAOPU__PLUGIN__V1__OBSERVATIONS_LATEST__INIT;
    M(HostRequest) request = MIAOPU__PLUGIN__V1__HOST_REQUEST__INIT;
    request.call_case = ASK(LATEST_OBSERVATIONS);
    request.latest_observations = &latest;
    M(HostReply) *readings = ask(&request, outcome->sentence, sizeof outcome->sentence);
    if (!readings) return -1;
    for (size_t i = 0; readings->observations && i < readings->observations->n_observations; i++) {
        M(Observation) *reading = readings->observations->observations[i];
        for (int j = 0; j < count; j++) {
            if (gauges[j].id == strtoll(reading->datastream, NULL, 10)) gauges[j].rain = reading->number;
        }
    }
    miaopu__plugin__v1__host_reply__free_unpacked(readings, NULL);
    return count;
}

// The memory of an answer to `features`; it lives until the reply is packed.
struct features {
    int64_t ids[MOST_GAUGES];
    uint32_t lengths[MOST_GAUGES], indexes[MOST_GAUGES];
    uint8_t wkb[MOST_GAUGES * 21];
    char *names[MOST_GAUGES];
    double rain[MOST_GAUGES];
    struct gauge gauges[MOST_GAUGES];
    M(Field) fields[2];
    M(Column) columns[2], *list[2];
    M(FeatureBatch) batch;
};

static void features(const M(FeaturesRequest) *request, M(PluginReply) *reply, struct features *out,
                     struct outcome *outcome) {
    const M(Envelope) *box = request->envelope;
    if (strcmp(request->layer, "gauges") != 0 || !box) {
        outcome->status = box ? MIAOPU_NOT_FOUND : MIAOPU_INVALID;
        snprintf(outcome->sentence, sizeof outcome->sentence,
                 box ? "There is no layer %.40s; gauges is accepted." : "The request for %.40s has no envelope.",
                 request->layer);
        return;
    }
    int all = read_gauges(out->gauges, outcome), count = 0;
    if (all < 0) {
        outcome->status = MIAOPU_FAILED;
        return;
    }
    for (int i = 0; i < all; i++) {
        struct gauge *gauge = &out->gauges[i];
        if (gauge->x < box->min_x || gauge->x > box->max_x || gauge->y < box->min_y || gauge->y > box->max_y) continue;
        out->ids[count] = gauge->id;
        out->names[count] = gauge->name;
        out->rain[count] = gauge->rain;
        // Texts are said once each and counted from 1.
        out->indexes[count] = count + 1;
        // Well-known binary of a point: little endian, type 1, two doubles.
        uint8_t *wkb = out->wkb + count * 21;
        memcpy(wkb, "\x01\x01\x00\x00\x00", 5);
        memcpy(wkb + 5, &gauge->x, 8);
        memcpy(wkb + 13, &gauge->y, 8);
        out->lengths[count++] = 21;
    }
    for (int i = 0; i < 2; i++) {
        out->fields[i] = (M(Field))MIAOPU__PLUGIN__V1__FIELD__INIT;
        out->columns[i] = (M(Column))MIAOPU__PLUGIN__V1__COLUMN__INIT;
        out->columns[i].field = &out->fields[i];
        out->list[i] = &out->columns[i];
    }
    out->fields[0].name = "name";
    out->fields[0].type = MIAOPU__PLUGIN__V1__FIELD_TYPE__FIELD_TYPE_TEXT;
    out->columns[0].texts = out->names;
    out->columns[0].text_indexes = out->indexes;
    out->columns[0].n_texts = out->columns[0].n_text_indexes = count;
    out->fields[1].name = "rain";
    out->fields[1].type = MIAOPU__PLUGIN__V1__FIELD_TYPE__FIELD_TYPE_REAL;
    out->columns[1].reals = out->rain;
    out->columns[1].n_reals = count;
    out->batch = (M(FeatureBatch))MIAOPU__PLUGIN__V1__FEATURE_BATCH__INIT;
    out->batch.ids = out->ids;
    out->batch.wkb_lengths = out->lengths;
    out->batch.n_ids = out->batch.n_wkb_lengths = count;
    out->batch.wkb = (ProtobufCBinaryData){count * 21, out->wkb};
    out->batch.columns = out->list;
    out->batch.n_columns = 2;
    reply->answer_case = ANSWER(FEATURES);
    reply->features = &out->batch;
}

// GET /gauges: a list as JSON, all of them or those with at least so much rain.
static void handle(const M(HandleRequest) *request, M(PluginReply) *reply, char *text, size_t room,
                   M(HandleReply) *answer, struct outcome *outcome) {
    double least = 0;
    answer->status = 200;
    answer->content_type = "application/json";
    if (strcmp(request->method, "GET") != 0 || strcmp(request->path, "/gauges") != 0) {
        answer->status = 404;
        snprintf(text, room, "{\"error\": \"There is nothing here; GET /gauges is accepted.\"}");
    }
    for (size_t i = 0; i < request->n_query && answer->status == 200; i++) {
        char *end = NULL;
        if (strcmp(request->query[i]->name, "least") == 0) least = strtod(request->query[i]->value, &end);
        if (!end || end == request->query[i]->value || *end) {
            answer->status = 400;
            snprintf(text, room, "{\"error\": \"least=NUMBER is accepted, in millimetres.\"}");
        }
    }
    if (answer->status == 200) {
        struct gauge gauges[MOST_GAUGES];
        int count = read_gauges(gauges, outcome);
        if (count < 0) {
            outcome->status = MIAOPU_FAILED;
            return;
        }
        size_t used = snprintf(text, room, "{\"gauges\": [");
        const char *comma = "";
        for (int i = 0; i < count && used + 128 < room; i++) {
            if (gauges[i].rain < least) continue;
            used += snprintf(text + used, room - used, "%s{\"name\": \"%s\", \"rain\": %g}", comma, gauges[i].name,
                             gauges[i].rain);
            comma = ", ";
        }
        snprintf(text + used, room - used, "]}");
    }
    answer->body = (ProtobufCBinaryData){strlen(text), (uint8_t *)text};
    reply->answer_case = ANSWER(HANDLE);
    reply->handle = answer;
}

// ---- The border ----------------------------------------------------------------

// A message or a sentence as bytes that the host releases with free().
static int32_t give(const M(PluginReply) *reply, const struct outcome *outcome, struct miaopu_bytes *out) {
    int is_message = outcome->status == MIAOPU_OK;
    size_t count = is_message ? miaopu__plugin__v1__plugin_reply__get_packed_size(reply) : strlen(outcome->sentence);
    uint8_t *bytes = malloc(count + 1);
    *out = (struct miaopu_bytes){0};
    if (!bytes) return MIAOPU_FAILED;
    if (is_message) {
        miaopu__plugin__v1__plugin_reply__pack(reply, bytes);
    } else {
        memcpy(bytes, outcome->sentence, count);
    }
    *out = (struct miaopu_bytes){bytes, count, free, bytes};
    return outcome->status;
}

static int32_t call(void *context, const uint8_t *bytes, size_t count, struct miaopu_bytes *out) {
    (void)context;
    struct outcome outcome = {MIAOPU_OK, ""};
    M(PluginReply) reply = MIAOPU__PLUGIN__V1__PLUGIN_REPLY__INIT;
    M(HandleReply) answer = MIAOPU__PLUGIN__V1__HANDLE_REPLY__INIT;
    // The host makes one call at a time.
    static struct features batch;
    static char text[16384];
    M(PluginRequest) *request = miaopu__plugin__v1__plugin_request__unpack(NULL, count, bytes);
    if (!request) {
        outcome = (struct outcome){MIAOPU_INVALID, "The request is no message of the plugin contract."};
        return give(&reply, &outcome, out);
    }
    switch (request->call_case) {
        case CALL(DESCRIBE): describe(&reply); break;
        case CALL(START): start(&outcome); break;
        case CALL(FEATURES): features(request->features, &reply, &batch, &outcome); break;
        case CALL(HANDLE): handle(request->handle, &reply, text, sizeof text, &answer, &outcome); break;
        case CALL(OBSERVE):
        case CALL(TICK):
        case CALL(STOP): break;
        default: outcome = (struct outcome){MIAOPU_UNSUPPORTED, "This plugin does not know the call."};
    }
    // Packed before the request is freed: an answer may point into it.
    int32_t status = give(&reply, &outcome, out);
    miaopu__plugin__v1__plugin_request__free_unpacked(request, NULL);
    return status;
}

__attribute__((visibility("default"))) int32_t miaopu_plugin_v1(
    const struct miaopu_host_table *table, struct miaopu_plugin_table *plugin) {
    if (table->abi_version != MIAOPU_CONTRACT_VERSION) return MIAOPU_OTHER_VERSION;
    host = table;
    plugin->call = call;
    return MIAOPU_OK;
}
