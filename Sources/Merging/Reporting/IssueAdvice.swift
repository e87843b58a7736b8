// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What people call each kind of issue, and what is to be done about it.
enum IssueAdvice {
    typealias Wording = MergeReport.Wording

    /// By the fixed name of the kind.
    private static let titles: [String: Wording] = [
        "quarantined": Wording("整份来源未合并", "Source not merged"),
        "gap": Wording("空隙", "Gap"),
        "slit": Wording("边界缝隙", "Slit"),
        "overlap": Wording("重叠", "Overlap"),
        "duplicate": Wording("重复图斑", "Duplicate"),
        "enclave": Wording("未挖空的内嵌图斑", "Enclave not cut out"),
        "line-end": Wording("线端未接", "Line ends apart"),
        "end-beside-line": Wording("线端靠近邻镇的线", "End beside a line of another town"),
        "dangling-end": Wording("线止于镇界", "Line ends at the town's border"),
        "twin": Wording("两镇重复提交", "Twins"),
        "cut": Wording("在镇界处被切断", "Cut at the border"),
        "null-geometry": Wording("没有图形", "No geometry"),
        "empty-geometry": Wording("图形为空", "Empty geometry"),
        "no-shape": Wording("有属性而无图形", "Attributes without a shape"),
        "no-attributes": Wording("有图形而无属性", "Shape without attributes"),
        "truncated": Wording("记录被截断", "Record cut off"),
        "unreadable": Wording("无法读取", "Unreadable"),
        "not-finite": Wording("坐标不是数字", "Coordinate is no number"),
        "non-finite-coordinate": Wording("坐标不是数字", "Coordinate is no number"),
        "half-a-coordinate": Wording("缺少一个坐标", "One coordinate is missing"),
        "no-number": Wording("坐标不是数字", "Coordinate is no number"),
        "outside-area-of-use": Wording("超出坐标系适用范围", "Outside of the reference system's area"),
        "outside-grid-area": Wording("落在本区之外", "Outside of the district"),
        "not-transformable": Wording("无法转换坐标", "Cannot be brought onto the grid"),
        "too-small": Wording("小于网格精度", "Smaller than the grid's precision"),
        "irreparable-geometry": Wording("图形无法修复", "Geometry beyond repair"),
        "wrong-geometry-type": Wording("图形类型不符", "Wrong type of geometry"),
        "closed-line-as-area": Wording("闭合线作面处理", "Closed line taken as an area"),
        "duplicate-key": Wording("编号重复", "Key given twice"),
        "made-valid-self-intersection": Wording("图形自相交", "Self-intersection"),
        "made-valid-ring-self-intersection": Wording("环自相交", "Ring meets itself"),
        "made-valid-duplicate-rings": Wording("重复的环", "Ring given twice"),
        "made-valid-nested-shells": Wording("面套面", "Area within an area"),
        "made-valid-hole-lies-outside-shell": Wording("洞在面外", "Hole outside of its area"),
        "code-malformed": Wording("网格编码格式不符", "Malformed grid code"),
        "code-of-another-area": Wording("网格编码与所在区域不符", "Grid code of another area"),
        "code-duplicate": Wording("网格编码重复", "Grid code given twice"),
        "code-no-area": Wording("网格不在任何上级区域内", "Cell in no area"),
        "code-several-areas": Wording("网格跨越多个上级区域", "Cell in several areas"),
        "code-area-without-code": Wording("上级区域没有代码", "Area without a code"),
        "code-missing": Wording("网格没有编码", "Cell without a code"),
        "code-numbers-used-up": Wording("顺序号已用完", "Serial numbers used up"),
        "code-given-before": Wording("网格编码曾属其他网格", "Code of another cell before"),
        "code-changed": Wording("网格编码被更改", "Grid code changed"),
        "code-gap": Wording("网格编码有空号", "Gap in the numbering"),
        "unmarked-record": Wording("回执单记录没有标识", "Record of a slip without its mark"),
    ]

    private static let actions: [String: Wording] = [
        "quarantined": Wording(
            "按所列原因修改 district.yaml，或请街镇重新提交，再运行 miaopu merge。",
            "Do what the reason says, in district.yaml or with another delivery, and merge again."),
        "null-geometry": Wording("请街镇补绘图形，或删去该记录。", "Ask the town to draw it or to delete the record."),
        "empty-geometry": Wording("请街镇补绘图形，或删去该记录。", "Ask the town to draw it or to delete the record."),
        "outside-area-of-use": Wording(
            "核对坐标系与该记录的坐标。", "Check the reference system and the record's coordinates."),
        "outside-grid-area": Wording(
            "核对坐标系与该记录的坐标。", "Check the reference system and the record's coordinates."),
        "wrong-geometry-type": Wording(
            "请街镇按图层要求的类型绘制，或改到别的图层。",
            "Ask the town for the layer's type of geometry, or merge it into another layer."),
        "duplicate-key": Wording("请街镇给每个要素唯一编号。", "Ask the town for one key a feature."),
        "truncated": Wording("文件不完整，请街镇重新导出。", "The file is incomplete: ask for another export."),
        "code-malformed": Wording("请街镇按规则改正编码。", "Ask the town for a code by the rules."),
        "code-of-another-area": Wording("请街镇改正编码或界线。", "Ask the town to correct the code or the border."),
        "code-duplicate": Wording("请街镇改正其中一个编码。", "Ask the town to correct one of the codes."),
        "code-no-area": Wording("请街镇核对网格界线。", "Ask the town to look at the cell's border."),
        "code-several-areas": Wording("请街镇按上级区域拆分网格。", "Ask the town to split the cell where the areas meet."),
        "code-area-without-code": Wording("请补上级区域代码。", "Let the area have its code."),
        "code-given-before": Wording(
            "编码不得重复使用；若确为同一网格，运行 miaopu merge --accept。",
            "No code is used twice; if it is the same cell, “miaopu merge --accept” the source."),
        "code-changed": Wording(
            "请街镇沿用区级编码；若确需更改，运行 miaopu merge --accept。",
            "Ask the town to keep the district's code; if it is meant so, “miaopu merge --accept” the source."),
        "gap": Wording("请两镇共同确认界线后重新提交。", "Let both towns agree on the border and deliver again."),
        "slit": Wording("请两镇共同确认界线后重新提交。", "Let both towns agree on the border and deliver again."),
        "overlap": Wording("请两镇确认归属，或设定 authority。", "Let both towns agree, or give one `authority`."),
        "duplicate": Wording("请两镇确认由谁保留。", "Let both towns agree who keeps it."),
        "enclave": Wording("请外围一方挖空该图斑。", "Ask the outer one to cut it out."),
    ]

    static func title(of kind: String) -> Wording {
        titles[kind] ?? Wording(kind, kind.replacing("-", with: " "))
    }

    static func of(kind: String, _ outcome: MergeReport.IssueOutcome) -> Wording {
        switch outcome {
        case .quarantined, .rejected, .open:
            actions[kind]
                ?? (outcome == .open
                    ? Wording("请有关街镇核实。", "Ask the towns that meet there.")
                    : Wording(
                        "用 miaopu slip 将记录退回街镇改正。", "Return it to the town with “miaopu slip”, to be corrected."))
        case .repaired:
            Wording("核对修复结果；回执单中附有原坐标。", "Look at the repair; the slip has the original coordinates.")
        case .closed: Wording("核对移动后的界线。", "Look at the border as it is now.")
        case .noted: actions[kind] ?? Wording("知悉即可。", "Nothing, unless it is not meant so.")
        }
    }
}
