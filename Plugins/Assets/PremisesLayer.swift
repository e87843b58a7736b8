// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The plugin's layer.
enum PremisesLayer {
    static let registration = LayerRegistration(
        "premises", title: Title(zh: "集体物业", en: "Collective premises"),
        schema: Schema(
            geometryType: .geometry,
            fields: [
                Field("code", .text, Title(zh: "编号", en: "Code")),
                Field("name", .text, Title(zh: "名称", en: "Name")),
                Field("owner", .text, Title(zh: "所有者", en: "Owner")),
                Field("owner_level", .text, Title(zh: "所有者层级", en: "Owner's level")),
                Field("use", .text, Title(zh: "用途", en: "Use")),
                Field("area_m2", .real, Title(zh: "可租面积", en: "Area"), unit: "m²"),
                Field("area_let_m2", .real, Title(zh: "已租面积", en: "Area let"), unit: "m²"),
                Field("area_vacant_m2", .real, Title(zh: "空置面积", en: "Area vacant"), unit: "m²"),
                Field("vacancy", .text, Title(zh: "出租状态代码", en: "Vacancy")),
                Field("vacancy_zh", .text, Title(zh: "出租状态", en: "Vacancy (Chinese)")),
                Field("rent", .real, Title(zh: "平均租金", en: "Mean rent"), unit: "元/m²/天"),
                Field("yearly_rent_yuan", .real, Title(zh: "年租金", en: "Rent of a year"), unit: "元"),
                Field("contracts", .integer, Title(zh: "在执行合同数", en: "Running contracts")),
                Field("lessee", .text, Title(zh: "主要承租方", en: "Main lessee")),
                Field("next_end", .date, Title(zh: "最近到期日", en: "Next contract to end")),
                Field("days_left", .integer, Title(zh: "距到期天数", en: "Days until then")),
                Field("overlet", .boolean, Title(zh: "出租面积超额", en: "More let than there is")),
                Field("town", .text, Title(zh: "街镇代码", en: "Town code")),
            ]), style: PackageResources.premises_json)

    static func feature(_ premises: Premises, on day: CalendarDay) -> Feature {
        let letting = Letting(premises, on: day)
        var properties: [String: AttributeValue] = [
            "code": .text(premises.code), "name": .text(premises.name), "owner": .text(premises.owner),
            "owner_level": .text(premises.ownerLevel), "use": .text(premises.use),
            "area_m2": .real(premises.areaInSquareMeters), "area_let_m2": .real(letting.areaLet),
            "area_vacant_m2": .real(letting.areaVacant), "vacancy": .text(letting.vacancy.rawValue),
            "vacancy_zh": .text(letting.vacancy.zh), "yearly_rent_yuan": .real(letting.yearlyRentInYuan.rounded()),
            "contracts": .integer(Int64(letting.contracts.count)), "overlet": .boolean(letting.isOverlet),
        ]
        properties["town"] = premises.town.map(AttributeValue.text)
        // Rents are agreed to the fen.
        properties["rent"] = letting.meanRent.map { .real(($0 * 100).rounded() / 100) }
        if let largest = letting.contracts.max(by: { $0.areaInSquareMeters < $1.areaInSquareMeters }) {
            properties["lessee"] = .text(largest.lessee)
        }
        if let end = letting.nextEnd {
            properties["next_end"] = .text(end.description)
            properties["days_left"] = .integer(end.days - day.days)
        }
        return Feature(id: premises.id, geometry: premises.geometry, properties: properties)
    }
}

extension Letting.Vacancy {
    fileprivate var zh: String {
        switch self {
        case .full: "已出租"
        case .partly: "部分出租"
        case .vacant: "空置"
        }
    }
}
