// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures

/// A small map of the place of one issue, as SVG inside the page: what lies
/// there, and where a border was moved, how it was delivered and how it is.
struct IssuePicture {
    private static let width = 300.0
    private static let height = 190.0
    /// Metres of ground on the shorter side, at least and at most.
    private static let leastGround = 12.0
    private static let mostGround = 600.0
    private static let nearbyLimit = 80

    private let window: Envelope
    private let clip: PictureClip
    private let features: [NearbyFeature]
    private let subject: NearbyFeature?
    private let place: Coordinate
    private let zone: Geometry?

    /// - Parameter zone: the outline of a gap or an overlap.
    /// - Returns: nil when the issue has no place.
    /// - Throws: `DistrictStoresError` when the store cannot be read.
    init?(of issue: MergeReport.Issue, zone: Geometry?, in store: DistrictStore) throws {
        guard let x = issue.x, let y = issue.y else { return nil }
        place = Coordinate(x: x, y: y)
        self.zone = zone
        var focus = zone?.envelope ?? Envelope(minX: x, minY: y, maxX: x, maxY: y)
        if let record = issue.record, let source = issue.sources.first {
            let around = Envelope(minX: x, minY: y, maxX: x, maxY: y).expanded(by: 1)
            let found = try store.features(of: issue.layer, meeting: around, limit: Self.nearbyLimit)
            subject = found.first { $0.source == source && $0.row == record }
            if let subject { focus = subject.geometry.envelope }
        } else {
            subject = nil
        }
        window = Self.window(around: focus, place, width: issue.widthInMeters)
        clip = PictureClip(box: window.expanded(by: (window.maxX - window.minX) / 10))
        features = try store.features(of: issue.layer, meeting: window, limit: Self.nearbyLimit)
    }

    /// The focus with a margin, in the shape of the picture; around the place
    /// alone when the focus is too large to see anything in.
    ///
    /// - Parameter breadth: of a gap or an overlap, in metres; one that is long is
    ///   shown in part, so that it is seen at all.
    private static func window(around focus: Envelope, _ place: Coordinate, width breadth: Double?) -> Envelope {
        let aspect = width / height
        let ground = max((focus.maxX - focus.minX) / aspect, focus.maxY - focus.minY) * 1.5
        let most = breadth.map { max(8, $0 * 40) } ?? mostGround
        let centre = ground > most ? place : focus.center
        let half = min(max(ground, breadth == nil ? leastGround : 8), most) / 2
        return Envelope(
            minX: centre.x - half * aspect, minY: centre.y - half, maxX: centre.x + half * aspect,
            maxY: centre.y + half)
    }

    /// One picture, or two where a border was moved: as delivered, and as it is.
    var html: HTML {
        guard features.contains(where: { $0.original != nil }) else { return panel(delivered: false, label: nil) }
        return """
            \(panel(delivered: true, label: .init("提交时", "delivered")))\
            \(panel(delivered: false, label: .init("现状", "now")))
            """
    }

    private func panel(delivered: Bool, label: MergeReport.Wording?) -> HTML {
        var shapes: HTML = ""
        for feature in features where feature.id != subject?.id {
            let shape = delivered ? feature.original ?? feature.geometry : feature.geometry
            let kind = feature.original == nil ? "f" : delivered ? "f d" : "f m"
            shapes += path(shape, kind)
        }
        if let subject { shapes += path(subject.geometry, "s") }
        if let zone, delivered || !features.contains(where: { $0.original != nil }) { shapes += path(zone, "z") }
        let centre = pixel(place)
        shapes += "<circle class=\"p\" cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"9\"/>"
        let caption: HTML =
            label.map { "<text class=\"l\" x=\"8\" y=\"17\">\($0.zh) \($0.en)</text>" } ?? ""
        return """
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img">\(shapes)\(scaleBar)\(caption)</svg>
            """
    }

    private func pixel(_ coordinate: Coordinate) -> Coordinate {
        let scale = Self.height / (window.maxY - window.minY)
        return Coordinate(x: (coordinate.x - window.minX) * scale, y: (window.maxY - coordinate.y) * scale)
    }

    private func path(_ geometry: Geometry, _ kind: String) -> HTML {
        var data = ""
        add(geometry, to: &data)
        return data.isEmpty ? "" : "<path class=\"\(kind)\" d=\"\(data)\"/>"
    }

    private func add(_ geometry: Geometry, to data: inout String) {
        func areas(_ polygon: Polygon) {
            for ring in polygon.rings { add(clip.ring(ring.coordinates), isClosed: true, to: &data) }
        }
        func line(_ line: LineString) {
            for run in clip.runs(line.coordinates) { add(run, isClosed: false, to: &data) }
        }
        func point(_ point: Point) {
            guard let coordinate = point.coordinate, clip.box.contains(coordinate) else { return }
            let (x, y) = (pixel(coordinate).x, pixel(coordinate).y)
            data += "M\(text(x - 3)) \(text(y))a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"
        }
        switch geometry {
        case .point(let single): point(single)
        case .multiPoint(let multi): multi.points.forEach(point)
        case .lineString(let single): line(single)
        case .multiLineString(let multi): multi.lineStrings.forEach(line)
        case .polygon(let single): areas(single)
        case .multiPolygon(let multi): multi.polygons.forEach(areas)
        case .geometryCollection(let collection): for member in collection.geometries { add(member, to: &data) }
        }
    }

    private func add(_ coordinates: [Coordinate], isClosed: Bool, to data: inout String) {
        var last = ""
        var count = 0
        for coordinate in coordinates {
            let place = pixel(coordinate)
            let word = "\(text(place.x)) \(text(place.y))"
            // What falls on one tenth of a pixel is drawn once.
            guard word != last else { continue }
            data += (count == 0 ? "M" : "L") + word
            last = word
            count += 1
        }
        if isClosed, count > 0 { data += "z" }
    }

    private func number(_ value: Double) -> HTML { "\(text(value))" }

    /// With one digit behind the point, and none where that is zero.
    private func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, part) = (abs(tenths) / 10, abs(tenths) % 10)
        return part == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(part)"
    }

    /// A round length of some quarter of the picture.
    private var scaleBar: HTML {
        let ground = (window.maxX - window.minX) / 4
        let lengths = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]
        let length = lengths.last { $0 <= ground } ?? 0.1
        let pixels = length * Self.height / (window.maxY - window.minY)
        let label = length >= 1 ? "\(Int(length)) m" : "\(Int(length * 100)) cm"
        let (right, bottom) = (Self.width - 8, Self.height - 8)
        return """
            <path class="b" d="M\(number(right - pixels)) \(number(bottom - 4))v4h\(number(pixels))v-4"/>\
            <text class="t" x="\(number(right))" y="\(number(bottom - 7))">\(label)</text>
            """
    }
}
