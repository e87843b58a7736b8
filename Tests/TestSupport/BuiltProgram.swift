// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The program whose children read what is dangerous.
public enum BuiltProgram {
    /// `MIAOPU_EXECUTABLE`, or the `miaopu` that was built beside the tests; nil
    /// when there is none, which is printed, since the tests that need it are
    /// then skipped.
    public static let path: String? = {
        if let path = ProcessInfo.processInfo.environment["MIAOPU_EXECUTABLE"] { return path }
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = folder.appendingPathComponent("miaopu").path
        if FileManager.default.isExecutableFile(atPath: path) { return path }
        print("skipped: no program to run children of; build miaopu, or name one in MIAOPU_EXECUTABLE")
        return nil
    }()
}
