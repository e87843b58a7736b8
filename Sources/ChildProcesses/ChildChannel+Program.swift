// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

extension ChildChannel {
    /// Puts another program into the place of this one. Ceilings, filter and the
    /// end with the parent stay; the socket stays descriptor 3, `scratch` is in
    /// `TMPDIR`, and everything else but the standard streams is closed.
    ///
    /// For jobs with `ChildJob.becomesProgram` only. Returns only by throwing.
    ///
    /// - Parameters:
    ///   - path: the program's file.
    ///   - arguments: the first is the program's name.
    ///   - folder: its working directory.
    /// - Throws: `.systemRefused` when the program cannot be executed or the folder
    ///   not be entered.
    public func become(_ path: String, arguments: [String], in folder: String) throws -> Never {
        guard chdir(folder) == 0 else {
            throw ChildProcessesError.system("Entering the folder “\(folder)”", code: errno)
        }
        setenv("TMPDIR", scratch.path, 1)
        _ = miaopu_close_from(UInt32(Confinement.socketDescriptor) + 1)
        let copies = arguments.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        execv(path, copies + [nil])
        throw ChildProcessesError.system("Executing “\(path)”", code: errno)
    }
}
