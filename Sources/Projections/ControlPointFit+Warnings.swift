// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension ControlPointFit {
    /// Beyond this a scale means a wrong unit or projection, not a datum.
    private static let largestScalePPM = 300.0
    /// Check points may be worse than control points by this factor.
    private static let checkFactor = 3.0

    static func warnings(_ residuals: [Residual], checks: [Residual], _ similarity: PlaneSimilarity) -> [String] {
        var warnings: [String] = []
        if let sentence = ControlPointBlunders(residuals.map(\.point)).sentence { warnings.append(sentence) }
        if abs(similarity.scalePPM) > largestScalePPM {
            let ppm = similarity.scalePPM.magnitude < 1e15 ? Int(similarity.scalePPM) : .max
            warnings.append(
                "The scale differs from 1 by \(ppm) ppm, more than \(Int(largestScalePPM)): the source is on another "
                    + "projection or in another unit.")
        }
        let rms = rms(residuals)
        if let checkRMS = checks.isEmpty ? nil : self.rms(checks), checkRMS > max(checkFactor * rms, 0.001) {
            warnings.append(
                "The check points are \(metres(checkRMS)) off in the root mean square, the control points "
                    + "\(metres(rms)): the fit does not hold between its points.")
        }
        return warnings
    }

    /// What the table says of its points, and what it leaves open.
    static func remarks(on points: [ControlPoint]) -> [String] {
        var remarks: [String] = []
        let days = points.compactMap(\.surveyed).sorted()
        if let first = days.first, let last = days.last {
            let span = first == last ? first : "from \(first) to \(last)"
            let unknown = points.count - days.count
            let rest = unknown == 0 ? "" : "; of \(unknown) nobody wrote down when"
            remarks.append("The points were surveyed \(span)\(rest).")
        }
        let grades = Dictionary(grouping: points.compactMap(\.grade)) { $0 }.mapValues(\.count)
        let ungraded = points.filter { $0.grade == nil }.count
        if !grades.isEmpty {
            var parts = grades.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
            if ungraded > 0 { parts.append("not said (\(ungraded))") }
            remarks.append(
                parts.count == 1
                    ? "All points are of order \(grades.keys.first ?? "")."
                    : "The points are of mixed order: \(parts.joined(separator: ", ")).")
        }
        if days.isEmpty, grades.isEmpty {
            remarks.append("The table says neither when its points were surveyed nor of which order they are.")
        } else if days.isEmpty {
            remarks.append("The table does not say when its points were surveyed.")
        } else if grades.isEmpty {
            remarks.append("The table does not say of which order its points are.")
        }
        return remarks
    }

    /// To the millimetre.
    static func metres(_ length: Double) -> String {
        let millimetres = (length * 1000).rounded()
        return millimetres.magnitude < 1e15 ? "\(millimetres / 1000) m" : "\(length) m"
    }
}
