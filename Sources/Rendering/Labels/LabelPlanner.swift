// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Snapshots
import TileMatrixSets
import Typesetting

/// Decides which labels stand where, for all of the data at one scale.
///
/// The layers on top come first; within a layer the lowest sort key, then the
/// lowest feature id. What finds its room free takes it, and is never moved
/// again, so the plan does not depend on the order of the data, nor on tiles.
struct LabelPlanner {
    private let style: Style
    private let contents: [String: LayerContent]
    private let frame: TileFrame
    private let fonts: FontCatalogue
    /// Whether labels mind each other.
    private let areExclusive: Bool
    private let fitting: LabelFitting
    private var collisions = CollisionGrid()
    private var blocks: [LabelText: TextBlock] = [:]
    private var sources: [String: [LayerSource]] = [:]

    init(
        _ style: Style, _ contents: [String: LayerContent], _ frame: TileFrame, _ fonts: FontCatalogue,
        areExclusive: Bool
    ) {
        self.style = style
        self.contents = contents
        self.frame = frame
        self.fonts = fonts
        self.areExclusive = areExclusive
        fitting = LabelFitting(pixelsPerCell: frame.pixelsPerCell)
    }

    consuming func plan() -> LabelPlan {
        var plan = LabelPlan()
        for (index, layer) in style.layers.enumerated().reversed()
        where layer.type == .symbol && layer.isShown(atZoom: frame.zoom) {
            guard let name = layer.sourceLayer ?? layer.source else { continue }
            plan.layers[index] = placedLabels(index, sources(name))
        }
        return plan
    }

    private mutating func sources(_ name: String) -> [LayerSource] {
        if let known = sources[name] { return known }
        var made: [LayerSource] = []
        if let content = contents[name], case .success(let sources) = LayerSource.make(content, frame) {
            made = sources
        }
        sources[name] = made
        return made
    }

    private mutating func placedLabels(_ index: Int, _ sources: [LayerSource]) -> LabelPlan.Layer {
        var layer = LabelPlan.Layer()
        var candidates: [LabelCandidate] = []
        for source in sources {
            let bound = style.bind(layer: index, columns: source.columnNames)
            var gathering = LabelGathering(bound.evaluation(zoom: frame.zoom), source, frame)
            gathering.gather()
            candidates += gathering.candidates
            layer.failures += gathering.evaluation.failures
            if gathering.isCut { layer.notes.append("labels beyond \(LabelGathering.mostCandidates)") }
        }
        candidates.sort(by: LabelCandidate.precedes)
        // What does not depend on a feature is the same for all.
        let evaluation = style.bind(layer: index, columns: []).evaluation(zoom: frame.zoom)
        // A centre is one spot of each line, and is not repeated by intent.
        let isRepeated = evaluation[.symbolPlacement] == "line"
        var repeats = RepeatedLabels(distance: isRepeated ? evaluation[.symbolSpacing] * frame.pixelRatio / 2 : 0)
        var drawn: [(y: Double, label: PlacedLabel)] = []
        for candidate in candidates {
            if case .line(let line, let distance) = candidate.spot,
                repeats.isNear(candidate.wish.text.text.text, line.place(at: distance).point)
            {
                continue
            }
            guard let label = place(candidate) else { continue }
            if case .line(let line, let distance) = candidate.spot {
                repeats.note(candidate.wish.text.text.text, line.place(at: distance).point)
            }
            drawn.append((Double(label.cellY), label))
        }
        if isOrderedByPlace(evaluation) { drawn.sort { $0.y < $1.y } }
        layer.labels = drawn.map(\.label)
        for (number, label) in layer.labels.enumerated() { layer.buckets.insert(number, label.reach) }
        return layer
    }

    /// Whether labels farther south are drawn over those farther north.
    private func isOrderedByPlace(_ evaluation: LayerEvaluation) -> Bool {
        switch evaluation[.symbolZOrder] {
        case "viewport-y": true
        case "source": false
        default:
            !evaluation.bound.layer.sets(.symbolSortKey)
                && (evaluation[.textAllowOverlap] || evaluation[.textIgnorePlacement]
                    || evaluation[.textOverlap].map { $0 != "never" } ?? false)
        }
    }

    /// Gives a candidate its place; nil when there is none.
    private mutating func place(_ candidate: LabelCandidate) -> PlacedLabel? {
        let wish = candidate.wish
        var choices: [() -> FittedLabel?] = []
        switch candidate.spot {
        case .line(let line, let distance) where wish.glyphsFollowLine:
            let block = self.block(wish, .left)
            choices = [{ [fitting] in fitting.glyphs(wish, block, along: line, at: distance) }]
        case .line(let line, let distance): choices = blockChoices(wish, line.place(at: distance).point)
        case .point(let point): choices = blockChoices(wish, point)
        }
        let manner: CollisionGrid.Manner = wish.overlap == .cooperative ? .cooperative : .exclusive
        for choice in choices {
            guard let fitted = choice() else { continue }
            guard areExclusive else { return fitted.label }
            guard wish.overlap == .always || collisions.isFree(fitted.room, manner) else { continue }
            if !wish.ignoresPlacement { collisions.take(fitted.room, manner) }
            return fitted.label
        }
        return nil
    }

    private mutating func blockChoices(_ wish: LabelWish, _ point: SIMD2<Double>) -> [() -> FittedLabel?] {
        wish.sides.map { side in
            let block = self.block(wish, wish.justification ?? side.anchor.justification)
            return { [fitting] in fitting.block(wish, block, side: side, at: point) }
        }
    }

    private mutating func block(_ wish: LabelWish, _ justification: TextJustification) -> TextBlock {
        var text = wish.text
        text.setting.justification = justification
        if let known = blocks[text] { return known }
        let block = text.set(fonts)
        blocks[text] = block
        return block
    }
}

/// Where the same text stands along lines, which needs no repetition nearby.
private struct RepeatedLabels {
    let distance: Double
    private var byText: [String: (buckets: PixelBuckets, places: [SIMD2<Double>])] = [:]

    init(distance: Double) { self.distance = distance }

    func isNear(_ text: String, _ place: SIMD2<Double>) -> Bool {
        guard let known = byText[text] else { return false }
        var isNear = false
        known.buckets.search(box(place)) { number in
            let gap = known.places[number] - place
            isNear = (gap * gap).sum() < distance * distance
            return !isNear
        }
        return isNear
    }

    mutating func note(_ text: String, _ place: SIMD2<Double>) {
        var known = byText.removeValue(forKey: text) ?? (PixelBuckets(side: max(64, distance)), [])
        known.buckets.insert(known.places.count, PixelBox(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y))
        known.places.append(place)
        byText[text] = known
    }

    private func box(_ place: SIMD2<Double>) -> PixelBox {
        PixelBox(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y).expanded(by: distance)
    }
}
