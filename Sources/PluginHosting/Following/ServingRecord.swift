// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc
import Synchronization

/// What the host that serves a district has of plugins, in
/// `state/plugins/serving.json`, for programs beside it: to find out by starting
/// them would be to start them twice on one database.
///
/// The lock beside it says whether the file is of a host that lives: the kernel
/// lets go of it when the process ends in whatever way.
final class ServingRecord: Sendable {
    /// What stands in the file.
    struct Content: Codable {
        var standings: [PluginStanding] = []
        /// All libraries that were looked at, those that are no plugins with them.
        var libraries: [String] = []
    }

    private let stateFolder: String
    /// Nil when it is closed.
    private let lock: Mutex<Int32?>
    /// As long as it is held no command starts the plugins.
    private let turn: Mutex<PluginTurn?>
    private let log: @Sendable (String) -> Void

    /// Takes the lock, which hosts of one district share.
    init(stateFolder: String, log: @escaping @Sendable (String) -> Void) {
        self.stateFolder = stateFolder
        self.log = log
        try? FileManager.default.createDirectory(
            atPath: Self.folder(in: stateFolder), withIntermediateDirectories: true)
        let descriptor = open(Self.lockFile(in: stateFolder), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        lock = Mutex(descriptor >= 0 ? descriptor : nil)
        turn = Mutex(nil)
        // Whoever asks whether there is a host holds it for a moment.
        guard descriptor >= 0, flock(descriptor, LOCK_SH) == 0 else {
            log(
                "\(Self.lockFile(in: stateFolder)) cannot be locked (\(String(cString: strerror(errno)))); `miaopu plugin "
                    + "list` will not see that the district is served.")
            return
        }
        turn.withLock { $0 = PluginTurn(serving: stateFolder, log: log) }
        write([])
    }

    /// Writes down what there is now.
    func write(_ findings: [PluginOutcome], _ descriptions: [PluginDescription] = []) {
        lock.withLock { lock in
            guard lock != nil else { return }
            do {
                let content = Content(
                    standings: descriptions.map(PluginStanding.init), libraries: findings.map(\.library))
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                try encoder.encode(content).write(
                    to: URL(fileURLWithPath: Self.file(in: stateFolder)), options: .atomic)
            } catch {
                log("\(Self.file(in: stateFolder)) cannot be written: \(error.localizedDescription)")
            }
        }
    }

    /// The host ends.
    func close() {
        turn.withLock { $0 = nil }
        lock.withLock { lock in
            guard let descriptor = lock else { return }
            Glibc.close(descriptor)
            lock = nil
        }
    }

    deinit {
        close()
    }

    /// Whether a host serves the district now.
    static func isHeld(stateFolder: String) -> Bool {
        let descriptor = open(lockFile(in: stateFolder), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        // Where nothing can be locked nobody holds anything.
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    static func read(stateFolder: String) throws -> Content {
        try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(fileURLWithPath: file(in: stateFolder))))
    }

    static func file(in stateFolder: String) -> String { "\(folder(in: stateFolder))/serving.json" }

    private static func lockFile(in stateFolder: String) -> String { "\(folder(in: stateFolder))/serving.lock" }

    private static func folder(in stateFolder: String) -> String { "\(stateFolder)/plugins" }
}
