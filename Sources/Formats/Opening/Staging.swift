// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A file of a delivery, with its companions, where GDAL may see it.
struct StagedFile {
    var format: FileFormat
    /// The name in sentences: inside an archive `a.geojson in maps.zip`.
    var name: String
    /// The name of the file itself, with the folders inside an archive.
    var member: String
    /// In the scratch folder: a link or what came out of an archive.
    var path: String
    /// Paths by lower-case ending of the companions that are there, the file
    /// itself among them.
    var companions: [String: String]
    /// The folder of our own that the file and its companions are linked in.
    var folder: String
}

/// What was found under one path.
struct Delivery {
    /// At least one.
    var files: [StagedFile]
    var notes: [String]
}

/// Finds the files of a delivery and puts links to them, and to nothing else,
/// into folders of ours: what else lies beside a file is none of GDAL's
/// business.
struct Staging {
    let folder: URL
    let limits: DatasetLimits
    private var count = 0

    init(folder: URL, limits: DatasetLimits) {
        self.folder = folder
        self.limits = limits
    }

    /// Endings of files that belong to another one.
    private static let companions: [String: [String]] = [
        "shp": ["shp", "shx", "dbf", "prj", "cpg", "cst"],
        "tab": ["tab", "dat", "map", "id", "ind", "dbf"],
        "mif": ["mif", "mid"],
    ]
    private static let nested: Set<String> = ["zip", "gz", "tgz", "tar", "rar", "7z", "bz2", "xz", "zst"]

    mutating func stage(path: String) throws -> Delivery {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard path.hasPrefix("/"), !path.hasPrefix("/vsi"), !path.utf8.contains(0) else {
            throw FormatsError(.wrongUse, "“\(ZipDirectory.printable(path))” is not the path of a file.")
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = errno == ENOENT ? "There is no file “\(name)”." : nil
            throw FormatsError(.notFound, reason ?? "“\(name)” cannot be read: \(String(cString: strerror(errno))).")
        }
        let size = Self.byteCount(ofPath: path)
        guard size <= limits.fileBytes else {
            throw FormatsError(
                .tooLarge, "“\(name)” has \(size >> 20) MB; \(limits.fileBytes >> 20) MB is the most allowed.")
        }
        let ending = Self.ending(of: name)
        if status.st_mode & S_IFMT == S_IFDIR {
            return ending == "gdb"
                ? Delivery(files: [try stage(geodatabase: path, name: name)], notes: [])
                : try stage(folder: path, name: name)
        }
        guard status.st_size > 0 else { throw FormatsError(.unrecognised, "“\(name)” is empty.") }
        guard ending != "gdb" else {
            throw FormatsError(
                .unrecognised,
                "“\(name)” is a file; a FileGDB is a folder that ends in .gdb. Ask for that whole folder in a ZIP archive.")
        }
        // Files of our formats are looked at when they are opened.
        if FileFormat(fileExtension: ending) == nil, let foreign = try Self.foreignFormat(path, name) {
            throw foreign.refusal(of: name)
        }
        switch ending {
        case "zip": return try stage(archive: path, name: name)
        case "kmz": return try stage(kmz: path, name: name)
        case "gz": return try stage(gzip: path, name: name)
        default:
            guard let file = try stage(file: path, name: name, member: name) else { throw Self.unknown(name) }
            return Delivery(files: [file], notes: [])
        }
    }

    private static func unknown(_ name: String) -> FormatsError {
        FormatsError(
            .unrecognised,
            "“\(name)” has an ending that is not known; these are: \(FileFormat.knownEndings) .zip .gz.")
    }

    /// How people are told of a file inside an archive.
    private static func title(of member: String, in archive: String) -> String { "\(member) in \(archive)" }

    static func ending(of name: String) -> String {
        name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]).lowercased() } ?? ""
    }

    private static func stem(of name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }

    /// The bytes of a file, or of all files in a folder.
    static func byteCount(ofPath path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_size) }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            return lstat("\(path)/\(name)", &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    /// - Parameter name: of the delivered file that the folder is for.
    private mutating func newFolder(for name: String) throws -> String {
        count += 1
        let path = folder.appendingPathComponent("\(count)").path
        guard mkdir(path, 0o700) == 0 else { throw FormatsError.scratch(name, errno) }
        return path
    }

    /// Links one file and its companions; nil when its ending is none of ours.
    private mutating func stage(file path: String, name: String, member: String) throws -> StagedFile? {
        let ending = Self.ending(of: member)
        guard let format = FileFormat(fileExtension: ending), format != .fileGDB else { return nil }
        let target = try newFolder(for: name)
        let parent = (path as NSString).deletingLastPathComponent
        let stem = Self.stem(of: (path as NSString).lastPathComponent)
        var companions = [ending: path]
        for wanted in Self.companions[ending] ?? [] where wanted != ending {
            companions[wanted] = Self.companion(wanted, of: stem, in: parent)
        }
        // The path of a database becomes part of a list of settings, which a name
        // from outside must not add to.
        let linked = format == .accessDatabase ? "database" : stem
        if format == .geoPackage { try Self.refuseOpenDatabase(path, name) }
        // GDAL looks for its companions by these spellings.
        for (ending, path) in companions where !["prj", "cpg", "cst"].contains(ending) {
            guard symlink(path, "\(target)/\(linked).\(ending)") == 0 else { throw FormatsError.scratch(name, errno) }
        }
        return StagedFile(
            format: format, name: name, member: member, path: "\(target)/\(linked).\(ending)", companions: companions,
            folder: target)
    }

    private static func companion(_ ending: String, of stem: String, in folder: String) -> String? {
        for spelling in [ending, ending.uppercased(), ending.capitalized] {
            let path = "\(folder)/\(stem).\(spelling)"
            var status = stat()
            if stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG { return path }
        }
        let wanted = "\(stem).\(ending)".lowercased()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().first { $0.lowercased() == wanted }.map { "\(folder)/\($0)" }
    }

    /// What is in a write-ahead log is not in the file; reading the file alone
    /// would lose it in silence.
    private static func refuseOpenDatabase(_ path: String, _ name: String) throws {
        for ending in ["-wal", "-journal"] {
            var status = stat()
            if stat(path + ending, &status) == 0 && status.st_size > 0 {
                throw FormatsError(
                    .damaged,
                    "“\(name)” is open in another program or was not closed (“\(name)\(ending)” lies beside it); "
                        + "close it there and deliver it again.")
            }
        }
    }

    private static func foreignFormat(_ path: String, _ name: String) throws -> ForeignFormat? {
        let mapped = try MappedFile(path: path, name: name)
        return withExtendedLifetime(mapped) { ForeignFormat.recognise(mapped.bytes, name: name) }
    }

    private mutating func stage(geodatabase path: String, name: String) throws -> StagedFile {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if names.contains(where: { $0.lowercased().hasSuffix(".cdf") }) {
            throw FormatsError(
                .unrecognised,
                "“\(name)” is a compressed FileGDB, which is not read here. Ask for it without compression (ArcGIS "
                    + "“Uncompress File Geodatabase Data”), or for GeoPackage.")
        }
        guard names.contains(where: { $0.lowercased() == "a00000001.gdbtable" }) else {
            throw FormatsError(.unrecognised, "“\(name)” is not a FileGDB: it has no table a00000001.gdbtable.")
        }
        let target = try newFolder(for: name)
        let member = (path as NSString).lastPathComponent
        let linked = "\(target)/\(Self.stem(of: member)).gdb"
        guard mkdir(linked, 0o700) == 0 else { throw FormatsError.scratch(name, errno) }
        for member in names.sorted() {
            var status = stat()
            // Locks of programs that had it open, and folders, are left behind.
            guard lstat("\(path)/\(member)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                !member.lowercased().hasSuffix(".lock")
            else { continue }
            guard symlink("\(path)/\(member)", "\(linked)/\(member)") == 0 else {
                throw FormatsError.scratch(name, errno)
            }
        }
        return StagedFile(
            format: .fileGDB, name: name, member: member, path: linked, companions: [:], folder: target)
    }

    private mutating func stage(gzip path: String, name: String) throws -> Delivery {
        let inner = Self.stem(of: name)
        let unknown = FormatsError(
            .unrecognised,
            "“\(name)” has no ending that is known before its .gz; these are: \(FileFormat.knownEndings).")
        guard !Self.nested.contains(Self.ending(of: inner)), FileFormat(fileExtension: Self.ending(of: inner)) != nil
        else { throw unknown }
        let target = try newFolder(for: name)
        let file = try MappedFile(path: path, name: name)
        var inflation = try Inflation(limits: limits)
        let output = URL(fileURLWithPath: "\(target)/\(inner)")
        try inflation.inflate(gzip: file.bytes, to: output, name: name)
        guard let staged = try stage(file: output.path, name: name, member: inner) else { throw unknown }
        return Delivery(files: [staged], notes: [])
    }

    private mutating func stage(kmz path: String, name: String) throws -> Delivery {
        let members = try extract(path, name: name) { Self.ending(of: $0) == "kml" }
        let main = members.first { $0.lowercased() == "doc.kml" } ?? members.sorted().first
        guard let main,
            let file = try stage(
                file: "\(folder.path)/\(count)/\(main)", name: Self.title(of: main, in: name), member: main)
        else {
            throw FormatsError(.unrecognised, "“\(name)” holds no KML document (doc.kml).")
        }
        let others = members.count - 1
        return Delivery(
            files: [file],
            notes: others > 0 ? ["\(others) more KML files in “\(name)” were left out; only “\(main)” was read."] : [])
    }

    private mutating func stage(archive path: String, name: String) throws -> Delivery {
        let members = try extract(path, name: name) { _ in true }
        return try stage(members: members, in: "\(folder.path)/\(count)", of: name)
    }

    /// All that can be read of an archive that was decompressed, or of a folder.
    private mutating func stage(members: [String], in root: String, of name: String) throws -> Delivery {
        var files: [StagedFile] = []
        var isTaken: Set<String> = []
        var foreign: [(member: String, format: ForeignFormat)] = []
        var archives: [String] = []
        // The table of a MapInfo file has the ending of survey points.
        let tables = Set(members.map { $0.lowercased() }.filter { $0.hasSuffix(".tab") })
        for member in members.sorted() {
            let lower = member.lowercased()
            if lower.hasSuffix(".dat"), tables.contains("\(Self.stem(of: lower)).tab") { continue }
            let parts = member.split(separator: "/")
            if let depth = parts.firstIndex(where: { Self.ending(of: String($0)) == "gdb" }), depth < parts.count - 1 {
                let database = parts[...depth].joined(separator: "/")
                guard isTaken.insert(database).inserted else { continue }
                files.append(
                    try stage(geodatabase: "\(root)/\(database)", name: Self.title(of: database, in: name)))
            } else if let file = try stage(
                file: "\(root)/\(member)", name: Self.title(of: member, in: name), member: member)
            {
                files.append(file)
            } else if Self.nested.contains(Self.ending(of: member)) {
                archives.append(member)
            } else if let format = try Self.foreignFormat("\(root)/\(member)", member) {
                foreign.append((member, format))
            }
        }
        if files.isEmpty, let (member, format) = foreign.first {
            throw format.refusal(of: Self.title(of: member, in: name))
        }
        guard !files.isEmpty else {
            throw FormatsError(
                .unrecognised,
                "“\(name)” holds no map that can be read; these endings are known: \(FileFormat.knownEndings).")
        }
        return Delivery(
            files: files,
            notes: foreign.map { "“\($0.member)” was left out: it is \($0.format.title)." }
                + archives.map { "“\($0)” was left out: an archive in a folder is a source by itself." })
    }

    /// All files of a folder, as if they had come in an archive.
    private mutating func stage(folder path: String, name: String) throws -> Delivery {
        var members: [String] = []
        var bytes = 0

        func search(_ relative: String, depth: Int) throws {
            let shown = relative.isEmpty ? name : Self.title(of: relative, in: name)
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(relative)") else {
                throw FormatsError(.notFound, "The folder “\(shown)” cannot be read.")
            }
            if let format = ForeignFormat.recognise(folder: names) { throw format.refusal(of: shown) }
            for child in names.sorted() {
                let member = relative.isEmpty ? child : "\(relative)/\(child)"
                var status = stat()
                // Links may lead anywhere; they are no part of the delivery.
                guard !Self.isLitter(member), lstat("\(path)/\(member)", &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    guard depth < 16 else {
                        throw FormatsError(
                            .tooLarge,
                            "“\(Self.title(of: member, in: name))” lies more than 16 folders deep, the most allowed.")
                    }
                    try search(member, depth: depth + 1)
                }
                guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { continue }
                bytes += Int(status.st_size)
                members.append(member)
                guard members.count <= limits.archiveMembers, bytes <= limits.fileBytes else {
                    throw FormatsError(
                        .tooLarge,
                        "“\(name)” holds more than \(limits.archiveMembers) files or \(limits.fileBytes >> 20) MB, the most "
                            + "allowed; name a file in it.")
                }
            }
        }
        try search("", depth: 0)
        return try stage(members: members, in: path, of: name)
    }

    /// Decompresses the wanted members into a new folder, and says their paths.
    private mutating func extract(_ path: String, name: String, where isWanted: (String) -> Bool) throws -> [String] {
        let file = try MappedFile(path: path, name: name)
        let archive = try ZipDirectory(file.bytes, name: name, limits: limits)
        let target = try newFolder(for: name)
        var inflation = try Inflation(limits: limits)
        var written: [String] = []
        for member in archive.members where !member.isFolder && !Self.isLitter(member.path) {
            guard !Self.nested.contains(Self.ending(of: member.path)) else {
                throw FormatsError(
                    .unsafe, "“\(name)” holds another archive, “\(member.path)”; deliver its contents without it.")
            }
            guard isWanted(member.path) else { continue }
            let output = URL(fileURLWithPath: "\(target)/\(member.path)")
            try Self.makeFolders(in: target, of: member.path, for: name)
            try inflation.inflate(
                member: UnsafeRawBufferPointer(rebasing: file.bytes[member.bytes]), isStored: member.isStored,
                declared: member.declaredCount, checksum: member.checksum, to: output,
                name: Self.title(of: member.path, in: name))
            written.append(member.path)
        }
        return written
    }

    /// Makes the folders that a member of an archive lies in.
    private static func makeFolders(in root: String, of member: String, for name: String) throws {
        var folder = root
        for part in member.split(separator: "/").dropLast() {
            folder += "/\(part)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw FormatsError.scratch(name, errno) }
        }
    }

    /// What desktops leave in archives.
    private static func isLitter(_ path: String) -> Bool {
        path.hasPrefix("__MACOSX/")
            || path.split(separator: "/").last.map { $0.hasPrefix(".") || $0 == "Thumbs.db" } ?? true
    }
}
