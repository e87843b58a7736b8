// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What a merge says of a district whose faults are known, on a seed that nothing
/// was made to fit.
@Suite struct `A merge of planted faults` {
    @Test(.enabled(if: Program.isLong)) func `finds them all, and speaks of nothing else`() throws {
        let seed = UInt64.random(in: 1...1_000_000)
        let tool = Program.package.appendingPathComponent("tools/truth/truth.py").path
        let result = try #require(
            try Program.tool("python3", [tool, "--miaopu", Program.executable.path, "--seed", "\(seed)"]))
        print(result.output)
        #expect(result.status == 0, "seed \(seed): \(result.output) \(result.errors)")
    }
}
