// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

extension LayerManifest {
    /// Reads `layer.yaml` in a layer's folder.
    ///
    /// - Throws: `DistrictsError` with every mistake at once.
    public init(loading directory: URL) throws(DistrictsError) {
        let mistakes = MistakeList()
        let found = Self.read(directory, called: "layers/\(directory.lastPathComponent)/layer.yaml", mistakes: mistakes)
        guard let found, mistakes.isEmpty else { throw DistrictsError(.mistaken, mistakes.sorted) }
        self = found
    }

    /// The manifest, or nil with mistakes added.
    static func read(_ directory: URL, called file: String, mistakes: MistakeList) -> LayerManifest? {
        let url = directory.appendingPathComponent("layer.yaml")
        guard let root = YAMLDocument.read(url, called: file, mistakes: mistakes) else { return nil }
        return read(root, directory: directory)
    }

    static func read(_ root: YAMLValue, directory: URL) -> LayerManifest? {
        let known = [
            "id", "titles", "geometry", "order", "min_zoom", "tiles", "owner", "sensitivity", "synonyms", "fields",
            "key", "seams", "rules", "grid_codes", "codes",
        ]
        guard let mapping = root.mapping("a layer", known: known) else { return nil }
        let folder = directory.lastPathComponent
        var id = folder
        if let value = mapping.required("id", "the name of the layer's folder"), let text = value.word() {
            if !Identifier.isValid(text) {
                value.refuse(text, isNot: "an id", accepted: Identifier.accepted)
            } else if text != folder {
                value.refuse("the id \"\(text)\" differs from the name of the folder, \"\(folder)\"")
            }
            id = text
        }
        let titles = mapping.required("titles", "{ zh: …, en: … }").flatMap(readTitles) ?? [:]
        let geometry = mapping.required("geometry", "Point, MultiLineString, MultiPolygon or another type")
            .flatMap(readGeometryType)
        let codeLists = mapping["codes"].map(readCodeLists) ?? [:]
        let fields = mapping["fields"]?.elements()?.compactMap { readField($0, codeLists: codeLists) } ?? []
        for (index, field) in fields.enumerated()
        where fields[..<index].contains(where: { $0.field.name == field.field.name }) {
            mapping["fields"]?.refuse("the field \"\(field.field.name)\" is listed twice")
        }
        refuseAuthority(of: fields, mapping)
        let tiles = mapping["tiles"]?.boolean() ?? false
        let key = mapping["key"].map { readKey($0, among: fields.map(\.field.name)) } ?? []
        return LayerManifest(
            id: id, titles: titles, geometryType: geometry ?? .geometry,
            fields: withMeasures(fields, mapping["fields"]),
            key: key, codeLists: codeLists,
            owner: mapping["owner"]?.word(), sensitivity: mapping["sensitivity"]?.choice("a sensitivity") ?? .open,
            minZoom: mapping["min_zoom"]?.integer(in: 0...24) ?? 0, tiles: tiles,
            seams: mapping["seams"].map { seams in
                readSeams(seams, tiles: tiles, geometry: geometry ?? .geometry, fields: fields.map(\.field.name))
            } ?? SeamLimits(),
            rules: mapping["rules"].map { readRules($0, fields: fields.map(\.field.name)) } ?? [],
            gridCodes: mapping["grid_codes"].flatMap {
                readGridCodes($0, fields: fields, key: key, geometry: geometry ?? .geometry, tiles: tiles)
            },
            order: mapping["order"]?.integer(in: 0...1000) ?? 500,
            synonyms: mapping["synonyms"].map(readWords) ?? [], directory: directory)
    }

    private static func readGeometryType(_ value: YAMLValue) -> GeometryType? {
        guard let text = value.word() else { return nil }
        if let type = GeometryType(rawValue: text.uppercased()) { return type }
        let names = [
            "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "Geometry",
        ]
        value.refuse(text, isNot: "a geometry type", among: names)
        return nil
    }

    private static func readTitles(_ value: YAMLValue) -> [String: String]? {
        guard let mapping = value.mapping("a title for each language") else { return nil }
        var titles: [String: String] = [:]
        for entry in mapping.entries {
            if !(2...8).contains(entry.key.count) || !entry.key.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") })
            {
                entry.value.refuse(entry.key, isNot: "a language tag", accepted: "zh, en, …")
            }
            titles[entry.key] = entry.value.word()
        }
        return titles
    }

    /// One field or a list of them.
    static func readKey(_ value: YAMLValue, among fields: [String]) -> [String] {
        let values = value.isList ? value.elements() ?? [] : [value]
        var key: [String] = []
        for value in values {
            guard let name = value.word() else { continue }
            if !fields.contains(name) {
                value.refuse(name, isNot: "a field of the layer", among: fields)
            } else if key.contains(name) {
                value.refuse("\"\(name)\" is listed twice")
            } else {
                key.append(name)
            }
        }
        return key
    }

    private static func readWords(_ value: YAMLValue) -> [String] {
        value.elements()?.compactMap { $0.word() } ?? []
    }

    private static func readField(_ value: YAMLValue, codeLists: [String: CodeList]) -> LayerField? {
        let known = ["name", "type", "titles", "unit", "codes", "synonyms", "registered", "height", "authority"]
        guard let mapping = value.mapping("a field", known: known),
            let name = mapping.required("name", "letters a to z, digits and _")
        else { return nil }
        guard let text = name.word(atMost: 64) else { return nil }
        if !text.utf8.allSatisfy({ ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F })
            || text.first?.isLetter != true
        {
            name.refuse(text, isNot: "a field's name", accepted: "a to z, 0 to 9 and _, a letter first")
        }
        if reservedNames.contains(text) || text.hasPrefix("miaopu_") {
            name.refuse("the field name \"\(text)\" is kept for the store; choose another")
        }
        let type: FieldType? = mapping.required("type", FieldType.allCases.map(\.rawValue).joined(separator: ", "))?
            .choice("a field type")
        let codes = mapping["codes"]?.word()
        if let codes, codeLists[codes] == nil {
            mapping["codes"]?.refuse(codes, isNot: "a code list of this layer", among: codeLists.keys.sorted())
        }
        let unit = mapping["unit"].flatMap(readUnit)
        let titles = mapping["titles"].flatMap(readTitles) ?? [:]
        var field = LayerField(
            Field(text, type ?? .text, titles: titles, unit: unit?.symbol), codeList: codes,
            synonyms: mapping["synonyms"].map(readWords) ?? [], unit: unit)
        field.registeredScale = mapping["registered"].flatMap { readRegistered($0, type, unit) }
        field.authority = mapping["authority"]?.word()
        field.isHeight = mapping["height"].map { readHeight($0, type, unit) } ?? false
        return field
    }

    /// Columns that the store keeps for itself.
    static let reservedNames = ["fid", "geom", "town", "source", "row", "id", "geometry"]

    static func readUnit(_ value: YAMLValue) -> MeasurementUnit? {
        guard let text = value.word() else { return nil }
        if let unit = MeasurementUnit(named: text) { return unit }
        value.refuse(text, isNot: "a unit", among: MeasurementUnit.knownSymbols)
        return nil
    }

    private static func readCodeLists(_ value: YAMLValue) -> [String: CodeList] {
        guard let lists = value.mapping("code lists by name") else { return [:] }
        var codeLists: [String: CodeList] = [:]
        for list in lists.entries {
            guard let mapping = list.value.mapping("codes with their titles") else { continue }
            var codes: [CodeList.Code] = []
            for entry in mapping.entries {
                guard let code = entry.value.mapping("a code", known: ["zh", "en", "synonyms"]) else { continue }
                var titles: [String: String] = [:]
                titles["zh"] = code["zh"]?.word()
                titles["en"] = code["en"]?.word()
                codes.append(CodeList.Code(entry.key, titles: titles, synonyms: code["synonyms"].map(readWords) ?? []))
            }
            codeLists[list.key] = CodeList(codes)
        }
        return codeLists
    }
}
