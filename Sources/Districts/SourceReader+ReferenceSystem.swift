// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Yams

extension SourceReader {
    func readCRS(_ value: YAMLValue) -> DeclaredReferenceSystem? {
        if value.isMapping { return Self.readMapping(value) }
        guard let text = value.word(atMost: 2000) else { return nil }
        guard let declared = DeclaredReferenceSystem(parsing: text) else {
            let question = DeclaredReferenceSystem.suggestion(for: text).map { "; did you mean \"\($0)\"?" } ?? ""
            value.refuse(
                "\"\(text)\" is not a coordinate reference system; accepted: "
                    + DeclaredReferenceSystem.accepted + question)
            return nil
        }
        switch declared {
        case .gcj02, .bd09:
            if policy.gcj02 == .refuse {
                value.refuse("\"\(declared)\" is refused by this district's policy (policy: { gcj02: refuse })")
            }
        case .fit(let fit):
            if let fault = RelativePath.fault(in: fit.points) { value.refuse("\"\(fit.points)\": \(fault)") }
        case .named, .ordered, .helmert: break
        }
        return declared
    }

    /// `{ fit: points.csv, … }`, `{ helmert: { … }, … }` or `{ from: …, axes: yx }`.
    private static func readMapping(_ value: YAMLValue) -> DeclaredReferenceSystem? {
        let isHelmert = value.node.mapping?.contains { $0.key.scalar?.string == "helmert" } ?? false
        let isFit = value.node.mapping?.contains { $0.key.scalar?.string == "fit" } ?? false
        if !isFit, !isHelmert, value.node.mapping?.contains(where: { $0.key.scalar?.string == "axes" }) == true {
            return readOrdered(value)
        }
        return isHelmert ? readHelmert(value) : readFit(value)
    }

    private static func readOrdered(_ value: YAMLValue) -> DeclaredReferenceSystem? {
        guard let mapping = value.mapping("a reference system with the order of its axes", known: ["from", "axes"])
        else { return nil }
        let from = mapping.required("from", "the reference system, as in EPSG:4549").flatMap(readFrom)
        let axes = mapping["axes"]?.choice("an order of axes", of: DeclaredAxes.self)
        guard let from, let axes else { return nil }
        return .ordered(from, axes: axes)
    }

    private static func readFit(_ value: YAMLValue) -> DeclaredReferenceSystem? {
        let known = ["fit", "from", "parameters", "rotation", "axes"]
        guard let mapping = value.mapping("a fit by control points", known: known) else { return nil }
        let points = mapping.required("fit", "a CSV file of control points").flatMap(readPath)
        let from = mapping["from"].map(readFrom)
        let axes = mapping["axes"].map { $0.choice("an order of axes", of: DeclaredAxes.self) }
        let rotation = mapping["rotation"].map { $0.choice("a sense of rotation", of: DeclaredRotation.self) }
        let count = mapping["parameters"].map(readCount) ?? 4
        // A key with a mistake in it was told already.
        guard let points, from != .some(nil), axes != .some(nil), rotation != .some(nil), let count else { return nil }
        var parameters = ControlPointDeclaration.Parameters.four
        if count == 7 {
            if from == nil {
                value.refuse(
                    "seven parameters lead from one ellipsoid to another: \"from\" is missing, the projection that "
                        + "the source is in, as in \"EPSG:2437\"")
            }
            guard let rotation = rotation ?? nil else {
                value.refuse(missingRotation)
                return nil
            }
            guard from != nil else { return nil }
            parameters = .seven(rotation)
        } else if rotation != nil {
            mapping["rotation"]?.refuse("four parameters have no sense of rotation; leave it out, or say parameters: 7")
            return nil
        }
        return .fit(
            ControlPointDeclaration(points: points, from: from ?? nil, parameters: parameters, axes: axes ?? nil))
    }

    private static func readCount(_ value: YAMLValue) -> Int? {
        guard let text = value.word(atMost: 64) else { return nil }
        if let count = Int(text), count == 4 || count == 7 { return count }
        value.refuse(text, isNot: "a number of parameters", accepted: "4, 7")
        return nil
    }

    /// `{ helmert: { x:, y:, z:, rx:, ry:, rz:, ds:, rotation: }, from:, axes: }`.
    private static func readHelmert(_ value: YAMLValue) -> DeclaredReferenceSystem? {
        guard let mapping = value.mapping("a shift by seven parameters", known: ["helmert", "from", "axes"]) else {
            return nil
        }
        let from = mapping.required("from", "the reference system that the parameters lead out of, as in EPSG:2437")
            .flatMap(readFrom)
        let axes = mapping["axes"].map { $0.choice("an order of axes", of: DeclaredAxes.self) }
        let what = "x, y, z in metres, rx, ry, rz in seconds of arc, ds in ppm, rotation"
        let keys = ["x", "y", "z", "rx", "ry", "rz", "ds"]
        guard let set = mapping.required("helmert", what)?.mapping("a set of parameters", known: keys + ["rotation"])
        else { return nil }
        let shifts = ["x", "y", "z"].map { key in
            set.required(key, "a shift in metres").flatMap { $0.number(in: -100_000...100_000) }
        }
        // All four or none: one that was forgotten would be a silent zero.
        let hasTurns = ["rx", "ry", "rz", "ds"].contains { set[$0] != nil }
        let turns = ["rx", "ry", "rz"].map { key in
            hasTurns
                ? set.required(key, "a rotation in seconds of arc").flatMap { $0.number(in: -600...600) } : 0
        }
        let ds = hasTurns ? set.required("ds", "a scale in ppm").flatMap { $0.number(in: -10_000...10_000) } : 0
        let rotation = set["rotation"].map { $0.choice("a sense of rotation", of: DeclaredRotation.self) }
        if rotation == nil, hasTurns { set.value.refuse(missingRotation) }
        guard let from, axes != .some(nil), let x = shifts[0], let y = shifts[1], let z = shifts[2],
            let rx = turns[0], let ry = turns[1], let rz = turns[2], let ds,
            let sense = rotation ?? (hasTurns ? nil : .positionVector)
        else { return nil }
        return .helmert(
            HelmertDeclaration(
                x: x, y: y, z: z, rx: rx, ry: ry, rz: rz, ds: ds, rotation: sense, from: from, axes: axes ?? nil))
    }

    private static let missingRotation =
        "\"rotation\" is missing: position-vector and coordinate-frame differ in the sign of the rotations, and "
        + "neither is assumed; ask whoever determined the parameters, or try both against a check point"

    private static func readFrom(_ value: YAMLValue) -> String? {
        guard let text = value.word(atMost: 2000) else { return nil }
        if let name = DeclaredReferenceSystem.name(text) { return name }
        let question = DeclaredReferenceSystem.suggestion(for: text).map { "; did you mean \"\($0)\"?" } ?? ""
        value.refuse("\"\(text)\" is not a coordinate reference system; accepted: EPSG:n, a PROJ string\(question)")
        return nil
    }
}
