// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What can be said of a library without running any of its code.
struct LibraryCheck {
    let path: String

    /// Symbols beside the entry function that nobody minds.
    private static let maxOtherSymbols = 10
    /// What the accessor of `Bundle.module` says before it traps.
    private static let bundleSentence = "could not load resource bundle: from "
    /// Libraries of the host: a plugin that uses its own copy is updated with
    /// every change of the host's system.
    private static let hostLibraries = [
        "libgdal", "libgeos", "libproj", "libpng", "libdeflate", "libsqlite3", "libcurl", "libssl", "libpython",
        "libX11",
    ]

    /// - Returns: the stamp.
    /// - Throws: `.notAPlugin` or `.incompatible`: nothing else can be said then.
    func run(_ report: inout PluginCheckReport) throws(PluginHostingError) -> PluginStamp {
        let stamp = try PluginStamp(library: path)
        report.ok("file", "It is a whole shared library for this processor.")
        try stamp.check(library: path)
        let language =
            stamp.language == .swift
            ? "built by Swift \(PluginStamp.dotted(stamp.compiler))" : "no run time of the host is needed"
        report.ok("stamp", "Version \(stamp.contractVersion) of the contract, \(language).")
        let file = try ELFFile(path: path)
        let linkage = try file.linkage()
        checkSymbols(linkage, stamp, &report)
        checkDependencies(linkage, &report)
        checkSearchFolders(linkage, stamp, &report)
        if stamp.language == .swift { checkResources(try file.hasConstant(containing: Self.bundleSentence), &report) }
        return stamp
    }

    private func checkSymbols(_ linkage: ELFFile.Linkage, _ stamp: PluginStamp, _ report: inout PluginCheckReport) {
        let entry = "miaopu_plugin_v1"
        guard linkage.exported.contains(entry) else {
            return report.fail(
                "symbols", "It does not export the function \(entry).",
                cure: stamp.language == .swift
                    ? "Write @c(\(entry)) above the public function that calls `open` of the plugin."
                    : "Define int32_t \(entry)(…) as miaopu_plugin.h says, with default visibility.",
                canBeWaived: false)
        }
        let others = linkage.exported.count - 1
        if others <= Self.maxOtherSymbols {
            report.ok("symbols", "It exports \(entry) and \(others) others.")
        } else if stamp.language == .swift {
            report.ok("symbols", "It exports \(entry), and \(others) others as Swift does; the host keeps them apart.")
        } else {
            report.warn(
                "symbols",
                "It exports \(others) symbols beside \(entry), such as "
                    + linkage.exported.filter { $0 != entry }.prefix(3).joined(separator: ", ") + ".",
                cure: "Compile with -fvisibility=hidden, and give \(entry) alone default visibility.")
        }
    }

    private func checkDependencies(_ linkage: ELFFile.Linkage, _ report: inout PluginCheckReport) {
        let finder = LibraryFinder(origin: path, folders: linkage.searchFolders)
        let missing = linkage.needed.filter { !finder.finds($0) }
        let odd = linkage.needed.filter { name in Self.hostLibraries.contains { name.hasPrefix($0) } }
        if !missing.isEmpty {
            report.fail(
                "dependencies", "It needs \(missing.joined(separator: ", ")), which this computer does not have.",
                cure: "Install the library, link it in, or put it beside the plugin and link with -Wl,-rpath,'$ORIGIN'."
            )
        }
        if !odd.isEmpty {
            report.warn(
                "dependencies",
                "It needs \(odd.joined(separator: ", ")), which another system has in another version or not at all.",
                cure: "Ask the host for the district's features and tables, or link the library in.")
        }
        if missing.isEmpty && odd.isEmpty {
            report.ok("dependencies", "All \(linkage.needed.count) libraries that it needs are here.")
        }
    }

    private func checkSearchFolders(
        _ linkage: ELFFile.Linkage, _ stamp: PluginStamp, _ report: inout PluginCheckReport
    ) {
        let elsewhere = linkage.searchFolders.filter { folder in
            let isOwn = folder.hasPrefix("$ORIGIN") || folder.hasPrefix("${ORIGIN}")
            // Swift's linker writes the folder of its own run time, which the host
            // has loaded long before.
            let isToolchain = stamp.language == .swift && folder.hasSuffix("/usr/lib/swift/linux")
            return !isToolchain && (!isOwn || folder.contains(".."))
        }
        guard !elsewhere.isEmpty else { return }
        report.warn(
            "search path", "It looks for libraries in \(elsewhere.joined(separator: ", ")).",
            cure: "Link with -Wl,-rpath,'$ORIGIN' or without -rpath: other folders are not there on other computers, "
                + "or anybody may write to them.")
    }

    private func checkResources(_ usesBundle: Bool, _ report: inout PluginCheckReport) {
        if usesBundle {
            report.fail(
                "resources",
                "It holds an accessor of Bundle.module, which ends the process when the library was moved.",
                cure: "Write .embedInCode instead of .process or .copy for resources in Package.swift.")
        } else {
            report.ok("resources", "It does not use Bundle.module.")
        }
    }
}

/// Looks for libraries where the dynamic linker does.
private struct LibraryFinder {
    private let folders: [String]
    /// Names of those that this process has loaded.
    private let loaded: Set<String>

    init(origin path: String, folders: [String]) {
        let origin = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let own = folders.map {
            $0.replacingOccurrences(of: "${ORIGIN}", with: origin).replacingOccurrences(of: "$ORIGIN", with: origin)
        }
        let environment = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
        self.folders =
            own + environment.split(separator: ":").map(String.init) + Self.configured("/etc/ld.so.conf", depth: 0)
            + ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        loaded = Set(
            maps.split(separator: "\n").compactMap { line in
                line.contains("/") ? line.split(separator: "/").last.map(String.init) : nil
            })
    }

    func finds(_ name: String) -> Bool {
        if name.contains("/") { return FileManager.default.fileExists(atPath: name) }
        return loaded.contains(name)
            || folders.contains { FileManager.default.fileExists(atPath: "\($0)/\(name)") }
    }

    /// The folders of a configuration file and of those that it includes.
    private static func configured(_ file: String, depth: Int) -> [String] {
        guard depth < 4, let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").flatMap { line -> [String] in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first else { return [] }
            guard first == "include", words.count == 2 else { return [first] }
            let pattern = URL(fileURLWithPath: words[1])
            let folder = pattern.deletingLastPathComponent().path
            let ending = pattern.lastPathComponent.drop { $0 == "*" }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().filter { $0.hasSuffix(ending) }.flatMap {
                configured("\(folder)/\($0)", depth: depth + 1)
            }
        }
    }
}
