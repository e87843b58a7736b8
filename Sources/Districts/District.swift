// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A district as `district.yaml` describes it, checked.
public struct District: Sendable {
    /// The folder that holds `district.yaml`.
    public var directory: URL
    public var name: String
    public var grid: GridDefinition
    public var towns: [Town]
    /// In the order of the file. Ids and slots are unique.
    public var sources: [SourceDefinition]
    /// In the order of the file.
    public var plugins: [PluginDefinition]
    public var policy: Policy
    public var movement: MovementLimits
    public var limits: ReadingLimits
    public var access: AccessDefinition
    public var addresses: AddressDefinition
    /// The shipped layers and the district's own ones.
    public var layers: LayerCatalogue

    /// The town of a code.
    public func town(_ code: String) -> Town? {
        towns.first { $0.code == code }
    }

    /// The source of an id.
    public func source(_ id: String) -> SourceDefinition? {
        sources.first { $0.id == id }
    }

    /// The place on disk of a path in `district.yaml`.
    public func url(of path: String) -> URL {
        directory.appendingPathComponent(path)
    }

    /// The control points that a source is fitted by: the named file in the
    /// district's folder or, when there is none, beside the delivered file.
    /// Nil for a source that is not fitted.
    public func controlPoints(of source: SourceDefinition) -> URL? {
        guard case .fit(let fit) = source.crs else { return nil }
        let path = fit.points
        let fromDistrict = url(of: path)
        if FileManager.default.fileExists(atPath: fromDistrict.path) { return fromDistrict }
        let beside = url(of: source.path).deletingLastPathComponent().appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: beside.path) ? beside : fromDistrict
    }
}

/// The plane that everything is brought onto.
public struct GridDefinition: Hashable, Sendable {
    /// As written, `EPSG:4549`; always a coordinate reference system of the
    /// authority EPSG or a PROJ string.
    public var crs: String
    /// The distance between two neighbouring coordinates, in metres.
    public var precision: Double

    public init(crs: String, precision: Double = 0.001) {
        self.crs = crs
        self.precision = precision
    }
}

/// A part of the district that delivers maps of its own.
public struct Town: Hashable, Sendable {
    /// The code of the national statistics, `310112108`, or whatever the
    /// district goes by.
    public var code: String
    public var name: String

    public init(code: String, name: String) {
        self.code = code
        self.name = name
    }
}

/// How a plugin is hosted. A plugin that `district.yaml` does not name is
/// hosted as the host sees fit.
public struct PluginDefinition: Hashable, Sendable {
    public enum Hosting: String, Hashable, Sendable, CaseIterable {
        case inProcess = "in-process"
        case process
    }

    public var id: String
    public var hosting: Hosting?
    /// What its calls may cost; nil members are the host's own ceilings.
    public var budget: PluginBudget

    public init(id: String, hosting: Hosting? = nil, budget: PluginBudget = PluginBudget()) {
        self.id = id
        self.hosting = hosting
        self.budget = budget
    }
}

/// What a district's rules allow.
public struct Policy: Hashable, Sendable {
    public enum Answer: String, Hashable, Sendable, CaseIterable {
        case accept
        case refuse
    }

    /// Whether deliveries in GCJ-02 and BD-09 are taken in; the way back from
    /// them is known to a metre or so.
    public var gcj02: Answer

    public init(gcj02: Answer = .accept) {
        self.gcj02 = gcj02
    }
}

/// How far borders may be moved by the repair of seams before a merge is refused
/// as a whole; nil is no limit of the district's own.
public struct MovementLimits: Hashable, Sendable {
    /// The largest distance, in metres.
    public var shift: Double?
    /// The most that one feature may give or take, in square metres.
    public var area: Double?

    public init(shift: Double? = nil, area: Double? = nil) {
        self.shift = shift
        self.area = area
    }
}

/// Ceilings on reading one source; nil is the reader's own ceiling.
public struct ReadingLimits: Hashable, Sendable {
    /// Records in one source.
    public var features: Int?
    public var megabytesOfFile: Int?
    public var megabytesOfMemory: Int?
    public var secondsOfCPU: Int?
    public var secondsOfWallClock: Int?

    public init() {}
}

/// The part `access:` of a district: what is kept from those who ask over HTTP.
public struct AccessDefinition: Hashable, Sendable {
    /// Ids of layers that are never served: merged ones, and plugins' ones as
    /// `<plugin>.<layer>`.
    public var hiddenLayers: [String]
    /// Ids of plugins of which nothing is served: no layer, page or file.
    public var hiddenPlugins: [String]

    public init(hiddenLayers: [String] = [], hiddenPlugins: [String] = []) {
        self.hiddenLayers = hiddenLayers
        self.hiddenPlugins = hiddenPlugins
    }
}
