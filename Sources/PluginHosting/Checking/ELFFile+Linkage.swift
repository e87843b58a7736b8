// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

extension ELFFile {
    /// What a library needs of others, and what it offers to them.
    struct Linkage {
        /// Names of the libraries that it is linked to.
        var needed: [String] = []
        /// Folders in which they are looked for first.
        var searchFolders: [String] = []
        /// Symbols that it exports.
        var exported: [String] = []
    }

    /// Reads the tables of the dynamic linker.
    ///
    /// - Throws: `.notAPlugin` when they are missing, larger than any library
    ///   has, or point outside of themselves.
    func linkage() throws(PluginHostingError) -> Linkage {
        guard let dynamic = try contents(of: ".dynamic", ceiling: 1 << 20),
            let names = try contents(of: ".dynstr", ceiling: 64 << 20),
            let symbols = try contents(of: ".dynsym", ceiling: 64 << 20)
        else { throw fault("it has no tables for the dynamic linker") }

        func name(_ offset: UInt64) throws(PluginHostingError) -> String {
            guard offset < UInt64(names.count) else { throw fault("its dynamic table points outside of its names") }
            return String(decoding: names[Int(offset)...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
        }
        var linkage = Linkage()
        // Pairs of a tag and a value; 1 is a needed library, 15 and 29 are the
        // old and the new kind of search path, 0 is the end.
        for start in stride(from: 0, to: dynamic.count - 15, by: 16) {
            let (tag, value) = (dynamic.number(start, UInt64.self), dynamic.number(start + 8, UInt64.self))
            switch tag {
            case 0: break
            case 1: linkage.needed.append(try name(value))
            case 15, 29:
                linkage.searchFolders += try name(value).split(separator: ":").map(String.init)
            default: continue
            }
            if tag == 0 { break }
        }
        for start in stride(from: 24, to: symbols.count - 23, by: 24) {
            let (binding, visibility) = (symbols[start + 4] >> 4, symbols[start + 5] & 3)
            // Defined here; global, weak or unique; visible or protected.
            guard symbols.number(start + 6, UInt16.self) != 0, [1, 2, 10].contains(binding),
                visibility == 0 || visibility == 3
            else { continue }
            linkage.exported.append(try name(UInt64(symbols.number(start, UInt32.self))))
        }
        return linkage
    }

    /// Whether a text stands among the constants.
    ///
    /// - Throws: `.notAPlugin` for constants of more than 512 MiB.
    func hasConstant(containing text: String) throws(PluginHostingError) -> Bool {
        guard let constants = try contents(of: ".rodata", ceiling: 512 << 20) else { return false }
        return Data(constants).range(of: Data(text.utf8)) != nil
    }
}

extension [UInt8] {
    /// A little-endian number. The caller has compared the offset with the count.
    fileprivate func number<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type) -> Number {
        var value: Number = 0
        for index in 0..<MemoryLayout<Number>.size {
            value |= Number(truncatingIfNeeded: self[offset + index]) << Number(truncatingIfNeeded: index * 8)
        }
        return value
    }
}
