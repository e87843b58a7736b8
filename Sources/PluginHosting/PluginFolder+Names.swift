// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What people call a plugin's file, wherever the copy lies that is looked at.
extension PluginFolder.Candidate {
    /// What a plugin is called that has not said its id: the name of its file, or
    /// of its folder when it is a command.
    var name: String {
        let file = isCommand ? originalFolder ?? resourceFolder ?? library : shownLibrary
        return file.split(separator: "/").last.map(String.init) ?? file
    }

    /// The library by the path that people know: where they put it.
    var shownLibrary: String { original ?? library }

    /// An error with that path in the place of the copy's. It is put in afterwards:
    /// the system's loader and the children that try a library name what they were
    /// given.
    func named(_ error: PluginHostingError) -> PluginHostingError {
        var sentence = error.description
        if let original { sentence = sentence.replacing(library, with: original) }
        if let resourceFolder, let originalFolder {
            sentence = sentence.replacing(resourceFolder, with: originalFolder)
        }
        return PluginHostingError(error.kind, error.subject, sentence)
    }
}
