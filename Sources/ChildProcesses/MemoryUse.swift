// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The memory of a process as the kernel counts it.
public enum MemoryUse {
    /// Memory of this process that nothing but itself fills, in bytes: what is
    /// mapped from files can be had again and does not count. Nil where there is
    /// no /proc.
    public static var own: Int? {
        guard let pages = pages(of: "self"), pages.count >= 3 else { return nil }
        return (pages[1] - pages[2]) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Address space and resident memory in bytes; nil when there is no such
    /// process.
    static func read(process: String) -> (size: Int, resident: Int)? {
        guard let pages = pages(of: process), pages.count >= 2 else { return nil }
        let page = sysconf(Int32(_SC_PAGESIZE))
        return (pages[0] * page, pages[1] * page)
    }

    /// Address space, resident memory, that of it which is mapped from files, in
    /// pages, and more.
    private static func pages(of process: String) -> [Int]? {
        guard let file = fopen("/proc/\(process)/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        return line.prefix { $0 != 0 && $0 != 10 }.split(separator: 32).compactMap {
            Int(String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
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
