// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The words in which a town keeps its records: names of fields, and words for
/// codes.
struct Dialect: Sendable {
    enum Words: Sendable {
        /// 住宅
        case chinese
        /// The codes of the city plan, R2.
        case planning
        /// The layer's own codes.
        case ours
    }

    /// The town's name for a field of ours.
    private var names: [String: String]
    private var words: Words
    /// The unit in which areas of ground are kept.
    var areaUnit: String?

    /// The town's name for a field of a layer. Pinyin of layers differ where two
    /// fields would get the same letters.
    func name(of field: String, in layer: String) -> String {
        names["\(layer).\(field)"] ?? names[field] ?? field
    }

    /// The town's word for a code of a field; nil for a field without codes.
    func word(for code: String, field: String, layer: String) -> String? {
        switch words {
        case .ours: return nil
        case .chinese: return Self.chineseWords["\(layer).\(field)"]?[code]
        case .planning:
            return Self.planningWords["\(layer).\(field)"]?[code] ?? Self.chineseWords["\(layer).\(field)"]?[code]
        }
    }

    /// Chinese words, areas in 亩 where people count in it.
    static let chinese = Dialect(
        names: [
            "name": "名称", "code": "代码", "kind": "类别", "population": "人口", "area_km2": "面积", "class": "类型",
            "area_m2": "面积", "parcel_no": "宗地号", "use": "用途", "right": "权属", "holder": "权利人", "levels": "层数",
            "height_m": "高度", "site_m2": "占地面积", "floor_m2": "建筑面积", "address": "地址", "built": "年代",
            "width_m": "宽度", "lanes": "车道数", "road": "路名", "number": "门牌号", "full": "全称", "phone": "电话",
        ], words: .chinese, areaUnit: "亩")

    /// The first letters of the Chinese words.
    static let pinyin = Dialect(
        names: [
            "name": "MC", "code": "DM", "kind": "LB", "population": "RK", "area_km2": "MJ", "class": "LX",
            "area_m2": "MJ",
            "parcel_no": "ZDH", "use": "YT", "right": "QS", "holder": "QLR", "levels": "CS", "height_m": "GD",
            "site_m2": "ZDMJ", "floor_m2": "JZMJ", "address": "DZ", "built": "NF", "width_m": "KD", "lanes": "CDS",
            "road": "LM", "number": "MPH", "full": "DZQC", "phone": "DH",
        ], words: .planning, areaUnit: nil)

    /// The long names of the standards.
    static let standard = Dialect(
        names: [
            "towns.name": "XZQMC", "towns.code": "XZQDM", "buildings.name": "JZWMC", "roads.name": "DLMC",
            "rivers.name": "HDMC", "points.name": "SSMC", "name": "MC", "kind": "LB", "population": "CZRK",
            "area_km2": "KZMJ", "landuse.class": "DLBM", "area_m2": "TBMJ", "parcels.area_m2": "ZDMJ",
            "class": "LX", "parcel_no": "ZDDM", "parcels.use": "TDYT", "right": "QSXZ", "holder": "QSDWMC",
            "use": "FWYT", "levels": "FWCS", "height_m": "JZGD", "site_m2": "JDMJ", "floor_m2": "ZJZMJ",
            "address": "ZL",
            "built": "JCNF", "width_m": "KD", "lanes": "CDS", "rivers.code": "HDBM", "road": "LM", "number": "MPH",
            "full": "BZDZ", "phone": "LXDH", "code": "BM",
        ], words: .chinese, areaUnit: nil)

    /// English names and the layers' own codes.
    static let english = Dialect(
        names: [
            "levels": "floors", "height_m": "height", "site_m2": "site_area", "floor_m2": "gfa", "built": "year",
            "width_m": "width", "area_m2": "area", "area_km2": "area", "parcel_no": "parcel_id",
            "number": "house_number",
            "full": "full_address", "population": "pop",
        ], words: .ours, areaUnit: nil)

    private static let chineseWords: [String: [String: String]] = [
        "towns.kind": ["subdistrict": "街道", "town": "镇", "zone": "园区"],
        "landuse.class": [
            "residential": "住宅用地", "village": "宅基地", "commercial": "商业", "industrial": "工业用地", "storage": "仓储",
            "education": "教育", "medical": "医疗", "park": "公园", "farmland": "耕地", "green": "绿地",
        ],
        "parcels.use": [
            "residential": "住宅", "village": "宅基地", "commercial": "商业", "industrial": "工业", "storage": "仓储",
            "public": "公共设施", "green": "绿地", "farmland": "农用地",
        ],
        "parcels.right": ["state": "国有", "collective": "集体"],
        "water.class": ["canal": "沟渠", "pond": "坑塘", "lake": "湖泊"],
        "rivers.class": ["district": "区管", "town": "镇管", "village": "村级"],
        "buildings.use": [
            "residential": "住宅", "village": "农宅", "commercial": "商业", "office": "办公", "industrial": "工业",
            "storage": "仓储", "public": "公共", "education": "教育", "medical": "医疗", "utility": "市政", "shed": "棚房",
        ],
        "railways.class": ["rail": "铁路", "metro": "地铁"],
        "roads.class": [
            "motorway": "高速公路", "trunk": "快速路", "primary": "主干路", "secondary": "次干路", "tertiary": "支路",
            "residential": "街坊路", "service": "内部道路",
        ],
        "points.class": [
            "school": "学校", "kindergarten": "幼儿园", "hospital": "医院", "clinic": "卫生站", "government": "政府机关",
            "culture": "文化", "sport": "体育", "park": "公园", "market": "菜场", "shop": "商店", "food": "餐饮", "station": "车站",
            "parking": "停车场", "elderly": "养老", "toilet": "公厕", "waste": "环卫", "religion": "宗教",
        ],
    ]

    private static let planningWords: [String: [String: String]] = [
        "landuse.class": [
            "residential": "R2", "village": "E6", "commercial": "B1", "industrial": "M1", "storage": "W1",
            "education": "A3", "medical": "A5", "park": "G1", "farmland": "E2", "green": "G2",
        ],
        "parcels.use": [
            "residential": "R2", "village": "0702", "commercial": "B1", "industrial": "M1", "storage": "W1",
            "public": "A1", "green": "G1", "farmland": "E2",
        ],
        "parcels.right": ["state": "G", "collective": "J"],
        "buildings.use": [
            "residential": "R2", "village": "12", "commercial": "B1", "office": "B2", "industrial": "M1",
            "storage": "W1",
            "public": "A1", "education": "A3", "medical": "A5", "utility": "U", "shed": "70",
        ],
        "roads.class": [
            "motorway": "GS", "trunk": "KS", "primary": "ZG", "secondary": "CG", "tertiary": "ZL", "residential": "XQ",
            "service": "NB",
        ],
    ]
}
