// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// How a process of ours is started: which descriptors it gets, which signals it
/// hears, and with whom it shares its process group.
struct SpawnPlan: ~Copyable {
    private var actions = posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()
    private var gifts: [(descriptor: Int32, number: Int32)] = []

    /// A process that has no signal blocked.
    ///
    /// - Parameters:
    ///   - resetting: signals that do again what they do without a handler.
    ///   - ownGroup: it is the head of its own process group, so that Ctrl-C in a
    ///     terminal reaches this process alone, which then decides.
    init(resetting: sigset_t, ownGroup: Bool) {
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var resetting = resetting
        posix_spawnattr_setsigdefault(&attributes, &resetting)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = ownGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))
    }

    deinit {
        var (actions, attributes) = (actions, attributes)
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }

    /// Gives the process one of our descriptors under another number.
    mutating func give(_ descriptor: Int32, as number: Int32) {
        gifts.append((descriptor, number))
    }

    /// Opens a file for it to read.
    mutating func open(_ path: String, as number: Int32) {
        posix_spawn_file_actions_addopen(&actions, number, path, O_RDONLY, 0)
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - arguments: the first is its name.
    ///   - environment: `NAME=value` each; nil: ours.
    /// - Throws: `.systemRefused`, with what was being done.
    mutating func start(
        _ program: String, arguments: [String], environment: [String]? = nil, doing what: String
    ) throws -> pid_t {
        // Ours may have numbers that others are to get: each goes by way of a number
        // that nothing has. A copy is free of close-on-exec, also under its old number.
        let free = (gifts.flatMap { [$0.descriptor, $0.number] }.max() ?? 0) + 1
        let ways = gifts.indices.map { free + Int32($0) }
        for (gift, way) in zip(gifts, ways) { posix_spawn_file_actions_adddup2(&actions, gift.descriptor, way) }
        for (gift, way) in zip(gifts, ways) {
            posix_spawn_file_actions_adddup2(&actions, way, gift.number)
            posix_spawn_file_actions_addclose(&actions, way)
        }
        var process: pid_t = 0
        let code = Self.withCStrings(arguments) { words in
            guard let environment else {
                return posix_spawn(&process, program, &actions, &attributes, words, environ)
            }
            return Self.withCStrings(environment) { variables in
                posix_spawn(&process, program, &actions, &attributes, words, variables)
            }
        }
        guard code == 0 else { throw ChildProcessesError.system(what, code: code) }
        return process
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
