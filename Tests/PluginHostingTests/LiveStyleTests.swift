// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import PluginHosting

@Suite struct LiveStyleTests {
    @Test func sourceAndIdsAreFilledIn() throws {
        let style = try LiveStyle.complete("[{\"id\":\"a\",\"type\":\"fill\",\"source\":\"x\"}]", layer: "p.l")
        #expect(style == "[{\"id\":\"p.l/a\",\"source\":\"p.l\",\"source-layer\":\"p.l\",\"type\":\"fill\"}]")
    }

    @Test(arguments: [
        ("", "no JSON array"), ("{}", "no JSON array"), ("[]", "no JSON array"), ("[1]", "no JSON array"),
        ("[{\"id\":\"a\"}]", "has the type (none)"), ("[{\"id\":\"a\",\"type\":\"raster\"}]", "has the type raster"),
        ("[{\"type\":\"fill\"}]", "no id of its own"),
        ("[{\"id\":\"a\",\"type\":\"fill\"},{\"id\":\"a\",\"type\":\"line\"}]", "no id of its own"),
    ])
    func whatIsNoStyleIsRefused(_ text: String, _ part: String) {
        let fault = #expect(throws: LiveStyle.Fault.self) { try LiveStyle.complete(text, layer: "p.l") }
        #expect(fault?.description.contains(part) == true, "\(fault?.description ?? "")")
    }
}
