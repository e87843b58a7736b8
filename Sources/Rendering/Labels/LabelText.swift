// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Typesetting

/// What a label says and how it is set; equal ones are set once.
struct LabelText: Hashable {
    var text: FormattedText
    var fonts: [String]
    var setting: TextSetting

    /// The text of the feature at hand; nil when it has none.
    init?(_ evaluation: LayerEvaluation, isAlongLine: Bool) {
        var text = evaluation[.textField]
        // Sections that are images wait for sprites.
        text.sections.removeAll { $0.image != nil || $0.text.isEmpty }
        guard text.sections.count <= Self.mostSections else { return nil }
        switch evaluation[.textTransform] {
        case "uppercase": for index in text.sections.indices { text.sections[index].text.uppercase() }
        case "lowercase": for index in text.sections.indices { text.sections[index].text.lowercase() }
        default: break
        }
        guard text.sections.contains(where: { $0.text.unicodeScalars.contains(where: FontStack.isVisible) }) else {
            return nil
        }
        self.text = text
        fonts = evaluation[.textFont]
        setting = TextSetting()
        setting.letterSpacing = min(max(evaluation[.textLetterSpacing], -1), 8)
        if !isAlongLine {
            setting.lineHeight = min(max(evaluation[.textLineHeight], 0), 8)
            setting.maxWidth = max(evaluation[.textMaxWidth], 0)
        }
    }

    private static let mostSections = 64

    /// Sets the text.
    func set(_ catalogue: FontCatalogue) -> TextBlock {
        let sections = text.sections.map { section in
            let names = section.fontStack.map { $0.split(separator: ",").map(String.init) } ?? fonts
            return TextSection(
                section.text, stack: catalogue.stack(names), scale: min(max(section.scale ?? 1, 0.05), 8))
        }
        return TextSetter.set(sections, setting)
    }
}

extension String {
    /// Texts beyond what is set are left as they are; they are cut anyway.
    fileprivate mutating func uppercase() { self = String(prefix(TextSetting.longest + 1)).uppercased() }
    fileprivate mutating func lowercase() { self = String(prefix(TextSetting.longest + 1)).lowercased() }
}
