// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import DistrictStores
import Districts
public import Foundation
import Projections
import SimpleFeatures

/// Brings a district's sources onto its grid and into its store.
///
/// One merge is one transaction. Files are read by children of this program,
/// two at a time, which hand over records that are finished: projected, repaired,
/// on the grid, mapped. The store is written by the thread that calls, source by
/// source in the order of their ids, so that the result does not depend on how
/// fast a child is.
public struct Merger {
    public struct Options: Sendable {
        /// The ids to merge; nil for all. Sources that `district.yaml` no longer
        /// names are taken out only when all are merged.
        public var sources: Set<String>?
        /// Ids of sources that are taken although the merge has doubts which it
        /// named before: older than what the district holds, or far smaller.
        public var accepted: Set<String> = []
        /// Does all the work and then keeps nothing of it: the report says what a
        /// merge would do.
        public var isPlan = false
        /// How many children read at the same time.
        public var workers = 2
        /// The program that children run; nil for this one.
        public var executable: String?
        /// Where children keep what they decompress; nil for the system's folder.
        public var temporaryDirectory: URL?
        /// Asked between records; the merge ends without a trace when true.
        public var isCancelled: @Sendable () -> Bool = { false }
        /// Told what is being done, one line at a time.
        public var progress: @Sendable (String) -> Void = { _ in }

        public init() {}
    }

    let district: District
    let options: Options
    let grid: DistrictGrid

    /// - Throws: `MergingError` when the grid is none, or an id that is asked
    ///   for is not in `district.yaml`.
    public init(_ district: District, options: Options = Options()) throws {
        self.district = district
        self.options = options
        do {
            grid = try DistrictGrid(
                crs: CoordinateReferenceSystem(parsing: district.grid.crs), precision: district.grid.precision)
        } catch {
            throw MergingError(.wrongUse, "district.yaml: grid.crs: \(error)")
        }
        try GridCodeStage.check(district)
        let known = Set(district.sources.map(\.id))
        if let stranger = (options.sources ?? []).union(options.accepted).subtracting(known).min() {
            throw MergingError(
                .wrongUse,
                "district.yaml has no source “\(stranger)”; it has \(known.sorted().joined(separator: ", ")).")
        }
    }

    /// The store's file.
    public static func store(of district: District) -> URL {
        district.directory.appendingPathComponent("district.gpkg")
    }

    /// Merges, and writes the report beside the store.
    ///
    /// - Throws: `MergingError` or `DistrictStoresError`; the store is then as it
    ///   was before, but for a report that cannot be made or written, which says
    ///   that the merge is done. A source that cannot be merged does not throw: it is
    ///   quarantined in the report.
    public func run() throws -> MergeReport {
        let scratch = district.directory.appendingPathComponent(".miaopu")
        let lock = try MergeLock(in: scratch)
        return try withExtendedLifetime(lock) { try merge(reportingTo: scratch) }
    }

    private func merge(reportingTo scratch: URL) throws -> MergeReport {
        let wanted = district.sources.filter { options.sources?.contains($0.id) ?? true }.sorted { $0.id < $1.id }
        let system = try storeReferenceSystem()
        var log = MergeLog(district: district)
        let (_, changes) = try DistrictStore.merge(
            at: Self.store(of: district), grid: system, isPlan: options.isPlan,
            summary: { _ in log.summary }
        ) { transaction in
            try merge(wanted, system, into: transaction, log: &log)
        }
        let report = log.report(changes, isPlan: options.isPlan)
        guard !options.isPlan else { return report }
        try propose(log.proposals)
        let page: ReportPage
        do {
            page = try ReportPage(
                report, of: district, outlines: log.outlines, in: DistrictStore(opening: Self.store(of: district)))
        } catch {
            throw MergingError(.system, "The merge is done, but its report cannot be made: \(error)")
        }
        try report.write(page, to: scratch.appendingPathComponent("reports"))
        return report
    }

    private func merge(
        _ wanted: [SourceDefinition], _ system: StoreReferenceSystem, into transaction: MergeTransaction,
        log: inout MergeLog
    ) throws {
        let stored = try transaction.sources()
        let held = try transaction.heldDeliveries()
        var pending: [PreparedSource] = []
        var matches: [String: MatchList] = [:]
        var unmatched: [String: UnmatchedFeatures] = [:]
        var ground = GroundStage(district, gridID: system.id, options: options)
        var addresses = AddressStage(district, gridID: system.id, options: options, ground: ground)
        for source in wanted {
            try checkCancelled()
            do {
                let prepared = try PreparedSource(
                    source, in: district, gridID: system.id,
                    ground: ground.digest(for: source) + addresses.digest(for: source))
                matches[source.id] = prepared.matches
                if let before = stored[source.id], before.fingerprint == prepared.fingerprint {
                    log.noteUnchanged(source, before, issues: try transaction.issues(of: source.id))
                } else if options.sources == nil, let delivery = held[source.id],
                    delivery.fingerprint == prepared.fingerprint
                {
                    log.noteHeld(source, delivery, stored[source.id], issues: try transaction.issues(of: source.id))
                } else {
                    try refuseOlder(source, than: stored[source.id])
                    pending.append(prepared)
                }
            } catch let error as MergingError where error.kind == .sourceRefused {
                log.noteQuarantined(source, error.description, hasEarlierDelivery: stored[source.id] != nil)
            }
        }

        for index in pending.indices {
            pending[index].job.ground = try ground.ground(for: pending[index].source)
            try addresses.complete(&pending[index], ground: &ground)
        }
        let readers = SourceReaders(pending, options: options, limits: district.limits)
        defer { readers.stop() }
        for prepared in pending {
            try checkCancelled()
            options.progress("\(prepared.source.id): \(prepared.source.path)")
            var finding: ReferenceFinding?
            do {
                let outcome = try write(
                    prepared, readers.channel(of: prepared), after: stored[prepared.source.id], into: transaction,
                    found: &finding)
                log.noteMerged(prepared.source, outcome.source)
                unmatched[prepared.source.id] = outcome.unmatched
            } catch let error as MergingError where error.kind == .sourceRefused {
                log.noteQuarantined(
                    prepared.source, error.description, hasEarlierDelivery: stored[prepared.source.id] != nil, finding)
            }
        }

        try removeUnnamed(stored, held, from: transaction, log: &log)
        try checkCancelled()
        var seams = try SeamStage(district, transaction, progress: options.progress).run()
        log.figures = try FigureStage(district, transaction, progress: options.progress).run()
        log.gridCodes = try GridCodeStage(
            district, transaction, options: options, matches: matches
        ).run()
        seams = try RuleStage(district, transaction, progress: options.progress).run(after: seams)
        log.note(try MatchStage(district, transaction).run(matches, unmatched))
        log.noteSuppressed(try transaction.suppressedCounts())
        try log.noteStanding(transaction, seams: seams)
        log.schema = MergeReport.LayerSchema.schemas(of: district.layers, from: try transaction.sources().values)
    }

    /// Takes out the sources that `district.yaml` no longer names.
    private func removeUnnamed(
        _ stored: [String: SourceRecord], _ held: [String: HeldDelivery], from transaction: MergeTransaction,
        log: inout MergeLog
    ) throws {
        guard options.sources == nil else { return }
        let named = Set(district.sources.map(\.id))
        for (id, record) in stored.sorted(by: { $0.key < $1.key }) where !named.contains(id) {
            if let removal = held[id], removal.fingerprint == nil {
                log.noteKept(record, removal)
                continue
            }
            try transaction.removeSource(record)
            log.noteRemoved(record)
        }
    }

    /// Takes one source's records from its child into the store.
    private func write(
        _ prepared: PreparedSource, _ channel: BoundedChannel<SourceEvent>, after previous: SourceRecord?,
        into transaction: MergeTransaction, found finding: inout ReferenceFinding?
    ) throws -> (source: SourceOutcome, unmatched: UnmatchedFeatures) {
        // Whatever happens here, the child must not wait for us for ever.
        defer { channel.close() }
        var outcome: SourceOutcome?
        let fieldCount = prepared.layer.schema.fields.count
        let unmatched = try transaction.writeSource(
            id: prepared.source.id, slot: prepared.source.slot, town: prepared.source.town,
            asOf: prepared.source.asOf?.description, layer: prepared.layer,
            reviewed: prepared.matches.accepted.map { ReviewedMatch($0) }
        ) { writer in
            var opening: SourceOpening?
            var waiting: [UInt8]? = []
            while let event = channel.receive() {
                try checkCancelled()
                switch event {
                case .finding(let value): finding = value
                case .opening(let value): opening = value
                case .records(let bytes):
                    try bytes.withUnsafeBytes {
                        try Self.write($0, fieldCount: fieldCount, to: writer, leaving: &waiting)
                    }
                case .summary(let summary):
                    guard let opening else { break }
                    writer.settle()
                    let late = waiting ?? []
                    waiting = nil
                    try late.withUnsafeBytes {
                        try Self.write($0, fieldCount: fieldCount, to: writer, leaving: &waiting)
                    }
                    let result = SourceOutcome(
                        prepared: prepared, opening: opening, finding: finding, summary: summary,
                        candidates: district.layers[prepared.source.layer]?
                            .candidates(among: opening.left, besides: opening.fields) ?? [])
                    guard summary.counts.isBalanced else {
                        throw MergingError(.sourceRefused, "The counts of “\(prepared.source.path)” do not balance.")
                    }
                    try refuseShrunken(prepared.source, summary.counts, after: previous)
                    outcome = result
                    return (result.record, summary.issues)
                case .failure(let error): throw error
                }
            }
            throw MergingError(.sourceRefused, "Reading “\(prepared.source.path)” ended without a result.")
        }
        guard let outcome else {
            throw MergingError(.sourceRefused, "Reading “\(prepared.source.path)” ended without a result.")
        }
        return (outcome, unmatched)
    }

    private func checkCancelled() throws {
        if options.isCancelled() {
            throw MergingError(.cancelled, "Stopped; the district is as it was before.")
        }
    }

    func storeReferenceSystem() throws -> StoreReferenceSystem {
        let crs = grid.crs
        let parts = (crs.authorityCode ?? "").split(separator: ":")
        let code = parts.count == 2 ? Int32(parts[1]) : nil
        // GeoPackage leaves the range from 100,000 to an application's own systems.
        return StoreReferenceSystem(
            id: code ?? 100_000, name: crs.name, organization: code == nil ? "MIAOPU" : String(parts[0]),
            organizationCode: code ?? 100_000, definition: (try? crs.text(as: .wkt1)) ?? crs.wkt)
    }
}
