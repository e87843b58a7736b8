// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's two layers.
enum FloodLayers {
    static let facilities = LayerRegistration.points(
        "facilities", title: Title(zh: "防汛设施", en: "Flood facilities"),
        fields: [
            Field("code", .text, Title(zh: "编号", en: "Code")),
            Field("name", .text, Title(zh: "名称", en: "Name")),
            Field("kind", .text, Title(zh: "类型代码", en: "Kind")),
            Field("kind_zh", .text, Title(zh: "类型", en: "Kind (Chinese)")),
            Field("state", .text, Title(zh: "状态代码", en: "State")),
            Field("state_zh", .text, Title(zh: "状态", en: "State (Chinese)")),
            Field("quantity", .text, Title(zh: "测量项目", en: "Quantity")),
            Field("value", .real, Title(zh: "最新读数", en: "Last reading")),
            Field("unit", .text, Title(zh: "单位", en: "Unit")),
            Field("datum", .text, Title(zh: "基准", en: "Datum")),
            Field("reading_time", .dateTime, Title(zh: "读数时间", en: "Time of reading")),
            Field("age_minutes", .integer, Title(zh: "读数时长", en: "Age of reading"), unit: "min"),
            Field("warning", .real, Title(zh: "预警值", en: "Warning threshold")),
            Field("alarm", .real, Title(zh: "报警值", en: "Alarm threshold")),
            Field("capacity", .integer, Title(zh: "容量", en: "Capacity"), unit: "persons"),
            Field("town", .text, Title(zh: "街镇代码", en: "Town code")),
            Field("owner", .text, Title(zh: "责任单位", en: "In charge")),
            Field("contact", .text, Title(zh: "联系电话", en: "Contact")),
        ], style: PackageResources.facilities_json, dependsOnTime: true)

    static let walls = LayerRegistration.lines(
        "walls", title: Title(zh: "防汛墙", en: "Flood walls"),
        fields: [
            Field("code", .text, Title(zh: "编号", en: "Code")),
            Field("name", .text, Title(zh: "名称", en: "Name")),
            Field("crest_m", .real, Title(zh: "墙顶标高（吴淞）", en: "Crest above Wusong datum"), unit: "m"),
            Field("town", .text, Title(zh: "街镇代码", en: "Town code")),
            Field("owner", .text, Title(zh: "责任单位", en: "In charge")),
        ], style: PackageResources.walls_json)

    static func feature(_ facility: Facility, reading: Observation?, now: Timestamp) -> Feature {
        let state = FacilityState(facility, reading: reading, now: now)
        var properties: [String: AttributeValue] = [
            "code": .text(facility.code), "name": .text(facility.name), "kind": .text(facility.kind.rawValue),
            "kind_zh": .text(facility.kind.title.zh), "state": .text(state.rawValue),
            "state_zh": .text(state.title.zh),
        ]
        properties["quantity"] = facility.quantity.map(AttributeValue.text)
        properties["unit"] = facility.unit.map(AttributeValue.text)
        properties["datum"] = facility.datum.map(AttributeValue.text)
        properties["warning"] = facility.warning.map(AttributeValue.real)
        properties["alarm"] = facility.alarm.map(AttributeValue.real)
        properties["capacity"] = facility.capacity.map(AttributeValue.integer)
        properties["town"] = facility.town.map(AttributeValue.text)
        properties["owner"] = facility.owner.map(AttributeValue.text)
        properties["contact"] = facility.contact.map(AttributeValue.text)
        if let reading, let value = reading.number {
            properties["value"] = .real(value)
            properties["reading_time"] = .text(reading.time.description)
            properties["age_minutes"] = .integer(now.minutes(since: reading.time))
        }
        return Feature(id: facility.id, geometry: facility.geometry, properties: properties)
    }

    static func wall(_ facility: Facility) -> Feature {
        var properties: [String: AttributeValue] = ["code": .text(facility.code), "name": .text(facility.name)]
        properties["crest_m"] = facility.crestInMeters.map(AttributeValue.real)
        properties["town"] = facility.town.map(AttributeValue.text)
        properties["owner"] = facility.owner.map(AttributeValue.text)
        return Feature(id: facility.id, geometry: facility.geometry, properties: properties)
    }
}
