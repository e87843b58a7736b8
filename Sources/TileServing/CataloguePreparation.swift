// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Logging
import PluginHosting

/// Makes catalogues of one district, and tells when a new one is due.
final class CataloguePreparation: Sendable {
    /// What a catalogue was made from, as cheaply as it can be told.
    struct State: Equatable {
        /// Inodes and times of `district.yaml`, `layer.yaml` and `style.json` files.
        var files: [String]
        /// The store's file and its last change set.
        var store: String
        /// Counts the sets of plugins.
        var plugins = 0
    }

    /// What there is of plugins at one moment.
    struct Plugins: Sendable {
        var layers: [LiveLayer] = []
        /// Ids of those that run.
        var ids: Set<String> = []
        /// Changes with them.
        var version = 0
    }

    let folder: URL
    private let initial: District
    private let plugins: @Sendable () -> Plugins
    private let logger: Logger
    private let progress: @Sendable (String) -> Void

    init(
        district: District, plugins: @escaping @Sendable () -> Plugins = { Plugins() }, logger: Logger,
        progress: @escaping @Sendable (String) -> Void
    ) {
        folder = district.directory
        initial = district
        self.plugins = plugins
        self.logger = logger
        self.progress = progress
    }

    /// The catalogue of the district as it was loaded.
    func catalogue() throws -> MapCatalogue {
        try building(initial).catalogue(of: openStore(), progress: progress)
    }

    /// The catalogue of the district as its files are now.
    func freshCatalogue() throws -> MapCatalogue {
        let district = try District.load(from: folder)
        return try building(district).catalogue(of: openStore()) { [logger] in logger.info("\($0)") }
    }

    private func building(_ district: District) -> CatalogueBuilding {
        let plugins = plugins()
        return CatalogueBuilding(district: district, liveLayers: plugins.layers, plugins: plugins.ids)
    }

    /// Changes when `district.yaml` does.
    var descriptionStamp: String { stamp(folder.appendingPathComponent("district.yaml")) }

    /// - Throws: when the store cannot be read.
    func state() throws -> State {
        var files = [stamp(folder.appendingPathComponent("district.yaml"))]
        for layer in initial.layers.layers {
            files.append(stamp(layer.directory.appendingPathComponent("layer.yaml")))
            files.append(stamp(layer.styleFile))
        }
        // A store is opened for each look: a first merge puts a new file in its
        // place, and a connection would go on reading the old one.
        return State(
            files: files, store: "\(stamp(storeFile)) \(try openStore().lastChangeSet())", plugins: plugins().version)
    }

    private var storeFile: URL { folder.appendingPathComponent("district.gpkg") }

    /// For questions about single features.
    var storeAccess: StoreAccess {
        StoreAccess(
            folder: folder.path,
            open: { [storeFile] in try DistrictStore(opening: storeFile) },
            town: { [initial] code in initial.town(code)?.name ?? code })
    }

    private func openStore() throws -> DistrictStore {
        try DistrictStore(opening: storeFile)
    }

    /// Changes when the file is replaced, or written to; the store is only ever
    /// replaced or told apart by its change sets, so its time does not count.
    private func stamp(_ file: URL) -> String {
        guard let found = try? FileManager.default.attributesOfItem(atPath: file.path) else { return "-" }
        let inode = (found[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        guard file != storeFile else { return "\(inode)" }
        return "\(inode) \((found[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
    }
}
