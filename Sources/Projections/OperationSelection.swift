// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// A PROJ operation that the rules allow, ready to run on x = east, y = north.
struct SelectedOperation {
    let object: ProjObject
    /// PROJ's own name for it, for provenance.
    let name: String
    /// In metres; 0 for a mere change of projection on one datum, nil for a
    /// shift that a person declared.
    let accuracyInMeters: Double?
}

/// Which of PROJ's operations between two reference systems may be used.
///
/// PROJ offers a list, best first. It is asked for one operation once, never
/// for a different one per position, as `proj_create_crs_to_crs` would pick.
/// The rules:
///
/// 1. Systems on one datum: the change of projection, exact.
/// 2. Systems on WGS 84 and CGCS2000: the null transformation, and it is named.
/// 3. A text that brings its own shift (`+towgs84`): that shift.
/// 4. Else an operation of the EPSG register whose accuracy is known, whose
///    grids are installed and whose area of use *contains* the whole area of
///    interest. Overlapping is not enough: Beijing 1954 to WGS 84 (EPSG:15919)
///    touches the northern tip of Minhang and was made for the Yellow Sea.
/// 5. From and to a classical Chinese datum: never by the register, whatever it
///    offers; the district declares the shift or gives control points.
struct OperationSelection {
    let context: ProjContext
    /// In degrees of longitude and latitude; nil when the data are not known.
    let areaOfInterest: Envelope?

    enum Datum {
        /// Both sides stand on the same one.
        case same
        /// WGS 84 and CGCS2000: a null transformation is allowed.
        case nullShift
        /// The text of one side brings its own shift to WGS 84.
        case declaredShift
        case differs
    }

    /// The first operation that the rules allow; nil when there is none.
    ///
    /// - Parameter rejected: receives why each operation was passed over.
    func best(
        from source: ProjObject, to target: ProjObject, datum: Datum, rejected: inout [String]
    ) throws(ProjectionsError) -> SelectedOperation? {
        let candidates = try candidates(from: source, to: target, datum: datum)
        for candidate in candidates {
            if proj_coordoperation_is_instantiable(context.pointer, candidate.pointer) == 0 {
                rejected.append("“\(candidate.name)” needs a grid file that is not installed")
                continue
            }
            let known = proj_coordoperation_get_accuracy(context.pointer, candidate.pointer)
            let accuracy: Double?
            switch datum {
            case .same, .nullShift: accuracy = max(known, 0)
            case .declaredShift: accuracy = nil
            case .differs:
                accuracy = known
                guard known >= 0 else {
                    rejected.append("“\(candidate.name)” has no known accuracy")
                    continue
                }
                guard covers(candidate) else {
                    rejected.append("“\(candidate.name)” was made for another area")
                    continue
                }
            }
            guard let normalized = candidate.part(proj_normalize_for_visualization) else { continue }
            return SelectedOperation(object: normalized, name: candidate.name, accuracyInMeters: accuracy)
        }
        return nil
    }

    /// Whether the operation was made for all of the area of interest. Without
    /// one, only an operation for the whole world qualifies.
    private func covers(_ operation: ProjObject) -> Bool {
        guard let area = operation.areaOfUse else { return false }
        let world = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)
        let wanted = areaOfInterest.map { $0.isEmpty ? world : $0 } ?? world
        let shifted = Envelope(minX: wanted.minX + 360, minY: wanted.minY, maxX: wanted.maxX + 360, maxY: wanted.maxY)
        return area.contains(wanted) || area.contains(shifted)
    }

    private func candidates(
        from source: ProjObject, to target: ProjObject, datum: Datum
    ) throws(ProjectionsError) -> [ProjObject] {
        let subject = "\(source.name) → \(target.name)"
        let settings = try context.check(.library, subject: subject, "PROJ could not search for \(subject)") {
            proj_create_operation_factory_context($0, nil)
        }
        defer { proj_operation_factory_context_destroy(settings) }
        proj_operation_factory_context_set_spatial_criterion(
            context.pointer, settings, PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION)
        proj_operation_factory_context_set_grid_availability_use(
            context.pointer, settings, PROJ_GRID_AVAILABILITY_USED_FOR_SORTING)
        proj_operation_factory_context_set_allow_ballpark_transformations(
            context.pointer, settings, datum == .nullShift ? 1 : 0)
        if datum == .same || datum == .nullShift {
            // There is nothing to find on a detour, and looking takes 40 ms.
            proj_operation_factory_context_set_allow_use_intermediate_crs(
                context.pointer, settings, PROJ_INTERMEDIATE_CRS_USE_NEVER)
        }
        if let area = areaOfInterest, !area.isEmpty, area.minX >= -180, area.maxX <= 180 {
            proj_operation_factory_context_set_area_of_interest(
                context.pointer, settings, area.minX, area.minY, area.maxX, area.maxY)
        }
        let list = try context.check(.library, subject: subject, "PROJ could not search for \(subject)") {
            proj_create_operations($0, source.pointer, target.pointer, settings)
        }
        defer { proj_list_destroy(list) }
        return (0..<proj_list_get_count(list)).compactMap { index in
            proj_list_get(context.pointer, list, index).map { ProjObject($0, in: context) }
        }
    }
}
