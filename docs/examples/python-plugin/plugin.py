#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""A plugin in Python: beds of a nursery as a layer, their moisture as
observations, and a list of them as JSON.

The host starts this program with a socket as descriptor 3 and speaks frames on
it. protoc makes plugin_pb2 of the published contract; nothing else is needed.
"""
import json
import socket
import struct
import sys
import time

from google.protobuf.message import DecodeError

import plugin_pb2 as wire

CALL, REPLY, HOST_CALL, HOST_REPLY = 1, 2, 3, 4
OK, INVALID, NOT_FOUND, UNSUPPORTED, FAILED = 0, 1, 2, 3, 6
LARGEST = (64 << 20) + 12


class Refusal(Exception):
    """A status of the contract and one sentence."""

    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status = status


class Host:
    """The other end of the socket."""

    def __init__(self):
        self.socket = socket.socket(fileno=3)
        self.calls = 0

    def receive_exactly(self, count):
        parts = bytearray()
        while len(parts) < count:
            part = self.socket.recv(min(count - len(parts), 1 << 20))
            if not part:
                sys.exit(0)  # The host has gone.
            parts += part
        return bytes(parts)

    def receive(self):
        """A frame: how many bytes (u32), its kind (u8), then the number of a call (u64) and the rest."""
        count, kind = struct.unpack("<IB", self.receive_exactly(5))
        if not 8 <= count <= LARGEST:
            sys.exit(f"a frame of {count} bytes")
        payload = self.receive_exactly(count)
        return kind, struct.unpack_from("<Q", payload)[0], payload[8:]

    def send(self, kind, number, rest):
        self.socket.sendall(struct.pack("<IBQ", 8 + len(rest), kind, number) + rest)

    def ask(self, **call):
        """One call of the host; its reply, or a Refusal with its sentence."""
        self.calls += 1
        self.send(HOST_CALL, self.calls, wire.HostRequest(**call).SerializeToString())
        # The host makes one call at a time, so that nothing else can come.
        kind, number, rest = self.receive()
        if (kind, number) != (HOST_REPLY, self.calls):
            sys.exit(f"a frame of kind {kind} in the place of an answer")
        status = struct.unpack_from("<i", rest)[0]
        if status != OK:
            raise Refusal(FAILED, rest[4:].decode("utf-8", "replace"))
        return wire.HostReply.FromString(rest[4:])

    def sql(self, text, *rows):
        """The rows of one statement, which runs once for each row of parameters."""
        parameters = [wire.Row(values=[value(cell) for cell in row]) for row in rows]
        reply = self.ask(sql=wire.SQLRequest(statements=[wire.SQLStatement(text=text, parameters=parameters)]))
        return [[getattr(cell, cell.WhichOneof("kind") or "text") for cell in row.values]
                for row in reply.sql.results[0].rows]


def value(cell):
    kind = {int: "integer", float: "real", str: "text"}[type(cell)]
    return wire.Value(**{kind: cell})


def title(zh, en):
    return wire.Title(zh=zh, en=en)


FIELDS = [
    wire.Field(name="name", type=wire.FIELD_TYPE_TEXT, title=title("名称", "Name")),
    wire.Field(name="moisture", type=wire.FIELD_TYPE_REAL, title=title("湿度", "Moisture"), unit="%"),
]
STYLE = [{"id": "bed", "type": "fill", "paint": {"fill-color": "#2f8f46", "fill-opacity": 0.9}}]
# The host runs each once. A bed has a south-western corner and the length of a side, in degrees.
MIGRATIONS = [wire.Migration(version=1, title="beds", statements=[
    "CREATE TABLE beds "
    "(id INTEGER PRIMARY KEY, name TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL, side REAL NOT NULL)",
    "INSERT INTO beds VALUES (1, '东圃', 121.3850, 31.1030, 0.004), (2, '西圃', 121.3700, 31.1100, 0.003)",
])]


class Beds:
    """The plugin itself: a method for each call that it knows."""

    def __init__(self, host):
        self.host = host

    def describe(self, _):
        return wire.PluginReply(describe=wire.Manifest(
            id="beds", title=title("苗床", "Nursery beds"), version="1.0.0", contract_version=1,
            permissions=["tables", "observations"]))

    def start(self, _):
        self.host.ask(migrate=wire.Migrations(migrations=MIGRATIONS))
        self.host.ask(register_layer=wire.LayerRegistration(
            id="beds", title=title("苗床", "Nursery beds"), geometry_type=wire.GEOMETRY_TYPE_POLYGON, fields=FIELDS,
            style_layers=json.dumps(STYLE), min_zoom=8, max_zoom=22))
        now = int(time.time() * 1000)
        self.host.ask(append_observations=wire.ObservationsAppend(observations=[
            wire.Observation(datastream=f"{bed}/moisture", time=now, number=moisture)
            for bed, moisture in ((1, 41.5), (2, 28))]))
        return wire.PluginReply()

    def beds(self):
        """All beds with their newest moisture."""
        reply = self.host.ask(latest_observations=wire.ObservationsLatest())
        moisture = {int(reading.datastream.split("/")[0]): reading.number for reading in reply.observations.observations}
        return [(*row, moisture.get(row[0])) for row in
                self.host.sql("SELECT id, name, x, y, side FROM beds ORDER BY id")]

    def features(self, request):
        if request.layer != "beds":
            raise Refusal(NOT_FOUND, f"There is no layer {request.layer[:40]}; beds is accepted.")
        box = request.envelope
        beds = [(number, name, x, y, side, moisture) for number, name, x, y, side, moisture in self.beds()
                if x <= box.max_x and x + side >= box.min_x and y <= box.max_y and y + side >= box.min_y]
        batch = wire.FeatureBatch(ids=[bed[0] for bed in beds], wkb_lengths=[93] * len(beds))
        names, moisture = batch.columns.add(field=FIELDS[0]), batch.columns.add(field=FIELDS[1])
        nulls = bytearray((len(beds) + 7) // 8)
        for index, (_, name, x, y, side, percent) in enumerate(beds):
            # Well-known binary: little endian, a polygon of one ring of five positions.
            batch.wkb += struct.pack(
                "<BIII10d", 1, 3, 1, 5, x, y, x + side, y, x + side, y + side, x, y + side, x, y)
            # Texts are said once each and counted from 1.
            names.texts.append(name)
            names.text_indexes.append(index + 1)
            moisture.reals.append(percent or 0)
            nulls[index // 8] |= (percent is None) << index % 8
        moisture.nulls = bytes(nulls)
        return wire.PluginReply(features=batch)

    def handle(self, request):
        status, answer = 404, {"error": "There is nothing here; GET /beds is accepted."}
        if (request.method, request.path) == ("GET", "/beds"):
            try:
                driest = float(dict((pair.name, pair.value) for pair in request.query).get("below", "100"))
                status, answer = 200, {"beds": [
                    {"name": name, "moisture": percent} for _, name, _, _, _, percent in self.beds()
                    if percent is not None and percent < driest]}
            except ValueError:
                status, answer = 400, {"error": "below=NUMBER is accepted, in per cent."}
        return wire.PluginReply(handle=wire.HandleReply(
            status=status, content_type="application/json", body=json.dumps(answer, ensure_ascii=False).encode()))

    def observe(self, _):
        return wire.PluginReply()

    tick = stop = observe

    def answer(self, request):
        """A status, and a message or a sentence as bytes."""
        try:
            message = wire.PluginRequest.FromString(request)
            name = message.WhichOneof("call")
            if not name:
                raise Refusal(UNSUPPORTED, "This plugin does not know the call.")
            return OK, getattr(self, name)(getattr(message, name)).SerializeToString()
        except Refusal as refusal:
            return refusal.status, str(refusal).encode()
        except DecodeError:
            return INVALID, b"The request is no message of the plugin contract."


def main():
    host = Host()
    beds = Beds(host)
    while True:
        kind, number, request = host.receive()
        if kind != CALL:
            sys.exit(f"a frame of kind {kind} in the place of a call")
        status, answer = beds.answer(request)
        host.send(REPLY, number, struct.pack("<i", status) + answer)


if __name__ == "__main__":
    main()
