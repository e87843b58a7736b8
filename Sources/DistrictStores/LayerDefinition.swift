// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A layer as the store keeps it: one GeoPackage feature table.
public struct LayerDefinition: Sendable, Hashable {
    /// The layer's id, which is also the table's name: `[a-z0-9-]+`.
    public let id: String
    public let title: String
    /// Fields in the order of a record's values; names are `[a-z][a-z0-9_]*`.
    public let schema: Schema

    public init(id: String, title: String, schema: Schema) {
        self.id = id
        self.title = title
        self.schema = schema
    }

    /// What of the schema the table itself holds: no titles, no units.
    var columns: Schema {
        Schema(geometryType: schema.geometryType, fields: schema.fields.map { Field($0.name, $0.type) })
    }
}

/// The reference system of the district grid, as GeoPackage records it.
public struct StoreReferenceSystem: Sendable, Hashable {
    /// The identifier in the file; the EPSG code where there is one.
    public let id: Int32
    public let name: String
    public let organization: String
    public let organizationCode: Int32
    /// Well-known text, version 1.
    public let definition: String

    public init(
        id: Int32, name: String, organization: String, organizationCode: Int32, definition: String
    ) {
        self.id = id
        self.name = name
        self.organization = organization
        self.organizationCode = organizationCode
        self.definition = definition
    }
}

/// The columns that every feature table has beside its own fields.
enum ProvenanceColumn {
    static let town = "miaopu_town"
    static let source = "miaopu_source"
    static let row = "miaopu_row"
    static let repair = "miaopu_repair"
    static let identity = "miaopu_identity"
    static let hash = "miaopu_hash"
    static let validFrom = "miaopu_valid_from"

    static let definitions = """
        "\(town)" TEXT,
        "\(source)" TEXT NOT NULL,
        "\(row)" INTEGER NOT NULL,
        "\(repair)" TEXT,
        "\(identity)" INTEGER NOT NULL,
        "\(hash)" INTEGER NOT NULL,
        "\(validFrom)" DATE
        """
    static let all = [town, source, row, repair, identity, hash, validFrom]
}

/// Names that go into SQL as identifiers come from layer definitions alone and
/// are checked here, so that quoting them is enough.
struct SQLIdentifier {
    let quoted: String

    init(_ name: String) throws {
        let allowed = name.utf8.allSatisfy {
            ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z"))
                || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
        guard allowed, !name.isEmpty, name.utf8.count <= 64 else {
            throw DistrictStoresError(
                .unknown,
                "“\(name)” cannot name a layer or a field in the store: use a–z, 0–9, _ and -, at most 64.")
        }
        quoted = "\"\(name)\""
    }
}

extension FieldType {
    /// The column type that GeoPackage prescribes.
    var geoPackageType: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .integer: "INTEGER"
        case .real: "REAL"
        case .text: "TEXT"
        case .date: "DATE"
        case .dateTime: "DATETIME"
        }
    }
}
