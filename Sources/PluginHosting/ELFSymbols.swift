// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What an ELF file says of itself that tells a stack apart: its build id, and
/// the names of its functions. The file is read and never loaded.
extension ELFFile {
    /// The build id in hexadecimal digits; empty when the linker wrote none.
    var buildID: String {
        guard let note = try? contents(of: ".note.gnu.build-id", ceiling: 4096), note.count > 16 else { return "" }
        // Sizes of name and description, type, the name “GNU”, the description.
        let count = note.withUnsafeBytes { bytes in
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        }
        guard count <= note.count - 16 else { return "" }
        return note[16..<(16 + count)].map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// The function in which each offset lies, with how far into it; nil where
    /// the file names none.
    ///
    /// - Complexity: linear in the file's symbols; a debug build has 200,000.
    func functions(at offsets: [UInt64]) -> [(name: String, distance: UInt64)?] {
        var found: [(name: String, distance: UInt64)?] = offsets.map { _ in nil }
        for (symbols, names) in [(".symtab", ".strtab"), (".dynsym", ".dynstr")] where found.contains(where: { $0 == nil }) {
            guard let names = extent(of: names),
                let table = try? contents(of: symbols, ceiling: Self.largestTable)
            else { continue }
            for (index, symbol) in places(of: offsets, in: table).enumerated() where found[index] == nil {
                guard let symbol, let name = name(at: UInt64(symbol.name), in: names) else { continue }
                found[index] = (name, offsets[index] - symbol.start)
            }
        }
        return found
    }

    private static let largestTable: UInt64 = 128 << 20
    /// Names of Swift's generics can be long; of longer ones this much is shown.
    private static let longestName = 4096

    private struct Symbol {
        var start: UInt64
        var name: UInt32
    }

    private func places(of offsets: [UInt64], in table: [UInt8]) -> [Symbol?] {
        var places: [Symbol?] = offsets.map { _ in nil }
        guard let lowest = offsets.min(), let highest = offsets.max() else { return places }
        table.withUnsafeBytes { bytes in
            var entry = 0
            while entry + 24 <= bytes.count {
                defer { entry += 24 }
                // The lower half of the byte is the type: 2 is a function.
                guard bytes[entry + 4] & 15 == 2 else { continue }
                let start = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry + 8, as: UInt64.self))
                let size = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry + 16, as: UInt64.self))
                guard start != 0, start <= highest, size > lowest || start > lowest - size else { continue }
                let name = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: entry, as: UInt32.self))
                for (index, offset) in offsets.enumerated() where offset >= start && offset - start < size {
                    places[index] = Symbol(start: start, name: name)
                }
            }
        }
        return places
    }

    private func name(at place: UInt64, in names: (offset: UInt64, size: UInt64)) -> String? {
        guard place < names.size else { return nil }
        let count = min(Int(names.size - place), Self.longestName)
        guard let bytes = try? bytes(at: names.offset + place, count: count) else { return nil }
        let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return name.isEmpty ? nil : Demangling.readable(name)
    }
}

/// Names as their authors wrote them.
enum Demangling {
    /// A Swift or C++ name in words; any other as it is.
    static func readable(_ name: String) -> String {
        if name.hasPrefix("$s") || name.hasPrefix("$S") { return swift(name) ?? name }
        if name.hasPrefix("_Z") { return cxx(name) ?? name }
        return name
    }

    private typealias SwiftFunction =
        @convention(c) (
            UnsafePointer<CChar>?, UInt, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<UInt>?, UInt32
        ) -> UnsafeMutablePointer<CChar>?

    private static func swift(_ name: String) -> String? {
        guard let symbol = dlsym(nil, "swift_demangle") else { return nil }
        let demangle = unsafeBitCast(symbol, to: SwiftFunction.self)
        guard let text = demangle(name, UInt(name.utf8.count), nil, nil, 0) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    private typealias CXXFunction =
        @convention(c) (
            UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?,
            UnsafeMutablePointer<Int32>?
        ) -> UnsafeMutablePointer<CChar>?

    private static func cxx(_ name: String) -> String? {
        guard let symbol = dlsym(nil, "__cxa_demangle") else { return nil }
        var status: Int32 = 0
        guard let text = unsafeBitCast(symbol, to: CXXFunction.self)(name, nil, nil, &status) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
