// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Writes GeoJSON behind what it has written before.
struct GeoJSONWriter {
    var text = ""
    private let decimals: Int?

    init(decimals: Int?) {
        self.decimals = decimals
    }

    mutating func feature(_ feature: Feature) {
        text += "{\"type\":\"Feature\",\"id\":\(feature.id),\"geometry\":"
        geometry(feature.geometry)
        text += ",\"properties\":{"
        var isFirst = true
        for (name, value) in feature.properties.sorted(by: { $0.key < $1.key }) {
            if !isFirst { text += "," }
            isFirst = false
            string(name)
            text += ":"
            self.value(value)
        }
        text += "}}"
    }

    mutating func geometry(_ geometry: Geometry?) {
        guard let geometry else {
            text += "null"
            return
        }
        switch geometry {
        case .point(let point):
            member("Point")
            position(point.coordinate)
        case .lineString(let line):
            member("LineString")
            list(line.coordinates) { $0.position($1) }
        case .polygon(let polygon):
            member("Polygon")
            rings(polygon)
        case .multiPoint(let multi):
            member("MultiPoint")
            // There is no empty position in a list; an empty point is left out.
            list(multi.points.compactMap(\.coordinate)) { $0.position($1) }
        case .multiLineString(let multi):
            member("MultiLineString")
            list(multi.lineStrings) { $0.list($1.coordinates) { $0.position($1) } }
        case .multiPolygon(let multi):
            member("MultiPolygon")
            list(multi.polygons) { $0.rings($1) }
        case .geometryCollection(let collection):
            text += "{\"type\":\"GeometryCollection\",\"geometries\":"
            list(collection.geometries) { $0.geometry($1) }
        }
        text += "}"
    }

    mutating func string(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // The two separators end a line in JavaScript; "<" would end a
            // script in a page.
            case "\0"..<" ", "\u{7F}", "\u{2028}", "\u{2029}", "<":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private mutating func value(_ value: AttributeValue) {
        switch value {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .real(let value): text += value.isFinite ? DecimalText.shortest(value) : "null"
        case .text(let value): string(value)
        }
    }

    private mutating func member(_ type: String) {
        text += "{\"type\":\"\(type)\",\"coordinates\":"
    }

    private mutating func rings(_ polygon: Polygon) {
        list(polygon.rings) { $0.list($1.coordinates) { $0.position($1) } }
    }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout GeoJSONWriter, Element) -> Void) {
        text += "["
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            write(&self, element)
        }
        text += "]"
    }

    private mutating func position(_ coordinate: Coordinate?) {
        text += "["
        if let coordinate {
            text += number(coordinate.x)
            text += ","
            text += number(coordinate.y)
        }
        text += "]"
    }

    private func number(_ value: Double) -> String {
        decimals.map { DecimalText.rounded(value, decimals: $0) } ?? DecimalText.shortest(value)
    }
}
