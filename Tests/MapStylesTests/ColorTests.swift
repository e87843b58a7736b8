// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import MapStyles

@Suite struct ColorTests {
    @Test(arguments: [
        ("red", "rgba(255,0,0,1)"), (" RebeccaPurple\n", "rgba(102,51,153,1)"), ("transparent", "rgba(0,0,0,0)"),
        ("#fc0", "rgba(255,204,0,1)"), ("#FC08", "rgba(255,204,0,0.5333333333333333)"),
        ("#12345680", "rgba(18,52,86,0.5019607843137255)"), ("rgb(1, 2, 3)", "rgba(1,2,3,1)"),
        ("rgb(1 2 3 / 50%)", "rgba(1,2,3,0.5)"), ("rgba(300,-5,0,2)", "rgba(255,0,0,1)"),
        ("rgb(100% 0% 50%)", "rgba(255,0,128,1)"), ("hsl(120, 100%, 25%)", "rgba(0,128,0,1)"),
        ("hsla(-120deg 100% 50% / .25)", "rgba(0,0,255,0.25)"), ("hsl(480,100%,50%)", "rgba(0,255,0,1)"),
    ])
    func `CSS colours are read`(text: String, expected: String) throws {
        #expect(try #require(Color(css: text)).description == expected)
    }

    @Test(arguments: [
        "", "redd", "#ff", "#ggg", "#12345", "rgb(1,2)", "rgb(1,2,3", "rgb(1 2,3)", "rgb(1,2 3)", "rgb(1,2,3/4)",
        "rgb(1%,2,3)", "hsl(1,2,3)", "hsl(10%,2%,3%)", "rgb(1,2,3,4,5)", "rgb(nan,0,0)", "__proto__", "rgb (1,2,3)",
    ])
    func `What is no colour is refused`(text: String) {
        #expect(Color(css: text) == nil)
    }

    @Test func `Premultiplied components carry the opacity`() throws {
        let color = try #require(Color(css: "rgba(255, 0, 51, 0.5)"))
        #expect(color.premultiplied == SIMD4<Float>(0.5, 0, 0.1, 0.5))
        #expect(color.multiplied(byOpacity: 0.5).alpha == 0.25)
    }

    @Test func `A colour half way depends on the space`() throws {
        let (red, blue) = (try #require(Color(css: "red")), try #require(Color(css: "blue")))
        func middle(_ space: InterpolationSpace) -> String {
            Color.interpolated(from: red, to: blue, fraction: 0.5, space: space).description
        }
        #expect(middle(.rgb) == "rgba(128,0,128,1)")
        #expect(middle(.lab) == "rgba(193,0,136,1)")
        #expect(middle(.hcl) == "rgba(245,0,134,1)")
    }

    @Test func `A fade to a transparent colour takes its hue along`() throws {
        let clear = try #require(Color(css: "#0000ff00"))
        #expect(Color.interpolated(from: .white, to: clear, fraction: 0.5).description == "rgba(128,128,255,0.5)")
    }
}
