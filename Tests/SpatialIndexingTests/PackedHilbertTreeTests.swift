// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SpatialIndexing
import TestSupport
import Testing

private func randomBox(_ spread: Int32, _ size: Int32, _ generator: inout SeededGenerator) -> GridBox {
    let x = Int32.random(in: -spread...spread, using: &generator)
    let y = Int32.random(in: -spread...spread, using: &generator)
    return GridBox(
        minX: x, minY: y, maxX: x + .random(in: 0...size, using: &generator),
        maxY: y + .random(in: 0...size, using: &generator))
}

/// The numbers that a search gives.
private func search(_ tree: PackedHilbertTreeView, _ query: GridBox) -> [Int] {
    var found: [Int] = []
    tree.search(query) {
        found.append($0)
        return true
    }
    return found
}

@Suite struct PackedHilbertTreeTests {
    @Test(arguments: [0, 1, 2, 15, 16, 17, 255, 256, 257, 4096, 5000])
    func `a search finds what brute force finds`(count: Int) throws {
        let seed = UInt64(count) + 99
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let boxes = (0..<count).map { _ in randomBox(1_000_000, 20_000, &generator) }
        let bytes = PackedHilbertTree.build(boxes)
        try bytes.withUnsafeBytes { buffer in
            let tree = try #require(PackedHilbertTreeView(buffer))
            #expect(tree.count == count)
            #expect(search(tree, .everything).sorted() == Array(0..<count))
            for _ in 0..<60 {
                let query = randomBox(1_100_000, 200_000, &generator)
                #expect(search(tree, query).sorted() == boxes.indices.filter { boxes[$0].intersects(query) })
            }
            let all = boxes.reduce(into: GridBox.empty) { $0.expand(toContain: $1) }
            #expect(tree.envelope == all)
        }
    }

    @Test func `sorted boxes keep their numbers and come in rising order`() throws {
        var generator = SeededGenerator(seed: 4)
        let boxes = (0..<3000).map { _ in randomBox(.max / 2, 1000, &generator) }.sorted {
            $0.hilbertIndex < $1.hilbertIndex
        }
        let bytes = PackedHilbertTree.build(sorted: boxes)
        try bytes.withUnsafeBytes { buffer in
            let tree = try #require(PackedHilbertTreeView(buffer))
            #expect(search(tree, .everything) == Array(0..<3000))
            for (index, box) in boxes.enumerated() { #expect(tree.itemBox(index) == box) }
            #expect(tree.itemBox(3000).isEmpty && tree.itemBox(-1).isEmpty)
            let half = GridBox(minX: .min, minY: .min, maxX: 0, maxY: .max)
            let found = search(tree, half)
            #expect(found == found.sorted())
        }
    }

    @Test func `a search stops when it is told to`() throws {
        let bytes = PackedHilbertTree.build((0..<100).map { GridBox(minX: $0, minY: 0, maxX: $0, maxY: 0) })
        try bytes.withUnsafeBytes { buffer in
            let tree = try #require(PackedHilbertTreeView(buffer))
            var visits = 0
            let finished = tree.search(.everything) { _ in
                visits += 1
                return visits < 7
            }
            #expect(!finished && visits == 7)
        }
    }

    @Test func `equal boxes keep their order`() {
        let box = GridBox(minX: 1, minY: 1, maxX: 2, maxY: 2)
        #expect(PackedHilbertTree.order(of: [GridBox](repeating: box, count: 40)) == Array(0..<40))
    }

    @Test func `permutations sort like the standard library`() {
        var generator = SeededGenerator(seed: 8)
        for limit in [3, 1000, UInt64.max] {
            let keys = (0..<2000).map { _ in UInt64.random(in: 0...limit, using: &generator) }
            let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { UInt32($0) }
            #expect(HilbertOrder.permutation(sorting: keys) == expected)
        }
        #expect(HilbertOrder.permutation(sorting: []) == [])
    }

    @Test func `damaged bytes are refused or searched without harm`() throws {
        var generator = SeededGenerator(seed: 21)
        let bytes = PackedHilbertTree.build((0..<700).map { _ in randomBox(10_000, 500, &generator) })
        for count in [0, 3, 15, 16, 17, bytes.count - 1] {
            Array(bytes.prefix(count)).withUnsafeBytes { #expect(PackedHilbertTreeView($0) == nil) }
        }
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<4 {
                let index =
                    Bool.random(using: &generator)
                    ? Int.random(in: 0..<16, using: &generator) : Int.random(in: 0..<damaged.count, using: &generator)
                damaged[index] = .random(in: 0 ... .max, using: &generator)
            }
            damaged.withUnsafeBytes { buffer in
                guard let tree = PackedHilbertTreeView(buffer) else { return }
                _ = search(tree, .everything)
                _ = search(tree, randomBox(10_000, 3000, &generator))
            }
        }
    }
}
