// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import SimpleFeatures

/// One file that a town delivers.
struct Delivery {
    let habit: TownHabit
    let town: TownPartition.Town
    let layer: String
    let format: FileFormat
    /// Of the file, with the town's unit of ground.
    let schema: Schema
    /// Whether positions stand in columns of a table.
    let isTable: Bool
    /// Whether the town forgot to say where the file lies.
    var lacksPlane: Bool

    private let fields: [Field]
    private let codedFields: Set<Int>
    /// Words that stand in the file, by field and code.
    private(set) var words: [String: [String: String]] = [:]

    init(_ habit: TownHabit, town: TownPartition.Town, layer: String, geometryType: GeometryType) {
        self.habit = habit
        self.town = town
        self.layer = layer
        let format = habit.otherFormats[layer] ?? habit.format
        self.format = format
        isTable = format == .csv || format == .xlsx
        lacksPlane = Self.isLackingPlane(habit.code, layer)
        fields = format == .dxf ? [] : DemoTruth.fields(of: layer)
        var names: [Field] = [Field("BSM", .integer)]
        var coded: Set<Int> = []
        for (index, field) in fields.enumerated() {
            names.append(Field(habit.dialect.name(of: field.name, in: layer), field.type))
            if Self.coded.contains(field.name) { coded.insert(index) }
        }
        codedFields = coded
        schema = Schema(geometryType: geometryType, fields: format == .dxf ? [] : names)
    }

    /// Of a town's code and a layer.
    static func isLackingPlane(_ code: String, _ layer: String) -> Bool { code == "310112001" && layer == "roads" }

    private static let coded: Set<String> = ["kind", "class", "use", "right"]

    /// The columns of a table's east and north. Surveyors call north X.
    var positionColumns: (east: String, north: String) {
        format == .xlsx ? ("Y坐标", "X坐标") : ("经度", "纬度")
    }

    /// A record of the file.
    mutating func record(_ feature: DemoFeature, drawn geometry: Geometry?, number: Int) -> FeatureRecord {
        var values: [AttributeValue] = []
        if format != .dxf {
            values.append(.integer(Int64(number)))
            for (index, field) in fields.enumerated() {
                values.append(told(feature.values[index], field: field, isCoded: codedFields.contains(index)))
            }
        }
        return FeatureRecord(id: Int64(number), geometry: geometry, values: values)
    }

    /// A value in the town's words and units.
    private mutating func told(_ value: AttributeValue, field: Field, isCoded: Bool) -> AttributeValue {
        if isCoded, case .text(let code) = value {
            let word = habit.dialect.word(for: code, field: field.name, layer: layer) ?? code
            words[field.name, default: [:]][code] = word
            return .text(word)
        }
        if habit.dialect.areaUnit != nil, field.unit == "m²", field.name != "floor_m2", case .real(let area) = value {
            return .real((area * 15).rounded() / 10_000)
        }
        return value
    }

    // MARK: Names

    /// Relative to the district.
    var path: String { "maps/\(town.slug)/\(fileName).\(fileEnding)" }

    var fileName: String {
        let titles = Self.titles[layer] ?? (layer, layer)
        switch habit.dialect.name(of: "name", in: "") {
        case "名称": return titles.0
        case "MC": return titles.1
        default: return layer
        }
    }

    private var fileEnding: String { format == .mapInfo ? "mif" : format.extensions[0] }

    private static let titles: [String: (String, String)] = [
        "towns": ("镇界", "XZQ"), "landuse": ("用地", "YD"), "parcels": ("宗地", "ZD"), "water": ("水面", "SM"),
        "rivers": ("河道", "HD"), "buildings": ("房屋", "FW"), "railways": ("轨道", "GD"), "roads": ("道路", "DL"),
        "addresses": ("门牌", "MP"), "points": ("设施点", "SSD"),
    ]

    var options: WritingOptions {
        var options = WritingOptions(
            format, layerName: fileName, crs: lacksPlane ? nil : habit.plane.writtenName, encoding: habit.encoding,
            encodingMark: habit.encodingMark, coordinateDigits: habit.plane.digits,
            date: habit.asOf)
        options.writesPRJ = options.crs != nil
        options.isMIF = format == .mapInfo
        if isTable { (options.xColumn, options.yColumn) = positionColumns }
        return options
    }
}
