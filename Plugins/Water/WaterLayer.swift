// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's layer.
enum WaterLayer {
    /// Values that are shown with every station, in the order of the standard.
    private static let shown: [(item: String, title: Title)] = [
        ("pH", "pH"), ("DO", Title(zh: "溶解氧", en: "Dissolved oxygen")),
        ("CODMn", Title(zh: "高锰酸盐指数", en: "Permanganate index")), ("NH3N", Title(zh: "氨氮", en: "Ammonia nitrogen")),
        ("TP", Title(zh: "总磷", en: "Total phosphorus")),
    ]

    static let registration = LayerRegistration.points(
        "stations", title: Title(zh: "水质监测断面", en: "Water-quality stations"),
        fields: [
            Field("code", .text, Title(zh: "编号", en: "Code")),
            Field("name", .text, Title(zh: "名称", en: "Name")),
            Field("water", .text, Title(zh: "水体", en: "Water")),
            Field("class", .integer, Title(zh: "类别（数字）", en: "Class (number)")),
            Field("class_name", .text, Title(zh: "类别", en: "Class")),
            Field("target_class", .integer, Title(zh: "目标类别", en: "Target class")),
            Field("meets_target", .boolean, Title(zh: "是否达标", en: "Meets its target")),
            Field("limiting_items", .text, Title(zh: "定类项目", en: "Limiting items")),
            Field("items_assessed", .integer, Title(zh: "评价项目数", en: "Items assessed")),
            Field("sample_time", .dateTime, Title(zh: "采样时间", en: "Time of sample")),
        ] + shown.map { Field($0.item, .real, $0.title, unit: $0.item == "pH" ? nil : "mg/L") } + [
            Field("town", .text, Title(zh: "街镇代码", en: "Town code")),
            Field("owner", .text, Title(zh: "责任单位", en: "In charge")),
        ], style: PackageResources.stations_json)

    static func feature(_ station: Station, sample: Sample?) -> Feature {
        var properties: [String: AttributeValue] = ["code": .text(station.code), "name": .text(station.name)]
        properties["water"] = station.water.map(AttributeValue.text)
        properties["town"] = station.town.map(AttributeValue.text)
        properties["owner"] = station.owner.map(AttributeValue.text)
        properties["target_class"] = station.targetClass.map { .integer(Int64($0)) }
        if let sample {
            let assessment = WaterAssessment(sample.validValues, body: station.body)
            properties["sample_time"] = .text(sample.time.description)
            properties["items_assessed"] = .integer(Int64(assessment.classOfItem.count))
            if let waterClass = assessment.waterClass {
                properties["class"] = .integer(Int64(waterClass))
                properties["class_name"] = .text(nameOfClass(waterClass))
                properties["limiting_items"] = .text(assessment.limitingItems.joined(separator: ", "))
                properties["meets_target"] = station.targetClass.map { .boolean(waterClass <= $0) }
            }
            for (item, _) in shown { properties[item] = sample.validValues[item].map(AttributeValue.real) }
        }
        return Feature(id: station.id, geometry: .point(Point(station.position)), properties: properties)
    }
}
