// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Which part of a CAD drawing belongs to a source, and how its lines and texts
/// become features.
public struct DrawingSelection: Hashable, Sendable {
    /// What texts inside of an area say of it.
    public struct Label: Hashable, Sendable {
        /// What is done with several texts in one area.
        public enum Several: String, Hashable, Sendable, CaseIterable {
            /// None is taken, and the record is reported.
            case none
            /// All, from north to south and west to east, with spaces between.
            case join
        }

        /// The name under which `fields:` finds it.
        public var field: String
        /// Layers of the drawing; one that ends in `*` stands for all that begin
        /// so.
        public var layers: [String]
        public var several: Several

        public init(field: String, layers: [String], several: Several = .none) {
            self.field = field
            self.layers = layers
            self.several = several
        }
    }

    /// Layers of the drawing; one that ends in `*` stands for all that begin so.
    public var layers: [String]
    /// In the order of the file.
    public var labels: [Label]
    /// How far apart the ends of an outline may lie to be joined, in metres: a
    /// tenth of a millimetre on a map of 1:500 unless told otherwise.
    public var closing: Double
    /// How far lines may stray from an arc that they stand for, in metres.
    public var arcTolerance: Double

    /// What `close_m` and `arc_m` are when they are left out.
    public static let defaultClosing = 0.05
    public static let defaultArcTolerance = 0.01

    public init(
        layers: [String], labels: [Label] = [], closing: Double = Self.defaultClosing,
        arcTolerance: Double = Self.defaultArcTolerance
    ) {
        self.layers = layers
        self.labels = labels
        self.closing = closing
        self.arcTolerance = arcTolerance
    }
}
