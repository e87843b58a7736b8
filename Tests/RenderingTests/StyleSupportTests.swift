// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@testable import MapStyles
@testable import Rendering

/// docs/styles.md says what is drawn; these tests compare it with the program.
@Suite struct StyleSupportTests {
    private let page: String

    init() throws {
        page = try String(contentsOf: PackageFolder.url.appendingPathComponent("docs/styles.md"), encoding: .utf8)
    }

    /// The names in code marks below a heading, up to the next.
    private func names(below heading: String) throws -> [String] {
        let start = try #require(page.range(of: "\n## \(heading)\n")).upperBound
        let section = page[start...].components(separatedBy: "\n## ")[0]
        return section.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }

    @Test func `Every property of a drawn type stands in one table`() throws {
        let listed = try ["Drawn", "Without effect", "Not drawn"].flatMap { try names(below: $0) }
        for type in StyleLayerType.allCases where type.isDrawn {
            let reference = try #require(StyleReference.layers[type])
            for property in reference.layout + reference.paint {
                #expect(listed.count { $0 == property.name } == 1, "\(property.name)")
            }
        }
    }

    @Test func `Every operator is listed, and none that there is not`() throws {
        let kinds = try names(below: "Expressions")
        #expect(Set(kinds).count == kinds.count)
        #expect(Set(kinds) == Set(ExpressionParser.operators.keys))
    }

    @Test(arguments: [
        ("symbol", "icon-image", #""p""#), ("symbol", "text-writing-mode", #"["vertical"]"#),
    ])
    func `What is not drawn is named`(_ type: String, _ property: String, _ value: String) throws {
        #expect(try names(below: "Not drawn").contains(property))
        #expect(try notDrawn(type, #", "layout": { "\#(property)": \#(value) }"#) == ["a: \(property)"])
    }

    @Test func `Types that are not drawn are named`() throws {
        let listed = try names(below: "Not drawn")
        for type in StyleLayerType.allCases where !type.isDrawn {
            #expect(listed.contains(type.rawValue))
        }
        #expect(try notDrawn("heatmap", "") == ["a: heatmap layer"])
    }

    @Test(arguments: [
        #", "filter": ["<", ["distance", { "type": "Point", "coordinates": [0, 0] }], 5]"#,
        #"""
        , "paint": { "circle-opacity": ["case", ["within", { "type": "Polygon",
            "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]] }], 1, 0] }
        """#,
    ])
    func `Expressions that need the geometry are named`(_ members: String) throws {
        #expect(try notDrawn("circle", members) == ["a: within or distance"])
    }

    private func notDrawn(_ type: String, _ members: String) throws -> [String] {
        let source = type == "background" ? "" : #", "source": "s""#
        let style = try Style(
            parsing: """
                { "version": 8, "sources": { "s": { "type": "geojson", "lineMetrics": true,
                    "data": { "type": "FeatureCollection", "features": [] } } },
                  "layers": [{ "id": "a", "type": "\(type)"\(source)\(members) }] }
                """)
        return try #require(style.layers.first).notDrawn
    }
}
