// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import Foundation

/// The files of a folder that may hold maps, and the others with the reason.
struct FoundFiles {
    /// Paths relative to the folder, in order.
    private(set) var maps: [String] = []
    private(set) var skipped: [(file: String, reason: String)] = []

    /// Parts of a delivery whose main file is another.
    private static let companions: Set<String> = [
        "dbf", "shx", "prj", "cpg", "cst", "qix", "sbn", "sbx", "qpj", "qmd", "dat", "map", "id", "ind", "mid", "xml",
    ]
    /// Deeper folders are not searched.
    private static let mostLevels = 12

    init(in folder: URL) throws {
        try search(folder, path: "", level: 0)
    }

    private mutating func search(_ folder: URL, path: String, level: Int) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        } catch let error where !path.isEmpty {
            let reason = (error as? CocoaError)?.code == .fileReadNoPermission ? "Permission to read it is missing." : "The folder cannot be read."
            skipped.append((path, reason))
            return
        }
        let stems = Set(names.map { $0.lowercased() })
        // What begins so is the desktop's or another program's own: “.DS_Store”,
        // and the lock “~$x.xlsx” that Office leaves beside an open file.
        for name in names where !name.hasPrefix(".") && !name.hasPrefix("~$") {
            let url = folder.appendingPathComponent(name)
            let relative = path.isEmpty ? name : "\(path)/\(name)"
            let type = (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType
            switch type {
            case .typeDirectory?:
                if name.lowercased().hasSuffix(".gdb") {
                    maps.append(relative)
                } else if level < Self.mostLevels {
                    try search(url, path: relative, level: level + 1)
                } else {
                    skipped.append((relative, "Folders deeper than \(Self.mostLevels) levels are not searched."))
                }
            case .typeRegular? where !FileManager.default.isReadableFile(atPath: url.path):
                skipped.append((relative, "Permission to read it is missing."))
            case .typeRegular?: sort(name, relative, beside: stems)
            default: skipped.append((relative, "This is neither a file nor a folder; links are not followed."))
            }
        }
    }

    private mutating func sort(_ name: String, _ relative: String, beside names: Set<String>) {
        let lower = name.lowercased()
        let ending = (lower as NSString).pathExtension
        let stem = (lower as NSString).deletingPathExtension
        if ["\(stem).shp", "\(stem).tab", "\(stem).mif"].contains(where: names.contains), Self.companions.contains(ending) {
            return
        } else if Self.isMap(lower) {
            maps.append(relative)
        } else if stem.hasSuffix(".shp"), names.contains(stem) {
            return
        } else if ForeignFormat.extensions.contains(ending) {
            // The child that looks into it says what to ask for.
            maps.append(relative)
        } else {
            let what = ending.isEmpty ? "no ending" : "the ending .\(ending)"
            skipped.append((relative, "A file with \(what) is none of the formats that are read."))
        }
    }

    private static func isMap(_ name: String) -> Bool {
        let ending = (name as NSString).pathExtension
        if ending == "zip" { return true }
        if ending == "gz" { return isMap((name as NSString).deletingPathExtension) }
        return FileFormat(fileExtension: ending) != nil
    }
}
