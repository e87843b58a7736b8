// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures

extension MergeReport {
    /// What the fields of one layer are filled from, over all of its sources.
    public struct LayerSchema: Sendable, Codable {
        public var layer: String
        /// Features of its sources.
        public var features: Int
        /// In the layer's order.
        public var fields: [FieldSchema]
    }

    /// One field of a layer.
    public struct FieldSchema: Sendable, Codable {
        public var name: String
        /// A `FieldType`.
        public var type: String
        public var unit: String?
        /// Whether only the layer's codes belong into it.
        public var isCoded: Bool
        /// Sources that have it, by id.
        public var sources: [FieldSource]
        /// Ids of the sources that have nothing for it.
        public var lacking: [String]

        /// Features that have a value.
        public var filled: Int { sources.reduce(0) { $0 + $1.coverage.filled } }
    }

    /// What one source has for a field.
    public struct FieldSource: Sendable, Codable {
        public var source: String
        public var town: String?
        /// The field of the file.
        public var from: String
        /// The type that the file declares.
        public var type: String
        /// The unit of the file, where it is another one than the layer's.
        public var unit: String?
        public var fit: TypeFit
        /// Features of the source.
        public var features: Int
        public var coverage: SourceRecord.FieldCoverage
    }

    /// How the type of a file's field goes with that of the layer.
    public enum TypeFit: String, Sendable, Codable {
        case equal
        /// Every value has a place: whole numbers among numbers.
        case wider
        /// Some values may have none: fractions among whole numbers, words where
        /// numbers or days belong. Those that have none are left empty and counted.
        case narrower
        /// Numbers or days are written as text. Zeros that once led a code are gone.
        case spelled

        init(from file: FieldType, to layer: FieldType) {
            self =
                switch (file, layer) {
                case _ where file == layer: .equal
                case (.integer, .real), (.boolean, .integer), (.date, .dateTime): .wider
                case (_, .text): .spelled
                default: .narrower
                }
        }
    }
}

extension MergeReport.LayerSchema {
    /// - Parameter records: the sources that are in the district, in any order.
    static func schemas(of layers: LayerCatalogue, from records: some Sequence<SourceRecord>) -> [Self] {
        Dictionary(grouping: records, by: \.layer).sorted { $0.key < $1.key }.compactMap { id, records in
            layers[id].map { Self($0, records.sorted { $0.id < $1.id }) }
        }
    }

    private init(_ manifest: LayerManifest, _ records: [SourceRecord]) {
        layer = manifest.id
        features = records.reduce(0) { $0 + $1.featureCount }
        fields = manifest.fields.map { field in
            let type = field.field.type
            var sources: [MergeReport.FieldSource] = []
            var lacking: [String] = []
            for record in records {
                guard let origin = record.fields.first(where: { $0.field == field.field.name }) else {
                    lacking.append(record.id)
                    continue
                }
                let unit = origin.fromUnit == origin.unit ? nil : origin.fromUnit
                sources.append(
                    .init(
                        source: record.id, town: record.town, from: origin.from, type: origin.type, unit: unit,
                        fit: FieldType(rawValue: origin.type).map { .init(from: $0, to: type) } ?? .equal,
                        features: record.featureCount, coverage: origin.coverage))
            }
            return .init(
                name: field.field.name, type: type.rawValue, unit: field.unit?.symbol,
                isCoded: manifest.codeList(of: field) != nil, sources: sources, lacking: lacking)
        }
    }
}

extension SourceRecord {
    /// Features that the source has in the district.
    fileprivate var featureCount: Int { counts.accepted + counts.repaired }
}
