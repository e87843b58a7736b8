// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting
import SimpleFeatures
import Testing

/// The folder of the test program, where `swift build` puts the plugins too.
let buildFolder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

/// The path of a shipped plugin's library.
func shippedLibrary(_ name: String) -> String {
    buildFolder.appendingPathComponent("lib\(name).so").path
}

/// Whether the five libraries were built beside the tests; `swift test` of the
/// whole package builds them.
let arePluginsBuilt: Bool = {
    let names = ["Flood", "Water", "Assets", "Property", "Community"]
    let missing = names.filter { !FileManager.default.fileExists(atPath: shippedLibrary($0)) }
    if missing.isEmpty { return true }
    print("Tests of shipped plugins are skipped: not built beside the tests: \(missing.joined(separator: ", ")).")
    return false
}()

/// The program whose children try libraries: `MIAOPU_EXECUTABLE`, or the
/// `miaopu` that was built beside the tests.
let executable: String? = {
    if let path = ProcessInfo.processInfo.environment["MIAOPU_EXECUTABLE"] { return path }
    let path = buildFolder.appendingPathComponent("miaopu").path
    if FileManager.default.isExecutableFile(atPath: path) { return path }
    print("Tests of probing are skipped: build miaopu, or name it in MIAOPU_EXECUTABLE.")
    return nil
}()

/// Whether plugins in C can be made for the tests.
let hasCompiler = FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc")

/// A folder that is gone with this object.
final class ScratchFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("plugins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: String { url.path }

    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    /// A host of the libraries in this folder.
    func host(
        probe: PluginProbe = .none, plugins: [String: PluginHostConfiguration.Hosting]? = nil,
        services: HostServices = HostServices()
    ) -> PluginHost {
        PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: path, holdsOnlyPlugins: true)], plugins: plugins,
                stateFolder: url.appendingPathComponent("state").path, probe: probe), services: services)
    }
}

/// A host of one shipped plugin with a database of its own.
struct ShippedPlugin {
    let id: String
    let folder: ScratchFolder
    let host: PluginHost

    init(_ id: String, services: HostServices = HostServices()) throws {
        self.id = id
        folder = try ScratchFolder()
        host = PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: buildFolder.path, holdsOnlyPlugins: false)], plugins: [id: .inProcess],
                stateFolder: folder.path, probe: .none), services: services)
    }

    func get(_ path: String, _ query: [(String, String)] = []) throws -> (status: Int, json: [String: Any]) {
        try send(PluginRequest(path: path, query: query.map { (name: $0.0, value: $0.1) }))
    }

    func post(
        _ path: String, _ body: String, isFromOperator: Bool = true
    ) throws -> (status: Int, json: [String: Any]) {
        try send(
            PluginRequest(method: "POST", path: path, body: Array(body.utf8), isFromOperator: isFromOperator))
    }

    private func send(_ request: PluginRequest) throws -> (status: Int, json: [String: Any]) {
        let response = try host.handle(plugin: id, request)
        let value = try JSONSerialization.jsonObject(with: Data(response.body))
        return (response.status, value as? [String: Any] ?? [:])
    }

    /// The properties of a layer's features everywhere, by a property's text.
    func features(_ layer: String, by key: String, time: Int64? = nil) throws -> [String: [String: TestValue]] {
        let features = try host.features(
            layer: "\(id).\(layer)", envelope: .world, zoom: 12, time: time)
        return Dictionary(
            uniqueKeysWithValues: features.map { feature in
                (feature.properties[key]?.description ?? "", feature.properties.mapValues { TestValue($0) })
            })
    }
}
