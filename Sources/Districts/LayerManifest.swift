// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// What a layer of the district is: `layers/<id>/layer.yaml`, checked.
public struct LayerManifest: Sendable, Hashable {
    /// Who may see the layer's data.
    public enum Sensitivity: String, Hashable, Sendable, CaseIterable {
        case open
        case `internal`
        case restricted
    }

    /// The name of the folder: letters a to z, digits and hyphens.
    public var id: String
    /// What people call the layer, by language tag (`zh`, `en`).
    public var titles: [String: String]
    /// What every geometry is promoted to; `geometry` admits any.
    public var geometryType: GeometryType
    public var fields: [LayerField]
    /// Names of the fields by which a town knows a feature from delivery to
    /// delivery: a parcel's number. Empty when features have no such name.
    public var key: [String]
    /// By name.
    public var codeLists: [String: CodeList]
    /// The office that answers for the data.
    public var owner: String?
    public var sensitivity: Sensitivity
    /// The first zoom level (of 512-pixel tiles) at which the layer is drawn,
    /// 0 to 24.
    public var minZoom: Int
    /// Whether the polygons are meant to cover the ground without gaps and
    /// overlaps.
    public var tiles: Bool
    /// Up to what size gaps and overlaps between deliveries are closed.
    public var seams: SeamLimits
    /// What must hold between this layer and others; reported, never enforced.
    public var rules: [LayerRuleEntry]
    /// How the features are numbered; nil for layers that are not.
    public var gridCodes: GridCodeRule?
    /// The place in the painting order: low numbers are painted first.
    public var order: Int
    /// Files called so, or fields of them, most likely belong to this layer.
    public var synonyms: [String]
    /// The folder that the manifest was read from.
    public var directory: URL

    /// The geometry type and the fields, in the order of the manifest.
    public var schema: Schema {
        Schema(geometryType: geometryType, fields: fields.map(\.field))
    }

    /// The layer's style layers, a JSON list; the file need not exist.
    public var styleFile: URL { directory.appendingPathComponent("style.json") }

    /// The field of a name; nil when the layer has none.
    public func field(_ name: String) -> LayerField? {
        fields.first { $0.field.name == name }
    }

    /// The codes that a field may hold; nil when it may hold anything.
    public func codeList(of field: LayerField) -> CodeList? {
        field.codeList.flatMap { codeLists[$0] }
    }

    /// The field that a town's field of this name most likely means.
    ///
    /// Names are compared without case, spaces and punctuation, with the field's
    /// own name, its titles and its synonyms.
    public func field(matching sourceName: String) -> LayerField? {
        let key = Synonym.key(sourceName)
        guard !key.isEmpty else { return nil }
        return fields.first { field in
            guard field.measure == nil else { return false }
            return ([field.field.name] + field.field.titles.values + field.synonyms).contains { Synonym.key($0) == key }
        }
    }
}

/// Up to what size gaps and overlaps of a layer that tiles are closed; what is
/// larger is reported and left as it is.
public struct SeamLimits: Sendable, Hashable {
    /// The widest gap and the widest overlap, in metres.
    public var gapWidth = 1.0
    public var overlapWidth = 1.0
    /// The largest of either, in square metres.
    public var area = 5000.0
    /// How the ends of lines are matched between towns; nil when they are not.
    public var ends: LineEndLimits?
    /// How things that two towns delivered are found; nil when they are not.
    public var twins: TwinLimits?

    public init() {}
}

/// When two line ends of different towns are taken for one line.
public struct LineEndLimits: Sendable, Hashable {
    /// How far apart, in metres.
    public var reach = 3.0
    /// How sharply the line may turn there, in degrees.
    public var sharpestTurn = 60.0
    /// The field with the line's name; nil when there is none.
    public var name: String?

    public init() {}
}

/// When two features of different towns are taken for one thing.
public struct TwinLimits: Sendable, Hashable {
    /// The share of common over joint area from which two areas are one, 0 to 1.
    public var same = 0.6
    /// How far apart two points of one name may be, in metres.
    public var distance = 5.0
    /// The field with the thing's name; nil when there is none.
    public var name: String?
    /// The fields that must agree for two parts of one area, cut at the border,
    /// to be joined; empty when they are only reported.
    public var joins: [String] = []

    public init() {}
}

/// A field of a layer with what it may hold and what towns call it.
public struct LayerField: Sendable, Hashable {
    public var field: Field
    /// The name of the code list that the values come from.
    public var codeList: String?
    /// What towns call it: Chinese words, pinyin initials, standard codes.
    public var synonyms: [String]
    /// The unit of the values.
    public var unit: MeasurementUnit?
    /// For an area that a register states (证载面积, TBMJ), which is never computed
    /// anew: the denominator of the scale that it was determined at.
    public var registeredScale: Int?
    /// Whether the values are heights over a vertical datum.
    public var isHeight = false
    /// Whose value counts where several sources deliver one: the id of a source, a
    /// department, a town's code or name. Nil when sources are not compared.
    public var authority: String?
    /// What the merge fills in; nil for what towns deliver.
    public var measure: FieldMeasure?

    /// Of cadastral maps in towns.
    static let defaultScale = 500

    public init(_ field: Field, codeList: String? = nil, synonyms: [String] = [], unit: MeasurementUnit? = nil) {
        self.field = field
        self.codeList = codeList
        self.synonyms = synonyms
        self.unit = unit
    }
}

/// The words that a coded field may hold.
public struct CodeList: Sendable, Hashable {
    public struct Code: Sendable, Hashable {
        public var value: String
        public var titles: [String: String]
        /// Words of towns and national codes that mean the same.
        public var synonyms: [String]

        public init(_ value: String, titles: [String: String] = [:], synonyms: [String] = []) {
            self.value = value
            self.titles = titles
            self.synonyms = synonyms
        }
    }

    /// In the order of the manifest.
    public var codes: [Code]

    public init(_ codes: [Code]) {
        self.codes = codes
    }

    /// Whether a value is one of the codes.
    public func contains(_ value: String) -> Bool {
        codes.contains { $0.value == value }
    }

    /// The code that a town's word most likely means.
    public func code(matching word: String) -> Code? {
        let key = Synonym.key(word)
        guard !key.isEmpty else { return nil }
        return codes.first { code in
            ([code.value] + code.titles.values + code.synonyms).contains { Synonym.key($0) == key }
        }
    }
}

/// How names of towns are compared with ours.
enum Synonym {
    static func key(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
