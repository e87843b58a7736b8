// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PackageDescription

// What the author of a plugin builds with, and no more: of the whole package SwiftPM
// would resolve and copy what the server is made of, too. The targets are those
// of the rows in ../../Package.swift, and the test of docs/plugins.md builds them.

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "MiaopuSDK",
    products: [.library(name: "MiaopuSDK", targets: ["MiaopuSDK"])],
    dependencies: [.package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: [])],
    targets: [
        .systemLibrary(name: "CPluginABI"),
        .target(name: "SimpleFeatures", swiftSettings: swiftSettings),
        .target(
            name: "PluginMessages",
            dependencies: ["SimpleFeatures", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["plugin.proto"], swiftSettings: swiftSettings),
        .target(
            name: "MiaopuSDK",
            dependencies: [
                "CPluginABI", "PluginMessages", "SimpleFeatures",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
