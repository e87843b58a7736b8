// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import PluginMessages

/// What a library says of itself without any of its code being run.
public struct PluginStamp: Hashable, Sendable {
    /// What language's run time it shares with the host.
    public enum Language: Hashable, Sendable {
        /// None: C, or a language that brings its own.
        case independent
        /// Swift: both sides must come from one compiler.
        case swift
    }

    /// The version of the plugin contract.
    public var contractVersion: UInt32
    /// The version of the SDK: major, minor, patch. Empty: made without one.
    public var sdkVersion: [UInt32]
    /// What language's run time it shares with the host.
    public var language: Language
    /// The compiler's version: major, minor, patch.
    public var compiler: [UInt32]
    /// The ELF machine and the system.
    public var target: [UInt32]

    /// Reads the stamp of a library.
    ///
    /// - Throws: `.notAPlugin` for a file that is no whole library for this
    ///   processor or has no stamp that can be read.
    public init(library path: String) throws(PluginHostingError) {
        let file = try ELFFile(path: path)
        guard UInt32(file.machine) == PluginContract.target[0] else {
            throw PluginHostingError(
                .notAPlugin, path,
                "\(path) is not loaded: it is for the processor \(Self.nameOfMachine(UInt32(file.machine))), and this "
                    + "computer's is \(Self.nameOfMachine(PluginContract.target[0])).")
        }
        guard let bytes = try file.contents(of: MIAOPU_STAMP_SECTION, ceiling: 4096) else {
            throw PluginHostingError(
                .notAPlugin, path,
                "\(path) is not loaded: it is a library, but no plugin; it has no section \(MIAOPU_STAMP_SECTION), "
                    + "which MiaopuSDK and miaopu_plugin.h put there.")
        }
        var recordOfKind: [UInt32: [UInt32]] = [:]
        for start in stride(from: 0, through: bytes.count - 32, by: 32) {
            let numbers = (0..<8).map { index in
                (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + index * 4 + $1]) << UInt32($1 * 8) }
            }
            if numbers[0] == MIAOPU_STAMP_MAGIC { recordOfKind[numbers[1]] = Array(numbers[2...]) }
        }
        guard let contract = recordOfKind[UInt32(MIAOPU_STAMP_CONTRACT)],
            let compiler = recordOfKind[UInt32(MIAOPU_STAMP_COMPILER)],
            let target = recordOfKind[UInt32(MIAOPU_STAMP_TARGET)]
        else {
            throw PluginHostingError(
                .notAPlugin, path,
                "\(path) is not loaded: its stamp in \(MIAOPU_STAMP_SECTION) lacks the contract's version, the "
                    + "compiler or the target.")
        }
        contractVersion = contract[0]
        sdkVersion = recordOfKind[UInt32(MIAOPU_STAMP_SDK)].map { Array($0[0..<3]) } ?? []
        language = compiler[0] == 2 ? .swift : .independent
        self.compiler = Array(compiler[1..<4])
        self.target = Array(target[0..<2])
    }

    /// Whether this host may load the library.
    ///
    /// - Throws: `.incompatible`, naming both versions and the cure.
    public func check(library path: String) throws(PluginHostingError) {
        guard contractVersion == PluginContract.version else {
            throw PluginHostingError(
                .incompatible, path,
                "\(path) is not loaded: it was built for version \(contractVersion) of the plugin contract, and this "
                    + "host speaks version \(PluginContract.version); "
                    + (contractVersion > PluginContract.version
                        ? "take a newer host, or build the plugin with an SDK for version \(PluginContract.version)."
                        : "build the plugin with an SDK for version \(PluginContract.version)."))
        }
        guard target == PluginContract.target else {
            throw PluginHostingError(
                .incompatible, path,
                "\(path) is not loaded: its stamp says \(Self.nameOfMachine(target[0])), and this host runs on "
                    + "\(Self.nameOfMachine(PluginContract.target[0])) Linux.")
        }
        // Swift has no stable interface between its compilers on Linux.
        guard language != .swift || compiler == PluginContract.compiler else {
            throw PluginHostingError(
                .incompatible, path,
                "\(path) is not loaded: it was built by Swift \(Self.dotted(compiler)), and this host by Swift "
                    + "\(Self.dotted(PluginContract.compiler)); build the plugin with the host's compiler.")
        }
    }

    static func dotted(_ version: [UInt32]) -> String {
        version.map(String.init).joined(separator: ".")
    }

    private static func nameOfMachine(_ machine: UInt32) -> String {
        let names: [UInt32: String] = [
            3: "x86 (32-bit)", 8: "MIPS", 21: "PowerPC 64", 22: "IBM Z", 40: "ARM (32-bit)", 62: "x86-64",
            183: "AArch64", 243: "RISC-V", 258: "LoongArch",
        ]
        return names[machine] ?? "number \(machine)"
    }
}
