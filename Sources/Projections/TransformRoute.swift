// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// The way from one reference system to another, while it is being put
/// together: steps, their words for provenance, and their accuracy.
struct TransformRoute {
    let context: ProjContext
    let areaOfInterest: Envelope?
    var stages: [TransformStage] = []
    var steps: [String] = []
    var accuracyInMeters: Double? = 0
    var usesNullDatumShift = false

    /// Decimetres: two modern frames that plate motion since 2000 has parted.
    private static let accuracyOfNullShift = 0.5
    /// A metre: what the published approximation agrees to with map providers.
    private static let accuracyOfDistortion = 1.0

    init(context: ProjContext, areaOfInterest: Envelope?) {
        self.context = context
        self.areaOfInterest = areaOfInterest
    }

    /// A route with everything that describes `transform`, its steps included.
    init(copying transform: CoordinateTransform) {
        // The stages keep their own context alive; nothing new is made in it.
        context = transform.context
        areaOfInterest = nil
        stages = transform.stages
        steps = transform.steps
        accuracyInMeters = transform.accuracyInMeters
        usesNullDatumShift = transform.usesNullDatumShift
    }

    mutating func append(
        from source: CoordinateReferenceSystem, to target: CoordinateReferenceSystem
    ) throws(ProjectionsError) {
        if source == target, source.kind != .pipeline { return }
        switch (source.kind, target.kind) {
        case (_, .pipeline):
            throw ProjectionsError(
                .unsupported, subject: target.definition,
                "A PROJ pipeline says how to leave a reference system, so it can be a source but not a target.")
        case (.pipeline, _): try appendPipeline(source, to: target)
        case (.gcj02, .bd09): appendDistortion(.bd09FromGCJ02, "GCJ-02 → BD-09")
        case (.bd09, .gcj02): appendDistortion(.bd09ToGCJ02, "BD-09 → GCJ-02")
        case (.gcj02, _):
            appendDistortion(.gcj02ToWGS84, "GCJ-02 → WGS 84")
            try append(from: .crs84, to: target)
        case (.bd09, _):
            appendDistortion(.bd09ToGCJ02, "BD-09 → GCJ-02")
            try append(from: .gcj02, to: target)
        case (.proj, .gcj02):
            try append(from: source, to: .crs84)
            appendDistortion(.gcj02FromWGS84, "WGS 84 → GCJ-02")
        case (.proj, .bd09):
            try append(from: source, to: .gcj02)
            appendDistortion(.bd09FromGCJ02, "GCJ-02 → BD-09")
        case (.proj, .proj): try appendOperation(from: source, to: target)
        }
    }

    mutating func add(accuracy: Double?) {
        guard let sum = accuracyInMeters, let accuracy else {
            accuracyInMeters = nil
            return
        }
        accuracyInMeters = sum + accuracy
    }

    private mutating func appendDistortion(_ stage: TransformStage, _ words: String) {
        stages.append(stage)
        steps.append("\(words) by the published approximation (metre accuracy)")
        add(accuracy: Self.accuracyOfDistortion)
    }

    private mutating func noteNullShift(
        from source: CoordinateReferenceSystem, to target: CoordinateReferenceSystem
    ) {
        guard source.frame != target.frame else { return }
        usesNullDatumShift = true
        steps.append("\(source.datumName) taken for \(target.datumName): null transformation (decimetre accuracy)")
        add(accuracy: Self.accuracyOfNullShift)
    }

    // MARK: PROJ

    private mutating func appendOperation(
        from source: CoordinateReferenceSystem, to target: CoordinateReferenceSystem
    ) throws(ProjectionsError) {
        if appendWebMercator(from: source, to: target) { return }
        // A declared shift leads to WGS 84 and nowhere else: PROJ drops it on
        // the way to any other frame, CGCS2000 included.
        if source.declaresShift {
            try appendDeclaredShift(of: source, outwards: true)
            try append(from: .crs84, to: target)
            return
        }
        if target.declaresShift {
            try append(from: source, to: .crs84)
            try appendDeclaredShift(of: target, outwards: false)
            return
        }
        let from = try source.projObject(in: context)
        let to = try target.projObject(in: context)
        let datum = datum(from, source, to, target)
        if datum == .differs { try Self.refuseClassical(source, target) }
        var rejected: [String] = []
        let selection = OperationSelection(context: context, areaOfInterest: areaOfInterest)
        if let operation = try selection.best(from: from, to: to, datum: datum, rejected: &rejected) {
            if datum == .nullShift { noteNullShift(from: source, to: target) }
            add(operation)
        } else if datum == .differs, source.frame.isModern != target.frame.isModern,
            source.frame != .wgs84, target.frame != .wgs84
        {
            // CGCS2000 has no operation of its own in the register: WGS 84
            // stands in for it, by the one exception.
            try append(from: source, to: .crs84)
            try append(from: .crs84, to: target)
        } else {
            throw Self.refusal(source, target, rejected)
        }
    }

    private mutating func add(_ operation: SelectedOperation) {
        stages.append(.operation(operation.object, forward: true, scaling: .none))
        steps.append("PROJ: \(operation.name)")
        add(accuracy: operation.accuracyInMeters)
    }

    private mutating func appendDeclaredShift(
        of crs: CoordinateReferenceSystem, outwards: Bool
    ) throws(ProjectionsError) {
        let object = try crs.projObject(in: context)
        let hub = try CoordinateReferenceSystem.crs84.projObject(in: context)
        var rejected: [String] = []
        let selection = OperationSelection(context: context, areaOfInterest: areaOfInterest)
        guard
            let operation = try selection.best(
                from: outwards ? object : hub, to: outwards ? hub : object, datum: .declaredShift,
                rejected: &rejected)
        else { throw Self.refusal(crs, .crs84, rejected) }
        steps.append("datum shift as declared: \(CoordinateReferenceSystem.excerpt(crs.definition))")
        add(operation)
    }

    /// A pipeline's result is longitude and latitude on a modern frame when it
    /// is angular, and the target's own grid when it is a length.
    private mutating func appendPipeline(
        _ source: CoordinateReferenceSystem, to target: CoordinateReferenceSystem
    ) throws(ProjectionsError) {
        let failure = "The declared pipeline cannot be built"
        let object = try context.check(.unknownReferenceSystem, subject: source.definition, failure) {
            proj_create($0, source.definition).map { ProjObject($0, in: context) }
        }
        let radians = Double.pi / 180
        let endsInRadians = proj_angular_output(object.pointer, PJ_FWD) != 0
        let isAngular = endsInRadians || proj_degree_output(object.pointer, PJ_FWD) != 0
        stages.append(
            .operation(
                object, forward: true,
                scaling: .init(
                    input: proj_angular_input(object.pointer, PJ_FWD) != 0 ? radians : 1,
                    output: endsInRadians ? 1 / radians : 1)))
        steps.append("PROJ pipeline as declared: \(source.definition)")
        accuracyInMeters = nil
        if isAngular {
            try append(from: .crs84, to: target)
        } else if target.isGeographic || target.kind != .proj {
            throw ProjectionsError(
                .unsupported, subject: source.definition,
                "The declared pipeline ends in lengths, but \(target) counts in degrees; end it in longitude and "
                    + "latitude, or bring the data onto a projected grid.")
        }
    }

    private mutating func appendWebMercator(
        from source: CoordinateReferenceSystem, to target: CoordinateReferenceSystem
    ) -> Bool {
        let degrees: Set<String?> = ["OGC:CRS84", "EPSG:4326", "EPSG:4490"]
        let isForward = target.definition == "EPSG:3857" && degrees.contains(source.definition)
        let isBackward = source.definition == "EPSG:3857" && degrees.contains(target.definition)
        guard isForward || isBackward else { return false }
        noteNullShift(from: source, to: target)
        stages.append(.webMercator(forward: isForward))
        steps.append(isForward ? "Web Mercator" : "inverse of: Web Mercator")
        return true
    }

    private func datum(
        _ from: ProjObject, _ source: CoordinateReferenceSystem, _ to: ProjObject, _ target: CoordinateReferenceSystem
    ) -> OperationSelection.Datum {
        if source.frame.isModern, target.frame.isModern { return .nullShift }
        guard source.frame == target.frame, let first = from.part(proj_crs_get_geodetic_crs),
            let second = to.part(proj_crs_get_geodetic_crs),
            proj_is_equivalent_to_with_ctx(
                context.pointer, first.pointer, second.pointer,
                PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0
        else { return .differs }
        return .same
    }
}
