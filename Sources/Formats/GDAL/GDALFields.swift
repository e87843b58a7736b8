// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Foundation
import SimpleFeatures

/// The fields of a layer as GDAL has them, and how their values are read.
struct GDALFields {
    private enum Kind {
        case boolean, integer, real, text, date, dateTime, time
        /// Several values in one, written as a JSON array.
        case list
    }

    /// The width is 0 where the format has no fixed one.
    private var columns: [(index: Int32, kind: Kind, width: Int)] = []
    private(set) var fields: [Field] = []
    private(set) var notes: [String] = []

    /// - Parameter name: turns the bytes of a name into text.
    /// - Throws: `FormatsError` when there are more fields than allowed.
    init(
        _ definition: OGRFeatureDefnH, limits: DatasetLimits, file: String, leavingOut: Set<String> = [],
        hasFixedWidths: Bool = false, name: (UnsafeRawBufferPointer) -> String
    ) throws {
        let count = OGR_FD_GetFieldCount(definition)
        guard count <= limits.fields else {
            throw FormatsError(
                .tooLarge, "“\(file)” has \(count) fields; \(limits.fields) is the most allowed.")
        }
        for index in 0..<count {
            guard let field = OGR_FD_GetFieldDefn(definition, index), let text = OGR_Fld_GetNameRef(field) else {
                continue
            }
            let title = name(UnsafeRawBufferPointer(start: text, count: strlen(text)))
            guard !leavingOut.contains(title) else { continue }
            let type: FieldType
            let kind: Kind
            switch OGR_Fld_GetType(field) {
            case OFTInteger where OGR_Fld_GetSubType(field) == OFSTBoolean: (type, kind) = (.boolean, .boolean)
            case OFTInteger, OFTInteger64: (type, kind) = (.integer, .integer)
            case OFTReal: (type, kind) = (.real, .real)
            case OFTString, OFTWideString: (type, kind) = (.text, .text)
            case OFTDate: (type, kind) = (.date, .date)
            case OFTDateTime: (type, kind) = (.dateTime, .dateTime)
            case OFTTime: (type, kind) = (.text, .time)
            case OFTIntegerList, OFTInteger64List, OFTRealList, OFTStringList: (type, kind) = (.text, .list)
            default:
                notes.append("Field “\(title)” holds binary data and was left out.")
                continue
            }
            columns.append((index, kind, hasFixedWidths ? Int(OGR_Fld_GetWidth(field)) : 0))
            fields.append(Field(title, type))
        }
    }

    /// The values of a feature, one for each of `fields`.
    ///
    /// - Parameter text: turns the bytes of a value into text, with the column's
    ///   position among GDAL's fields and whether the value fills its width.
    func values(
        of feature: OGRFeatureH, text: (UnsafeRawBufferPointer, Int, Bool) throws -> String
    ) rethrows -> [AttributeValue] {
        var values: [AttributeValue] = []
        values.reserveCapacity(columns.count)
        for (index, kind, width) in columns {
            guard OGR_F_IsFieldSetAndNotNull(feature, index) != 0 else {
                values.append(.null)
                continue
            }
            switch kind {
            case .boolean: values.append(.boolean(OGR_F_GetFieldAsInteger(feature, index) != 0))
            case .integer: values.append(.integer(OGR_F_GetFieldAsInteger64(feature, index)))
            case .real:
                let value = OGR_F_GetFieldAsDouble(feature, index)
                values.append(value.isFinite ? .real(value) : .null)
            case .text:
                guard let bytes = OGR_F_GetFieldAsString(feature, index) else {
                    values.append(.null)
                    continue
                }
                let count = strlen(bytes)
                let isFull = width > 0 && count >= width
                values.append(.text(try text(UnsafeRawBufferPointer(start: bytes, count: count), Int(index), isFull)))
            case .date, .dateTime, .time: values.append(Self.time(of: feature, index, kind))
            case .list: values.append(.text(Self.list(of: feature, index)))
            }
        }
        return values
    }

    private static func time(of feature: OGRFeatureH, _ index: Int32, _ kind: Kind) -> AttributeValue {
        var (year, month, day, hour, minute, zone) = (Int32(0), Int32(0), Int32(0), Int32(0), Int32(0), Int32(0))
        var second: Float = 0
        guard
            OGR_F_GetFieldAsDateTimeEx(feature, index, &year, &month, &day, &hour, &minute, &second, &zone) != 0
        else { return .null }
        switch kind {
        case .date:
            return .text("\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))")
        case .time:
            return .text("\(padded(hour, 2)):\(padded(minute, 2)):\(padded(Int32(second), 2))")
        default:
            let moment = DateArithmetic.milliseconds(
                year: Int(year), month: Int(month), day: Int(day), hour: Int(hour), minute: Int(minute),
                millisecond: Int((second * 1000).rounded()))
            // 100 is UTC, and every step from there a quarter of an hour.
            let offset = zone > 1 ? (Int(zone) - 100) * 15 * 60_000 : 0
            return .text(DateArithmetic.text(milliseconds: moment - offset))
        }
    }

    private static func padded(_ number: Int32, _ width: Int) -> String {
        let digits = String(max(0, number))
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func list(of feature: OGRFeatureH, _ index: Int32) -> String {
        var count: Int32 = 0
        var parts: [String] = []
        if let values = OGR_F_GetFieldAsStringList(feature, index), CSLCount(values) > 0 {
            for position in 0..<Int(CSLCount(values)) {
                parts.append(values[position].map { JSONText.quoted(String(cString: $0)) } ?? "null")
            }
        } else if let values = OGR_F_GetFieldAsInteger64List(feature, index, &count), count > 0 {
            parts = (0..<Int(count)).map { String(values[$0]) }
        } else if let values = OGR_F_GetFieldAsDoubleList(feature, index, &count), count > 0 {
            parts = (0..<Int(count)).map { String(values[$0]) }
        }
        return "[\(parts.joined(separator: ","))]"
    }
}

/// Days and milliseconds without a calendar object for every value.
enum DateArithmetic {
    static func milliseconds(year: Int, month: Int, day: Int, hour: Int, minute: Int, millisecond: Int) -> Int {
        ((days(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + millisecond
    }

    /// `yyyy-mm-ddThh:mm:ss.sssZ`.
    static func text(milliseconds: Int) -> String {
        var days = milliseconds / 86_400_000
        var rest = milliseconds % 86_400_000
        if rest < 0 {
            rest += 86_400_000
            days -= 1
        }
        let (year, month, day) = date(days)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let fraction = rest % 1000
        let thousandths = fraction < 10 ? "00\(fraction)" : fraction < 100 ? "0\(fraction)" : String(fraction)
        let century = String(year)
        return String(repeating: "0", count: max(0, 4 - century.count)) + century + "-\(two(month))-\(two(day))T"
            + "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(thousandths)Z"
    }

    /// Days since 1970-01-01 in the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let ofEra = year - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func date(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * month + 2) / 5 + 1
        let civil = month < 10 ? month + 3 : month - 9
        return (year + era * 400 + (civil <= 2 ? 1 : 0), civil, day)
    }
}
