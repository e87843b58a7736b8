// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension TransformRoute {
    private static let remedy =
        "declare it as a PROJ string with +towgs84=…, as a PROJ pipeline, or by control points (fit:points.csv)"

    /// Stops where one side stands on Beijing 1954, Xian 1980 or New Beijing:
    /// what the register holds for them was made for oil fields and the Yellow
    /// Sea, and PROJ's own guess is some 70 m wrong in Shanghai.
    static func refuseClassical(
        _ source: CoordinateReferenceSystem, _ target: CoordinateReferenceSystem
    ) throws(ProjectionsError) {
        for side in [source, target] {
            guard case .classicalChinese(let name) = side.frame else { continue }
            let other = side == source ? target : source
            throw ProjectionsError(
                .ballpark, subject: side.definition,
                "The datum shift between \(name) (\(side.definition)) and \(other.datumName) "
                    + "(\(other.definition)) is not published, and leaving it out is wrong by up to 100 m; \(remedy).")
        }
    }

    /// Why no operation between the two was acceptable.
    static func refusal(
        _ source: CoordinateReferenceSystem, _ target: CoordinateReferenceSystem, _ rejected: [String]
    ) -> ProjectionsError {
        let names =
            "\(source.datumName) (\(CoordinateReferenceSystem.excerpt(source.definition))) and "
            + "\(target.datumName) (\(CoordinateReferenceSystem.excerpt(target.definition)))"
        guard let first = rejected.first else {
            return ProjectionsError(
                .ballpark, subject: source.definition,
                "No datum shift between \(names) is known, and guessing it is refused; \(remedy).")
        }
        let more = rejected.count > 1 ? ", and \(rejected.count - 1) more" : ""
        return ProjectionsError(
            .outsideArea, subject: source.definition,
            "No datum shift between \(names) may be used here: \(first)\(more); \(remedy).")
    }
}
