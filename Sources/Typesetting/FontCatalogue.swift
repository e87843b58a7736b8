// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization

/// The fonts of a computer, and what a style's font names mean on it.
///
/// Files are looked at once, in the order of their paths, so that the same
/// fonts give the same pictures.
public final class FontCatalogue: Sendable {
    /// What there is, in a fixed order.
    public let fonts: [FontDescription]
    private let byFamily: [String: [Int]]
    private let state = Mutex(State())

    private struct State {
        var faces: [Int: FontFace?] = [:]
        var stacks: [[String]: FontStack] = [:]
    }

    /// Fonts in the folders that Linux systems keep them in.
    public static let system = FontCatalogue(folders: [
        "/usr/share/fonts", "/usr/local/share/fonts",
        FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".local/share/fonts").path,
    ])

    /// The most files that are looked at.
    static let mostFiles = 4096
    /// The most fonts of one collection.
    private static let mostFacesOfFile = 64
    private static let mostStacks = 1024

    /// Looks for fonts; files that are none, or are broken, are passed over.
    ///
    /// - Complexity: opens every font file below the folders.
    public init(folders: [String]) {
        var files: [String] = []
        for folder in folders {
            let found = FileManager.default.enumerator(atPath: folder)?.lazy.compactMap { $0 as? String } ?? [].lazy
                .compactMap { $0 as? String }
            for file in found where ["ttf", "otf", "ttc", "otc"].contains((file as NSString).pathExtension.lowercased()) {
                files.append(folder + "/" + file)
                if files.count >= Self.mostFiles { break }
            }
        }
        var fonts: [FontDescription] = []
        for path in files.sorted() { fonts += Self.descriptions(of: path) }
        self.fonts = fonts
        byFamily = Dictionary(grouping: fonts.indices) { FontName.key(fonts[$0].family) }
    }

    private static func descriptions(of path: String) -> [FontDescription] {
        guard let file = try? FontFile(path: path), let first = try? FreeTypeFace(file, index: 0) else { return [] }
        var result = [first.description(index: 0)]
        for index in 1..<max(1, min(first.faceCount, mostFacesOfFile)) {
            if let face = try? FreeTypeFace(file, index: index) { result.append(face.description(index: index)) }
        }
        return result.compactMap { $0 }
    }

    /// The fonts that a style's names stand for, with those that help out.
    ///
    /// Names that there are not are passed over and listed in the stack.
    public func stack(_ names: [String]) -> FontStack {
        if let known = state.withLock({ $0.stacks[names] }) { return known }
        var chosen: [Int] = []
        var missing: [String] = []
        for name in names.prefix(FontStack.mostNames) {
            if let font = best(FontName(name)) { chosen.append(font) } else { missing.append(name) }
        }
        let wanted = FontName(names.first ?? "")
        for family in Self.helpers {
            var name = wanted
            name.family = FontName.key(family)
            if let font = best(name) { chosen.append(font) }
        }
        var seen: Set<Int> = []
        chosen = chosen.filter { seen.insert($0).inserted }
        // Whatever else there is, nearest in weight first.
        let others = fonts.indices.filter { !seen.contains($0) }
            .sorted { (fonts[$0].distance(from: wanted), $0) < (fonts[$1].distance(from: wanted), $1) }
        let stack = FontStack(catalogue: self, fonts: chosen + others, missingNames: missing)
        return state.withLock { state in
            if state.stacks.count >= Self.mostStacks { state.stacks.removeAll() }
            state.stacks[names] = stack
            return stack
        }
    }

    /// Families that are asked after those of a style, in turn: letters, then
    /// Chinese. docs/decisions/0031-fonts.md says why these.
    static let helpers = [
        "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei", "Droid Sans Fallback",
    ]

    private func best(_ name: FontName) -> Int? {
        byFamily[name.family]?.min {
            (fonts[$0].distance(from: name), $0) < (fonts[$1].distance(from: name), $1)
        }
    }

    /// A font, opened when it is first asked for; nil when it is broken.
    func face(_ index: Int) -> FontFace? {
        state.withLock { state in
            if let known = state.faces[index] { return known }
            let face = try? FontFace(fonts[index])
            state.faces[index] = .some(face)
            return face
        }
    }
}
