// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PackageDescription

// The package is a table. A row is one target: its tier, what kind it is, which
// targets of ours and which products of others it uses. A target may use only
// targets of a strictly lower tier; the check below the table says so in one
// sentence. `tools/dev lint` checks the imports in the sources against it.

enum Kind {
    /// A C library of the system, found by pkg-config, with its Debian package.
    case system(pkgConfig: String, package: String)
    /// A header of our own without any code behind it.
    case header
    /// C of our own, for what must not be Swift.
    case c
    case library
    case executable
    /// A small program in C beside the main one.
    case tool(String)
    /// A shared library that the host loads with `dlopen`.
    case plugin
}

struct Row {
    var tier: Int
    var name: String
    var kind: Kind
    var uses: [String]
    var products: [String]
    /// Folders whose files are compiled in, so that a moved binary still has them.
    var embeds: [String]

    init(
        _ tier: Int, _ name: String, _ kind: Kind = .library, uses: [String] = [], products: [String] = [],
        embeds: [String] = []
    ) {
        self.tier = tier
        self.name = name
        self.kind = kind
        self.uses = uses
        self.products = products
        self.embeds = embeds
    }
}

let rows: [Row] = [
    Row(0, "CGEOS", .system(pkgConfig: "geos", package: "libgeos-dev")),
    Row(0, "CPROJ", .system(pkgConfig: "proj", package: "libproj-dev")),
    Row(0, "CPNG", .system(pkgConfig: "libpng", package: "libpng-dev")),
    Row(0, "CDeflate", .system(pkgConfig: "libdeflate", package: "libdeflate-dev")),
    Row(0, "CGDAL", .system(pkgConfig: "gdal", package: "libgdal-dev")),
    Row(0, "CText", .system(pkgConfig: "harfbuzz", package: "libharfbuzz-dev")),
    Row(0, "CSQLiteSession", .header),
    Row(0, "CPluginABI", .header),
    Row(0, "CProcessControl", .header),
    Row(0, "CCrashReport", .c),

    Row(1, "SimpleFeatures"),
    Row(1, "TileMatrixSets"),
    Row(1, "Compressing", uses: ["CDeflate"]),
    Row(1, "Encodings"),
    Row(1, "ChildProcesses", uses: ["CCrashReport", "CProcessControl"]),
    Row(1, "PluginExercise", .tool("miaopu-exercise")),

    Row(2, "Pixmaps", uses: ["CPNG", "Compressing"]),
    Row(2, "Topology", uses: ["CGEOS", "SimpleFeatures"]),
    Row(2, "Projections", uses: ["CPROJ", "SimpleFeatures"]),
    Row(2, "SpatialIndexing", uses: ["SimpleFeatures", "TileMatrixSets"]),
    Row(2, "MapStyles", uses: ["SimpleFeatures"]),
    Row(2, "VectorTiles", uses: ["SimpleFeatures", "TileMatrixSets"]),
    Row(2, "Typesetting", uses: ["CText"]),
    Row(2, "Formats", uses: ["CGDAL", "ChildProcesses", "Compressing", "Encodings", "SimpleFeatures"]),
    Row(2, "Addresses", uses: ["SimpleFeatures"]),
    Row(2, "Districts", uses: ["SimpleFeatures"], products: ["Yams"]),
    Row(2, "PluginMessages", uses: ["SimpleFeatures"], products: ["SwiftProtobuf"]),

    Row(3, "Rasterizing", uses: ["Pixmaps"]),
    Row(
        3, "DistrictStores", uses: ["Compressing", "CSQLiteSession", "SimpleFeatures", "SpatialIndexing"],
        products: ["GRDB", "GRDBSQLite"]),
    Row(3, "MiaopuSDK", uses: ["CPluginABI", "PluginMessages", "SimpleFeatures"], products: ["SwiftProtobuf"]),
    Row(3, "Seams", uses: ["SimpleFeatures", "SpatialIndexing", "Topology"]),
    Row(3, "Verdicts", uses: ["Projections", "SimpleFeatures", "SpatialIndexing"]),
    Row(3, "Snapshots", uses: ["Compressing", "SimpleFeatures", "SpatialIndexing", "TileMatrixSets"]),

    Row(
        4, "Merging",
        uses: [
            "Addresses", "ChildProcesses", "Districts", "DistrictStores", "Encodings", "Formats", "Projections", "Seams",
            "SimpleFeatures", "SpatialIndexing", "Topology", "Verdicts",
        ], products: ["Crypto"]),
    Row(
        4, "Rendering",
        uses: [
            "MapStyles", "Pixmaps", "Rasterizing", "SimpleFeatures", "Snapshots", "SpatialIndexing",
            "TileMatrixSets", "Typesetting", "VectorTiles",
        ]),
    Row(
        4, "PluginHosting",
        uses: ["CPluginABI", "ChildProcesses", "MapStyles", "PluginMessages", "SimpleFeatures"],
        products: ["Crypto", "GRDB", "SwiftProtobuf"]),

    Row(
        5, "TileServing",
        uses: [
            "Compressing", "Districts", "DistrictStores", "MapStyles", "PluginHosting", "Projections", "Rendering",
            "SimpleFeatures", "Snapshots", "SpatialIndexing", "TileMatrixSets", "Typesetting",
        ],
        products: [
            "Crypto", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore", "NIOExtras", "NIOHTTP1",
            "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOPosix", "ServiceLifecycle", "UnixSignals",
        ],
        embeds: ["Web"]),
    Row(
        5, "Demonstrating", uses: ["Districts", "Encodings", "Formats", "Projections", "SimpleFeatures", "Topology"]),

    Row(
        6, "miaopu", .executable,
        uses: [
            "ChildProcesses", "Demonstrating", "Districts", "DistrictStores", "Encodings", "Formats", "Merging",
            "PluginHosting", "Projections", "SimpleFeatures", "TileServing", "Topology", "Verdicts",
        ],
        products: ["ArgumentParser", "Logging"],
        embeds: ["Templates"]),

    Row(4, "Flood", .plugin, uses: ["MiaopuSDK"], embeds: ["Styles"]),
    Row(4, "Water", .plugin, uses: ["MiaopuSDK"], embeds: ["Styles"]),
    Row(4, "Assets", .plugin, uses: ["MiaopuSDK"], embeds: ["Styles"]),
    Row(4, "Property", .plugin, uses: ["MiaopuSDK"], embeds: ["Styles"]),
    Row(4, "Community", .plugin, uses: ["MiaopuSDK"], embeds: ["Styles"]),
]

let tiers = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.tier) })
for row in rows {
    for name in row.uses {
        let sentence: String
        switch tiers[name] {
        case nil: sentence = "\(row.name) uses \(name), which has no row in Package.swift."
        case let tier? where tier >= row.tier:
            sentence =
                "\(row.name) (tier \(row.tier)) may not use \(name) (tier \(tier)): a target uses only lower tiers."
        default: continue
        }
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
        exit(1)
    }
}

// Which package each product of others comes from.
let packageOfProduct = [
    "ArgumentParser": "swift-argument-parser",
    "Crypto": "swift-crypto",
    "GRDB": "GRDB.swift",
    "GRDBSQLite": "GRDB.swift",
    "HTTPTypes": "swift-http-types",
    "Hummingbird": "hummingbird",
    "HummingbirdCore": "hummingbird",
    "Logging": "swift-log",
    "NIOCore": "swift-nio",
    "NIOExtras": "swift-nio-extras",
    "NIOHTTP1": "swift-nio",
    "NIOHTTPTypes": "swift-nio-extras",
    "NIOHTTPTypesHTTP1": "swift-nio-extras",
    "NIOPosix": "swift-nio",
    "ServiceLifecycle": "swift-service-lifecycle",
    "SwiftProtobuf": "swift-protobuf",
    "UnixSignals": "swift-service-lifecycle",
    "Yams": "Yams",
]

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Files that stand beside the sources they explain: not for the compiler.
func notes(in path: String) -> [String] {
    ["README.md", "plugin.proto"].filter {
        FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(path)/\($0)")
    }
}

func target(_ row: Row) -> Target {
    let dependencies =
        row.uses.map { Target.Dependency.target(name: $0) }
        + row.products.map { .product(name: $0, package: packageOfProduct[$0] ?? $0) }
    switch row.kind {
    case .system(let pkgConfig, let package):
        return .systemLibrary(name: row.name, pkgConfig: pkgConfig, providers: [.apt([package])])
    case .header:
        return .systemLibrary(name: row.name)
    case .c:
        return .target(name: row.name)
    case .executable:
        return .executableTarget(
            name: row.name, dependencies: dependencies, resources: row.embeds.map { .embedInCode($0) },
            swiftSettings: swiftSettings)
    case .tool:
        return .executableTarget(name: row.name)
    case .library:
        return .target(
            name: row.name, dependencies: dependencies, exclude: notes(in: "Sources/\(row.name)"),
            resources: row.embeds.map { .embedInCode($0) }, swiftSettings: swiftSettings)
    case .plugin:
        return .target(
            name: row.name, dependencies: dependencies, path: "Plugins/\(row.name)",
            exclude: notes(in: "Plugins/\(row.name)"), resources: row.embeds.map { .embedInCode($0) },
            swiftSettings: swiftSettings)
    }
}

/// What the tests of all targets share; nothing that is shipped uses it.
let testSupport = Target.target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings)

/// Every library has a test target; that of the program tests it from outside,
/// end to end, with the plugins in it.
func testTarget(_ row: Row) -> Target? {
    let name: String
    switch row.kind {
    case .library: name = "\(row.name)Tests"
    case .executable: name = "EndToEndTests"
    case .system, .header, .c, .plugin, .tool: return nil
    }
    return .testTarget(
        name: name,
        dependencies: [.target(name: row.name), .target(name: "TestSupport")]
            + row.uses.map { .target(name: $0) }
            + row.products.map { .product(name: $0, package: packageOfProduct[$0] ?? $0) },
        path: "Tests/\(name)", swiftSettings: swiftSettings)
}

/// What benchmarks measure inside of with; no part of what is shipped.
let benchmarks: [Target] =
    Context.environment["MIAOPU_BENCH"] == nil
    ? []
    : [
        .executableTarget(
            name: "border", dependencies: ["PluginHosting", "SimpleFeatures"], path: "tools/bench/border",
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "points", dependencies: ["CPROJ", "Projections", "SimpleFeatures"], path: "tools/bench/points",
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "seams", dependencies: ["Seams", "SimpleFeatures"], path: "tools/bench/seams",
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "rendertests",
            dependencies: ["MapStyles", "Pixmaps", "Rendering", "SimpleFeatures", "TileMatrixSets", "VectorTiles"],
            path: "tools/bench/rendertests", exclude: ["reasons.txt"], swiftSettings: swiftSettings),
    ]

let package = Package(
    name: "Miaopu",
    products: rows.compactMap { row -> Product? in
        switch row.kind {
        case .plugin: .library(name: row.name, type: .dynamic, targets: [row.name])
        case .tool(let program): .executable(name: program, targets: [row.name])
        case .system, .header, .c, .library, .executable: nil
        }
    } + [
        .executable(name: "miaopu", targets: ["miaopu"]),
        // What the author of a plugin outside of this package builds with.
        .library(name: "MiaopuSDK", targets: ["MiaopuSDK"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", "4.0.0"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        // Without traits, here and below: nothing of them is used, and SwiftPM hands
        // several to the compiler in an order of chance, which builds them anew.
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: rows.map(target) + rows.compactMap(testTarget) + [testSupport] + benchmarks,
    swiftLanguageModes: [.v6]
)
