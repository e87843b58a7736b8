// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import Foundation
import SimpleFeatures

/// A complete district to try everything on: what fourteen towns delivered, the
/// `district.yaml` that says how to read it, and data for the shipped plugins.
public enum DemoDistrict {
    /// What was written.
    public struct Summary: Hashable, Sendable {
        public var sources: Int
        public var features: Int
        /// By id of the layer.
        public var featuresByLayer: [String: Int]
    }

    /// Writes a district into a folder, which is made when it is not there.
    ///
    /// The same scale and seed give the same bytes every time.
    ///
    /// - Parameters:
    ///   - scale: 1 to 64; about 60,000 features each.
    ///   - withFaults: Plants faults that a merge should find, and things that only
    ///     look like faults, and writes down which in `truth.json`.
    ///   - progress: Is told each town, and what comes after the towns, before
    ///     its files are written.
    /// - Throws: `DemonstratingError` when the folder already holds a district;
    ///   errors of the file system and of the writers.
    @discardableResult
    public static func write(
        to directory: URL, scale: Int = 1, seed: UInt64 = 1, withFaults: Bool = false,
        progress: (String) -> Void = { _ in }
    ) throws -> Summary {
        let file = directory.appendingPathComponent(District.fileName)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw DemonstratingError(
                description: "\(file.path) is there already; name a folder that holds no district yet")
        }
        let truth = DemoTruth(scale: scale, seed: seed)
        let faults = withFaults ? try FaultPlan(truth) : nil
        var writer = DistrictFiles(truth, faults: faults, directory: directory)
        for (index, habit) in TownHabit.all.enumerated() {
            let town = truth.partition.towns[index]
            progress("\(town.name) (\(index + 1) of \(TownHabit.all.count))")
            try writer.write(habit, town: index)
        }
        try writer.writeExtras()
        progress("maps/district")
        try writer.writeDistrictLayers()
        progress("maps/plugins")
        try PluginData(truth).write(to: directory.appendingPathComponent("maps/plugins"))
        if let planted = faults?.planted {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(planted).write(to: directory.appendingPathComponent("truth.json"))
        }
        if faults != nil {
            progress(SecondDelivery.folder)
            try writer.writeSecondDelivery()
        }
        // Last, so that a folder with a district.yaml is complete.
        progress(District.fileName)
        try writer.document.write(to: directory)
        return writer.summary
    }
}

/// Why no demo district was written.
public struct DemonstratingError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}
