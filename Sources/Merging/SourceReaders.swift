// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import DistrictStores
import Districts
import Formats
import Foundation

/// What a child says about its source, in order.
enum SourceEvent: Sendable {
    case finding(ReferenceFinding)
    case opening(SourceOpening)
    case records([UInt8])
    case summary(SourceSummary)
    case failure(MergingError)
}

/// Reads sources in children, a few at a time, in the order in which their
/// records are wanted. A child that runs ahead of the store waits.
final class SourceReaders: @unchecked Sendable {
    // `next` and `isStopped` are guarded by `lock`; the rest never changes.
    private let lock = NSLock()
    private var next = 0
    private var isStopped = false
    private let jobs: [(id: String, job: SourceJob)]
    private let channels: [String: BoundedChannel<SourceEvent>]
    private let options: Merger.Options
    private let limits: ChildLimits
    private let group = DispatchGroup()

    /// Some 16 MB of finished records may wait for the store, for each child.
    private static let waitingFrames = 64

    init(_ sources: [PreparedSource], options: Merger.Options, limits: ReadingLimits) {
        jobs = sources.map { ($0.source.id, $0.job) }
        channels = Dictionary(
            uniqueKeysWithValues: sources.map { ($0.source.id, BoundedChannel(capacity: Self.waitingFrames)) })
        self.options = options
        self.limits = ChildLimits(limits)
        for number in 0..<min(options.workers, jobs.count) {
            group.enter()
            let thread = Thread { [self] in
                work()
                group.leave()
            }
            thread.name = "source reader \(number)"
            thread.start()
        }
    }

    /// The records of a source, to be taken until its summary or failure.
    func channel(of source: PreparedSource) -> BoundedChannel<SourceEvent> {
        channels[source.source.id] ?? BoundedChannel(capacity: 1)
    }

    /// Ends all children and waits until they are gone.
    func stop() {
        lock.withLock { isStopped = true }
        for channel in channels.values { channel.close() }
        group.wait()
    }

    private func take() -> (id: String, job: SourceJob)? {
        lock.withLock {
            guard !isStopped, next < jobs.count else { return nil }
            next += 1
            return jobs[next - 1]
        }
    }

    private func work() {
        while let (id, job) = take() {
            guard let channel = channels[id] else { continue }
            if let error = read(job, into: channel) { _ = channel.send(.failure(error)) }
            channel.close()
        }
    }

    /// The receiver has gone: not an error of the source.
    private struct Abandoned: Error {}

    private func read(_ job: SourceJob, into channel: BoundedChannel<SourceEvent>) -> MergingError? {
        do {
            let request = try JSONEncoder().encode(job)
            let exit = try ChildProcess.run(
                job: ReadSourceJob.name, request: Array(request), limits: limits, executable: options.executable,
                temporaryDirectory: options.temporaryDirectory,
                isCancelled: { [self] in lock.withLock { isStopped } || options.isCancelled() }
            ) { frame in
                guard channel.send(try SourceEvent(frame)) else { throw Abandoned() }
            }
            if case .killed(let death) = exit.ending, death.cause == .cancelled { return nil }
            return exit.refusal(of: job.dataset.displayName)
        } catch is Abandoned {
            return nil
        } catch let error as MergingError {
            return error
        } catch {
            return MergingError(.system, "A process to read “\(job.dataset.path)” cannot be run: \(error)")
        }
    }
}

extension SourceEvent {
    fileprivate init(_ frame: ChildFrame) throws {
        let decoder = JSONDecoder()
        switch frame.kind {
        case SourceFrame.opening: self = .opening(try decoder.decode(SourceOpening.self, from: Data(frame.payload)))
        case SourceFrame.finding: self = .finding(try decoder.decode(ReferenceFinding.self, from: Data(frame.payload)))
        case SourceFrame.records: self = .records(frame.payload)
        case SourceFrame.summary: self = .summary(try decoder.decode(SourceSummary.self, from: Data(frame.payload)))
        case SourceFrame.refusal:
            self = .failure(MergingError(.sourceRefused, String(decoding: frame.payload, as: UTF8.self)))
        case SourceFrame.breakdown:
            self = .failure(MergingError(.system, String(decoding: frame.payload, as: UTF8.self)))
        default:
            throw MergingError(.sourceRefused, "The process that read the file answered with an unknown frame.")
        }
    }
}
