// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The limits of the environmental quality standard for surface water,
/// GB 3838-2002, table 1 (basic items).
///
/// Water temperature (a change, not a value) and, by the assessment method of
/// 2011 (环办〔2011〕22号), total nitrogen and faecal coliforms have no part in
/// the class; they are not in `limits`.
enum SurfaceWaterStandard {
    /// The upper limit of classes I to V; dissolved oxygen has lower limits.
    /// mg/L.
    struct Limit: Hashable {
        /// The name in the import.
        var item: String
        var zh: String
        var en: String
        var classes: [Double]

        init(_ item: String, _ zh: String, _ en: String, _ classes: Double...) {
            self.item = item
            self.zh = zh
            self.en = en
            self.classes = classes
        }
    }

    /// Worse than class V.
    static let worseThanFive = 6

    /// Limits that are the same in rivers and lakes, in the table's order.
    static let common: [Limit] = [
        Limit("CODMn", "高锰酸盐指数", "permanganate index", 2, 4, 6, 10, 15),
        Limit("COD", "化学需氧量", "chemical oxygen demand", 15, 15, 20, 30, 40),
        Limit("BOD5", "五日生化需氧量", "five-day biochemical oxygen demand", 3, 3, 4, 6, 10),
        Limit("NH3N", "氨氮", "ammonia nitrogen", 0.15, 0.5, 1.0, 1.5, 2.0),
        Limit("Cu", "铜", "copper", 0.01, 1.0, 1.0, 1.0, 1.0),
        Limit("Zn", "锌", "zinc", 0.05, 1.0, 1.0, 2.0, 2.0),
        Limit("F", "氟化物", "fluoride", 1.0, 1.0, 1.0, 1.5, 1.5),
        Limit("Se", "硒", "selenium", 0.01, 0.01, 0.01, 0.02, 0.02),
        Limit("As", "砷", "arsenic", 0.05, 0.05, 0.05, 0.1, 0.1),
        Limit("Hg", "汞", "mercury", 0.00005, 0.00005, 0.0001, 0.001, 0.001),
        Limit("Cd", "镉", "cadmium", 0.001, 0.005, 0.005, 0.005, 0.01),
        Limit("Cr6", "六价铬", "hexavalent chromium", 0.01, 0.05, 0.05, 0.05, 0.1),
        Limit("Pb", "铅", "lead", 0.01, 0.01, 0.05, 0.05, 0.1),
        Limit("cyanide", "氰化物", "cyanide", 0.005, 0.05, 0.2, 0.2, 0.2),
        Limit("phenol", "挥发酚", "volatile phenol", 0.002, 0.002, 0.005, 0.01, 0.1),
        Limit("petroleum", "石油类", "petroleum", 0.05, 0.05, 0.05, 0.5, 1.0),
        Limit("surfactant", "阴离子表面活性剂", "anionic surfactant", 0.2, 0.2, 0.2, 0.3, 0.3),
        Limit("sulfide", "硫化物", "sulfide", 0.05, 0.1, 0.2, 0.5, 1.0),
    ]

    static let riverPhosphorus = Limit("TP", "总磷", "total phosphorus", 0.02, 0.1, 0.2, 0.3, 0.4)
    /// Of lakes and reservoirs.
    static let lakePhosphorus = Limit("TP", "总磷（湖、库）", "total phosphorus (lakes)", 0.01, 0.025, 0.05, 0.1, 0.2)
    /// Lower limits: the standard's only ones.
    static let oxygen = Limit("DO", "溶解氧", "dissolved oxygen", 7.5, 6, 5, 3, 2)
    /// Where the water is not worse than class V, whatever the class.
    static let acidity = 6.0...9.0

    /// Names that an import may use and that have no part in the class.
    static let notAssessed: Set<String> = ["temperature", "TN", "coliform"]

    /// Every name that an import may use.
    static let items: Set<String> =
        notAssessed.union(common.map(\.item)).union([riverPhosphorus.item, oxygen.item, "pH"])

    /// The class by which an item's value is within the limits, 1 to 6.
    static func waterClass(of value: Double, under limit: Limit) -> Int {
        (limit.classes.firstIndex { value <= $0 } ?? limit.classes.count) + 1
    }

    /// The class of dissolved oxygen in mg/L. Class I is reached by 7.5 mg/L or
    /// by 90 % of saturation, which needs the temperature in °C.
    static func oxygenClass(_ value: Double, temperature: Double?) -> Int {
        if let temperature, (0...45).contains(temperature), value >= 0.9 * saturation(at: temperature) { return 1 }
        return (oxygen.classes.firstIndex { value >= $0 } ?? oxygen.classes.count) + 1
    }

    /// Dissolved oxygen that fresh water holds at sea level, mg/L.
    static func saturation(at temperature: Double) -> Double {
        468 / (31.6 + temperature)
    }
}
