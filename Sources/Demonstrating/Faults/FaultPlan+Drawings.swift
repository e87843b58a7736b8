// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures
import Topology

extension FaultPlan {
    /// `close_m` when it is left out, in metres.
    private static let closing = 0.05
    /// Of the layer that the drawings are for, of one that was mistyped, and of
    /// the texts.
    private static let (layer, mistyped, labels) = ("JMD", "JDM", "ZJ")
    /// Metres from the middle to the corners.
    private static let half = Vector(x: 6, y: 4.5)

    /// Drawings of new buildings, with the mistakes that drawings have.
    mutating func plantDrawings() throws {
        for town in ["xinhong", "wujing", "pujiang"] { try plantDrawing(of: town) }
    }

    private mutating func plantDrawing(of slug: String) throws {
        guard let town = truth.partition.towns.firstIndex(where: { $0.slug == slug }),
            case .register(let plane) = TownHabit.all[town].plane
        else { return }
        var places = try free(6, in: town)
        let drawing = try PlaneDrawing(TownHabit.all[town].plane)
        var text = DrawingText()
        let id = "\(slug)-plan"

        func drawn(_ place: Coordinate) throws -> (east: Double, north: Double) {
            guard case .point(let point) = try drawing.draw(.point(Point(place))), let moved = point.coordinate else {
                return (place.x, place.y)
            }
            return (moved.x, moved.y)
        }
        func corners(_ place: Coordinate) -> [Coordinate] {
            let (x, y) = (Self.half.x, Self.half.y)
            return [(-x, -y), (x, -y), (x, y), (-x, y)].map { place + Vector(x: $0.0, y: $0.1) }
        }
        func fault(_ kind: PlantedFault.Kind, _ place: Coordinate, _ accepts: [PlantedFault.Outcome]) -> PlantedFault {
            PlantedFault(
                kind: kind, sources: [id], records: [text.count], outline: [[place.x, place.y]], accepts: accepts)
        }

        if let place = places.popLast() {
            text.polyline(try corners(place).map(drawn), on: Self.layer, isClosed: true)
            text.text("A-1", at: try drawn(place), on: Self.labels)
        }
        for multiple in PlantedFault.multiples {
            guard let place = places.popLast() else { continue }
            let gap = multiple * Self.closing
            let ring = corners(place)
            text.polyline(
                try (ring + [ring[0] + Vector(x: 0, y: gap)]).map(drawn), on: Self.layer, isClosed: false)
            var open = fault(.openOutline, place, PlantedFault.outcomes(at: multiple))
            open.multiple = multiple
            open.size = gap
            add(open)
        }
        if let place = places.popLast() {
            // 2 m beside its building.
            text.polyline(try corners(place).map(drawn), on: Self.layer, isClosed: true)
            let beside = place + Vector(x: Self.half.x + 2, y: 0)
            text.text("A-2", at: try drawn(beside), on: Self.labels)
            add(fault(.textOutside, beside, [.reported]))
        }
        if let place = places.popLast() {
            text.polyline(try corners(place).map(drawn), on: Self.mistyped, isClosed: true)
            var wrong = fault(.wrongLayer, place, [.reported])
            wrong.note = Self.mistyped
            add(wrong)
        }
        var source = SourceProposal(
            id: id, town: Proposal(truth.partition.towns[town].code), layer: Proposal("buildings"),
            path: "maps/\(slug)/plan.dxf", crs: Proposal(plane), asOf: Proposal(TownHabit.all[town].asOf),
            notes: ["New buildings as a drawing; the texts inside of them are their names."])
        source.drawing = DrawingSelection(layers: [Self.layer], labels: [.init(field: "name", layers: [Self.labels])])
        source.fields = [.init("name", from: "name")]
        extras.append(
            ExtraDelivery(path: source.path, text: text.text, source: source, layer: "buildings", count: text.count))
    }

    /// Middles of parcels of fields, where nothing else was planted.
    private mutating func free(_ count: Int, in town: Int) throws -> [Coordinate] {
        let key = Key(town: town, layer: "parcels")
        let parcels = try features(key)
        var found: [Coordinate] = []
        for _ in 0..<2000 where found.count < count {
            let index = random.integer(0...(parcels.count - 1))
            guard let place = try engine.pointOnSurface(parcels[index].geometry),
                !truth.locator.isNearBorder(place, within: 60), claim(place, index, key)
            else { continue }
            found.append(place.onGrid)
        }
        return found
    }
}
