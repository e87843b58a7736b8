// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// One result of a datastream.
public struct Observation: Hashable, Sendable {
    /// A result: most are numbers, in a unit that the plugin knows.
    public enum Result: Hashable, Sendable {
        case number(Double)
        case text(String)
    }

    /// A name that the plugin chooses, as in `station/quantity`; at most 200
    /// bytes.
    public var datastream: String
    /// When it was observed, not when it arrived.
    public var time: Timestamp
    /// What was observed.
    public var result: Result
    /// The provider's flag; empty: good.
    public var quality: String

    /// Describes an observation.
    public init(datastream: String, time: Timestamp, result: Result, quality: String = "") {
        self.datastream = datastream
        self.time = time
        self.result = result
        self.quality = quality
    }

    /// The result when it is a number.
    public var number: Double? {
        if case .number(let value) = result { value } else { nil }
    }
}

/// The plugin's observations: results by datastream and time.
public struct HostObservations: Sendable {
    let connection: HostConnection

    /// Keeps observations; one of the same datastream and time is replaced.
    /// Returns how many were new.
    ///
    /// - Throws: `PluginError` for a bad name or a number that is not finite;
    ///   nothing was kept then.
    @discardableResult
    public func append(_ observations: [Observation]) throws -> Int {
        guard !observations.isEmpty else { return 0 }
        var message = WireObservationsAppend()
        message.observations = observations.map(WireObservation.init)
        return Int(clamping: try connection.call(.appendObservations(message)).appendObservations.added)
    }

    /// The newest observation of each datastream whose name begins with
    /// `prefix`, not newer than `until`.
    ///
    /// - Throws: `PluginError` when the host cannot read them.
    public func latest(prefix: String = "", until: Timestamp? = nil) throws -> [Observation] {
        var message = WireObservationsLatest()
        message.prefix = prefix
        if let until { message.until = until.milliseconds }
        return try connection.call(.latestObservations(message)).observations.observations.map(\.observation)
    }

    /// Observations of one datastream between two times, both included, oldest
    /// first; of more than `limit` the newest.
    ///
    /// - Throws: `PluginError` when the host cannot read them.
    public func query(
        _ datastream: String, from: Timestamp? = nil, until: Timestamp? = nil, limit: Int = 10_000
    ) throws -> [Observation] {
        var message = WireObservationsQuery()
        message.datastream = datastream
        if let from { message.from = from.milliseconds }
        if let until { message.until = until.milliseconds }
        message.limit = UInt32(clamping: limit)
        return try connection.call(.queryObservations(message)).observations.observations.map(\.observation)
    }

    /// The good numbers of one datastream (those without a flag) by runs of time,
    /// oldest first; runs without any are left out.
    ///
    /// - Parameters:
    ///   - from: included, and where the first run begins.
    ///   - until: not included.
    ///   - minutes: how long a run is.
    /// - Throws: `PluginError` for more than `PluginContract.maxBuckets` runs, and
    ///   for a length of no time.
    public func buckets(
        _ datastream: String, from: Timestamp, until: Timestamp, minutes: Int64
    ) throws -> [ObservationBucket] {
        var message = WireObservationsBuckets()
        message.datastream = datastream
        message.from = from.milliseconds
        message.until = until.milliseconds
        let (width, overflow) = minutes.multipliedReportingOverflow(by: 60_000)
        message.width = overflow ? .max : width
        return try connection.call(.bucketObservations(message)).buckets.buckets.map { bucket in
            ObservationBucket(
                time: Timestamp(milliseconds: bucket.time), count: Int(clamping: bucket.count),
                minimum: bucket.minimum, maximum: bucket.maximum, mean: bucket.mean, last: bucket.last)
        }
    }
}

/// The numbers of one run of time.
public struct ObservationBucket: Hashable, Sendable {
    /// When the run begins.
    public var time: Timestamp
    /// How many there are.
    public var count: Int
    /// The least.
    public var minimum: Double
    /// The greatest.
    public var maximum: Double
    /// The arithmetic mean.
    public var mean: Double
    /// The newest.
    public var last: Double
}

extension WireObservation {
    fileprivate init(_ observation: Observation) {
        self.init()
        datastream = observation.datastream
        time = observation.time.milliseconds
        quality = observation.quality
        switch observation.result {
        case .number(let value): number = value
        case .text(let value): text = value
        }
    }

    fileprivate var observation: Observation {
        let result: Observation.Result =
            switch self.result {
            case .number(let value): .number(value)
            case .text(let value): .text(value)
            case nil: .text("")
            }
        return Observation(
            datastream: datastream, time: Timestamp(milliseconds: time), result: result, quality: quality)
    }
}
