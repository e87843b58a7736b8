// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import Testing

@testable import MiaopuSDK

@Suite struct StampTests {
    @Test func theStampSaysWhatTheContractSays() {
        #expect(contractStamp.2 == PluginContract.version)
        #expect([compilerStamp.3, compilerStamp.4, compilerStamp.5] == PluginContract.compiler)
        #expect(compilerStamp.2 == 2)
        #expect([targetStamp.2, targetStamp.3] == PluginContract.target)
        #expect(MemoryLayout<StampRecord>.size == 32)
    }

    @Test func everyRecordHasItsKind() {
        let records = [contractStamp, sdkStamp, compilerStamp, targetStamp]
        #expect(records.map(\.1) == [1, 2, 3, 4])
        #expect(records.allSatisfy { $0.0 == 0x504f_414d })
    }
}
