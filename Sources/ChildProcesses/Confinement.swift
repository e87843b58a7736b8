// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// Parent to child: what it may use and where it works.
struct Charter: Codable {
    var limits: ChildLimits
    var scratch: String
}

/// What a child does to itself before it runs a job.
enum Confinement {
    /// The child has nothing open but standard streams and its socket.
    static let socketDescriptor: Int32 = 3

    /// Sets ceilings and gives up rights, for good.
    ///
    /// A process that will be another program needs `mayExecute`, and keeps it: a
    /// filter cannot be told to allow the first program only, and the program
    /// itself would have to set a stricter one. What is lost is little. All else
    /// of the filter, the ceilings and the ban on new rights pass on to whatever
    /// is executed, so that other programs can do nothing there that the
    /// program's own code could not do.
    ///
    /// - Returns: what the kernel granted. Ceilings that cannot be set are an
    ///   error; isolation depends on the kernel and is reported.
    static func begin(_ limits: ChildLimits, mayExecute: Bool = false) throws -> ChildIsolation {
        try ceiling(RLIMIT_CORE, "of core dumps", 0, 0)
        // The soft limit's signal tells the parent why; the hard one cannot be
        // ignored.
        try ceiling(RLIMIT_CPU, "of processor time", limits.cpuSeconds, limits.cpuSeconds + 2)
        try ceiling(RLIMIT_AS, "of memory", limits.addressSpaceBytes, limits.addressSpaceBytes)
        try ceiling(RLIMIT_FSIZE, "of file size", limits.fileBytes, limits.fileBytes)
        try ceiling(RLIMIT_NOFILE, "of open files", limits.openFiles, limits.openFiles)
        guard miaopu_give_up_privileges() == 0 else {
            throw ChildProcessesError.system("Giving up the rights of a child process", code: errno)
        }
        // The filter is the stronger of the two and works in containers; the
        // namespace is for kernels built without filters.
        if miaopu_forbid_system_calls(mayExecute ? 1 : 0) == 0 {
            return ChildIsolation(filtersSystemCalls: true, hasOwnNetwork: false)
        }
        let isRoot = geteuid() == 0
        let left = miaopu_leave_network(isRoot ? 0 : 1) == 0
        return ChildIsolation(filtersSystemCalls: false, hasOwnNetwork: left)
    }

    private static func ceiling(_ resource: __rlimit_resource, _ what: String, _ soft: Int, _ hard: Int) throws {
        let kind = __rlimit_resource_t(resource.rawValue)
        var limit = rlimit()
        getrlimit(kind, &limit)
        // Where the system already allows less, that stands.
        limit.rlim_max = min(rlim_t(max(0, hard)), limit.rlim_max)
        limit.rlim_cur = min(rlim_t(max(0, soft)), limit.rlim_max)
        guard setrlimit(kind, &limit) == 0 else {
            throw ChildProcessesError.system("Setting the ceiling \(what) of a child process", code: errno)
        }
    }
}
