// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures

/// Counts every issue of a source and keeps the first of each name in full.
struct IssueCollector {
    /// How many issues of one name are kept in full.
    static let keptPerName = 1000

    private var totals: [String: MergeReport.IssueCount] = [:]
    private(set) var issues: [RecordIssue] = []
    /// Where the record lies that is being read, on the grid; nil when nobody can
    /// tell. For issues that have no place of their own.
    var place: Coordinate?

    /// Why each record was rejected or altered, by its number; nil while nobody
    /// wants to know of all of them.
    var reasons: [Int64: [String]]?

    mutating func note(_ issue: RecordIssue) {
        var issue = issue
        if let row = issue.row, issue.kind != .noted { reasons?[row, default: []].append(issue.message) }
        if issue.row != nil, issue.x == nil, let place {
            issue.x = place.x.rounded(toPlaces: 3)
            issue.y = place.y.rounded(toPlaces: 3)
        }
        let key = "\(issue.kind.rawValue) \(issue.name)"
        if let count = totals[key]?.count {
            totals[key]?.count = count + 1
            guard count < Self.keptPerName else { return }
        } else {
            totals[key] = .init(name: issue.name, kind: issue.kind, count: 1, example: issue.message)
        }
        issues.append(issue)
    }

    /// By name, in order.
    var counts: [MergeReport.IssueCount] {
        totals.sorted { $0.key < $1.key }.map(\.value)
    }
}
