// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Synchronization

/// What a host is doing with the plugins in its own process, written where it
/// outlives the host: a file that is mapped, so that an entry is a few stores
/// and no call of the system. When the host dies the next one reads it.
///
/// One for each process, since a process crashes once.
final class HostJournal: @unchecked Sendable {
    // The memory is mapped as long as the process lives. A slot belongs to one
    // plugin, whose calls are made one at a time; `slots` says which are taken.
    private let memory: UnsafeMutableRawPointer
    private let path: String
    private let slots = Mutex([Bool](repeating: false, count: JournalLayout.slotCount))

    /// Plugins one of which took a host with it, nobody knows which: their calls
    /// take turns, so that the next time it is known.
    let suspects: Set<String>
    /// Held during the calls of suspects.
    let turn = Mutex(())
    private let watch: CallWatch

    /// Of a state folder.
    static func folder(in stateFolder: String) -> URL {
        URL(fileURLWithPath: stateFolder, isDirectory: true).appendingPathComponent("journal")
    }

    /// The journal that crashes of this process are stored in: that of the last
    /// host in it, as an address.
    private static let current = Atomic<UInt>(0)

    /// Opens a journal, and has crashes of this process stored in it.
    ///
    /// - Parameters:
    ///   - counts: whether calls count in the plugins' public figures.
    ///   - services: who is told before the process ends itself.
    /// - Throws: `.failed` with a sentence when there is no room for it; the host
    ///   can do without.
    init(
        stateFolder: String, counts: Bool = false, services: HostServices = HostServices()
    ) throws(PluginHostingError) {
        let folder = Self.folder(in: stateFolder)
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(
                .failed, folder.path,
                "There is no journal of calls in \(folder.path), so a plugin that takes the server down cannot be "
                    + "told: \(reason).")
        }
        guard let identity = ProcessIdentity.current else { throw refuse("/proc is not there") }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw refuse(error.localizedDescription)
        }
        path = folder.appendingPathComponent("\(identity.process)-\(identity.start).journal").path
        // A host before this one in the same process is replaced.
        unlink(path)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refuse(String(cString: strerror(errno))) }
        // It stays open: when it is closed, somebody closes what is not his.
        watch = CallWatch(sentinel: Sentinel(descriptor), services: services)
        // Mapped memory without room on the disk faults when it is written to.
        let code = posix_fallocate(descriptor, 0, off_t(JournalLayout.bytes))
        guard code == 0,
            let memory = mmap(nil, JournalLayout.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else {
            unlink(path)
            throw refuse(String(cString: strerror(code == 0 ? errno : code)))
        }
        self.memory = memory
        suspects = JournalSuspects(folder: folder).plugins
        memory.store(UInt32(identity.process), at: JournalLayout.processPlace)
        memory.store(identity.start, at: JournalLayout.startPlace)
        memory.store(UInt32(counts ? 1 : 0), at: JournalLayout.countsPlace)
        memory.store(UInt32(1), at: JournalLayout.statePlace)
        memory.write(ProcessIdentity.boot.utf8, to: JournalLayout.boot)
        memory.store(JournalLayout.magic, at: JournalLayout.magicPlace)
        if CrashRecorder.reportBytes <= JournalLayout.reportRoom {
            CrashRecorder.begin(into: memory + JournalLayout.reportPlace, sentinel: descriptor)
        }
        if Self.current.exchange(UInt(bitPattern: memory), ordering: .sequentiallyConsistent) == 0 {
            // A plugin that calls exit() during a call does so on its call's thread.
            atexit {
                let address = HostJournal.current.load(ordering: .sequentiallyConsistent)
                guard let memory = UnsafeMutableRawPointer(bitPattern: address) else { return }
                memory.store(UInt32(CrashRecorder.thread), at: JournalLayout.exitThreadPlace)
            }
        }
        watch.start()
    }

    /// Reads what hosts before this one left, and opens a journal; nil, which is
    /// said, when there is no room for one.
    static func opened(_ configuration: PluginHostConfiguration, _ services: HostServices) -> HostJournal? {
        guard configuration.keepsJournal else { return nil }
        HostInquest(stateFolder: configuration.stateFolder).hold { services.log($0, .error, $1) }
        do {
            return try HostJournal(
                stateFolder: configuration.stateFolder, counts: configuration.servesDistrict, services: services)
        } catch {
            services.log("plugins", .warning, error.description)
            return nil
        }
    }

    /// A place for a plugin's calls; nil when all are taken.
    func slot(for subject: CrashSubject) -> JournalSlot? {
        let index = slots.withLock { slots -> Int? in
            guard let index = slots.firstIndex(of: false) else { return nil }
            slots[index] = true
            return index
        }
        return index.map { index in
            JournalSlot(
                memory: memory + JournalLayout.slotsPlace + index * JournalLayout.slotBytes, subject: subject,
                watch: watch
            ) { [self] in
                slots.withLock { $0[index] = false }
            }
        }
    }

    /// The host ends in order: nothing is left for the next one to read, unless
    /// a call is still in progress that could yet take the process with it.
    func close() {
        let isBusy = (0..<JournalLayout.slotCount).contains { index in
            memory.number(JournalLayout.slotsPlace + index * JournalLayout.slotBytes, UInt32.self) == 2
        }
        guard !isBusy else { return }
        memory.store(UInt32(2), at: JournalLayout.statePlace)
        unlink(path)
    }
}

/// The entry of one plugin. Its calls come one at a time.
final class JournalSlot: @unchecked Sendable {
    // Written by the thread that makes the plugin's call, and `log` under the
    // lock of `PluginLog`, to another part of the memory.
    private let memory: UnsafeMutableRawPointer
    private let watch: CallWatch
    private let onEnd: @Sendable () -> Void

    fileprivate init(
        memory: UnsafeMutableRawPointer, subject: CrashSubject, watch: CallWatch,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.memory = memory
        self.watch = watch
        self.onEnd = onEnd
        memory.write(subject.plugin.utf8, to: JournalLayout.plugin)
        memory.write(subject.version.utf8, to: JournalLayout.version)
        memory.write(subject.buildID.utf8, to: JournalLayout.buildID)
        memory.write(subject.library.utf8, to: JournalLayout.library)
        memory.write("".utf8, to: JournalLayout.log)
        memory.store(UInt32(1), at: JournalLayout.slotStatePlace)
    }

    deinit {
        memory.store(UInt32(0), at: JournalLayout.slotStatePlace)
        onEnd()
    }

    /// Before a call. The stores are there before the call: a compiler may not
    /// move them past a function that it knows nothing of.
    ///
    /// - Parameter limits: beyond which the host is given up for the call.
    func begin(_ request: [UInt8], summary: String, within limits: CallWatch.Limits) {
        memory.store(UInt32(CrashRecorder.thread), at: JournalLayout.threadPlace)
        memory.store(UInt64(Date().timeIntervalSince1970 * 1000), at: JournalLayout.timePlace)
        memory.store(UInt64(request.count), at: JournalLayout.requestBytesPlace)
        memory.write(summary.utf8, to: JournalLayout.summary)
        let kept = min(request.count, JournalLayout.request.count)
        request.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            (memory + JournalLayout.request.place).copyMemory(from: start, byteCount: kept)
        }
        memory.store(UInt32(0), at: JournalLayout.overrunPlace)
        memory.store(UInt32(2), at: JournalLayout.slotStatePlace)
        watch.begin(self, within: limits)
    }

    /// Why the host ends itself during the call.
    func note(_ overrun: Overrun) {
        memory.store(overrun.amount, at: JournalLayout.amountPlace)
        memory.store(overrun.number, at: JournalLayout.overrunPlace)
    }

    /// After it.
    func end() {
        watch.end(self)
        memory.store(UInt32(1), at: JournalLayout.slotStatePlace)
    }

    /// The plugin's last words, for when the host dies.
    func setLog(_ lines: [String]) {
        let text = lines.joined(separator: "\n").utf8
        memory.write(text.suffix(JournalLayout.log.count - 1), to: JournalLayout.log)
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func store<Number: FixedWidthInteger>(_ number: Number, at place: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: place, as: Number.self)
    }

    fileprivate func number<Number: FixedWidthInteger>(_ place: Int, _ type: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: place, as: type))
    }

    /// As much of a text as its field has room for, and a zero.
    fileprivate func write(_ text: some Collection<UInt8>, to field: JournalLayout.Field) {
        let count = min(text.count, field.count - 1)
        let target = UnsafeMutableRawBufferPointer(start: self + field.place, count: count)
        target.copyBytes(from: text.prefix(count))
        storeBytes(of: 0, toByteOffset: field.place + count, as: UInt8.self)
    }
}
