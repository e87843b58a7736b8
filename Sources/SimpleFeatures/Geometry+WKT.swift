// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Geometry {
    /// The geometry as well-known text, with the fewest digits that read back
    /// as the same numbers.
    ///
    /// - Complexity: O(*n*) in positions.
    public var wkt: String {
        var text = ""
        writeWKT(to: &text)
        return text
    }

    private func writeWKT(to text: inout String) {
        text += type.rawValue
        switch self {
        case .point(let point):
            Self.list(point.coordinate.map { [$0] } ?? [], to: &text, Self.position, opening: " (")
        case .lineString(let line): Self.list(line.coordinates, to: &text, Self.position, opening: " (")
        case .polygon(let polygon): Self.list(polygon.rings, to: &text, Self.ring, opening: " (")
        case .multiPoint(let multi): Self.list(multi.points, to: &text, Self.point, opening: " (")
        case .multiLineString(let multi): Self.list(multi.lineStrings, to: &text, Self.line, opening: " (")
        case .multiPolygon(let multi): Self.list(multi.polygons, to: &text, Self.polygon, opening: " (")
        case .geometryCollection(let collection):
            Self.list(collection.geometries, to: &text, { $0.writeWKT(to: &$1) }, opening: " (")
        }
    }

    private static func list<Member>(
        _ members: [Member], to text: inout String, _ write: (Member, inout String) -> Void, opening: String = "("
    ) {
        if members.isEmpty {
            text += opening == "(" ? "EMPTY" : " EMPTY"
            return
        }
        text += opening
        for (index, member) in members.enumerated() {
            if index > 0 { text += "," }
            write(member, &text)
        }
        text += ")"
    }

    private static func position(_ coordinate: Coordinate, to text: inout String) {
        text += DecimalText.shortest(coordinate.x)
        text += " "
        text += DecimalText.shortest(coordinate.y)
    }

    private static func point(_ point: Point, to text: inout String) {
        list(point.coordinate.map { [$0] } ?? [], to: &text, position)
    }

    private static func line(_ line: LineString, to text: inout String) {
        list(line.coordinates, to: &text, position)
    }

    private static func ring(_ ring: LinearRing, to text: inout String) {
        list(ring.coordinates, to: &text, position)
    }

    private static func polygon(_ polygon: Polygon, to text: inout String) {
        list(polygon.rings, to: &text, ring)
    }
}

/// Numbers as decimal text.
enum DecimalText {
    /// The fewest digits that read back as the same number; whole numbers
    /// without a point.
    static func shortest(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.description
    }

    /// At most `decimals` digits after the point (0 to 15), without trailing
    /// zeroes.
    static func rounded(_ value: Double, decimals: Int) -> String {
        let digits = min(max(decimals, 0), 15)
        let scale = powersOfTen[digits]
        let scaled = (value * scale).rounded()
        guard abs(scaled) < 9e15 else { return shortest(value) }
        return shortest(scaled / scale)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
