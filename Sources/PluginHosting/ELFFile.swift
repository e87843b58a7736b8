// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What must be known of an ELF file before any of its code may run: that it is
/// whole, for this processor, and what stands in one section.
///
/// The file is hostile until shown otherwise: every offset is compared with the
/// size of the file before it is used, and nothing is mapped, so that a file
/// that shrinks meanwhile cannot fault.
struct ELFFile {
    private let handle: FileHandle
    private let size: UInt64
    private let path: String
    private(set) var machine: UInt16 = 0
    private var sections: [Section] = []

    private struct Section {
        var name: String
        var offset: UInt64
        var size: UInt64
    }

    /// Reads the headers of a 64-bit little-endian shared library.
    ///
    /// - Throws: `.notAPlugin` with a sentence for anything else.
    init(path: String) throws(PluginHostingError) {
        self.path = path
        // Before it is opened: opening a pipe would wait for its writer. A link
        // could lead to a file that others may change.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let type = attributes?[.type] as? FileAttributeType
        guard type == .typeRegular else {
            throw Self.fault(
                path,
                type == .typeSymbolicLink
                    ? "it is a symbolic link; put the library or the plugin's folder itself there"
                    : "it is no regular file")
        }
        if let mode = attributes?[.posixPermissions] as? NSNumber, mode.intValue & 0o002 != 0 {
            throw Self.fault(path, "every user of this machine may change it; `chmod o-w` ends that")
        }
        guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd() else {
            throw Self.fault(path, "it cannot be read; the host needs permission to")
        }
        self.handle = handle
        self.size = size
        guard size > 0 else { throw Self.fault(path, "it is empty") }

        let header = try read(0, count: min(64, size), of: "its header")
        guard header.bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else {
            throw Self.fault(path, "it is no ELF file; a shared library (.so) for Linux is expected")
        }
        guard header.bytes.count == 64 else { throw cutOff(64) }
        guard header.bytes[4] == 2, header.bytes[5] == 1, header.number(16, UInt16.self) == 3 else {
            throw Self.fault(path, "it is no 64-bit little-endian shared library")
        }
        machine = header.number(18, UInt16.self)
        try checkSegments(header)
        sections = try readSections(header)
    }

    /// What stands in a section; nil when there is no section of that name.
    ///
    /// - Throws: `.notAPlugin` when the section is larger than `ceiling` bytes.
    func contents(of name: String, ceiling: UInt64) throws(PluginHostingError) -> [UInt8]? {
        guard let section = sections.first(where: { $0.name == name }) else { return nil }
        guard section.size <= ceiling else {
            throw Self.fault(path, "its section \(name) has \(section.size) bytes; at most \(ceiling) are accepted")
        }
        return try read(section.offset, count: section.size, of: "its section \(name)").bytes
    }

    /// Where a section lies in the file; nil when there is none of that name, or
    /// it has no bytes.
    func extent(of name: String) -> (offset: UInt64, size: UInt64)? {
        sections.first { $0.name == name && $0.size > 0 }.map { ($0.offset, $0.size) }
    }

    /// Bytes of the file.
    ///
    /// - Throws: `.notAPlugin` when the file ends before.
    func bytes(at offset: UInt64, count: Int) throws(PluginHostingError) -> [UInt8] {
        try read(offset, count: UInt64(count), of: "a part of it").bytes
    }

    /// Loading maps the segments: pages past the end of the file would fault.
    private func checkSegments(_ header: Bytes) throws(PluginHostingError) {
        let (offset, count) = (header.number(32, UInt64.self), UInt64(header.number(56, UInt16.self)))
        guard header.number(54, UInt16.self) == 56, count > 0 else {
            throw Self.fault(path, "it has no program headers; a shared library (.so) for Linux is expected")
        }
        let table = try read(offset, count: count * 56, of: "its program headers")
        for index in 0..<Int(count) where table.number(index * 56, UInt32.self) == 1 {
            try checkRange(table.number(index * 56 + 8, UInt64.self), table.number(index * 56 + 32, UInt64.self))
        }
    }

    private func readSections(_ header: Bytes) throws(PluginHostingError) -> [Section] {
        let (offset, count) = (header.number(40, UInt64.self), Int(header.number(60, UInt16.self)))
        let names = Int(header.number(62, UInt16.self))
        guard offset > 0, count > 0 else { return [] }
        guard header.number(58, UInt16.self) == 64, names < count else {
            throw Self.fault(path, "its section headers contradict themselves")
        }
        let table = try read(offset, count: UInt64(count) * 64, of: "its section headers")
        let namesOffset = table.number(names * 64 + 24, UInt64.self)
        let namesSize = table.number(names * 64 + 32, UInt64.self)
        guard namesSize <= 1 << 20 else { throw Self.fault(path, "its section names are larger than 1 MiB") }
        let text = try read(namesOffset, count: namesSize, of: "its section names").bytes

        var sections: [Section] = []
        for index in 0..<count {
            let start = index * 64
            let isWithoutBytes = table.number(start + 4, UInt32.self) == 8 || table.number(start + 4, UInt32.self) == 0
            let (place, length) = (table.number(start + 24, UInt64.self), table.number(start + 32, UInt64.self))
            if !isWithoutBytes { try checkRange(place, length) }
            let name = text.dropFirst(Int(table.number(start, UInt32.self))).prefix { $0 != 0 }
            sections.append(
                Section(
                    name: String(decoding: name, as: UTF8.self), offset: place, size: isWithoutBytes ? 0 : length))
        }
        return sections
    }

    private func checkRange(_ offset: UInt64, _ count: UInt64) throws(PluginHostingError) {
        let (end, overflow) = offset.addingReportingOverflow(count)
        if overflow || end > size { throw cutOff(end) }
    }

    private func read(_ offset: UInt64, count: UInt64, of what: String) throws(PluginHostingError) -> Bytes {
        try checkRange(offset, count)
        do {
            try handle.seek(toOffset: offset)
            let data = try handle.read(upToCount: Int(count)) ?? Data()
            guard data.count == Int(count) else { throw cutOff(offset + count) }
            return Bytes(bytes: [UInt8](data))
        } catch let error as PluginHostingError {
            throw error
        } catch {
            throw Self.fault(path, "\(what) cannot be read: \(error)")
        }
    }

    private func cutOff(_ end: UInt64) -> PluginHostingError {
        Self.fault(path, "it is cut off: it has \(size) bytes, and its headers speak of \(end); copy it again")
    }

    /// A refusal of this file.
    func fault(_ reason: String) -> PluginHostingError {
        Self.fault(path, reason)
    }

    private static func fault(_ path: String, _ reason: String) -> PluginHostingError {
        PluginHostingError(.notAPlugin, path, "\(path) is not loaded: \(reason).")
    }
}

/// Little-endian numbers by offset. Offsets are within: callers read as many
/// bytes as they look at.
private struct Bytes {
    let bytes: [UInt8]

    func number<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type) -> Number {
        var value: Number = 0
        for (index, byte) in bytes[offset..<(offset + MemoryLayout<Number>.size)].enumerated() {
            value |= Number(truncatingIfNeeded: byte) << Number(truncatingIfNeeded: index * 8)
        }
        return value
    }
}
