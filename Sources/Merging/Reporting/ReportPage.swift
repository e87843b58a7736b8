// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures

/// The report as one page that needs nothing beside it and that a person would
/// print. The same report gives the same bytes.
struct ReportPage {
    let report: MergeReport
    let district: District
    private let pictures: [MergeReport.Issue: HTML]
    /// Sources of which the slip of their town has something.
    private let slipped: Set<String>

    /// How many pictures there are of one kind in one layer, and of all.
    private static let picturesOfEach = 6
    private static let picturesOfAll = 90
    /// How many issues of one kind in one layer stand in its table.
    private static let rowsOfEach = 20

    /// - Parameters:
    ///   - outlines: of the seams among the issues, on the district grid.
    ///   - store: where the surroundings of a place are looked up.
    /// - Throws: `DistrictStoresError` when the store cannot be read.
    init(
        _ report: MergeReport, of district: District, outlines: [MergeReport.Issue: Geometry], in store: DistrictStore
    ) throws {
        self.report = report
        self.district = district
        var pictures: [MergeReport.Issue: HTML] = [:]
        var count: [String: Int] = [:]
        for issue in report.issues where issue.outcome != .noted && pictures.count < Self.picturesOfAll {
            let group = "\(issue.outcome) \(issue.kind) \(issue.layer)"
            guard count[group, default: 0] < Self.picturesOfEach,
                let picture = try IssuePicture(of: issue, zone: outlines[issue], in: store)
            else { continue }
            count[group, default: 0] += 1
            pictures[issue] = picture.html
        }
        self.pictures = pictures
        let slip = try SlipReasons(store)
        slipped = Set(try store.sources().values.filter { try slip.isOnSlip($0) }.map(\.id))
    }

    var text: String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="zh">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(district.name) · 合并报告 Merge report</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            \(header)\(nextSteps)\(towns)\(seams)\(gridCodes)\(figures)\(matches)\(defects)\
            \(references)\(sources)\(footer)
            </body>
            </html>

            """
        return page.text
    }

    // MARK: Sections

    private var header: HTML {
        let counts = report.sources.reduce(into: SourceRecord.Counts()) { sum, source in
            sum.read += source.counts.read
            sum.accepted += source.counts.accepted
            sum.repaired += source.counts.repaired
            sum.rejected += source.counts.rejected
            sum.skipped += source.counts.skipped
        }
        let number = report.changeSet.map { "第 \($0) 次变更 change set \($0)" } ?? "没有变化 nothing changed"
        return """
            <header><p class="over">合并报告 <span class="en">Merge report</span></p>
            <h1>\(district.name)</h1>
            <p class="sub">\(number) · \(report.grid)</p></header>
            <div class="tiles">
            \(tile(counts.read, .init("读到的记录", "records read"), ""))\
            \(tile(counts.accepted, .init("照收", "accepted"), ""))\
            \(tile(counts.repaired, .init("修复后收", "repaired"), "warning"))\
            \(tile(counts.rejected, .init("未收", "rejected"), "error"))\
            \(tile(counts.skipped, .init("不在条件内", "skipped"), ""))\
            \(tile(total(.open), .init("未接合的边", "seams left open"), "error"))
            </div>
            """
    }

    private func tile(_ count: Int, _ label: MergeReport.Wording, _ kind: String) -> HTML {
        "<div class=\"tile \(count == 0 ? "" : kind)\"><b>\(Self.grouped(count))</b>\(label)</div>"
    }

    private func total(_ outcome: MergeReport.IssueOutcome) -> Int {
        report.issueTotals.filter { $0.outcome == outcome }.reduce(0) { $0 + $1.count }
    }

    private var nextSteps: HTML {
        let open = report.issueTotals.filter { $0.severity == .error }
        let review = Self.step(for: report.matches)
        guard !open.isEmpty || report.matches.contains(where: { $0.openCount > 0 }) else {
            return "\(heading("下一步", "What to do next"))<p class=\"good\">没有需要人处理的事。 Nothing waits for a person.</p>"
        }
        let items: [HTML] = open.map { total in
            """
            <li><b>\(Self.grouped(total.count)) × \(total.title)</b> <i>\(title(of: total.layer))</i><br>\
            \(total.advice)</li>
            """
        }
        return "\(heading("下一步", "What to do next"))<ol class=\"steps\">\(items)\(review)</ol>"
    }

    private var sources: HTML {
        let rows: [HTML] = report.sources.map { source in
            let counts = source.counts
            return """
                <tr><td><code>\(source.id)</code> <small>\(source.path)</small></td>\
                <td>\(name(ofTown: source.town))</td>\
                <td>\(title(of: source.layer))</td><td><span class="tag \(source.outcome.rawValue)">\
                \(Self.wording(of: source.outcome))</span></td>\
                <td class="n">\(Self.grouped(counts.read))</td><td class="n">\(Self.grouped(counts.accepted))</td>\
                <td class="n">\(Self.grouped(counts.repaired))</td>\
                <td class="n \(counts.rejected > 0 ? "bad" : "")">\(Self.grouped(counts.rejected))</td>\
                <td class="n">\(Self.grouped(counts.skipped))</td></tr>
                """
        }
        return """
            \(heading("来源", "Sources"))
            <p class="hint">读到 = 照收 + 修复 + 未收 + 略过。 <span class="en">Read = accepted + repaired + rejected + \
            skipped.</span></p>
            <table class="sources"><thead><tr><th>来源 <span class="en">Source</span></th><th>街镇 <span class="en">Town</span></th>\
            <th>图层 <span class="en">Layer</span></th><th></th><th class="n">读到<br><span class="en">read</span></th>\
            <th class="n">照收<br><span class="en">accepted</span></th>\
            <th class="n">修复<br><span class="en">repaired</span></th>\
            <th class="n">未收<br><span class="en">rejected</span></th>\
            <th class="n">略过<br><span class="en">skipped</span></th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    /// Sources of one town in one system are one row; what is true of several
    /// sources is said once.
    private var references: HTML {
        struct Row: Hashable {
            var town, crs, origin, encoding: String?
            var accuracy: Double?
        }
        var groups: [Row: [String]] = [:]
        var order: [Row] = []
        for source in report.sources where source.crs != nil {
            let row = Row(
                town: source.town, crs: source.crs, origin: source.crsOrigin, encoding: source.encoding,
                accuracy: source.accuracyInMeters)
            if groups[row] == nil { order.append(row) }
            groups[row, default: []].append(source.id)
        }
        let rows: [HTML] = order.map { row in
            let accuracy = row.accuracy.map { "± \(Self.number($0)) m" } ?? "–"
            return """
                <tr><td>\(name(ofTown: row.town))<small>\((groups[row] ?? []).joined(separator: ", "))</small></td>\
                <td>\(row.crs ?? "–")</td><td>\(Self.origin(row.origin))</td><td class="n">\(accuracy)</td>\
                <td>\(row.encoding ?? "–")</td></tr>
                """
        }
        let sentences = report.sources.map { source in
            let shift = source.shift.map {
                "平均位移 mean shift \(Self.number($0.mean)) m (\(Self.number($0.smallest))–\(Self.number($0.largest)) m)"
            }
            return (source.id, (shift.map { [$0] } ?? []) + source.notes)
        }
        let notes: [HTML] = SentenceGroup.groups(of: sentences).map { group in
            let items: [HTML] = group.sentences.map { "<li>\($0)</li>" }
            return "<dt><code>\(group.sources.joined(separator: ", "))</code></dt><dd><ul>\(items)</ul></dd>"
        }
        guard !rows.isEmpty || !notes.isEmpty || report.sources.contains(where: { $0.verdict != nil }) else { return "" }
        return """
            \(heading("坐标系与编码", "Reference systems and encodings"))
            <table><thead><tr><th>街镇与来源 <span class="en">Town and sources</span></th>\
            <th>坐标系 <span class="en">Reference system</span></th><th>依据 <span class="en">Said by</span></th>\
            <th class="n">精度 <span class="en">Accuracy</span></th><th>编码 <span class="en">Encoding</span></th></tr>\
            </thead><tbody>\(rows)</tbody></table>
            \(HTML.when(!notes.isEmpty, "<dl>\(notes)</dl>"))\(Self.verdicts(report.sources))
            """
    }

    private var seams: HTML {
        let blocks: [HTML] = report.seams.map { layer in
            let sentences: [HTML] = layer.sentences.map { "<li>\($0)</li>" }
            let totals = report.issueTotals.filter {
                $0.layer == layer.layer && ($0.outcome == .open || $0.outcome == .closed)
            }
            return "<h3>\(title(of: layer.layer))</h3><ul>\(sentences)</ul>\(totals.map { group($0) })"
        }
        guard !blocks.isEmpty else { return "" }
        return """
            \(heading("街镇接边", "Where towns meet"))
            <p class="hint">红虚线为提交的界线，绿线为移动后的界线，橙色为空隙或重叠。 <span class="en">Dashed red: a border as \
            delivered; green: as it is now; orange: a gap or an overlap.</span></p>\(blocks)
            """
    }

    private var gridCodes: HTML {
        guard !report.gridCodes.isEmpty else { return "" }
        return """
            \(heading("网格编码", "Codes of grids"))\(Self.gridCodes(report.gridCodes) { title(of: $0) })
            """
    }

    private var figures: HTML {
        guard !report.figures.isEmpty else { return "" }
        return """
            \(heading("一数一源", "One figure, one source"))\(Self.figures(report.figures) { title(of: $0) })
            """
    }

    private var matches: HTML {
        guard !report.matches.isEmpty else { return "" }
        return """
            \(heading("可能是同一要素的记录", "Records that may be known features"))\
            \(Self.matches(report.matches) { title(of: $0) })
            """
    }

    private var defects: HTML {
        let shown: [MergeReport.IssueOutcome] = [.quarantined, .rejected, .repaired, .noted]
        let totals = report.issueTotals.filter { shown.contains($0.outcome) }
        guard !totals.isEmpty else { return "" }
        return "\(heading("记录中的问题", "Defects of records"))\(totals.map { group($0) })"
    }

    /// One kind with one outcome in one layer: pictures, then a table.
    private func group(_ total: MergeReport.IssueTotal) -> HTML {
        let issues = report.issues.filter {
            $0.outcome == total.outcome && $0.kind == total.kind && $0.layer == total.layer
        }
        let numbered = Array(issues.enumerated())
        let figures: [HTML] = numbered.compactMap { index, issue in
            pictures[issue].map { picture in
                "<figure>\(picture)<figcaption><b>\(index + 1)</b> \(place(of: issue))</figcaption></figure>"
            }
        }
        let listed = max(Self.rowsOfEach, figures.count)
        let rows: [HTML] = numbered.prefix(listed).map { index, issue in
            let record = issue.record.map { " \($0)" } ?? ""
            return """
                <tr><td class="n">\(index + 1)</td><td><code>\(issue.sources.joined(separator: ", "))</code>\(record)</td>\
                <td>\(issue.reason)</td><td class="n">\(place(of: issue))</td></tr>
                """
        }
        let more = total.count - rows.count
        let rest = HTML.when(
            more > 0,
            "<p class=\"more\">另有 \(Self.grouped(more)) 处 <span class=\"en\">and \(Self.grouped(more)) more</span></p>")
        return """
            <section class="group"><h4><span class="dot \(total.severity.rawValue)"></span>\(total.title) \
            <span class="count">\(Self.grouped(total.count))</span> <i>\(title(of: total.layer)) · \
            \(Self.wording(of: total.outcome))</i></h4><p class="hint">\(total.advice)</p>\
            \(HTML.when(!figures.isEmpty, "<div class=\"figures\">\(figures)</div>"))\
            <table class="small"><tbody>\(rows)</tbody></table>\(rest)</section>
            """
    }

    private var towns: HTML {
        let codes = Set(report.sources.compactMap(\.town))
        let rows: [HTML] = district.towns.filter { codes.contains($0.code) }.map { town in
            let sources = report.sources.filter { $0.town == town.code }
            func sum(_ part: (SourceRecord.Counts) -> Int) -> Int { sources.reduce(0) { $0 + part($1.counts) } }
            let (rejected, repaired) = (sum(\.rejected), sum(\.repaired))
            let waiting = sources.filter { $0.outcome == .quarantined }.count
            let slip: HTML =
                sources.contains { slipped.contains($0.id) } ? "<code>miaopu slip \(town.code)</code>" : "–"
            return """
                <tr><td>\(town.name) <small>\(town.code)</small></td><td class="n">\(sources.count)</td>\
                <td class="n">\(Self.grouped(sum(\.read)))</td><td class="n">\(Self.grouped(repaired))</td>\
                <td class="n \(rejected > 0 ? "bad" : "")">\(Self.grouped(rejected))</td>\
                <td class="n \(waiting > 0 ? "bad" : "")">\(waiting)</td><td class="slip">\(slip)</td></tr>
                """
        }
        guard !rows.isEmpty else { return "" }
        return """
            \(heading("各街镇", "By town"))
            <table class="sources"><thead><tr><th>街镇 <span class="en">Town</span></th><th class="n">来源 <span class="en">sources</span></th>\
            <th class="n">读到 <span class="en">read</span></th><th class="n">修复 <span class="en">repaired</span></th>\
            <th class="n">未收 <span class="en">rejected</span></th>\
            <th class="n">未合并 <span class="en">quarantined</span></th><th class="slip">回执单 <span class="en">slip</span></th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
    }

    private var footer: HTML {
        """
        <footer>merge.json 与本页内容相同，供程序读取；地图图层 merge-issues 标出每一处。 <span class="en">merge.json has the \
        same for programs; the layer merge-issues shows every place on the map.</span></footer>
        """
    }

    // MARK: Words

    private func heading(_ zh: String, _ en: String) -> HTML {
        "<h2>\(zh) <span class=\"en\" lang=\"en\">\(en)</span></h2>"
    }

    private func title(of layer: String) -> HTML {
        let manifest = district.layers[layer]
        return "\(manifest?.titles["zh"] ?? manifest?.titles["en"] ?? layer)"
    }

    private func name(ofTown code: String?) -> HTML {
        "\(code.map { district.town($0)?.name ?? $0 } ?? "全区 district")"
    }

    private func place(of issue: MergeReport.Issue) -> HTML {
        guard let x = issue.x, let y = issue.y else { return "–" }
        return "E \(Self.number(x)) N \(Self.number(y))"
    }

    /// With groups of three digits.
    private static func grouped(_ count: Int) -> String {
        let digits = Array(String(count))
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : String(digit)
        }.joined()
    }

    /// Centimetres, where there are any.
    static func number(_ value: Double) -> String {
        let rounded = value.rounded(toPlaces: 2)
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : "\(rounded)"
    }

    private static func origin(_ word: String?) -> HTML {
        switch word {
        case "declared": "\(MergeReport.Wording("district.yaml", ""))"
        case "file": "\(MergeReport.Wording("文件", "file"))"
        case "fit": "\(MergeReport.Wording("控制点", "control points"))"
        case "inferred": "\(MergeReport.Wording("按街镇界线推断", "inferred from the towns"))"
        case "address match": "\(MergeReport.Wording("按地址匹配", "address match"))"
        case let other?: "\(other)"
        case nil: "–"
        }
    }

    private static func wording(of outcome: MergeReport.Outcome) -> MergeReport.Wording {
        switch outcome {
        case .merged: .init("已合并", "merged")
        case .unchanged: .init("未变", "unchanged")
        case .quarantined: .init("未合并", "quarantined")
        case .removed: .init("已移除", "removed")
        case .held: .init("已撤回", "held")
        }
    }

    private static func wording(of outcome: MergeReport.IssueOutcome) -> MergeReport.Wording {
        switch outcome {
        case .quarantined: .init("未合并", "quarantined")
        case .rejected: .init("未收", "rejected")
        case .open: .init("保持原样", "left as it is")
        case .repaired: .init("已修复", "repaired")
        case .closed: .init("已接合", "closed")
        case .noted: .init("已记录", "noted")
        }
    }
}
