// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

extension District {
    /// The name of the file that describes a district.
    public static let fileName = "district.yaml"

    /// Reads `district.yaml` in `directory` and the layers that it may use:
    /// those in its `layers/` folder and the shipped ones.
    ///
    /// Only the description is checked. Whether the delivered files exist and
    /// what is in them is found out when they are merged.
    ///
    /// - Throws: `DistrictsError`, `.unreadable` when there is no such file, else
    ///   `.mistaken` with every mistake of every file at once.
    public static func load(
        from directory: URL, installed: InstalledFiles = .located()
    ) throws(DistrictsError) -> District {
        let file = directory.appendingPathComponent(fileName)
        guard FileManager.default.isReadableFile(atPath: file.path) else {
            let sentence =
                "there is no \(fileName) in \(directory.path); "
                + "name a district's folder with --district, or make one with miaopu init or miaopu demo"
            throw DistrictsError(.unreadable, [Mistake(file: fileName, sentence: sentence)])
        }
        let mistakes = MistakeList()
        let layers = LayerCatalogue.read(
            shipped: installed.layers, own: directory.appendingPathComponent("layers"), mistakes: mistakes)
        let district = YAMLDocument.read(file, called: fileName, mistakes: mistakes).flatMap { root in
            read(root, directory: directory, layers: layers)
        }
        guard let district, mistakes.isEmpty else { throw DistrictsError(.mistaken, mistakes.sorted) }
        return district
    }

    /// The district in a document, or nil; mistakes are added either way.
    static func read(_ root: YAMLValue, directory: URL, layers: LayerCatalogue) -> District? {
        let known = ["name", "grid", "towns", "sources", "plugins", "policy", "movement", "limits", "access", "addresses"]
        guard let mapping = root.mapping("a district", known: known) else { return nil }
        let name = mapping.required("name", "what the district is called")?.word() ?? ""
        let grid = mapping.required("grid", "{ crs: \"EPSG:4549\", precision: 0.001 }").flatMap(readGrid)
        let towns = mapping["towns"]?.elements()?.compactMap(readTown) ?? []
        refuseTwins(towns.map { ($0.town.code, $0.value) }, "the town code")
        let policy = mapping["policy"].flatMap(readPolicy) ?? Policy()
        let addresses = mapping["addresses"].map { AddressDefinition.read($0, layers: layers) } ?? AddressDefinition()
        var reader = SourceReader(towns: towns.map(\.town), layers: layers, policy: policy, addresses: addresses)
        let sources = mapping["sources"]?.elements()?.flatMap { reader.readEntry($0) } ?? []
        let plugins = mapping["plugins"].map(readPlugins) ?? []
        return District(
            directory: directory, name: name, grid: grid ?? GridDefinition(crs: ""), towns: towns.map(\.town),
            sources: sources, plugins: plugins, policy: policy,
            movement: mapping["movement"].map(readMovement) ?? MovementLimits(),
            limits: mapping["limits"].map(readLimits) ?? ReadingLimits(),
            access: mapping["access"].map { readAccess($0, layers: layers, plugins: plugins) } ?? AccessDefinition(),
            addresses: addresses, layers: layers)
    }

    private static func readMovement(_ value: YAMLValue) -> MovementLimits {
        guard let mapping = value.mapping("how far borders may be moved", known: ["shift_m", "area_m2"]) else {
            return MovementLimits()
        }
        return MovementLimits(
            shift: mapping["shift_m"]?.number(in: 0...100), area: mapping["area_m2"]?.number(in: 0...1_000_000))
    }

    private static func readGrid(_ value: YAMLValue) -> GridDefinition? {
        guard let mapping = value.mapping("the grid", known: ["crs", "precision"]) else { return nil }
        var grid = GridDefinition(crs: "")
        if let crs = mapping.required("crs", "EPSG:n or a PROJ string of a system in metres"), let text = crs.word() {
            if let name = DeclaredReferenceSystem.name(text) {
                grid.crs = name
            } else {
                let question = DeclaredReferenceSystem.suggestion(for: text).map { "; did you mean \"\($0)\"?" } ?? ""
                let accepted = "EPSG:n or a PROJ string of a system in metres"
                crs.refuse("\"\(text)\" is not a coordinate reference system; accepted: \(accepted)\(question)")
            }
        }
        if let precision = mapping["precision"], let text = precision.text(atMost: 32) {
            // A whole number of steps makes a metre, so that a coordinate is
            // one division away from the integer that it stands for.
            if let value = Double(text), [0.0001, 0.001, 0.01, 0.1, 1].contains(value) {
                grid.precision = value
            } else {
                precision.refuse(text, isNot: "a precision in metres", accepted: "0.0001, 0.001, 0.01, 0.1, 1")
            }
        }
        return grid
    }

    private static func readTown(_ value: YAMLValue) -> (town: Town, value: YAMLValue)? {
        guard let mapping = value.mapping("a town", known: ["code", "name"]) else { return nil }
        let code = mapping.required("code", "the town's code, as in \"310112108\"")
        let name = mapping.required("name", "the town's name")?.word()
        guard let text = code?.word(atMost: 32) else { return nil }
        if !text.utf8.allSatisfy({ byte in
            (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
                || "-_.".utf8.contains(byte)
        }) {
            code?.refuse(text, isNot: "a town's code", accepted: "digits, letters a to z, - _ and .")
        }
        return (Town(code: text, name: name ?? text), code ?? value)
    }

    /// Reports every id that an earlier one has taken.
    private static func refuseTwins(_ ids: [(id: String, value: YAMLValue)], _ what: String) {
        var seen: [String: Int?] = [:]
        for (id, value) in ids {
            if let line = seen[id] {
                value.refuse("\(what) \"\(id)\" is taken already\(line.map { ", in line \($0)" } ?? "")")
            } else {
                seen[id] = .some(value.line)
            }
        }
    }

    private static func readPolicy(_ value: YAMLValue) -> Policy? {
        guard let mapping = value.mapping("the policy", known: ["gcj02"]) else { return nil }
        return Policy(gcj02: mapping["gcj02"]?.choice("an answer") ?? .accept)
    }

    private static func readLimits(_ value: YAMLValue) -> ReadingLimits {
        var limits = ReadingLimits()
        let known = ["features", "file_mb", "memory_mb", "cpu_seconds", "wall_seconds"]
        guard let mapping = value.mapping("limits", known: known) else { return limits }
        limits.features = mapping["features"]?.integer(in: 1...1_000_000_000)
        limits.megabytesOfFile = mapping["file_mb"]?.integer(in: 1...1_000_000)
        limits.megabytesOfMemory = mapping["memory_mb"]?.integer(in: 64...1_000_000)
        limits.secondsOfCPU = mapping["cpu_seconds"]?.integer(in: 1...86_400)
        limits.secondsOfWallClock = mapping["wall_seconds"]?.integer(in: 1...86_400)
        return limits
    }
}
