// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import SimpleFeatures
import SpatialIndexing
import Topology

/// Which texts of a drawing stand inside of which areas.
///
/// A text belongs to the smallest area that contains its place. Where two of one
/// size do, it belongs to none.
struct AreaTexts {
    private struct Text {
        var label: Int
        var text: String
        var place: Coordinate
    }

    private let labels: [DrawingPlan.Label]
    private var texts: [Text] = []
    private var areas: [(row: Int, geometry: Geometry, size: Double)] = []
    /// Texts by row of the area, in their order on the sheet.
    private var found: [Int: [Int]] = [:]
    private var outside = 0
    private var undecided = 0

    init(labels: [DrawingPlan.Label]) {
        self.labels = labels
    }

    /// Whether an entity is a text that one of the fields asks for.
    func isText(_ raw: RawFeature, text: String, layer: String) -> Bool {
        guard case .point? = raw.geometry, !text.isEmpty else { return false }
        return labels.contains { DrawingPlan.names($0.layers, contain: layer) }
    }

    mutating func look(at raw: RawFeature, text: String, layer: String) {
        guard case .point(let point)? = raw.geometry, let place = point.coordinate else { return }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return }
        for (index, label) in labels.enumerated() where DrawingPlan.names(label.layers, contain: layer) {
            texts.append(Text(label: index, text: words, place: place))
        }
    }

    mutating func take(area: Geometry?, row: Int) {
        guard let area else { return }
        areas.append((row, area, area.planarArea))
    }

    /// Finds the area of each text.
    ///
    /// - Complexity: O(*n* log *n*) in areas and texts that do not crowd.
    mutating func assign(_ engine: TopologyEngine) {
        guard !areas.isEmpty, !texts.isEmpty else {
            outside = texts.count
            areas = []
            return
        }
        let frame = areas.reduce(Envelope.empty) { whole, area in
            var whole = whole
            whole.expand(toContain: area.geometry.envelope)
            return whole
        }
        let boxes = areas.map { GridBox($0.geometry.envelope, in: frame) }
        let tree = PackedHilbertTree.build(boxes)
        for (index, text) in texts.enumerated() {
            var candidates: [Int] = []
            tree.withUnsafeBytes { bytes in
                _ = PackedHilbertTreeView(bytes)?.search(GridBox(Envelope(of: text.place), in: frame)) { item in
                    candidates.append(item)
                    return true
                }
            }
            let point = Geometry.point(Point(x: text.place.x, y: text.place.y))
            let containing = candidates.sorted().filter { candidate in
                let area = areas[candidate].geometry
                return area.envelope.contains(text.place) && (try? engine.contains(area, point)) == true
            }
            guard let smallest = containing.map({ areas[$0].size }).min() else {
                outside += 1
                continue
            }
            let best = containing.filter { areas[$0].size == smallest }
            if best.count == 1 { found[areas[best[0]].row, default: []].append(index) } else { undecided += 1 }
        }
        for (row, indexes) in found {
            // North to south and west to east, as one reads.
            found[row] = indexes.sorted { first, second in
                let (here, there) = (texts[first].place, texts[second].place)
                return (there.y, here.x) < (here.y, there.x)
            }
        }
        areas = []
    }

    /// One for each label.
    func values(of row: Int) -> [AttributeValue] {
        labels.indices.map { label in
            let words = words(of: row, label)
            guard words.count == 1 || labels[label].joinsSeveral && !words.isEmpty else { return .null }
            return .text(words.joined(separator: " "))
        }
    }

    private func words(of row: Int, _ label: Int) -> [String] {
        (found[row] ?? []).filter { texts[$0].label == label }.map { texts[$0].text }
    }

    /// Fields that no text was taken for, since there are several.
    func notes(of row: Int) -> [FeatureNote] {
        labels.indices.compactMap { label in
            let words = words(of: row, label)
            guard words.count > 1, !labels[label].joinsSeveral else { return nil }
            let list = words.prefix(5).map { "“\($0.prefix(40))”" }.joined(separator: ", ")
            return FeatureNote(
                "several-texts", "has \(words.count) texts inside for \(labels[label].field), \(list): none was taken")
        }
    }

    /// Sentences about all texts.
    var notes: [String] {
        [
            outside > 0 ? "\(MergeReport.count(outside, "text")) under `labels:` stood in no area and became no attribute." : nil,
            undecided > 0
                ? "\(MergeReport.count(undecided, "text")) under `labels:` stood in several areas of one size and became no attribute." : nil,
        ].compactMap { $0 }
    }
}

extension GridBox {
    /// A box of a plane in the whole of the grid, rounded outwards.
    init(_ envelope: Envelope, in frame: Envelope) {
        let side = max(frame.maxX - frame.minX, frame.maxY - frame.minY, .leastNormalMagnitude)
        func cell(_ value: Double, _ origin: Double, _ rule: FloatingPointRoundingRule) -> Int32 {
            let scaled = ((value - origin) / side * 1e9).rounded(rule)
            return Int32(Swift.min(Swift.max(scaled, -2e9), 2e9))
        }
        self.init(
            minX: cell(envelope.minX, frame.minX, .down), minY: cell(envelope.minY, frame.minY, .down),
            maxX: cell(envelope.maxX, frame.minX, .up), maxY: cell(envelope.maxY, frame.minY, .up))
    }
}

extension Envelope {
    init(of place: Coordinate) {
        self.init(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y)
    }
}

extension Geometry {
    /// Of all areas, holes taken away; in square units of the coordinates.
    var planarArea: Double {
        func area(_ polygon: Polygon) -> Double {
            let inner = polygon.interiorRings.reduce(0) { $0 + abs($1.twiceSignedArea) }
            return (abs(polygon.exteriorRing.twiceSignedArea) - inner) / 2
        }
        switch self {
        case .polygon(let polygon): return area(polygon)
        case .multiPolygon(let multi): return multi.polygons.reduce(0) { $0 + area($1) }
        default: return 0
        }
    }
}
