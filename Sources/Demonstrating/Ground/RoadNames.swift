// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Names for streets: real ones of Minhang for the big roads, else invented
/// ones, none of them twice.
struct RoadNames {
    private var random: RandomSource
    private var taken: Set<String> = []
    private var known: [String]

    private static let big = [
        "沪闵路", "七莘路", "虹梅南路", "漕宝路", "顾戴路", "剑川路", "东川路", "沪青平公路", "浦星公路", "陈行公路", "都市路",
        "莲花南路", "银都路", "春申路", "华宁路", "元江路", "江川路", "龙吴路", "北翟路", "联航路", "中春路", "沪星路", "三鲁公路",
        "鹤庆路", "闵瑞路", "曙光路", "放鹤路", "颛兴路", "江月路", "芦恒路",
    ]

    init(seed: UInt64) {
        random = RandomSource(seed: seed, part: "roads")
        known = Self.big.reversed()
    }

    mutating func next(of road: RoadClass) -> String {
        if road == .primary, let name = known.popLast() {
            taken.insert(name)
            return name
        }
        while true {
            let name = random.pick(Words.first) + random.pick(Words.second) + random.pick(["路", "路", "路", "街"])
            if taken.insert(name).inserted { return name }
        }
    }
}

/// Characters that names are made of.
enum Words {
    static let first = [
        "莘", "梅", "浦", "春", "申", "银", "金", "锦", "江", "龙", "华", "航", "虹", "景", "宝", "永", "兴", "万", "瑞", "新", "向",
        "光", "安", "秀", "紫", "碧", "青", "红", "沧", "澄",
    ]
    static let second = [
        "建", "松", "东", "西", "南", "北", "谭", "庄", "泉", "源", "都", "城", "辰", "阳", "谊", "和", "德", "文", "康", "顺", "昌",
        "丰", "泽", "桥", "塘", "竹", "荷", "枫", "桂", "柳",
    ]
    static let estate = ["苑", "花园", "新村", "公寓", "家园", "名邸", "小区", "雅苑", "新城", "景庭"]
    static let company = [
        "机电", "电子", "包装", "纺织", "印刷", "食品", "精密", "塑料", "医药", "仪表", "家具", "物流", "五金", "汽配", "化工",
    ]
    static let family = ["张", "王", "李", "沈", "陆", "顾", "朱", "徐", "吴", "周", "金", "钱", "蒋", "曹", "杨"]
    static let village = ["家宅", "家塘", "巷", "家浜", "家桥", "家湾"]
}
