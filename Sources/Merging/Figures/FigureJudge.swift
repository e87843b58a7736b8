// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures

/// Decides how a figure stands that several sources deliver.
enum FigureJudge {
    /// What one delivery of a thing says.
    struct Statement {
        var answer: Figure.Answer
        var value: AttributeValue
    }

    /// How the figure stands now, or nil when it stands as before.
    ///
    /// - Parameters:
    ///   - figure: which one it is; its state, value and answers are set here.
    ///   - before: how it stood; nil when nobody compared it yet.
    ///   - statements: in the order of sources and records, none of them empty.
    static func judge(_ figure: Figure, before: Figure?, _ statements: [Statement]) -> Figure? {
        var now = figure
        now.answers = statements.map(\.answer)
        guard Set(statements.map(\.answer.source)).count > 1 else {
            guard let before, before.state != .single else { return nil }
            now.state = .single
            now.value = statements.first?.answer.value
            return now
        }
        let first = statements[0].value
        let agree = statements.allSatisfy { Self.isSame($0.value, first) }
        now.value = authority(among: statements)?.answer.value ?? (agree ? now.answers.first?.value : nil)
        now.state = agree ? agreement(of: now, before) : .differs
        guard let before, before.state == now.state, before.value == now.value else { return now }
        // Who has to decide looks at the records as they are now.
        return now.state == .differs && before.answers != now.answers ? now : nil
    }

    /// The statement that counts; nil when nobody with authority says anything, or
    /// several of them say different things.
    static func authority(among statements: [Statement]) -> Statement? {
        let told = statements.filter(\.answer.hasAuthority)
        guard let first = told.first, told.allSatisfy({ isSame($0.value, first.value) }) else { return nil }
        return first
    }

    private static func agreement(of now: Figure, _ before: Figure?) -> Figure.State {
        guard let before else { return .agreesOnce }
        switch before.state {
        case .single: return .agreesOnce
        case .differs: return .settled
        case .agreesOnce, .settled, .confirmed:
            // Another value is another figure, compared for the first time.
            guard before.value == now.value else { return .agreesOnce }
            if before.state == .confirmed { return .confirmed }
            // Only what was delivered anew is another occasion.
            return now.occasion.isSubset(of: before.occasion) ? before.state : .confirmed
        }
    }

    /// Numbers are the same when they differ by less than a change of units leaves,
    /// texts without spaces, case and the width of letters.
    static func isSame(_ one: AttributeValue, _ two: AttributeValue) -> Bool {
        switch (one, two) {
        case (.text(let a), .text(let b)): a == b || (a.comparedName != nil && a.comparedName == b.comparedName)
        default:
            if let a = one.number, let b = two.number {
                abs(a - b) <= 1e-9 * max(abs(a), abs(b))
            } else {
                one == two
            }
        }
    }
}

extension Figure {
    /// The deliveries that were compared.
    fileprivate var occasion: Set<[String]> { Set(answers.map { [$0.source, $0.fileHash, $0.asOf ?? ""] }) }
}
