// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import Foundation

/// The files that make up one delivery, told by their names alone: nothing in
/// them is parsed here.
struct DeliveredFiles {
    /// In an order that does not depend on the file system.
    let urls: [URL]

    /// Files that belong to one another, by the ending that is named in
    /// `district.yaml`.
    private static let companions: [String: Set<String>] = [
        "shp": ["shp", "shx", "dbf", "prj", "cpg", "cst"],
        "tab": ["tab", "dat", "map", "id", "ind"],
        "mif": ["mif", "mid"],
    ]

    /// - Throws: `MergingError` when there is no such file.
    init(of url: URL, called path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw MergingError(.sourceRefused, "There is no file “\(path)”; check its path in district.yaml.")
        }
        if isFolder.boolValue {
            let names = try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
            // Links inside a delivered folder may lead anywhere; they are no part of it.
            urls = names.map { url.appendingPathComponent($0) }.filter { Self.isRegular($0) }
            return
        }
        let stem = url.deletingPathExtension().lastPathComponent
        guard let endings = Self.companions[url.pathExtension.lowercased()] else {
            urls = [url]
            return
        }
        let folder = url.deletingLastPathComponent()
        urls = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { folder.appendingPathComponent($0) }
            .filter {
                $0.deletingPathExtension().lastPathComponent == stem
                    && endings.contains($0.pathExtension.lowercased())
                    && Self.isRegular($0.resolvingSymlinksInPath())
            }
    }

    private static func isRegular(_ url: URL) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType == .typeRegular
    }

    /// SHA-256 over the names' endings and the contents, in hexadecimal.
    ///
    /// - Complexity: O(*n*) in bytes; a megabyte is held at a time.
    func hash() throws -> String {
        var digest = SHA256()
        for url in urls {
            digest.update(data: Data("\(url.pathExtension)\0".utf8))
            let length = try Self.add(url, to: &digest)
            digest.update(data: Data("\0\(length)\0".utf8))
        }
        return digest.finalize().hexadecimal
    }

    /// SHA-256 of a single file as everybody computes it, in hexadecimal.
    static func hash(of url: URL) throws -> String {
        var digest = SHA256()
        _ = try add(url, to: &digest)
        return digest.finalize().hexadecimal
    }

    /// - Returns: how many bytes there were.
    private static func add(_ url: URL, to digest: inout SHA256) throws -> Int {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        var length = 0
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
            digest.update(data: part)
            length += part.count
        }
        return length
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
