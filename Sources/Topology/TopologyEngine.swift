// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures

/// Planar topology through GEOS: validity, repair, overlay, measures.
///
/// Coordinates are x = east, y = north in any plane; lengths and areas are in
/// its units. An engine belongs to one worker: it holds a GEOS context, which
/// is not for sharing. Empty parts never reach GEOS, whose version 3.11 faults
/// on a multipart with an empty member; they are left out first.
public final class TopologyEngine {
    let context: GEOSContext
    /// How polygons are repaired: the structure method, collapsed parts gone.
    let repairParameters: OpaquePointer

    /// Which library does the work, for reports: `GEOS 3.11.1-CAPI-1.17.1`.
    public let libraryVersion: String

    /// - Throws: `.library` when GEOS has no memory for a context.
    public init() throws(TopologyError) {
        let context = try GEOSContext()
        guard let parameters = GEOSMakeValidParams_create_r(context.handle) else {
            throw context.failure("makeValid")
        }
        _ = GEOSMakeValidParams_setMethod_r(context.handle, parameters, GEOS_MAKE_VALID_STRUCTURE)
        _ = GEOSMakeValidParams_setKeepCollapsed_r(context.handle, parameters, 0)
        self.context = context
        repairParameters = parameters
        libraryVersion = "GEOS " + (GEOSversion().map { String(cString: $0) } ?? "of an unknown version")
    }

    deinit {
        GEOSMakeValidParams_destroy_r(context.handle, repairParameters)
    }

    // MARK: One geometry in, one out

    func unary(
        _ operation: String, _ geometry: Geometry,
        _ call: (GEOSContextHandle_t, OpaquePointer) -> OpaquePointer?
    ) throws(TopologyError) -> Geometry {
        let object = try makeObject(geometry)
        let result = try context.object(operation) { call($0, object.pointer) }
        return try makeGeometry(result.pointer)
    }

    func binary(
        _ operation: String, _ first: Geometry, _ second: Geometry,
        _ call: (GEOSContextHandle_t, OpaquePointer, OpaquePointer) -> OpaquePointer?
    ) throws(TopologyError) -> Geometry {
        let one = try makeObject(first)
        let two = try makeObject(second)
        let result = try context.object(operation) { call($0, one.pointer, two.pointer) }
        return try makeGeometry(result.pointer)
    }

    func predicate(
        _ operation: String, _ first: Geometry, _ second: Geometry,
        _ call: (GEOSContextHandle_t, OpaquePointer, OpaquePointer) -> CChar
    ) throws(TopologyError) -> Bool {
        let one = try makeObject(first)
        let two = try makeObject(second)
        return try context.answer(operation) { call($0, one.pointer, two.pointer) }
    }
}
