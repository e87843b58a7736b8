// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Addresses
import Crypto
import DistrictStores
import Districts
import Foundation
import SimpleFeatures

/// The addresses that records without coordinates are matched with: what the
/// sources of the layer of addresses say now.
///
/// Like the ground that reference systems are judged by, they are made of
/// `district.yaml` and of the files it names alone: neither the order of merges
/// nor what the store happens to hold has a part in where a record comes to lie.
struct AddressStage {
    /// More doors than a district has; what is sent to a child is bounded by them.
    static let mostEntries = 400_000

    private let sources: [PreparedSource]
    private let definition: AddressDefinition
    private let parser: AddressParser
    private let options: Merger.Options
    private let limits: ReadingLimits
    private let cache: ReadingCache
    private var found: (entries: [AddressBook.Entry], unreadable: Int)?

    /// Sources of addresses that cannot be prepared have no part in it.
    init(_ district: District, gridID: Int32, options: Merger.Options, ground: GroundStage) {
        definition = district.addresses
        let isNeeded = district.sources.contains { $0.from.address != nil }
        sources =
            isNeeded
            ? district.sources.filter { $0.layer == district.addresses.layer }.sorted { $0.id < $1.id }.compactMap {
                try? PreparedSource($0, in: district, gridID: gridID, ground: ground.digest(for: $0))
            } : []
        parser = AddressParser(district: district.name, towns: district.towns.map(\.name))
        self.options = options
        limits = district.limits
        cache = ReadingCache(in: district.directory, layer: district.addresses.layer)
    }

    /// Stands for the addresses in fingerprints, before any of them is read.
    func digest(for source: SourceDefinition) -> String {
        guard source.from.address != nil else { return "" }
        var digest = SHA256()
        let fields = [definition.full, definition.road, definition.number].map { $0 ?? "" }
        digest.update(data: Data("\(fields.joined(separator: "\n"))\n".utf8))
        for prepared in sources { digest.update(data: Data("\(prepared.source.id):\(prepared.fingerprint)\n".utf8)) }
        return digest.finalize().hexadecimal
    }

    /// Puts the addresses into the job of a source that asks for them. Reads them
    /// when it is asked for the first time.
    ///
    /// - Throws: `MergingError` when the machine failed, the merge is stopped, or
    ///   there are more addresses than can be handed over.
    mutating func complete(_ prepared: inout PreparedSource, ground: inout GroundStage) throws {
        guard prepared.job.addresses != nil else { return }
        let all = try found ?? read(&ground)
        found = all
        prepared.job.addresses?.entries = all.entries
        prepared.job.addresses?.unreadable = all.unreadable
    }

    private func read(_ ground: inout GroundStage) throws -> (entries: [AddressBook.Entry], unreadable: Int) {
        var sources = sources
        for index in sources.indices { sources[index].job.ground = try ground.ground(for: sources[index].source) }
        options.progress(definition.layer)
        var entries: [AddressBook.Entry] = []
        var unreadable = 0
        let reading = LayerReading(sources, options: options, limits: limits, cache: cache)
        try reading.forEachSource { prepared, frames in
            let schema = prepared.layer.schema
            let columns = [definition.full, definition.road, definition.number].map { name in
                name.flatMap { schema.index(of: $0) }
            }
            for frame in frames {
                try frame.withUnsafeBytes { buffer in
                    var reader = RecordFrameReader(buffer)
                    while !reader.isAtEnd {
                        let header = try reader.nextHeader()
                        var texts: [String] = []
                        for _ in schema.fields { texts.append(try reader.nextValue().text) }
                        guard let address = address(columns.map { $0.map { texts[$0] } ?? "" }),
                            let place = Self.place(of: header.geometry)
                        else {
                            unreadable += 1
                            continue
                        }
                        entries.append(.init(address, x: place.x, y: place.y, town: prepared.source.town))
                        guard entries.count <= Self.mostEntries else {
                            throw MergingError(
                                .wrongUse,
                                "The layer \(definition.layer) has more than \(Self.mostEntries) addresses, the most that records "
                                    + "can be matched with.")
                        }
                    }
                }
            }
        }
        return (entries, unreadable)
    }

    /// - Parameter texts: the whole address, the road, the number.
    private func address(_ texts: [String]) -> Address? {
        var number = texts[2].trimmed
        if !texts[1].trimmed.isEmpty, !number.isEmpty {
            if number.last?.isNumber == true { number += "号" }
            if let address = try? parser.parse(texts[1] + number) { return address }
        }
        return try? parser.parse(texts[0])
    }

    private static func place(of geometry: UnsafeRawBufferPointer) -> Coordinate? {
        switch try? GeoPackageGeometry.decode(geometry).geometry {
        case .point(let point): point.coordinate
        case .multiPoint(let multi) where multi.points.count == 1: multi.points[0].coordinate
        default: nil
        }
    }
}

extension RecordFrameReader.Value {
    fileprivate var text: String {
        switch self {
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let value): String(value)
        case .real(let value): AttributeValue.real(value).description
        case .null: ""
        }
    }
}
