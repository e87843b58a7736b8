// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import SimpleFeatures
import SwiftProtobuf
import Testing

@Suite struct PluginContractTests {
    @Test(arguments: ["flood", "a", "my-plugin-2", String(repeating: "a", count: 32)])
    func identifiersAreShortAndLowerCase(_ text: String) {
        #expect(PluginContract.isIdentifier(text))
    }

    @Test(arguments: ["", "Flood", "2nd", "-a", "a.b", "a/b", "..", "防汛", "a b", String(repeating: "a", count: 33)])
    func otherTextsAreNoIdentifiers(_ text: String) {
        #expect(!PluginContract.isIdentifier(text))
    }

    @Test func geometryTypesHaveTheNumbersOfWKB() {
        for type in GeometryType.allCases { #expect(WireGeometryType(type).geometryType == type) }
        #expect(WireGeometryType.UNRECOGNIZED(42).geometryType == nil)
    }

    @Test func everyFieldTypeHasAMessage() {
        for type in FieldType.allCases { #expect(WireFieldType(type).fieldType == type) }
    }

    @Test func fieldsThatANewerSideAddsAreSkipped() throws {
        var manifest = WireManifest()
        manifest.id = "flood"
        // Field 1000, a varint; field 1001, bytes.
        let bytes: [UInt8] = try manifest.serializedBytes() + [0xc0, 0x3e, 0x05, 0xca, 0x3e, 0x02, 0x41, 0x42]
        #expect(try WireManifest(serializedBytes: bytes).id == "flood")
    }

    @Test func aCallThatIsNotKnownIsNoCall() throws {
        #expect(try WirePluginRequest(serializedBytes: [0xc2, 0x3e, 0x00]).call == nil)
    }
}
