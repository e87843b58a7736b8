// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The memory of a process as the kernel counts it.
enum MemoryUse {
    /// Address space and resident memory in bytes; nil when there is no such
    /// process.
    static func read(process: String) -> (size: Int, resident: Int)? {
        guard let file = fopen("/proc/\(process)/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let words = line.prefix { $0 != 0 }.split(separator: 32)
        guard words.count >= 2, let size = pages(words[0]), let resident = pages(words[1]) else { return nil }
        let page = sysconf(Int32(_SC_PAGESIZE))
        return (size * page, resident * page)
    }

    private static func pages(_ word: ArraySlice<CChar>) -> Int? {
        Int(String(decoding: word.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}

/// The ceiling of memory under which a process lives, as the process itself sees
/// it.
public enum MemoryCeiling {
    /// Whether this process has held nearly all of the address space that it may
    /// have: libraries that get no more memory often say something else.
    public static var wasNearlyReached: Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
            let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmPeak:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ rlim_t($0) })
        else { return false }
        return kilobytes * 1024 >= limit.rlim_cur / 8 * 7
    }
}
