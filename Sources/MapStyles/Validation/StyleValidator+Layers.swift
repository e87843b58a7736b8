// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension StyleValidator {
    mutating func source(_ value: JSONValue, _ path: String) {
        guard isObject(value, path) else { return }
        guard let type = value["type"] else { return note(path, "\"type\" is required", at: value) }
        guard let kind = type.string.flatMap(StyleSource.Kind.init(rawValue:)) else {
            let accepted = ["vector", "raster", "raster-dem", "geojson", "video", "image"]
            return note(
                "\(path).type", "expected one of [\(accepted.joined(separator: ", "))], \(type.text) found", at: type,
                hint: type.string.flatMap { didYouMean($0, accepted) })
        }
        let members = StyleReference.objects["source_" + kind.rawValue.replacing("-", with: "_")] ?? []
        let isOpen = kind == .vector || kind == .raster || kind == .rasterDEM
        check(value, path, members: members, toleratesUnknown: isOpen) { validator, member, place in
            switch (kind, member.key) {
            case (_, "promoteId"):
                if member.value.string == nil, member.value.object?.allSatisfy({ $0.value.string != nil }) != true {
                    validator.note(
                        place, "string or object of strings expected, \(member.value.typeName) found",
                        at: member.value)
                }
                return true
            case (.geojson, "clusterProperties"):
                _ = validator.isObject(member.value, place)
                return true
            default: return false
            }
        }
    }

    /// - Parameter lines: where each id was first used.
    mutating func layer(_ value: JSONValue, _ path: String, lines: inout [String: Int]) {
        guard isObject(value, path) else { return }
        var type = value["type"]?.string
        if value["type"] == nil, value["ref"] == nil {
            note(path, "either \"type\" or \"ref\" is required", at: value)
        }
        if let id = value["id"]?.string {
            if let line = lines[id] {
                note(path, "duplicate layer id \"\(id)\", previously used at line \(line)", at: value["id"])
            } else {
                lines[id] = value["id"]?.line ?? 0
            }
        }
        if let reference = value["ref"] {
            type = self.reference(reference, of: value, path)
        } else if type != "background" {
            sourceOfLayer(value, path, type: type)
        }

        let members = StyleReference.objects["layer"] ?? []
        let layerType = type.flatMap(StyleLayerType.init(rawValue:))
        check(
            value, path, members: members.filter { $0.name != "type" }, toleratesUnknown: true
        ) { validator, member, place in
            switch member.key {
            case "type":
                guard let reference = members.first(where: { $0.name == "type" }) else { return true }
                validator.value(member.value, place, reference)
                return true
            case "filter":
                validator.filter(member.value, place)
                return true
            case "layout", "paint":
                validator.properties(member.value, place, type: layerType, isPaint: member.key == "paint")
                return true
            default: return false
            }
        }
        if layerType == .raster, let paint = value["paint"], paint["resampling"] != nil,
            paint["raster-resampling"] != nil
        {
            note(
                path,
                "layer \"\(value["id"]?.string ?? "")\" redundantly specifies \"resampling\" and "
                    + "\"raster-resampling\" paint properties, but only one is allowed. It is advised to use "
                    + "\"resampling\".", at: paint)
        }
    }

    /// Checks a layer of old that takes its type and source from another, and
    /// says what that type is.
    private mutating func reference(_ reference: JSONValue, of layer: JSONValue, _ path: String) -> String? {
        for key in ["type", "source", "source-layer", "filter", "layout"] {
            if let value = layer[key] { note(path, "\"\(key)\" is prohibited for ref layers", at: value) }
        }
        guard let name = reference.string, let parent = layers[name] else {
            note(
                path, "ref layer \"\(reference.string ?? reference.text)\" not found", at: reference,
                hint: reference.string.flatMap { didYouMean($0, layers.keys) })
            return nil
        }
        if parent["ref"] != nil {
            note(path, "ref cannot reference another ref layer", at: reference)
            return nil
        }
        return parent["type"]?.string
    }

    private mutating func sourceOfLayer(_ layer: JSONValue, _ path: String, type: String?) {
        let id = layer["id"]?.string ?? ""
        guard let reference = layer["source"] else {
            return note(path, "missing required property \"source\"", at: layer)
        }
        guard let name = reference.string, let source = sources[name] else {
            return note(
                path, "source \"\(reference.string ?? reference.text)\" not found", at: reference,
                hint: reference.string.flatMap { didYouMean($0, sources.keys) })
        }
        let kind = source["type"]?.string
        let isRelief = type == "hillshade" || type == "color-relief"
        if kind == "vector", type == "raster" {
            note(path, "layer \"\(id)\" requires a raster source", at: reference)
        } else if kind != "raster-dem", isRelief {
            note(path, "layer \"\(id)\" requires a raster-dem source", at: reference)
        } else if kind == "raster", type != "raster" {
            note(path, "layer \"\(id)\" requires a vector source", at: reference)
        } else if kind == "vector", layer["source-layer"] == nil {
            note(path, "layer \"\(id)\" must specify a \"source-layer\"", at: layer)
        } else if kind == "raster-dem", !isRelief {
            note(
                path, "raster-dem source can only be used with layer type 'hillshade' or 'color-relief'.",
                at: reference)
        } else if type == "line", layer["paint"]?["line-gradient"] != nil,
            kind != "geojson" || source["lineMetrics"]?.boolean != true
        {
            note(
                path,
                "layer \"\(id)\" specifies a line-gradient, which requires a GeoJSON source with `lineMetrics` "
                    + "enabled.", at: layer)
        }
    }

    private mutating func properties(_ value: JSONValue, _ path: String, type: StyleLayerType?, isPaint: Bool) {
        guard isObject(value, path) else { return }
        guard let type, let group = StyleReference.layers[type] else { return }
        let references = isPaint ? group.paint : group.layout + [StyleReference.visibility]
        for member in value.object ?? [] {
            let place = "\(path).\(member.key)"
            if isPaint, member.key.hasSuffix("-transition"),
                references.contains(where: { $0.hasTransition && $0.name + "-transition" == member.key })
            {
                transition(member.value, place)
                continue
            }
            guard let reference = references.first(where: { $0.name == member.key }) else {
                let elsewhere = isPaint ? group.layout : group.paint
                let belongs = elsewhere.contains { $0.name == member.key }
                note(
                    place, "unknown property \"\(member.key)\"", at: member.value,
                    hint: belongs
                        ? "It belongs in \"\(isPaint ? "layout" : "paint")\"."
                        : didYouMean(member.key, references.map(\.name)))
                continue
            }
            property(member.value, place, reference, isPaint: isPaint)
        }
    }

    private mutating func property(
        _ value: JSONValue, _ path: String, _ reference: PropertyReference, isPaint: Bool
    ) {
        if let text = value.string, reference.parameters.contains(.feature), !reference.hasTokens,
            text.hasPrefix("{"), text.hasSuffix("}"), text.count > 2, !text.dropFirst().dropLast().contains("}")
        {
            let name = String(text.dropFirst().dropLast())
            return note(
                path,
                "\"\(reference.name)\" does not support interpolation syntax\nUse an identity property function "
                    + "instead: `{ \"type\": \"identity\", \"property\": \(name.quoted) }`.", at: value)
        }
        if reference.name == "text-font", isFunction(value), value["type"]?.string == "identity" {
            note(path, "\"text-font\" does not support identity functions", at: value)
        }
        self.value(value, path, reference, isLayout: !isPaint)
    }
}
