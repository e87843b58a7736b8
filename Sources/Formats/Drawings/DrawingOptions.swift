// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// How a CAD drawing is read.
public struct DrawingOptions: Hashable, Sendable, Codable {
    /// Whether an inserted block is the point that it was inserted at, as for
    /// trees and wells, rather than the shapes that it is drawn by.
    public var insertsArePoints: Bool
    /// How far the short lines that stand for an arc may stray from it, in units
    /// of the drawing; a centimetre unless told otherwise, a fifth of the width
    /// of a line on a map of 1:500.
    public var arcTolerance: Double

    public init(insertsArePoints: Bool = false, arcTolerance: Double = 0.01) {
        self.insertsArePoints = insertsArePoints
        self.arcTolerance = arcTolerance
    }

    /// Names of the fields that every drawing has here.
    public static let layerField = "Layer"
    public static let textField = "Text"
    /// What programs have attached to an entity, as JSON: by application a list of
    /// pairs of group code and value.
    public static let extendedDataField = "XDATA"
}
