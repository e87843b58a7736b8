// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Encodings
import Foundation

/// Text of a layer whose bytes GDAL hands over as they are, for the verdict on
/// their encoding.
struct LayerTexts {
    private(set) var sample: TextSample
    /// Of all fields, as they stand in the file.
    let columnNames: [[UInt8]]

    /// Records that are looked at, and that as many more where fewer of their
    /// values than `enough` are beyond ASCII.
    private static let records = 2_000
    private static let mostRecords = 20_000
    private static let enough = 100
    /// Parts of a layer whose records can be asked for by number.
    private static let parts = 10

    /// - Parameter readsAll: where nobody says an encoding, so that few values beyond
    ///   ASCII in the records that are looked at first say nothing of the rest.
    init(of layer: OGRLayerH, readsAll: Bool) {
        guard let definition = OGR_L_GetLayerDefn(layer) else {
            sample = TextSample()
            columnNames = []
            return
        }
        let fields = (0..<OGR_FD_GetFieldCount(definition)).compactMap { OGR_FD_GetFieldDefn(definition, $0) }
        columnNames = fields.map { field in
            OGR_Fld_GetNameRef(field).map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
        }
        sample = TextSample(columns: columnNames)
        if let name = OGR_L_GetName(layer) {
            sample.look(atName: UnsafeRawBufferPointer(start: name, count: strlen(name)))
        }
        let texts = fields.indices.filter { OGR_Fld_GetType(fields[$0]) == OFTString }.map { index in
            (index: index, width: Int(OGR_Fld_GetWidth(fields[index])))
        }
        guard !texts.isEmpty else { return }
        let count = Int(OGR_L_GetFeatureCount(layer, 0))
        sample.recordCount = count >= 0 ? count : nil
        GDALErrors().collect {
            Self.withoutShapes(of: layer) {
                OGR_L_ResetReading(layer)
                let isByNumber = OGR_L_TestCapability(layer, OLCFastSetNextByIndex) != 0
                if isByNumber && count > Self.records {
                    for part in 0..<Self.parts {
                        guard OGR_L_SetNextByIndex(layer, GIntBig(count / Self.parts * part)) == OGRERR_NONE else {
                            break
                        }
                        read(Self.records / Self.parts, of: layer, texts)
                    }
                } else {
                    read(Self.records, of: layer, texts)
                }
                if sample.valuesLookedAt < Self.enough, sample.recordsLookedAt >= Self.records {
                    // Behind the last part only the end of the layer would follow.
                    if isByNumber {
                        OGR_L_ResetReading(layer)
                        sample.recordsLookedAt = 0
                    }
                    read(readsAll ? .max : Self.mostRecords, of: layer, texts)
                }
                OGR_L_ResetReading(layer)
            }
        }
    }

    private mutating func read(_ count: Int, of layer: OGRLayerH, _ texts: [(index: Int, width: Int)]) {
        var left = count
        while left > 0, let feature = OGR_L_GetNextFeature(layer) {
            left -= 1
            sample.recordsLookedAt += 1
            for (index, width) in texts {
                guard let text = OGR_F_GetFieldAsString(feature, Int32(index)) else { continue }
                let length = strlen(text)
                sample.look(
                    at: UnsafeRawBufferPointer(start: text, count: length), column: index,
                    isFull: width > 0 && length >= width)
            }
            OGR_F_Destroy(feature)
        }
    }

    /// Runs `body` while GDAL leaves shapes alone, where it can.
    private static func withoutShapes(of layer: OGRLayerH, _ body: () -> Void) {
        guard OGR_L_TestCapability(layer, OLCIgnoreFields) != 0 else { return body() }
        "OGR_GEOMETRY".withCString { name in
            var names: [UnsafePointer<CChar>?] = [name, nil]
            OGR_L_SetIgnoredFields(layer, &names)
        }
        body()
        OGR_L_SetIgnoredFields(layer, nil)
    }
}
