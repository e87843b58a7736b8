// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's two layers.
enum CommunityLayers {
    static let committees = LayerRegistration.polygons(
        "committees", title: Title(zh: "居（村）委会", en: "Residents' committees"),
        fields: [
            Field("code", .text, Title(zh: "统计代码", en: "Statistical code")),
            Field("name", .text, Title(zh: "名称", en: "Name")),
            Field("kind", .text, Title(zh: "类型代码", en: "Kind")),
            Field("kind_zh", .text, Title(zh: "类型", en: "Kind (Chinese)")),
            Field("estates", .integer, Title(zh: "小区数", en: "Estates")),
            Field("estates_counted", .integer, Title(zh: "已统计小区数", en: "Estates counted")),
            Field("households", .integer, Title(zh: "户数", en: "Households")),
            Field("residents", .integer, Title(zh: "居民人数", en: "Residents")),
            Field("town", .text, Title(zh: "街镇代码", en: "Town code")),
        ], style: PackageResources.committees_json, zoomRange: 10...24)

    static let estates = LayerRegistration(
        "estates", title: Title(zh: "小区", en: "Estates"),
        schema: Schema(
            geometryType: .geometry,
            fields: [
                Field("code", .text, Title(zh: "编号", en: "Code")),
                Field("name", .text, Title(zh: "名称", en: "Name")),
                Field("committee", .text, Title(zh: "所属居（村）委会", en: "Committee")),
                Field("households", .integer, Title(zh: "户数", en: "Households")),
                Field("residents", .integer, Title(zh: "居民人数", en: "Residents")),
                Field("built", .integer, Title(zh: "建成年份", en: "Built")),
            ]), style: PackageResources.estates_json, zoomRange: 11...24)

    static func feature(_ committee: Committee, totals: CommunityTotals) -> Feature {
        var properties: [String: AttributeValue] = [
            "code": .text(committee.code), "name": .text(committee.name), "town": .text(committee.town),
            "kind": .text(committee.isVillagers ? "villagers" : "residents"),
            "kind_zh": .text(committee.isVillagers ? "村委会" : "居委会"),
            "estates": .integer(Int64(totals.estates)), "estates_counted": .integer(Int64(totals.estatesCounted)),
        ]
        // No estate that states a number: the sum is unknown, not zero.
        if totals.estatesCounted > 0 {
            properties["households"] = .integer(totals.households)
            properties["residents"] = .integer(totals.residents)
        }
        return Feature(id: committee.id, geometry: committee.geometry, properties: properties)
    }

    static func feature(_ estate: Estate, committee: Committee?) -> Feature {
        var properties: [String: AttributeValue] = ["code": .text(estate.code), "name": .text(estate.name)]
        properties["committee"] = committee.map { .text($0.name) }
        properties["households"] = estate.households.map(AttributeValue.integer)
        properties["residents"] = estate.residents.map(AttributeValue.integer)
        properties["built"] = estate.built.map(AttributeValue.integer)
        return Feature(id: estate.id, geometry: estate.geometry, properties: properties)
    }
}
