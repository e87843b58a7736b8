// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Checks a style document against the specification and collects all
/// mistakes, in the words that browsers use for them.
struct StyleValidator {
    let style: JSONValue
    let limits: StyleLimits
    private(set) var issues: [StyleIssue] = []
    /// The style's sources and layers by id, for references.
    let sources: [String: JSONValue]
    let layers: [String: JSONValue]

    init(style: JSONValue, limits: StyleLimits = .default) {
        self.style = style
        self.limits = limits
        sources = Dictionary((style["sources"]?.object ?? []).map { ($0.key, $0.value) }) { $1 }
        layers = Dictionary(
            (style["layers"]?.array ?? []).compactMap { layer in layer["id"]?.string.map { ($0, layer) } }
        ) { $1 }
    }

    mutating func note(
        _ path: String, _ message: String, at value: JSONValue?, hint: String? = nil,
        severity: StyleIssue.Severity = .error
    ) {
        note(path, message, line: value?.line ?? 0, hint: hint, severity: severity)
    }

    mutating func note(
        _ path: String, _ message: String, line: Int, hint: String? = nil,
        severity: StyleIssue.Severity = .error
    ) {
        issues.append(
            StyleIssue(
                path: path, message: message, hint: hint, line: line > 0 ? line : nil, severity: severity))
    }

    /// Adds what would be accepted to the last mistake.
    mutating func advise(_ hint: String) { issues[issues.count - 1].hint = hint }

    /// Checks the whole document.
    mutating func validate() {
        // Root keys that the specification does not name are left to others.
        check(
            style, "", members: StyleReference.objects["$root"] ?? [], toleratesUnknown: true
        ) { validator, member, path in
            switch member.key {
            case "version", "sources", "layers", "light", "sky", "terrain", "projection", "state", "sprite", "glyphs",
                "font-faces", "transition":
                validator.rootMember(member, path)
                return true
            case "constants":
                validator.note(path, "constants have been deprecated as of v8", at: member.value)
                return true
            default: return false
            }
        }
        issues = issues.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }.map(\.element)
    }

    private mutating func rootMember(_ member: JSONMember, _ path: String) {
        let value = member.value
        switch member.key {
        case "version":
            if value.number != 8 { note(path, "expected one of [8], \(value.text) found", at: value) }
        case "sources":
            guard isObject(value, path) else { return }
            for source in value.object ?? [] { self.source(source.value, "\(path).\(source.key)") }
        case "layers":
            guard let layers = value.array else {
                return note(path, "array expected, \(value.typeName) found", at: value)
            }
            guard layers.count <= limits.maxLayers else {
                return note(path, "at most \(limits.maxLayers) layers are accepted, \(layers.count) found", at: value)
            }
            var lines: [String: Int] = [:]
            for (index, layer) in layers.enumerated() { self.layer(layer, "\(path)[\(index)]", lines: &lines) }
        case "light", "sky", "terrain", "projection":
            check(value, path, members: StyleReference.objects[member.key] ?? []) { validator, part, place in
                guard part.key.hasSuffix("-transition") else { return false }
                validator.transition(part.value, place)
                return true
            }
        case "state":
            guard isObject(value, path) else { return }
            for variable in value.object ?? [] where isObject(variable.value, "\(path).\(variable.key)") {
                if variable.value["default"] == nil {
                    note("\(path).\(variable.key)", "missing required property \"default\"", at: variable.value)
                }
            }
        case "sprite": sprite(value, path)
        case "glyphs":
            guard let url = value.string else {
                return note(path, "string expected, \(value.typeName) found", at: value)
            }
            for token in ["{fontstack}", "{range}"] where !url.contains(token) {
                note(path, "\"glyphs\" url must include a \"\(token)\" token", at: value)
            }
        case "font-faces": _ = isObject(value, path)
        default: transition(value, path)
        }
    }

    func isFunction(_ value: JSONValue) -> Bool { LegacyFunction.isFunction(value) }

    /// Whether a value is an object; notes that it is none.
    mutating func isObject(_ value: JSONValue, _ path: String) -> Bool {
        if value.object != nil { return true }
        note(path, "object expected, \(value.typeName) found", at: value)
        return false
    }

    /// Checks the members of an object. The closure takes those that need more
    /// than their reference says.
    mutating func check(
        _ value: JSONValue, _ path: String, members: [PropertyReference], toleratesUnknown: Bool = false,
        except: (inout StyleValidator, JSONMember, String) -> Bool = { _, _, _ in false }
    ) {
        guard isObject(value, path) else { return }
        for member in value.object ?? [] {
            let place = path.isEmpty ? member.key : "\(path).\(member.key)"
            if except(&self, member, place) { continue }
            if let reference = members.first(where: { $0.name == member.key }) {
                self.value(member.value, place, reference)
            } else if !toleratesUnknown {
                note(
                    place, "unknown property \"\(member.key)\"", at: member.value,
                    hint: didYouMean(member.key, members.map(\.name)))
            }
        }
        for member in members where member.isRequired && member.defaultValue == nil && value[member.name] == nil {
            note(path, "missing required property \"\(member.name)\"", at: value)
        }
    }

    mutating func transition(_ value: JSONValue, _ path: String) {
        let members = [
            PropertyReference("duration", "number", default: 300, minimum: 0),
            PropertyReference("delay", "number", default: 0, minimum: 0),
        ]
        check(value, path, members: members)
    }

    private mutating func sprite(_ value: JSONValue, _ path: String) {
        if value.string != nil { return }
        guard let sprites = value.array else {
            return note(path, "string or array expected, \(value.typeName) found", at: value)
        }
        var seen: Set<String> = []
        for (index, sprite) in sprites.enumerated() {
            let place = "\(path)[\(index)]"
            let members = [
                PropertyReference("id", "string", isRequired: true),
                PropertyReference("url", "string", isRequired: true),
            ]
            check(sprite, place, members: members)
            if let id = sprite["id"]?.string, !seen.insert(id).inserted {
                note(place, "all the sprites' ids must be unique, but \(id) is duplicated", at: sprite)
            }
        }
    }
}
