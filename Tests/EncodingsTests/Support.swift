// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@testable import Encodings

/// The folder of real data, which is not part of the package.
let sharedData = SharedData.url("data")

/// The bytes of text in an encoding.
func encoded(_ text: String, _ encoding: String) throws -> [UInt8] {
    if encoding == "UTF-8" { return Array(text.utf8) }
    return try #require(TextEncoder(encoding: encoding)?.encode(text), "\(text) is not in \(encoding)")
}

/// A sample of columns of bytes.
func sample(_ columns: [[[UInt8]]], names: [[UInt8]]? = nil, width: Int? = nil) -> TextSample {
    let names = names ?? columns.indices.map { Array("column\($0)".utf8) }
    var sample = TextSample(columns: names)
    for (index, values) in columns.enumerated() {
        for value in values {
            value.withUnsafeBytes { sample.look(at: $0, column: index, isFull: value.count == width) }
        }
        sample.recordsLookedAt = max(sample.recordsLookedAt, values.count)
    }
    return sample
}

func verdict(
    _ columns: [[[UInt8]]], _ claim: EncodingClaim = .none, names: [[UInt8]]? = nil, places: [String] = [],
    configure: (inout EncodingJudge.Question) -> Void = { _ in }
) -> EncodingVerdict {
    var question = EncodingJudge.Question(claim)
    configure(&question)
    return EncodingJudge(placeNames: places).verdict(on: sample(columns, names: names), question)
}

func verdict(_ texts: [String], in encoding: String, _ claim: EncodingClaim = .none) throws -> EncodingVerdict {
    verdict([try texts.map { try encoded($0, encoding) }], claim)
}

extension EncodingVerdict {
    var isDecisive: Bool {
        if case .inferred(let inference) = conclusion { inference.isDecisive } else { false }
    }
}

enum Texts {
    static let simplified = [
        "梅陇镇虹梅南路", "莘庄工业区申旺路", "七宝镇新镇路", "颛桥镇都市路", "闵行区浦江镇浦星公路", "华漕镇纪翟路", "吴泾镇永德路",
        "马桥镇银春路", "古美路街道平阳路", "江川路街道沧源路", "镇卫生院三号楼", "实验小学东校门",
    ]
    static let traditional = [
        "臺灣新竹縣竹北鄉", "高雄縣鳳山鎮", "臺北縣板橋國民小學", "屏東縣潮州鎮中山路", "嘉義縣民雄鄉建國路", "桃園縣龍潭鄉", "花蓮縣吉安鄉",
        "雲林縣斗六鎮", "彰化縣員林鎮中正路", "南投縣草屯鎮",
    ]
    static let japanese = ["東京都千代田区霞が関", "大阪府大阪市北区うめだ", "このデータはテストです", "ひらがなとカタカナ", "横浜市みなとみらい"]
    static let korean = ["서울특별시 종로구", "부산광역시 해운대구", "대구광역시 중구", "인천광역시 남동구", "경기도 수원시"]
    static let western = ["Zürich Hauptbahnhof", "Genève Cornavin", "Málaga", "Besançon", "Göteborg", "Düsseldorf"]
}
