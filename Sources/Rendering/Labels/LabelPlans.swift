// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import MapStyles
import Synchronization
import TileMatrixSets
public import Typesetting

/// The label plans of one style over one state of the data, each made when the
/// first tile of its zoom level is drawn, and shared by all renderers.
///
/// Any number of threads may use it at once; who asks for a plan that is being
/// made waits for it.
public final class LabelPlans: Sendable {
    let style: Style
    let contents: [String: LayerContent]
    let fonts: FontCatalogue
    private let slots = Mutex<[PlanScale: Slot]>([:])

    private final class Slot: Sendable {
        let plan = Mutex<LabelPlan?>(nil)
    }

    /// Plans for these many scales are kept.
    private static let mostPlans = 32

    /// - Parameter layers: the data, by name, as for drawing. What is live is
    ///   not planned.
    public init(style: Style, layers: [String: LayerContent], fonts: FontCatalogue = .system) {
        self.style = style
        contents = layers.filter {
            if case .snapshot = $0.value { true } else { false }
        }
        self.fonts = fonts
    }

    /// The plan of merged data at a frame's scale.
    func plan(_ frame: TileFrame) -> LabelPlan {
        let scale = PlanScale(frame)
        let slot = slots.withLock { slots in
            if let known = slots[scale] { return known }
            if slots.count >= Self.mostPlans { slots.removeAll() }
            let slot = Slot()
            slots[scale] = slot
            return slot
        }
        return slot.plan.withLock { plan in
            if let plan { return plan }
            let made = LabelPlanner(style, contents, frame, fonts, areExclusive: true).plan()
            plan = made
            return made
        }
    }

    /// The plan of what was handed over for one picture alone. Each tile knows
    /// other features, so on tiles their labels do not mind each other: which of
    /// them are shown must not depend on the tile.
    func passingPlan(_ frame: TileFrame, _ contents: [String: LayerContent]) -> LabelPlan {
        let passing = contents.filter {
            if case .snapshot = $0.value { false } else { true }
        }
        let isWhole = if case .window = frame.place { true } else { false }
        return LabelPlanner(style, passing, frame, fonts, areExclusive: isWhole).plan()
    }
}

/// What a plan is made for: all tiles with pixels of one size, in whatever
/// blocks they are drawn.
struct PlanScale: Hashable {
    let set: String
    let pixelsPerCell: Double
    let pixelRatio: Double

    init(_ frame: TileFrame) {
        set = frame.set.id
        pixelRatio = frame.pixelRatio
        pixelsPerCell = frame.pixelsPerCell
    }
}
