// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a GeoPackage may carry beside its tables: nothing that runs when it is
/// read.
enum GeoPackagePolicy {
    /// Views that older writers of the standard left behind.
    private static let knownViews: Set<String> = [
        "st_spatial_ref_sys", "spatial_ref_sys", "st_geometry_columns", "geometry_columns",
    ]

    /// - Throws: `FormatsError` when the file holds views, triggers or columns
    ///   that are not those of the standard.
    static func check(_ schema: SQLiteSchema, name: String) throws {
        guard schema.entries.contains(where: { $0.kind == "table" && $0.name.lowercased() == "gpkg_contents" }) else {
            throw FormatsError(
                .unrecognised, "“\(name)” is an SQLite database but not a GeoPackage: it has no table gpkg_contents.")
        }
        for entry in schema.entries {
            let sql = entry.sql.lowercased()
            switch entry.kind {
            case "view":
                guard knownViews.contains(entry.name.lowercased()), isHarmless(sql) else {
                    throw view(entry.name, of: name)
                }
            case "trigger":
                guard isKnownTrigger(entry.name.lowercased()), isHarmless(sql) else {
                    throw FormatsError(
                        .unsafe,
                        "“\(name)” holds the trigger “\(entry.name)”, which is none of the GeoPackage standard's; "
                            + "deliver it without.")
                }
            case "table": try checkTable(entry, sql, name)
            default: break
            }
        }
    }

    /// A view that is more than the catalogue of an older writer.
    static func view(_ view: String, of name: String) -> FormatsError {
        FormatsError(
            .unsafe,
            "“\(name)” holds the view “\(view)”, a program that would run when it is read; deliver its result as a "
                + "table.")
    }

    private static func checkTable(_ entry: SQLiteSchema.Entry, _ sql: String, _ name: String) throws {
        if sql.hasPrefix("create virtual table") {
            guard sql.contains("using rtree") || sql.contains("using \"rtree\"") else {
                throw FormatsError(
                    .unsafe,
                    "“\(name)” holds the virtual table “\(entry.name)”, which is no spatial index; deliver it without.")
            }
        } else if hasComputedColumns(sql) {
            throw FormatsError(
                .unsafe,
                "Table “\(entry.name)” of “\(name)” has computed columns, which would run when it is read; deliver "
                    + "their values.")
        }
    }

    private static func hasComputedColumns(_ sql: String) -> Bool {
        let words = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.contains("generated always") || words.contains(" as (") || words.contains(" as(")
            || words.contains(")as(")
    }

    private static func isKnownTrigger(_ name: String) -> Bool {
        for prefix in ["rtree_", "gpkg_", "trigger_insert_feature_count_", "trigger_delete_feature_count_"]
        where name.hasPrefix(prefix) { return true }
        for ending in ["zoom", "tile_column", "tile_row"]
        where name.hasSuffix("_\(ending)_insert") || name.hasSuffix("_\(ending)_update") { return true }
        return false
    }

    private static func isHarmless(_ sql: String) -> Bool {
        let forbidden = [
            "recursive", "load_extension", "readfile", "writefile", "attach ", "ogr_geocode", "ogr_layer",
            "ogr_inflate", "ogr_deflate", "gdal_", "fts3_tokenizer",
            "randomblob", "zeroblob", "edit(", "pragma_",
        ]
        return sql.utf8.count <= 16_384 && !forbidden.contains { sql.contains($0) }
    }
}
