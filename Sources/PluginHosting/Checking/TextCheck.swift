// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import SimpleFeatures

/// Looks at the words that people read.
struct TextCheck {
    let manifest: WireManifest
    let layers: [LiveLayer]

    func run(_ report: inout PluginCheckReport) {
        var missing: [String] = []
        var equal: [String] = []
        func look(_ what: String, _ titles: [String: String]) {
            guard let zh = titles["zh"], let en = titles["en"], !zh.isEmpty, !en.isEmpty else {
                return missing.append(what)
            }
            if zh == en, Self.hasWords(zh) { equal.append("\(what) (\(zh.prefix(40)))") }
        }
        look("the plugin's title", manifest.title.titles)
        if !manifest.summary.titles.isEmpty { look("the plugin's summary", manifest.summary.titles) }
        for page in manifest.pages { look("the title of the page \(page.path)", page.title.titles) }
        for export in manifest.exports { look("the title of the export \(export.name)", export.title.titles) }
        for layer in layers {
            // The host calls a layer without title by its id.
            let isNamed = layer.titles != ["zh": layer.name, "en": layer.name]
            look("the title of the layer \(layer.name)", isNamed ? layer.titles : [:])
            for field in layer.schema.fields {
                look("the title of the field \(layer.name).\(field.name)", field.titles)
            }
        }
        if !missing.isEmpty {
            report.fail(
                "texts", "Not in Chinese and English: \(Self.list(missing)).",
                cure: "Give every title in both languages: Title(zh: …, en: …).")
        }
        if !equal.isEmpty {
            report.warn(
                "texts", "The same in Chinese and English: \(Self.list(equal)).",
                cure: "Translate the words of it.")
        }
        if missing.isEmpty && equal.isEmpty { report.ok("texts", "Every title is there in Chinese and English.") }
        // What a host does not know, or a plugin uses and does not ask for, was
        // refused before.
        report.ok(
            "permissions",
            manifest.permissions.isEmpty
                ? "It asks for none." : "It asks for \(manifest.permissions.joined(separator: ", ")).")
    }

    /// Whether a text is more than a formula, a unit or an abbreviation.
    private static func hasWords(_ text: String) -> Bool {
        if text.unicodeScalars.contains(where: { (0x4e00...0x9fff).contains($0.value) }) { return true }
        return text.split { !$0.isLetter }.contains { $0.count > 2 && $0.contains(where: \.isLowercase) }
    }

    private static func list(_ texts: [String]) -> String {
        texts.prefix(5).joined(separator: ", ") + (texts.count > 5 ? " and \(texts.count - 5) more" : "")
    }
}
