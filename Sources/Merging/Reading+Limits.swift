// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Districts
import Formats
import Foundation

extension DatasetRequest {
    /// What `district.yaml` says about reading one source.
    init(_ source: SourceDefinition, in district: District) {
        self.init(
            path: district.url(of: source.path).path, layer: source.from.layer, where: source.from.condition,
            encoding: source.encoding, xField: source.from.x, yField: source.from.y,
            limits: DatasetLimits(district.limits))
        columnEncodings = source.columnEncodings
        isEncodingChecked = source.isEncodingChecked
        placeNames = PlaceNames.names(of: district.towns)
    }
}

extension DatasetLimits {
    init(_ limits: ReadingLimits) {
        self.init()
        if let features = limits.features { self.features = features }
        if let megabytes = limits.megabytesOfFile { fileBytes = megabytes << 20 }
    }
}

extension ChildLimits {
    init(_ limits: ReadingLimits) {
        self = .default
        if let seconds = limits.secondsOfCPU { cpuSeconds = seconds }
        if let seconds = limits.secondsOfWallClock { wallSeconds = seconds }
        if let megabytes = limits.megabytesOfMemory { addressSpaceBytes = megabytes << 20 }
    }
}

extension ChildExit {
    /// Why the source that the child read cannot be merged; nil when it ended well.
    func refusal(of file: String) -> MergingError? {
        if case .finished = ending { return nil }
        return MergingError(.sourceRefused, FormatsError(reading: file, self).description)
    }
}
