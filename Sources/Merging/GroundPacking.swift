// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Verdicts

/// The ground on its way to a child: outlines as bytes, in centimetres.
///
/// Little-endian: how many areas (u32), then for each the bytes of its town's
/// code (u32 and UTF-8), how many rings (u32), and for each ring how many
/// positions (u32) and their x and y (i64 centimetres of the grid).
enum GroundPacking {
    /// More vertices than the judge looks at are never sent.
    private static let mostVertices = GroundIndex.mostVertices

    static func pack(_ areas: [ReferenceGround.Area]) -> Data {
        let vertices = areas.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.count } }
        let every = max(1, (vertices + mostVertices - 1) / mostVertices)
        var bytes = Data()
        func put<Word: FixedWidthInteger>(_ word: Word) {
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        put(UInt32(areas.count))
        for area in areas {
            let town = Array((area.town ?? "").utf8)
            put(UInt32(town.count))
            bytes.append(contentsOf: town)
            put(UInt32(area.rings.count))
            for ring in area.rings {
                let kept = GroundIndex.thinned(ring, every: every)
                put(UInt32(kept.count))
                for position in kept {
                    put(centimetres(position.x))
                    put(centimetres(position.y))
                }
            }
        }
        return bytes
    }

    /// - Throws: `MergingError` of kind `.system` for bytes that `pack` did not make.
    static func unpack(_ data: Data) throws -> [ReferenceGround.Area] {
        try data.withUnsafeBytes { bytes in
            var offset = 0
            func word<Word: FixedWidthInteger>(_ type: Word.Type) throws -> Word {
                let end = offset + MemoryLayout<Word>.size
                guard end <= bytes.count else { throw damaged }
                defer { offset = end }
                return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
            }
            func count() throws -> Int {
                let number = Int(try word(UInt32.self))
                guard number <= bytes.count - offset else { throw damaged }
                return number
            }
            return try (0..<(try count())).map { _ in
                let length = try count()
                let town = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
                offset += length
                let rings = try (0..<(try count())).map { _ in
                    try (0..<(try count())).map { _ -> Coordinate in
                        let (x, y) = (try word(Int64.self), try word(Int64.self))
                        return Coordinate(x: Double(x) / 100, y: Double(y) / 100)
                    }
                }
                return ReferenceGround.Area(town: town.isEmpty ? nil : town, rings: rings)
            }
        }
    }

    private static func centimetres(_ ordinate: Double) -> Int64 {
        ordinate.magnitude < 1e15 ? Int64((ordinate * 100).rounded()) : 0
    }

    private static var damaged: MergingError { MergingError(.system, "The known ground arrived damaged.") }
}
