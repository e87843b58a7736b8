// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The columns of a table that say where its records lie.
struct CoordinateColumns {
    private enum Place {
        case pair(x: Int, y: Int)
        case wkt(Int)
    }

    private let place: Place
    private(set) var notes: [String] = []

    var isPair: Bool {
        if case .pair = place { true } else { false }
    }

    static let missingNote =
        "No column is known to hold coordinates; name two of them with `from: { x: …, y: … }`, x for east (longitude)."

    private static let pairs: [(x: [String], y: [String])] = [
        (
            ["lon", "lng", "long", "longitude", "经度", "东经", "lon_wgs84", "lng_wgs84", "wgs84_lon", "wgs84_lng", "gps_lng"],
            ["lat", "lat", "lat", "latitude", "纬度", "北纬", "lat_wgs84", "lat_wgs84", "wgs84_lat", "wgs84_lat", "gps_lat"]
        ),
        (["easting", "east", "东坐标", "东向", "横坐标"], ["northing", "north", "北坐标", "北向", "纵坐标"]),
        (["x", "x坐标", "coord_x", "point_x", "xcoord", "x_coord"], ["y", "y坐标", "coord_y", "point_y", "ycoord", "y_coord"]),
    ]
    private static let wktNames: Set<String> = ["wkt", "wkt_geom", "geom_wkt", "the_geom", "geom", "geometry", "几何"]

    /// Nil when no columns are asked for and none are known by their names.
    ///
    /// - Throws: `FormatsError` when a column that is asked for is not there.
    init?(_ names: [String], request: DatasetRequest) throws {
        if let x = request.xField, let y = request.yField {
            func column(_ name: String) throws -> Int {
                if let index = names.firstIndex(of: name) { return index }
                throw FormatsError(
                    .wrongUse,
                    "“\(request.displayName)” has no column “\(name)”; it has \(names.joined(separator: ", ")).")
            }
            place = .pair(x: try column(x), y: try column(y))
            return
        }
        let known = names.map { name in
            name.lowercased().filter { !$0.isWhitespace && $0 != "\u{FEFF}" }.replacing("(°)", with: "")
        }
        for (index, pair) in Self.pairs.enumerated() {
            for (xName, yName) in zip(pair.x, pair.y) {
                if let x = known.firstIndex(of: xName), let y = known.firstIndex(of: yName) {
                    place = .pair(x: x, y: y)
                    if index == 2 {
                        notes = [
                            "Columns “\(names[x])” and “\(names[y])” were taken as east and north; where x is north, as "
                                + "surveyors have it, say so with `from: { x: \(names[y]), y: \(names[x]) }`."
                        ]
                    }
                    return
                }
            }
        }
        guard let column = known.firstIndex(where: { Self.wktNames.contains($0) }) else { return nil }
        place = .wkt(column)
    }

    /// The geometry of a record; nil when both cells are empty.
    ///
    /// - Throws: `FeatureFault` when a cell is not a coordinate.
    func geometry(of values: [AttributeValue]) throws(FeatureFault) -> Geometry? {
        switch place {
        case .pair(let x, let y):
            let first = try Self.number(values[x], "x")
            let second = try Self.number(values[y], "y")
            guard first != nil || second != nil else { return nil }
            guard let first, let second else {
                throw FeatureFault("half-a-coordinate", "has one coordinate and lacks the other")
            }
            return .point(Point(x: first, y: second))
        case .wkt(let column):
            guard case .text(let text) = values[column], !text.isEmpty else { return nil }
            do {
                return try Geometry(wkt: text)
            } catch {
                throw FeatureFault(error)
            }
        }
    }

    private static func number(_ value: AttributeValue, _ axis: String) throws(FeatureFault) -> Double? {
        switch value {
        case .null: return nil
        case .integer(let value): return Double(value)
        case .real(let value): return try finite(value, axis)
        case .boolean: throw FeatureFault("no-number", "has a \(axis) that is not a number")
        case .text(let text):
            let trimmed = text.filter { !$0.isWhitespace }
            guard !trimmed.isEmpty else { return nil }
            guard let value = Double(halfWidth(trimmed)) else {
                throw FeatureFault("no-number", "has “\(trimmed.prefix(40))” as \(axis), which is not a number")
            }
            return try finite(value, axis)
        }
    }

    private static func finite(_ value: Double, _ axis: String) throws(FeatureFault) -> Double {
        guard value.isFinite else {
            throw FeatureFault("not-finite", "has a coordinate that is not a finite number")
        }
        return value
    }

    /// Full-width digits, as spreadsheets in China have them, as ASCII.
    static func halfWidth(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
                }))
    }
}
