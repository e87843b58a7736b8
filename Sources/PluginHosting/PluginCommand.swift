// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages

/// A plugin that is a program and speaks frames on descriptor 3: what its
/// `plugin.json` says.
struct PluginCommand: Hashable {
    /// The program's file.
    var program: String
    /// With the program's name as the file says it.
    var arguments: [String]
    /// The plugin's folder, where it runs.
    var folder: String

    /// The name of its file.
    static let fileName = "plugin.json"

    static func isFile(_ path: String) -> Bool { path.hasSuffix("/\(fileName)") }

    /// Bytes that the file may have, words of the command, and bytes of a word.
    static let maxFileBytes = 64 << 10
    static let maxWords = 32
    static let maxWordBytes = 1024

    private static let known = ["contract", "command", "language"]

    /// Reads a command's file.
    ///
    /// - Parameter searchPath: where programs are looked for, as in `PATH`.
    /// - Throws: `.notAPlugin` for a file that says something else than it should,
    ///   `.incompatible` for another version of the contract.
    init(
        file path: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    ) throws(PluginHostingError) {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.notAPlugin, path, "\(path) is not loaded: \(reason).")
        }
        let (data, names) = try Self.members(of: path, refuse)
        if let odd = names.filter({ !Self.known.contains($0) }).min() {
            throw refuse("its member “\(odd.prefix(40))” is not known; contract, command and language are accepted")
        }
        // One at a time, so that what is wrong can be named.
        guard let contract = (try? JSONDecoder().decode(Contract.self, from: data))?.contract else {
            throw refuse("its member “contract” is to be the version of the plugin contract, \(PluginContract.version)")
        }
        guard contract == PluginContract.version else {
            throw PluginHostingError(
                .incompatible, path,
                "\(path) is not loaded: it was written for version \(contract) of the plugin contract, and this host "
                    + "speaks version \(PluginContract.version); "
                    + (contract > PluginContract.version ? "take a newer host, or a" : "take a")
                    + " version of the plugin for contract \(PluginContract.version).")
        }
        guard let language = (try? JSONDecoder().decode(Language.self, from: data))?.language,
            PluginContract.isIdentifier(language)
        else {
            throw refuse(
                "its member “language” is to name what it is written in: 1 to 32 of a-z, 0-9 and -, beginning with a "
                    + "letter")
        }
        guard let words = (try? JSONDecoder().decode(Words.self, from: data))?.command, let name = words.first,
            words.count <= Self.maxWords,
            words.allSatisfy({ $0.utf8.count <= Self.maxWordBytes && !$0.utf8.contains(0) })
        else {
            throw refuse(
                "its member “command” is to be a list of 1 to \(Self.maxWords) texts of at most \(Self.maxWordBytes) "
                    + "bytes: the program and its arguments")
        }
        if let word = words.first(where: { $0.hasPrefix("/") || $0.split(separator: "/").contains("..") }) {
            throw refuse(
                "“\(word.prefix(60))” in its command leads out of the plugin's folder; a program of the system is "
                    + "written by its name, a file by its path within the folder")
        }
        folder = (path as NSString).deletingLastPathComponent
        arguments = words
        program = name.contains("/") ? "\(folder)/\(name)" : Self.find(name, in: searchPath)
        guard name.contains("/") || !program.isEmpty else {
            throw refuse("there is no program “\(name.prefix(60))” in \(searchPath); install it")
        }
        if name.contains("/") { try checkOwnProgram(refuse) }
    }

    private struct Contract: Decodable { var contract: UInt32 }
    private struct Language: Decodable { var language: String }
    private struct Words: Decodable { var command: [String] }

    /// The file and the names of its members.
    private static func members(
        of path: String, _ refuse: (String) -> PluginHostingError
    ) throws(PluginHostingError) -> (Data, [String]) {
        // Before it is opened: a pipe would be waited for, a link may lead anywhere.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw refuse("it is no regular file")
        }
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: maxFileBytes + 1) ?? Data()
        else { throw refuse("it cannot be read; the host needs permission to") }
        guard data.count <= maxFileBytes else { throw refuse("it has more than \(maxFileBytes) bytes") }
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw refuse("it is no JSON object; contract, command and language are accepted as its members")
        }
        return (data, Array(object.keys))
    }

    private static func find(_ name: String, in searchPath: String) -> String {
        searchPath.split(separator: ":").map { "\($0)/\(name)" }.first { isProgram($0) } ?? ""
    }

    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.isExecutableFile(atPath: path)
            && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// A program that comes with the plugin lies in its folder, also when links
    /// are followed.
    private func checkOwnProgram(_ refuse: (String) -> PluginHostingError) throws(PluginHostingError) {
        let place = URL(fileURLWithPath: program).resolvingSymlinksInPath().path
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        guard place.hasPrefix("\(root)/") else {
            throw refuse("its program “\(arguments[0].prefix(60))” is a link that leads out of the plugin's folder")
        }
        guard Self.isProgram(program) else {
            throw refuse("its program “\(arguments[0].prefix(60))” is no file in its folder that may be executed")
        }
    }
}
