// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The water of a stretch of a canal.
struct Canal: Sendable {
    var name: String
    var ground: Polygon
    /// The towns that it may lie in.
    var towns: Set<Int>
}

/// Draws the streets, canals and other ways of the whole district, and cuts them
/// where towns meet.
struct LineDrawing {
    let streets: StreetPlan
    let locator: TownLocator
    let ways: Ways
    let plan: BlockPlan
    let seed: UInt64

    var roads: [[DemoFeature]] = []
    var railways: [[DemoFeature]] = []
    var rivers: [[DemoFeature]] = []
    var canals: [Canal] = []

    init(streets: StreetPlan, locator: TownLocator, ways: Ways, plan: BlockPlan, seed: UInt64) {
        self.streets = streets
        self.locator = locator
        self.ways = ways
        self.plan = plan
        self.seed = seed
    }

    mutating func draw(towns: Int) {
        roads = Array(repeating: [], count: towns)
        railways = roads
        rivers = roads
        for way in ways.motorways { add(way.line, name: way.name, road: RoadClass(rawValue: way.code) ?? .trunk) }
        for way in ways.railways {
            for piece in locator.cut(way.line) {
                railways[piece.town].append(
                    DemoFeature(.lineString(LineString(piece.line)), [.text(way.name), .text(way.code)]))
            }
        }
        drawStreets()
        drawLanes()
        drawCanals()
    }

    private mutating func add(_ line: [Coordinate], name: String, road: RoadClass) {
        for piece in locator.cut(line) {
            let values: [AttributeValue] = [
                name.isEmpty ? .null : .text(name), .text(road.rawValue), .real(road.width),
                .integer(Int64(road.lanes)),
            ]
            roads[piece.town].append(DemoFeature(.lineString(LineString(piece.line)), values))
        }
    }

    // MARK: Streets

    private mutating func drawStreets() {
        for i in streets.northward.indices {
            drawStreet(
                streets.northward[i],
                steps: streets.eastward.indices.dropLast().map { j in
                    (streets.crossing(i, j), streets.crossing(i, j + 1), plan.block(i - 1, j), plan.block(i, j))
                })
        }
        for j in streets.eastward.indices {
            drawStreet(
                streets.eastward[j],
                steps: streets.northward.indices.dropLast().map { i in
                    (streets.crossing(i, j), streets.crossing(i + 1, j), plan.block(i, j - 1), plan.block(i, j))
                })
        }
    }

    private typealias Step = (from: Coordinate, to: Coordinate, one: Block?, other: Block?)

    /// One street, in features of at most four steps.
    private mutating func drawStreet(_ line: StreetPlan.Line, steps: [Step]) {
        var run: [Coordinate] = []
        for step in steps {
            if isBuilt(line.road, step) {
                if run.isEmpty { run = [step.from] }
                run.append(step.to)
                if run.count < 5 { continue }
            }
            if run.count > 1 { add(run, name: line.name, road: line.road) }
            run = []
        }
        if run.count > 1 { add(run, name: line.name, road: line.road) }
    }

    private func isBuilt(_ road: RoadClass, _ step: Step) -> Bool {
        // Big roads cross fields, canals and the river; small ones serve blocks.
        switch road {
        case .motorway, .trunk, .primary: return true
        case .secondary, .tertiary, .residential, .service: break
        }
        if ways.isRiver(step.from, margin: 10) || ways.isRiver(step.to, margin: 10) { return false }
        let uses = [step.one, step.other].compactMap { $0?.use }
        if road == .secondary { return !uses.isEmpty || step.from.distance(to: step.to) < 100 }
        if uses.isEmpty {
            // A bridge over a canal, now and then.
            var random = RandomSource(seed: seed, part: "bridge", Int(step.from.x), Int(step.from.y))
            return step.from.distance(to: step.to) < 100 && random.happens(road == .tertiary ? 0.8 : 0.35)
        }
        return uses.contains { $0 != .field } || road == .tertiary
    }

    /// The lanes inside blocks of houses and works.
    private mutating func drawLanes() {
        for block in plan.blocks where !block.isCrossed {
            switch block.use {
            case .housing, .village, .industry, .school, .hospital: break
            case .commerce, .office, .storage, .park, .field: continue
            }
            let middle = ParcelPlan(block, scale: 1, seed: seed).parcels.first?.north ?? 0.5
            add(
                [0.0, 0.5, 1.0].map { block.place($0, middle).onGrid }, name: block.use == .housing ? block.name : "",
                road: .service)
        }
    }

    // MARK: Canals

    private mutating func drawCanals() {
        var random = RandomSource(seed: seed, part: "canals")
        var names: Set<String> = []
        for isNorthward in [true, false] {
            let lines = isNorthward ? streets.northward : streets.eastward
            let across = isNorthward ? streets.eastward : streets.northward
            guard let first = across.first, let last = across.last else { continue }
            for (line, next) in zip(lines, lines.dropFirst()) where line.isBeforeCanal {
                var name = ""
                repeat {
                    name =
                        random.pick(Words.first) + random.pick(Words.second) + random.pick(["港", "浜", "塘", "河", "泾"])
                } while !names.insert(name).inserted
                let gap = next.position - line.position
                let (rank, share) = random.pick(
                    weighted: [(("district", 0.48), 1.0), (("town", 0.36), 2.0), (("village", 0.2), 1.0)])
                let width = gap * share
                let ripple = NoiseField(seed: seed ^ UInt64(names.count), wavelength: 260)
                let count = Int((last.position - first.position) / 55)
                func side(_ shift: Double) -> [Coordinate] {
                    (0...count).map { step in
                        let along = first.position + 55 * Double(step)
                        let u = (line.position + next.position) / 2 + ripple.height(along, 0) * gap * 0.12 + shift
                        return isNorthward ? StreetPlan.ground(u, along) : StreetPlan.ground(along, u)
                    }
                }
                addCanal(
                    middle: side(0).map(\.onGrid), left: side(-width / 2), right: side(width / 2), name: name,
                    rank: rank,
                    width: (width * 10).rounded() / 10, number: names.count)
            }
        }
    }

    private mutating func addCanal(
        middle: [Coordinate], left: [Coordinate], right: [Coordinate], name: String, rank: String, width: Double,
        number: Int
    ) {
        for piece in locator.cut(middle) {
            // The lowest reaches end in the Huangpu.
            for run in piece.line.split(whereSeparator: { ways.isRiver($0, margin: -30) }) where run.count > 1 {
                let code = "310112-\(number < 10 ? "0" : "")\(number)-\(rivers[piece.town].count + 1)"
                rivers[piece.town].append(
                    DemoFeature(
                        .lineString(LineString(Array(run))), [.text(code), .text(name), .text(rank), .real(width)]))
            }
        }
        guard rank != "village" else { return }
        // The water itself, in stretches of about two kilometres.
        var start = 0
        while start < middle.count - 1 {
            var end = start
            while end < middle.count - 1, end - start < 40, !ways.isRiver(middle[end], margin: -40) { end += 1 }
            if end > start {
                let ring = (right[start...end] + left[start...end].reversed()).map(\.onGrid)
                let ground = Polygon(LinearRing(Self.anticlockwise(ring + ring.prefix(1))))
                canals.append(Canal(name: name, ground: ground, towns: towns(of: ring)))
            }
            start = max(end, start + 1)
        }
    }

    /// The towns that a ring passes through, or that its border passes near.
    private func towns(of ring: [Coordinate]) -> Set<Int> {
        Set(ring.compactMap { locator.town(of: $0) })
    }

    private static func anticlockwise(_ ring: [Coordinate]) -> [Coordinate] {
        LinearRing(ring).twiceSignedArea < 0 ? ring.reversed() : ring
    }
}
