// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// `GET /`: the facilities in one table, the urgent ones first.
struct FloodPage {
    private let reports: [FacilityReport]

    init(_ reports: [FacilityReport]) {
        let order: [FacilityState] = [.alarm, .warning, .fault, .normal, .unmonitored]
        func place(_ state: FacilityState) -> Int { order.firstIndex(of: state) ?? order.count }
        self.reports = reports.sorted {
            (place($0.state), $0.facility.code) < (place($1.state), $1.facility.code)
        }
    }

    /// - Parameter language: `zh`, or anything else for English.
    func text(language: String) -> String {
        let isChinese = language == "zh"
        func word(_ title: Title) -> String { isChinese ? title.zh : title.en }
        let heads = [
            Title(zh: "编号", en: "Code"), Title(zh: "名称", en: "Name"), Title(zh: "类型", en: "Kind"),
            Title(zh: "状态", en: "State"), Title(zh: "最新读数", en: "Last reading"),
            Title(zh: "读数时间（UTC）", en: "Time of reading (UTC)"), Title(zh: "责任单位", en: "In charge"),
        ]
        let counts = FacilityState.allCases.map { state in
            (state, reports.count { $0.state == state })
        }.filter { $0.1 > 0 }.map { "<b class=\"\($0.0.rawValue)\">\(word($0.0.title)) \($0.1)</b>" }
        let rows = reports.map { report in
            let facility = report.facility
            let cells = [
                facility.code, facility.name, word(facility.kind.title), word(report.state.title), report.value,
                report.reading?.time.description ?? "–", facility.owner ?? "–",
            ]
            return "<tr class=\"\(report.state.rawValue)\">"
                + cells.map { "<td>\(Self.escaped($0))</td>" }.joined() + "</tr>"
        }
        let title = word(Title(zh: "防汛设施", en: "Flood facilities"))
        return """
            <!doctype html>
            <html lang="\(isChinese ? "zh" : "en")"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>\(title)</title>
            <style>
            body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif; margin: 24px;
              color: #26302b; background: #fdfcf9; }
            h1 { font-size: 20px; } table { border-collapse: collapse; width: 100%; }
            th, td { text-align: start; padding: 5px 10px; border-bottom: 1px solid #e4e2d9; }
            th { color: #5d665f; font-weight: 600; } td:nth-child(5) { font-variant-numeric: tabular-nums; }
            b { display: inline-block; padding: 1px 10px; border-radius: 9px; margin-inline-end: 8px;
              background: #eeece5; font-weight: 500; }
            b.alarm, .alarm td:nth-child(4) { background: #f7d2c4; }
            b.warning, .warning td:nth-child(4) { background: #f9e7ae; }
            b.fault, .fault td:nth-child(4) { background: #dcdcd6; }
            </style></head>
            <body><h1>\(title)</h1><p>\(counts.joined())</p>
            <table><thead><tr>\(heads.map { "<th>\(word($0))</th>" }.joined())</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

/// `GET /facilities.csv`: the same for spreadsheets, with a byte order mark so
/// that they read UTF-8.
struct FloodTable {
    private let reports: [FacilityReport]

    init(_ reports: [FacilityReport]) {
        self.reports = reports
    }

    var text: String {
        let head = [
            "code", "name", "kind", "state", "value", "unit", "datum", "reading_time", "town", "owner",
        ]
        let rows = reports.map { report in
            let facility = report.facility
            return [
                facility.code, facility.name, facility.kind.rawValue, report.state.rawValue,
                report.reading?.number.map { String($0) } ?? "", facility.unit ?? "", facility.datum ?? "",
                report.reading?.time.description ?? "", facility.town ?? "", facility.owner ?? "",
            ]
        }
        let lines = ([head] + rows).map { $0.map(Self.cell).joined(separator: ",") }
        return "\u{FEFF}" + lines.joined(separator: "\r\n") + "\r\n"
    }

    /// Quoted where RFC 4180 asks for it. A cell that a spreadsheet would take
    /// for a formula begins with an apostrophe.
    private static func cell(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } == true && Double(text) == nil
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
