// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension District {
    /// Whether an authority that a field of a layer names is this source: by its id,
    /// its department, or its town's code or name.
    public func isAuthority(_ name: String, _ source: SourceDefinition) -> Bool {
        if source.id == name || source.department == name { return true }
        guard source.department == nil, let code = source.town else { return false }
        return code == name || town(code)?.name == name
    }
}

extension LayerManifest {
    /// The fields whose authority is named, with it.
    public var authorities: [(field: String, authority: String)] {
        fields.compactMap { field in field.authority.map { (field.field.name, $0) } }
    }

    /// What decides which features are one thing cannot be compared among them.
    static func refuseAuthority(of fields: [LayerField], _ mapping: YAMLMapping) {
        var deciding: [String: String] = [:]
        func add(_ value: YAMLValue?, _ place: String) {
            guard let value else { return }
            for word in value.isList ? value.elements() ?? [] : [value] {
                if let name = word.word() { deciding[name] = place }
            }
        }
        add(mapping["key"], "key")
        if let seams = mapping["seams"], seams.isMapping, let limits = seams.mapping("limits of seams") {
            for kind in ["ends", "twins"] {
                guard let value = limits[kind], value.isMapping, let entries = value.mapping("limits") else { continue }
                for entry in ["name", "joins"] { add(entries[entry], "seams.\(kind).\(entry)") }
            }
        }
        for field in fields where field.authority != nil {
            guard let place = deciding[field.field.name] else { continue }
            mapping["fields"]?.refuse(
                "the field \"\(field.field.name)\" has an authority, but by `\(place)` it decides which features are one")
        }
    }
}
