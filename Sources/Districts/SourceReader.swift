// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Reads the entries of `sources:` one after the other, and remembers what
/// earlier ones have taken.
struct SourceReader {
    let towns: [Town]
    let layers: LayerCatalogue
    let policy: Policy
    let addresses: AddressDefinition
    private var lineByID: [String: Int] = [:]
    private var idBySlot: [UInt32: String] = [:]

    init(towns: [Town], layers: LayerCatalogue, policy: Policy, addresses: AddressDefinition = AddressDefinition()) {
        self.addresses = addresses
        self.towns = towns
        self.layers = layers
        self.policy = policy
    }

    mutating func read(_ value: YAMLValue) -> SourceDefinition? {
        let known = [
            "id", "town", "layer", "path", "crs", "crs_checked", "encoding", "encoding_checked", "from", "as_of", "key",
            "fields", "values", "authority", "protected", "drawing", "vertical_datum", "corrections",
            "department",
        ]
        guard let mapping = value.mapping("a source", known: known) else { return nil }
        let id = mapping.required("id", "a short name, as in meilong-buildings").flatMap { readID($0) }
        let town = mapping["town"].flatMap(readTown)
        let layer = mapping.required("layer", "the layer that it belongs to").flatMap(readLayer)
        let path = mapping.required("path", "the file, as in maps/meilong/buildings.shp").flatMap(Self.readPath)
        let manifest = layer.flatMap { layers[$0] }
        let fields = mapping["fields"].map { readFields($0, manifest) } ?? [:]
        let crs = mapping["crs"].flatMap(readCRS)
        let isReferenceChecked = mapping["crs_checked"]?.boolean() ?? false
        let encoding = mapping["encoding"].map(Self.readEncodings)
        let isEncodingChecked = mapping["encoding_checked"]?.boolean() ?? false
        let from = mapping["from"].flatMap(Self.readSelection) ?? SourceSelection()
        let asOf = mapping["as_of"].flatMap(Self.readDate)
        let key = mapping["key"].map { value in
            LayerManifest.readKey(value, among: manifest?.fields.map(\.field.name) ?? [])
        }
        let values = mapping["values"].map { readValues($0, manifest, fields: fields) } ?? [:]
        let authority = mapping["authority"]?.integer(in: -1000...1000) ?? 0
        let verticalDatum = mapping["vertical_datum"].flatMap { readVerticalDatum($0, manifest) }
        let drawing = mapping["drawing"].flatMap(Self.readDrawing)
        // Only now, so that every mistake of the source was told.
        guard let id, let layer, let path else { return nil }
        var definition = SourceDefinition(
            id: id, town: town, layer: layer, path: path, crs: crs, encoding: encoding?.file, from: from, asOf: asOf,
            key: key, fields: fields, values: values, authority: authority,
            isProtected: mapping["protected"]?.boolean() ?? false, line: value.line ?? 1)
        definition.isReferenceChecked = isReferenceChecked
        if from.address != nil { refuseMisplaced(mapping, manifest) }
        definition.department = mapping["department"]?.word()
        definition.drawing = drawing
        definition.verticalDatum = verticalDatum
        definition.corrections = mapping["corrections"]?.elements()?.compactMap(Self.readPath) ?? []
        definition.columnEncodings = encoding?.columns ?? [:]
        definition.isEncodingChecked = isEncodingChecked
        return definition
    }

    private mutating func readID(_ value: YAMLValue) -> String? {
        guard let id = value.word() else { return nil }
        guard Identifier.isValid(id) else {
            value.refuse(id, isNot: "an id", accepted: Identifier.accepted)
            return nil
        }
        if let line = lineByID[id] {
            value.refuse("the id \"\(id)\" is taken already, in line \(line)")
            return id
        }
        lineByID[id] = value.line ?? 1
        let slot = SourceDefinition.slot(of: id)
        if let other = idBySlot[slot] {
            value.refuse("the ids \"\(id)\" and \"\(other)\" get the same number in the store; rename one of them")
        }
        idBySlot[slot] = id
        return id
    }

    private func readTown(_ value: YAMLValue) -> String? {
        guard let code = value.word(atMost: 64) else { return nil }
        if towns.contains(where: { $0.code == code }) { return code }
        if let named = towns.first(where: { $0.name == code }) {
            value.refuse("\"\(code)\" is a town's name; write its code, \"\(named.code)\"")
        } else if towns.isEmpty {
            value.refuse("\"\(code)\" is not a town of this district; list it under towns")
        } else {
            value.refuse(code, isNot: "the code of a town of this district", among: towns.map(\.code))
        }
        return nil
    }

    private func readLayer(_ value: YAMLValue) -> String? {
        guard let id = value.word(atMost: 64) else { return nil }
        guard id != "merge-issues" else {
            value.refuse("\"merge-issues\" is what merges find, and no layer that a source can be merged into")
            return nil
        }
        if layers[id] != nil { return id }
        value.refuse(id, isNot: "a layer; define it in layers/\(id)/layer.yaml, or use one of those", among: layers.ids)
        return nil
    }

    static func readPath(_ value: YAMLValue) -> String? {
        guard let path = value.word(atMost: 1024) else { return nil }
        guard let fault = RelativePath.fault(in: path) else { return path }
        value.refuse("\"\(path)\": \(fault)")
        return nil
    }

    /// `GBK`, or `{ file: GBK, columns: { 备注: UTF-8 } }`.
    private static func readEncodings(_ value: YAMLValue) -> (file: String?, columns: [String: String]) {
        guard value.isMapping else { return (readEncoding(value), [:]) }
        guard let mapping = value.mapping("the encoding", known: ["file", "columns"]) else { return (nil, [:]) }
        var columns: [String: String] = [:]
        for entry in mapping["columns"]?.mapping("the encodings of columns")?.entries ?? [] {
            if let name = readEncoding(entry.value) { columns[entry.key] = name }
        }
        return (mapping["file"].flatMap(readEncoding), columns)
    }

    private static func readEncoding(_ value: YAMLValue) -> String? {
        guard let text = value.word(atMost: 64) else { return nil }
        if let name = TextEncodings.canonical(text) { return name }
        value.refuse(text, isNot: "a text encoding", among: TextEncodings.known)
        return nil
    }

    private static func readSelection(_ value: YAMLValue) -> SourceSelection? {
        guard
            let mapping = value.mapping("what is taken from the file", known: ["layer", "where", "x", "y", "address"])
        else {
            return nil
        }
        let selection = SourceSelection(
            layer: mapping["layer"]?.word(), condition: mapping["where"]?.word(atMost: 2000), x: mapping["x"]?.word(),
            y: mapping["y"]?.word(), address: mapping["address"]?.word(atMost: 255))
        if selection.address != nil, selection.x != nil {
            value.refuse("x and y say already where the records lie; name an address for records without coordinates")
        }
        if (selection.x == nil) != (selection.y == nil) { value.refuse("x and y must be given together") }
        return selection
    }

    private func readVerticalDatum(_ value: YAMLValue, _ layer: LayerManifest?) -> VerticalDatum? {
        if let layer, layer.heights.isEmpty {
            value.refuse("the layer \(layer.id) has no field of heights (`height: true` in its layer.yaml)")
        }
        return value.choice("a vertical datum")
    }

    /// What contradicts records that lie where the layer of addresses says.
    private func refuseMisplaced(_ mapping: YAMLMapping, _ layer: LayerManifest?) {
        mapping["crs"]?.refuse("records that are matched by their addresses have no reference system of their own")
        guard let layer else { return }
        if layer.id == addresses.layer {
            mapping["from"]?.refuse(
                "the layer \(layer.id) is what addresses are matched with; its sources need coordinates")
        }
        if ![.point, .multiPoint, .geometry].contains(layer.geometryType) {
            mapping["from"]?.refuse(
                "a place by an address is a point, and the layer \(layer.id) holds \(layer.geometryType.rawValue)")
        }
    }

    private static func readDate(_ value: YAMLValue) -> CalendarDate? {
        guard let text = value.word(atMost: 64) else { return nil }
        if let date = CalendarDate(text) { return date }
        value.refuse(text, isNot: "a date", accepted: "yyyy-mm-dd, as in 2026-06-30")
        return nil
    }
}
