// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A plugin: layers on the map, pages and an API under `/plugins/<id>/`.
///
/// Beside the type, a plugin exports one function, in any file:
/// ```swift
/// @c(miaopu_plugin_v1)
/// public func entry(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
///     BenchesPlugin.open(host, plugin)
/// }
/// ```
/// The host makes one call at a time, on whatever thread it likes. What a method
/// throws becomes a status and a sentence; a trap ends the process.
public protocol Plugin {
    /// Who the plugin is. Asked for before `init`, possibly in another process.
    static var manifest: Manifest { get }

    /// Makes the plugin. Work belongs into `start`.
    init()

    /// Makes tables and registers layers. When it throws, the plugin is refused
    /// and the host goes on without it.
    func start(_ host: MapHost) throws

    /// The features of one of the plugin's layers that meet an envelope, at one
    /// time. Features outside of it are allowed and drawn nowhere.
    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature]

    /// Answers a request below the plugin's own path.
    func handle(_ request: Request, _ host: MapHost) throws -> Response

    /// Takes notice of an event that the manifest subscribes to.
    func observe(_ event: Event, _ host: MapHost) throws

    /// Does what is due, every `manifest.tickSeconds`.
    func tick(_ now: Timestamp, _ host: MapHost) throws

    /// Says farewell before the host ends.
    func stop(_ host: MapHost) throws
}

extension Plugin {
    /// A plugin without layers has no features.
    public func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        throw PluginError(.notFound, "There is no layer \(query.layer).")
    }

    /// A plugin without pages finds nothing.
    public func handle(_ request: Request, _ host: MapHost) throws -> Response {
        .problem(404, "There is nothing at \(request.path).")
    }

    /// Does nothing.
    public func observe(_ event: Event, _ host: MapHost) throws {}

    /// Does nothing.
    public func tick(_ now: Timestamp, _ host: MapHost) throws {}

    /// Does nothing.
    public func stop(_ host: MapHost) throws {}
}
