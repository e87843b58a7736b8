// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What kind of water a station is in.
enum WaterBody: String, CaseIterable {
    case river
    case lake
}

/// The single-factor assessment of a set of values: the worst item decides.
struct WaterAssessment {
    /// The class of each item that was assessed, 1 to 6.
    var classOfItem: [String: Int] = [:]

    /// The class, 1 to 6; nil without any item.
    var waterClass: Int? { classOfItem.values.max() }

    /// The items of the worst class in alphabetical order, when that is class II
    /// or worse: at class I nothing limits.
    var limitingItems: [String] {
        guard let worst = waterClass, worst >= 2 else { return [] }
        return classOfItem.filter { $0.value == worst }.keys.sorted()
    }

    /// Assesses values by item. Those that are negative or not finite are no
    /// measurements and are left out.
    init(_ values: [String: Double], body: WaterBody) {
        let valid = values.filter { $0.value.isFinite && $0.value >= 0 }
        for limit in SurfaceWaterStandard.common {
            if let value = valid[limit.item] {
                classOfItem[limit.item] = SurfaceWaterStandard.waterClass(of: value, under: limit)
            }
        }
        let phosphorus =
            body == .lake ? SurfaceWaterStandard.lakePhosphorus : SurfaceWaterStandard.riverPhosphorus
        if let value = valid[phosphorus.item] {
            classOfItem[phosphorus.item] = SurfaceWaterStandard.waterClass(of: value, under: phosphorus)
        }
        if let value = valid["DO"] {
            // Below freezing is a temperature too, if not one of this formula.
            classOfItem["DO"] = SurfaceWaterStandard.oxygenClass(value, temperature: values["temperature"])
        }
        if let value = valid["pH"], value <= 14 {
            classOfItem["pH"] =
                SurfaceWaterStandard.acidity.contains(value) ? 1 : SurfaceWaterStandard.worseThanFive
        }
    }
}

/// What people write for a class: Ⅰ to Ⅴ and 劣Ⅴ.
func nameOfClass(_ waterClass: Int) -> String {
    ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"][max(1, min(waterClass, 6)) - 1]
}
