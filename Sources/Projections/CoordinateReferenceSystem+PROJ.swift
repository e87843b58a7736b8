// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

extension CoordinateReferenceSystem {
    /// The spellings that other programs read.
    public enum TextForm: Sendable {
        /// WKT 2 (ISO 19162:2019), on several lines.
        case wkt2
        /// WKT 1 as GDAL and GeoPackage write it.
        case wkt1
        /// WKT 1 as ESRI's programs read it: the text of a `.prj` file.
        case esriWKT
        case projJSON
        /// A PROJ string, with what it cannot say left out.
        case projString
    }

    /// The system in another spelling.
    ///
    /// - Throws: `.unsupported` where the form cannot say it, for instance
    ///   GCJ-02 in any of them.
    public func text(as form: TextForm) throws(ProjectionsError) -> String {
        let object = try projObject(in: try ProjContext())
        let failure = "\(self) cannot be written in that form"
        return try object.context.check(.unsupported, subject: definition, failure) { context in
            let text =
                switch form {
                case .wkt2: proj_as_wkt(context, object.pointer, PJ_WKT2_2019, nil)
                case .wkt1: proj_as_wkt(context, object.pointer, PJ_WKT1_GDAL, nil)
                case .esriWKT: proj_as_wkt(context, object.pointer, PJ_WKT1_ESRI, nil)
                case .projJSON: proj_as_projjson(context, object.pointer, nil)
                case .projString: proj_as_proj_string(context, object.pointer, PJ_PROJ_5, nil)
                }
            return text.map { String(cString: $0) }
        }
    }

    /// The horizontal PROJ object behind the definition, in a worker's context.
    ///
    /// - Throws: `.unsupported` for GCJ-02, BD-09 and pipelines, which are no
    ///   reference systems to PROJ.
    func projObject(in context: ProjContext) throws(ProjectionsError) -> ProjObject {
        guard kind == .proj else {
            throw ProjectionsError(
                .unsupported, subject: definition, "\(name) is not a reference system that PROJ can describe.")
        }
        return try Self.horizontal(definition, in: context)
    }

    init(readingWithPROJ definition: String) throws(ProjectionsError) {
        let context = try ProjContext()
        if definition.contains("+proj=pipeline") || definition.contains("+step") {
            try self.init(pipeline: definition, in: context)
            return
        }
        let object = try Self.horizontal(definition, in: context)
        guard let geodetic = object.part(proj_crs_get_geodetic_crs) else {
            throw ProjectionsError(
                .unsupported, subject: Self.excerpt(definition),
                "\(object.name) stands on no ellipsoid; declare a geographic or projected reference system, "
                    + "or give control points as fit:points.csv.")
        }
        let isBound = object.type == PJ_TYPE_BOUND_CRS
        let plain = isBound ? object.part(proj_get_source_crs) ?? object : object
        let axes = Self.axes(of: plain)
        let code = Self.identify(plain, definition: definition)
        self.init(
            definition: definition, name: Self.name(of: plain, definition: definition), authorityCode: code,
            isGeographic: plain.type == PJ_TYPE_GEOGRAPHIC_2D_CRS, unit: axes.unit,
            areaOfUse: plain.areaOfUse ?? Self.registeredArea(of: code, in: context),
            isNorthFirst: axes.isNorthFirst, wkt: Self.oneLineWKT(of: object), kind: .proj,
            frame: GeodeticFrame(ofGeodetic: geodetic), declaresShift: isBound)
    }

    private init(pipeline: String, in context: ProjContext) throws(ProjectionsError) {
        let failure = "“\(Self.excerpt(pipeline))” is no pipeline that PROJ can build"
        let object = try context.check(.unknownReferenceSystem, subject: Self.excerpt(pipeline), failure) {
            proj_create($0, pipeline).map { ProjObject($0, in: context) }
        }
        let isAngular =
            proj_angular_input(object.pointer, PJ_FWD) != 0 || proj_degree_input(object.pointer, PJ_FWD) != 0
        self.init(
            definition: pipeline, name: "declared PROJ pipeline", authorityCode: nil, isGeographic: isAngular,
            unit: isAngular ? .degree : .metre, areaOfUse: nil, isNorthFirst: false, wkt: "", kind: .pipeline,
            frame: .other(name: "the source of the declared pipeline"), declaresShift: true)
    }

    /// Makes the PROJ object of a text and takes its horizontal part.
    private static func horizontal(
        _ definition: String, in context: ProjContext
    ) throws(ProjectionsError) -> ProjObject {
        var text = definition
        // A PROJ string without it is read as an operation.
        if text.hasPrefix("+"), !text.contains("+type=crs") { text += " +type=crs" }
        let subject = excerpt(definition)
        let failure = "“\(subject)” is no reference system that PROJ knows"
        var object = try context.check(.unknownReferenceSystem, subject: subject, failure) {
            proj_create($0, text).map { ProjObject($0, in: context) }
        }
        if object.type == PJ_TYPE_COMPOUND_CRS, let part = object.part({ proj_crs_get_sub_crs($0, $1, 0) }) {
            object = part
        }
        if object.type == PJ_TYPE_GEOGRAPHIC_3D_CRS || object.type == PJ_TYPE_PROJECTED_CRS,
            let flat = object.part({ proj_crs_demote_to_2D($0, nil, $1) })
        {
            object = flat
        }
        switch object.type {
        case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_PROJECTED_CRS, PJ_TYPE_BOUND_CRS: return object
        default:
            throw ProjectionsError(
                .unsupported, subject: subject,
                "\(object.name) is neither geographic nor projected; a map needs one of the two.")
        }
    }

    private static func axes(of crs: ProjObject) -> (unit: Unit, isNorthFirst: Bool) {
        let fallback = crs.type == PJ_TYPE_GEOGRAPHIC_2D_CRS ? Unit.degree : Unit.metre
        guard let system = crs.part(proj_crs_get_coordinate_system) else { return (fallback, false) }
        var direction: UnsafePointer<CChar>?
        var factor = 0.0
        var name: UnsafePointer<CChar>?
        guard
            proj_cs_get_axis_info(
                crs.context.pointer, system.pointer, 0, nil, nil, &direction, &factor, &name, nil, nil) != 0
        else { return (fallback, false) }
        let unit = Unit(name: name.map { String(cString: $0).lowercased() } ?? fallback.name, factor: factor)
        return (unit, direction.map { String(cString: $0) == "north" } ?? false)
    }

    private static func name(of crs: ProjObject, definition: String) -> String {
        crs.name == "unknown" ? excerpt(definition) : crs.name
    }

    private static func oneLineWKT(of crs: ProjObject) -> String {
        "MULTILINE=NO".withCString { option in
            var options: [UnsafePointer<CChar>?] = [option, nil]
            return proj_as_wkt(crs.context.pointer, crs.pointer, PJ_WKT2_2019, &options)
                .map { String(cString: $0) } ?? ""
        }
    }

    /// The code that the text itself gives, or that PROJ is at least 90 % sure
    /// of. A PROJ string is never identified: it says too little.
    private static func identify(_ crs: ProjObject, definition: String) -> String? {
        guard definition.contains("[") || definition.contains("(") else {
            return definition.hasPrefix("+") ? nil : definition
        }
        var confidences: UnsafeMutablePointer<Int32>?
        let context = crs.context
        guard let list = proj_identify(context.pointer, crs.pointer, "EPSG", nil, &confidences) else { return nil }
        defer {
            proj_list_destroy(list)
            proj_int_list_destroy(confidences)
        }
        guard proj_list_get_count(list) > 0, let confidences, confidences[0] >= 90,
            // Two entries that fit equally well are no answer.
            proj_list_get_count(list) == 1 || confidences[1] < confidences[0],
            let best = proj_list_get(context.pointer, list, 0)
        else { return nil }
        return ProjObject(best, in: context).identifier
    }

    private static func registeredArea(of code: String?, in context: ProjContext) -> Envelope? {
        guard let code, let object = proj_create(context.pointer, code) else { return nil }
        return ProjObject(object, in: context).areaOfUse
    }
}
