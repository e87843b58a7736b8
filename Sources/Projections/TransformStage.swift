// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// One step of a coordinate transform, applied to a whole buffer at a time.
enum TransformStage {
    /// A PROJ operation; `forward` says which way it is run.
    case operation(ProjObject, forward: Bool, scaling: AngularScaling)
    case gcj02FromWGS84
    case gcj02ToWGS84
    case bd09FromGCJ02
    case bd09ToGCJ02
    case webMercator(forward: Bool)
    case similarity(PlaneSimilarity)
    /// North and east change places, for data that count north first.
    case swappedAxes

    /// A bare PROJ pipeline speaks radians where a reference system speaks
    /// degrees.
    struct AngularScaling {
        /// What inputs are multiplied with before, and outputs after.
        var input = 1.0
        var output = 1.0

        static let none = AngularScaling()
    }

    /// Moves every position of the buffer. A position without an image becomes
    /// one with non-finite ordinates; the caller looks for those once, at the
    /// end of all steps.
    ///
    /// - Complexity: O(*n*), without allocation.
    func apply(to buffer: UnsafeMutableBufferPointer<Coordinate>) {
        switch self {
        case .operation(let object, let forward, let scaling):
            Self.run(object, forward: forward, scaling: scaling, on: buffer)
        case .gcj02FromWGS84: for index in buffer.indices { buffer[index] = GCJ02.fromWGS84(buffer[index]) }
        case .gcj02ToWGS84: for index in buffer.indices { buffer[index] = GCJ02.toWGS84(buffer[index]) }
        case .bd09FromGCJ02: for index in buffer.indices { buffer[index] = BD09.fromGCJ02(buffer[index]) }
        case .bd09ToGCJ02: for index in buffer.indices { buffer[index] = BD09.toGCJ02(buffer[index]) }
        case .webMercator(forward: true):
            for index in buffer.indices { buffer[index] = WebMercator.project(buffer[index]) }
        case .webMercator(forward: false):
            for index in buffer.indices { buffer[index] = WebMercator.unproject(buffer[index]) }
        case .similarity(let similarity):
            for index in buffer.indices { buffer[index] = similarity.apply(to: buffer[index]) }
        case .swappedAxes:
            for index in buffer.indices { buffer[index] = Coordinate(x: buffer[index].y, y: buffer[index].x) }
        }
    }

    /// The step that undoes this one.
    var inverse: TransformStage {
        switch self {
        case .operation(let object, let forward, let scaling):
            .operation(
                object, forward: !forward,
                scaling: AngularScaling(input: 1 / scaling.output, output: 1 / scaling.input))
        case .gcj02FromWGS84: .gcj02ToWGS84
        case .gcj02ToWGS84: .gcj02FromWGS84
        case .bd09FromGCJ02: .bd09ToGCJ02
        case .bd09ToGCJ02: .bd09FromGCJ02
        case .webMercator(let forward): .webMercator(forward: !forward)
        case .similarity(let similarity): .similarity(similarity.inverse)
        case .swappedAxes: .swappedAxes
        }
    }

    private static func run(
        _ object: ProjObject, forward: Bool, scaling: AngularScaling,
        on buffer: UnsafeMutableBufferPointer<Coordinate>
    ) {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
        scale(buffer, by: scaling.input)
        // PROJ walks over our own memory: x and y lie at a fixed distance, so
        // nothing is copied.
        let stride = MemoryLayout<Coordinate>.stride
        let ordinates = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Double.self)
        var time = Double.infinity
        _ = proj_trans_generic(
            object.pointer, forward ? PJ_FWD : PJ_INV,
            ordinates, stride, buffer.count,
            ordinates + 1, stride, buffer.count,
            nil, 0, 0, &time, 0, 1)
        proj_errno_reset(object.pointer)
        scale(buffer, by: scaling.output)
    }

    private static func scale(_ buffer: UnsafeMutableBufferPointer<Coordinate>, by factor: Double) {
        guard factor != 1 else { return }
        for index in buffer.indices {
            buffer[index].x *= factor
            buffer[index].y *= factor
        }
    }
}
