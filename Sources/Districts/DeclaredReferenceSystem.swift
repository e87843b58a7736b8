// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A coordinate reference system as a person declares it.
public enum DeclaredReferenceSystem: Hashable, Sendable, CustomStringConvertible {
    /// `EPSG:4549`, `ESRI:…`, `OGC:CRS84` or a PROJ string, in the spelling
    /// that PROJ reads.
    case named(String)
    /// The same for a delivery whose ordinates stand in this order.
    case ordered(String, axes: DeclaredAxes)
    case gcj02
    case bd09
    /// Fitted to the district grid by control points.
    case fit(ControlPointDeclaration)
    /// Brought onto the district grid by seven parameters of its own.
    case helmert(HelmertDeclaration)

    /// What people are told when a declaration makes no sense.
    static let accepted = "EPSG:n, a PROJ string, GCJ-02, BD-09, fit:FILE.csv"

    public var description: String {
        switch self {
        case .named(let name): name
        case .ordered(let name, let axes): axes == .northFirst ? "\(name), north first" : name
        case .gcj02: "GCJ-02"
        case .bd09: "BD-09"
        case .fit(let fit): fit.from.map { "fit:\(fit.points) from \($0)" } ?? "fit:\(fit.points)"
        case .helmert(let helmert): "seven parameters from \(helmert.from)"
        }
    }

    /// The declaration that a word makes; nil when it makes none. Whether an
    /// EPSG code exists is not looked up.
    public init?(parsing text: String) {
        let word = text.trimmingWhitespace()
        switch word.uppercased() {
        case "GCJ-02": self = .gcj02
        case "BD-09": self = .bd09
        case "OGC:CRS84", "CRS84": self = .named("OGC:CRS84")
        default:
            if word.lowercased().hasPrefix("fit:") {
                let path = String(word.dropFirst(4)).trimmingWhitespace()
                guard !path.isEmpty else { return nil }
                self = .fit(ControlPointDeclaration(points: path))
            } else if let name = Self.name(word) {
                self = .named(name)
            } else {
                return nil
            }
        }
    }

    /// The spelling that PROJ reads, of a reference system with a name or a
    /// PROJ string of its own.
    static func name(_ word: String) -> String? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let code = Int(parts[1]), code > 0, parts[1].count <= 7 {
            let authority = parts[0].uppercased()
            return ["EPSG", "ESRI"].contains(authority) ? "\(authority):\(code)" : nil
        }
        if word.uppercased() == "OGC:CRS84" { return "OGC:CRS84" }
        guard word.hasPrefix("+proj=") || word.hasPrefix("+init=") || word.hasPrefix("proj=") else { return nil }
        return word.hasPrefix("+") ? word : "+" + word
    }

    /// What a person who wrote `text` most likely meant.
    static func suggestion(for text: String) -> String? {
        let word = text.trimmingWhitespace()
        let squeezed = word.uppercased().filter { $0.isLetter || $0.isNumber }
        if squeezed.hasPrefix("GCJ") || squeezed == "MARS" || squeezed == "火星坐标" { return "GCJ-02" }
        if squeezed.hasPrefix("BD09") || squeezed.hasPrefix("BAIDU") { return "BD-09" }
        if squeezed == "WGS84" { return "EPSG:4326" }
        if squeezed == "CGCS2000" || squeezed == "国家2000" { return "EPSG:4490" }
        if squeezed == "WEBMERCATOR" { return "EPSG:3857" }
        if word.lowercased().hasSuffix(".csv") {
            let path = word.firstIndex(of: ":").map { word[word.index(after: $0)...] } ?? word[...]
            return "fit:\(String(path).trimmingWhitespace())"
        }
        let digits = word.filter(\.isNumber)
        if digits.count == squeezed.count, (4...6).contains(digits.count) { return "EPSG:\(digits)" }
        let letters = word.prefix { !$0.isNumber && $0 != ":" }
        if (4...6).contains(digits.count), Suggestions.nearest(to: String(letters), among: ["EPSG"]) != nil {
            return "EPSG:\(digits)"
        }
        return nil
    }
}

/// Control points that tie a delivery to the district grid.
public struct ControlPointDeclaration: Hashable, Sendable {
    /// The CSV file, relative to the district's folder or beside the delivery.
    public var points: String
    /// The projection to be undone first, where it is known.
    public var from: String?
    public var parameters: Parameters
    /// Which ordinate of the delivery counts to the east; nil when nobody said.
    public var axes: DeclaredAxes?

    /// How many parameters the fit has.
    public enum Parameters: Hashable, Sendable {
        case four
        case seven(DeclaredRotation)
    }

    public init(
        points: String, from: String? = nil, parameters: Parameters = .four, axes: DeclaredAxes? = nil
    ) {
        self.points = points
        self.from = from
        self.parameters = parameters
        self.axes = axes
    }
}

/// Seven parameters that somebody determined for the district.
public struct HelmertDeclaration: Hashable, Sendable {
    /// Shifts of the geocentre in metres.
    public var x, y, z: Double
    /// Rotations in seconds of arc.
    public var rx, ry, rz: Double
    /// The scale's difference from 1 in parts in a million.
    public var ds: Double
    public var rotation: DeclaredRotation
    /// The reference system that they lead out of.
    public var from: String
    public var axes: DeclaredAxes?

    public init(
        x: Double, y: Double, z: Double, rx: Double = 0, ry: Double = 0, rz: Double = 0, ds: Double = 0,
        rotation: DeclaredRotation, from: String, axes: DeclaredAxes? = nil
    ) {
        (self.x, self.y, self.z) = (x, y, z)
        (self.rx, self.ry, self.rz) = (rx, ry, rz)
        self.ds = ds
        self.rotation = rotation
        self.from = from
        self.axes = axes
    }
}

/// The sense of rotations, which nobody may guess: the two differ in sign.
public enum DeclaredRotation: String, Hashable, Sendable, CaseIterable {
    case positionVector = "position-vector"
    case coordinateFrame = "coordinate-frame"
}

/// The order of a delivery's two ordinates: east first, or north first.
public enum DeclaredAxes: String, Hashable, Sendable, CaseIterable {
    case eastFirst = "xy"
    case northFirst = "yx"
}

extension String {
    /// Without spaces and line ends at both ends.
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
