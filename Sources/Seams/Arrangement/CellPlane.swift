// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The plane in which seams are looked at: a thousand cells of the district's
/// grid are one unit, whatever the grid is.
///
/// On a millimetre grid its unit is the metre. On any other, geometries are
/// brought into it and back by counting cells, which loses nothing: grid
/// positions come back to the last bit.
struct CellPlane {
    let precision: GridPrecision
    /// The length of a unit.
    let metres: Double
    private let isMetric: Bool

    init(_ precision: GridPrecision) {
        self.precision = precision
        isMetric = precision == .millimetre
        metres = isMetric ? 1 : precision.precision * 1000
    }

    // MARK: Into the plane

    func inwards(_ length: Double) -> Double { length / metres }

    func inwards(_ position: Coordinate) -> Coordinate {
        isMetric ? position : Coordinate(x: precision.cells(position.x) / 1000, y: precision.cells(position.y) / 1000)
    }

    func inwards(_ geometry: Geometry) -> Geometry {
        isMetric ? geometry : geometry.mapCoordinates { $0.map(inwards) }
    }

    func inwards(_ envelope: Envelope) -> Envelope {
        guard !isMetric, !envelope.isEmpty else { return envelope }
        return Envelope(
            minX: inwards(envelope.minX), minY: inwards(envelope.minY), maxX: inwards(envelope.maxX),
            maxY: inwards(envelope.maxY))
    }

    // MARK: Out of it

    func outwards(_ length: Double) -> Double { length * metres }

    func outwards(area: Double) -> Double { area * metres * metres }

    /// A position that need not lie on the grid.
    func outwards(place: Coordinate) -> Coordinate {
        func ordinate(_ units: Double) -> Double {
            let cell = (units * 1000).rounded()
            return cell / 1000 == units ? precision.ordinate(ofCell: cell) : outwards(units)
        }
        return isMetric ? place : Coordinate(x: ordinate(place.x), y: ordinate(place.y))
    }

    /// A position of the grid.
    func outwards(_ position: Coordinate) -> Coordinate {
        guard !isMetric else { return position }
        return Coordinate(
            x: precision.ordinate(ofCell: (position.x * 1000).rounded()),
            y: precision.ordinate(ofCell: (position.y * 1000).rounded()))
    }

    func outwards(_ geometry: Geometry) -> Geometry {
        isMetric ? geometry : geometry.mapCoordinates { $0.map { outwards($0) } }
    }

    func outwards(_ envelope: Envelope) -> Envelope {
        guard !isMetric, !envelope.isEmpty else { return envelope }
        return Envelope(
            minX: outwards(envelope.minX), minY: outwards(envelope.minY), maxX: outwards(envelope.maxX),
            maxY: outwards(envelope.maxY))
    }
}
