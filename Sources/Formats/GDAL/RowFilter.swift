// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import SimpleFeatures

/// A condition in OGR SQL, the same for every format: records are put into a
/// layer in memory one at a time, and GDAL says whether they meet it.
final class RowFilter {
    private let dataset: GDALDatasetH
    private let layer: OGRLayerH
    private let definition: OGRFeatureDefnH
    private let errors = GDALErrors()
    /// Whether the condition may be about the geometry, `OGR_GEOMETRY = 'POINT'`.
    let asksForGeometry: Bool

    /// - Throws: `FormatsError` when the condition is not understood or names a
    ///   field that does not exist.
    init(_ condition: String, schema: Schema, file: String) throws {
        GDALLibrary.prepare()
        guard let driver = GDALGetDriverByName("Memory"),
            let dataset = GDALCreate(driver, "", 0, 0, 0, GDT_Unknown, nil)
        else {
            throw FormatsError(.tooLarge, "There is no memory left to check a condition with; deliver smaller files.")
        }
        guard let layer = GDALDatasetCreateLayer(dataset, "filter", nil, wkbUnknown, nil) else {
            GDALClose(dataset)
            throw FormatsError(.tooLarge, "There is no memory left to check a condition with; deliver smaller files.")
        }
        for field in schema.fields {
            let type =
                switch field.type {
                case .boolean: OFTInteger
                case .integer: OFTInteger64
                case .real: OFTReal
                case .text, .date, .dateTime: OFTString
                }
            let created = OGR_Fld_Create(field.name, type)
            OGR_L_CreateField(layer, created, 1)
            OGR_Fld_Destroy(created)
        }
        guard let definition = OGR_L_GetLayerDefn(layer),
            errors.collect({ OGR_L_SetAttributeFilter(layer, Self.quoted(condition)) }) == OGRERR_NONE,
            errors.failures.isEmpty
        else {
            GDALClose(dataset)
            let fields = schema.fields.map(\.name).joined(separator: ", ")
            throw FormatsError(
                .wrongUse,
                "The condition “\(condition)” does not fit “\(file)”: \(GDALErrors.clause(errors.failures, folder: "")); "
                    + "its fields are \(fields).")
        }
        asksForGeometry = condition.uppercased().contains("OGR_GEOM")
        self.dataset = dataset
        self.layer = layer
        self.definition = definition
    }

    deinit { GDALClose(dataset) }

    /// The condition with quotes around names that are not ASCII, which GDAL 3.6
    /// takes for the end of the text otherwise.
    static func quoted(_ condition: String) -> String {
        var result = ""
        var word = ""
        var quote: Character?

        func finishWord() {
            result += word.utf8.allSatisfy { $0 < 0x80 } ? word : "\"\(word)\""
            word = ""
        }
        for character in condition {
            if let open = quote {
                result.append(character)
                if character == open { quote = nil }
            } else if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
            } else {
                finishWord()
                result.append(character)
                if character == "'" || character == "\"" { quote = character }
            }
        }
        finishWord()
        return result
    }

    /// Whether a record meets the condition.
    ///
    /// - Parameter type: of its geometry, nil when it has none; the condition
    ///   sees no more of it.
    func passes(_ values: [AttributeValue], _ type: GeometryType?) throws -> Bool {
        guard let feature = OGR_F_Create(definition) else {
            throw FormatsError(.tooLarge, "There is no memory left to check a condition with; deliver smaller files.")
        }
        defer { OGR_F_Destroy(feature) }
        for (index, value) in values.enumerated() {
            let index = Int32(index)
            switch value {
            case .null: OGR_F_SetFieldNull(feature, index)
            case .boolean(let value): OGR_F_SetFieldInteger(feature, index, value ? 1 : 0)
            case .integer(let value): OGR_F_SetFieldInteger64(feature, index, value)
            case .real(let value): OGR_F_SetFieldDouble(feature, index, value)
            case .text(let value): OGR_F_SetFieldString(feature, index, value)
            }
        }
        if asksForGeometry, let type {
            OGR_F_SetGeometryDirectly(feature, OGR_G_CreateGeometry(OGRwkbGeometryType(type.wkbCode)))
        }
        return errors.collect {
            OGR_F_SetFID(feature, 1)
            guard OGR_L_SetFeature(layer, feature) == OGRERR_NONE else { return false }
            OGR_L_ResetReading(layer)
            guard let found = OGR_L_GetNextFeature(layer) else { return false }
            OGR_F_Destroy(found)
            return true
        }
    }
}
