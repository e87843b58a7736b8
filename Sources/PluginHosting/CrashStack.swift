// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation

/// The stack of a crash in words.
struct CrashStack {
    /// One caller, the innermost first.
    struct Line: Hashable {
        /// The function's name; empty when its module names none.
        var function: String
        /// From its beginning, or from the module's.
        var distance: UInt64
        /// The module's file name; empty outside of any.
        var module: String
        /// Whether it lies in the plugin's library.
        var isOwn: Bool
        var address: UInt64

        var text: String {
            let place = "0x\(String(distance, radix: 16))"
            if module.isEmpty { return "0x\(String(address, radix: 16))" }
            return function.isEmpty ? "\(module)+\(place)" : "\(function)+\(place) (\(module))"
        }
    }

    var lines: [Line]

    /// Looks every frame up in the symbol tables of its module, as it is on the
    /// disk now. May take a second or two.
    ///
    /// - Parameters:
    ///   - library: the plugin's.
    ///   - buildID: of the library that ran. When another lies there now its
    ///     names would be wrong, and there are none.
    init(_ report: CrashReport, library: String, buildID: String) {
        let frames = report.frames
        lines = frames.map { frame in
            Line(
                function: "", distance: frame.offset,
                module: frame.offset == 0 ? "" : Self.fileName(of: frame.module),
                isOwn: frame.module == library || PluginCopies.isCopy(frame.module, of: library),
                address: frame.address)
        }
        let indexes = Dictionary(grouping: frames.indices.filter { frames[$0].offset > 0 }) { frames[$0].module }
        for (module, indexes) in indexes {
            let path = module.isEmpty ? "/proc/self/exe" : module
            // Libraries of the system are links to the one with the full version.
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let elf = try? ELFFile(path: file) else { continue }
            if module == library, elf.buildID != buildID { continue }
            // What a caller left is the address after its call, which may belong
            // to the next function already.
            let offsets = indexes.map { $0 == 0 ? frames[$0].offset : frames[$0].offset - 1 }
            for (index, function) in zip(indexes, elf.functions(at: offsets)) {
                guard let function else { continue }
                lines[index].function = function.name
                lines[index].distance = function.distance
            }
        }
    }

    /// What two crashes of one fault have in common: the plugin's own innermost
    /// callers, or those of anybody when there are none. Where in memory they
    /// lay plays no part.
    func fingerprint(plugin: String, version: String, signal: String) -> String {
        let own = lines.filter(\.isOwn)
        let frames = (own.isEmpty ? lines : own).prefix(Self.framesOfFingerprint).map { line in
            line.function.isEmpty ? "\(line.module)+\(line.distance)" : line.function
        }
        return Self.fingerprint([plugin, version, signal] + frames)
    }

    /// Sixteen hexadecimal digits: FNV-1a, which needs to tell apart and not to
    /// keep secret.
    static func fingerprint(_ parts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static let framesOfFingerprint = 4

    private static func fileName(of module: String) -> String {
        module.isEmpty ? "miaopu" : module.split(separator: "/").last.map(String.init) ?? module
    }
}
