// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// One case of GEOS's XML suite.
struct GEOSCase {
    struct Operation {
        /// In lower case, as `intersection`.
        let name: String
        let first: String
        /// Nil when the operation is told one geometry only.
        let second: String?
        /// A scale, a distance or nothing.
        let third: String?
        let expected: String
    }

    let a, b: Geometry?
    let operations: [Operation]
    /// Cells in one unit of the precision model; nil when it is floating.
    let scale: Double?

    func geometry(_ name: String?) -> Geometry? {
        switch name?.uppercased() {
        case "A": a
        case "B": b
        default: nil
        }
    }

    static func parse(_ text: String) -> [GEOSCase] {
        let isFloating = !text.contains("scale=") || text.contains("type=\"FLOATING\"")
        let scale = isFloating ? nil : attribute("scale", in: text).flatMap(Double.init)
        return text.components(separatedBy: "<case").dropFirst().map { body in
            let pattern = /<op\s+([^>]*?)>([^<]*)<\/op>/.dotMatchesNewlines()
            let operations = body.matches(of: pattern).compactMap { match -> Operation? in
                let attributes = String(match.output.1)
                guard let name = attribute("name", in: attributes) else { return nil }
                return Operation(
                    name: name.lowercased(), first: attribute("arg1", in: attributes) ?? "A",
                    second: attribute("arg2", in: attributes), third: attribute("arg3", in: attributes),
                    expected: match.output.2.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            return GEOSCase(
                a: geometry("a", in: body), b: geometry("b", in: body), operations: operations, scale: scale)
        }
    }

    private static func attribute(_ name: String, in text: String) -> String? {
        guard let start = text.range(of: "\(name)=\"") ?? text.range(of: "\(name)='") else { return nil }
        return text[start.upperBound...].split(whereSeparator: { $0 == "\"" || $0 == "'" }).first.map(String.init)
    }

    private static func geometry(_ name: String, in body: String) -> Geometry? {
        guard let start = body.range(of: "<\(name)>"), let end = body.range(of: "</\(name)>") else { return nil }
        return parsed(String(body[start.upperBound..<end.lowerBound]))
    }

    /// A geometry as text or as hexadecimal WKB; nil when our readers refuse it.
    static func parsed(_ text: String) -> Geometry? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.count.isMultiple(of: 2), !text.isEmpty, text.allSatisfy(\.isHexDigit) {
            let digits = Array(text)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0...($0 + 1)]), radix: 16)
            }
            return try? Geometry(wkb: bytes)
        }
        return try? Geometry(wkt: text)
    }
}
