// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Snapshots
import SpatialIndexing

/// Finds what wants a label in one style layer, over all of its data.
struct LabelGathering {
    let evaluation: LayerEvaluation
    let source: LayerSource
    private let pixelsPerCell: Double
    private let pixelRatio: Double
    private(set) var candidates: [LabelCandidate] = []
    /// Whether there were more than are taken.
    private(set) var isCut = false

    /// The most labels that one style layer is planned with.
    static let mostCandidates = 1_000_000

    private enum Placement: String {
        case point, line
        case lineCenter = "line-center"
    }

    init(_ evaluation: LayerEvaluation, _ source: LayerSource, _ frame: TileFrame) {
        self.evaluation = evaluation
        self.source = source
        pixelsPerCell = frame.pixelsPerCell
        pixelRatio = frame.pixelRatio
        evaluation.row = source.row
    }

    /// Gathers the candidates, in any order.
    mutating func gather() {
        let placement = Placement(rawValue: evaluation[.symbolPlacement]) ?? .point
        let spacing = min(max(evaluation[.symbolSpacing], 1), 65_536) * pixelRatio
        var features: [Int] = []
        source.search(.everything, into: &features)
        for feature in features {
            guard candidates.count < Self.mostCandidates else {
                isCut = true
                break
            }
            let kind = source.kind(of: feature)
            if placement != .point && kind == .points { continue }
            source.move(to: feature)
            let id = source.id(of: feature)
            evaluation.begin(id: id, geometryType: FeatureGeometryType(kind))
            guard evaluation.passesFilter(),
                let wish = LabelWish(evaluation, isAlongLine: placement != .point, pixelRatio: pixelRatio)
            else { continue }
            let key = evaluation[.symbolSortKey] ?? 0
            let geometry = source.geometry(of: feature)
            for (number, spot) in spots(geometry, placement, spacing).enumerated() {
                candidates.append(
                    LabelCandidate(sortKey: key, feature: id ?? Int64(feature), number: number, wish: wish, spot: spot))
            }
        }
    }

    private func spots(_ geometry: CellGeometry, _ placement: Placement, _ spacing: Double) -> [LabelCandidate.Spot] {
        let runs = (0..<geometry.runCount).map { positions(geometry, $0) }
        switch placement {
        case .point:
            switch geometry.kind {
            case .points: return runs.joined().filter(isWithin).map { .point($0) }
            case .lines: return runs.compactMap { $0.first.map { .point($0) } }
            case .polygons:
                return areas(runs, geometry).compactMap { InteriorPoint($0).find(precision: 1) }.map { .point($0) }
            }
        case .line, .lineCenter:
            var spots: [LabelCandidate.Spot] = []
            for var run in runs {
                if geometry.kind == .polygons, let first = run.first { run.append(first) }
                guard let line = LabelLine(run) else { continue }
                let distances = placement == .line ? line.anchors(spacing: spacing) : [line.length / 2]
                spots += distances.map { .line(line, distance: $0) }
            }
            return spots
        }
    }

    /// Whether a point belongs to the data, and not to the margin of a tile.
    private func isWithin(_ point: SIMD2<Double>) -> Bool {
        guard let extent = source.extent else { return true }
        let cell = point / pixelsPerCell
        return cell.x >= extent.minX && cell.x < extent.minX + extent.spanX && cell.y >= extent.minY
            && cell.y < extent.minY + extent.spanY
    }

    /// The rings of each area, the outer one first.
    private func areas(_ runs: [[SIMD2<Double>]], _ geometry: CellGeometry) -> [[[SIMD2<Double>]]] {
        var areas: [[[SIMD2<Double>]]] = []
        for (index, run) in runs.enumerated() {
            if geometry.startsPart(index) || areas.isEmpty { areas.append([]) }
            areas[areas.count - 1].append(run)
        }
        return areas
    }

    private func positions(_ geometry: CellGeometry, _ run: Int) -> [SIMD2<Double>] {
        var positions: [SIMD2<Double>] = []
        geometry.withRun(run) { cells in
            positions.reserveCapacity(cells.count / 2)
            for index in stride(from: 0, to: cells.count - 1, by: 2) {
                positions.append(SIMD2(Double(cells[index]), Double(cells[index + 1])) * pixelsPerCell)
            }
        }
        return positions
    }
}
