// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Moves whole geometries, and keeps their edges where they were.
///
/// An edge that is straight in one reference system is a curve in another.
/// Where the curve leaves the straight image by more than the tolerance,
/// vertices are inserted until it does not. What is inserted on an edge depends
/// on its two ends alone, not on its direction, its geometry or the features
/// before it: two neighbours that share an edge get the same vertices, to the
/// last bit.
///
/// It belongs to one worker, like the transform that it holds.
public struct GeometryTransform {
    /// More inserted vertices than this on one edge mean that the edge crosses
    /// a place where the projection tears.
    public static let mostVerticesPerEdge = 10_000

    public let transform: CoordinateTransform
    /// How far the image of an edge may lie from its chord, in metres.
    public let chordToleranceInMeters: Double

    private let check: ChordCheck
    /// Where `certainLength` holds, in source coordinates.
    private var calibrated = Envelope.empty
    /// Edges no longer than this are straight enough wherever they lie in
    /// `calibrated`; in units of the source.
    private var certainLength = 0.0

    /// - Parameter sourceEnvelope: where the geometries lie, in source
    ///   coordinates; it only saves work.
    public init(
        _ transform: CoordinateTransform, chordToleranceInMeters: Double = 0.001, sourceEnvelope: Envelope = .empty
    ) {
        self.transform = transform
        self.chordToleranceInMeters = chordToleranceInMeters
        check = ChordCheck(transform, tolerance: chordToleranceInMeters)
        calibrate(over: sourceEnvelope)
    }

    /// The image of a geometry, and how many vertices were inserted to keep its
    /// edges in place.
    ///
    /// - Throws: `.notTransformable` for a position without an image,
    ///   `.tooManyVertices` for an edge that crosses a tear.
    /// - Complexity: O(*n*) in positions, inserted ones included.
    public mutating func apply(
        _ geometry: Geometry
    ) throws(ProjectionsError) -> (geometry: Geometry, addedVertices: Int) {
        if transform.isIdentity { return (geometry, 0) }
        calibrate(over: geometry.envelope)
        var added = 0
        let image = try image(of: geometry, &added)
        return (image, added)
    }

    private mutating func calibrate(over envelope: Envelope) {
        guard !envelope.isEmpty, !calibrated.contains(envelope) else { return }
        var area = calibrated
        area.expand(toContain: envelope)
        // Room to grow, so that scattered features do not calibrate each time.
        calibrated = area.expanded(by: max(area.width, area.height) / 8 + check.sampleLength)
        certainLength = check.certainLength(over: calibrated)
    }

    private func image(of geometry: Geometry, _ added: inout Int) throws(ProjectionsError) -> Geometry {
        switch geometry {
        case .point(let point): return .point(try image(of: point))
        case .lineString(let line): return .lineString(LineString(try image(of: line.coordinates, &added)))
        case .polygon(let polygon): return .polygon(try image(of: polygon, &added))
        case .multiPoint(let multi):
            var points: [Point] = []
            points.reserveCapacity(multi.points.count)
            for point in multi.points { points.append(try image(of: point)) }
            return .multiPoint(MultiPoint(points))
        case .multiLineString(let multi):
            var lines: [LineString] = []
            for line in multi.lineStrings { lines.append(LineString(try image(of: line.coordinates, &added))) }
            return .multiLineString(MultiLineString(lines))
        case .multiPolygon(let multi):
            var polygons: [Polygon] = []
            for polygon in multi.polygons { polygons.append(try image(of: polygon, &added)) }
            return .multiPolygon(MultiPolygon(polygons))
        case .geometryCollection(let collection):
            var members: [Geometry] = []
            for member in collection.geometries { members.append(try image(of: member, &added)) }
            return .geometryCollection(GeometryCollection(members))
        }
    }

    private func image(of point: Point) throws(ProjectionsError) -> Point {
        guard let coordinate = point.coordinate else { return point }
        return Point(try transform.transform(coordinate))
    }

    private func image(of polygon: Polygon, _ added: inout Int) throws(ProjectionsError) -> Polygon {
        let exterior = LinearRing(try image(of: polygon.exteriorRing.coordinates, &added))
        if polygon.interiorRings.isEmpty { return Polygon(exterior) }
        var interiors: [LinearRing] = []
        for ring in polygon.interiorRings { interiors.append(LinearRing(try image(of: ring.coordinates, &added))) }
        return Polygon(exterior, interiorRings: interiors)
    }

    private func image(of run: [Coordinate], _ added: inout Int) throws(ProjectionsError) -> [Coordinate] {
        var images = run
        // The closing position of a ring is the first one again.
        let open = run.count > 1 && run[0] == run[run.count - 1] ? run.count - 1 : run.count
        images.withUnsafeMutableBufferPointer { transform.run(on: $0.extracting(..<open)) }
        if open < run.count { images[open] = images[0] }
        for index in images.indices where !images[index].isFinite {
            throw transform.failure(at: run[index], index: index)
        }
        guard let firstLong = firstLongEdge(in: run) else { return images }
        var result = Array(images[...firstLong])
        for index in firstLong..<(run.count - 1) {
            if isLong(run[index], run[index + 1]) {
                let before = result.count
                try check.appendInserted(
                    from: run[index], image: images[index], to: run[index + 1], image: images[index + 1], onto: &result)
                added += result.count - before
            }
            result.append(images[index + 1])
        }
        return result
    }

    private func firstLongEdge(in run: [Coordinate]) -> Int? {
        guard run.count > 1 else { return nil }
        return (0..<(run.count - 1)).first { isLong(run[$0], run[$0 + 1]) }
    }

    @inline(__always)
    private func isLong(_ a: Coordinate, _ b: Coordinate) -> Bool {
        let dx = b.x - a.x
        let dy = b.y - a.y
        return dx * dx + dy * dy > certainLength * certainLength
    }
}
