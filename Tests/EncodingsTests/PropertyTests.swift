// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@testable import Encodings

@Suite("Random place names in every encoding")
struct PropertyTests {
    static let seed =
        ProcessInfo.processInfo.environment["MIAOPU_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1 << 32)

    private static let simplified = Array(
        "梅陇莘庄七宝颛桥马吴泾华漕古美江川浦锦新虹春申银都平阳万源罗阳龙茗合川金汇虹井吴中宜山漕宝蒲汇沪闵剑鹤庆华宁东西南北上下大小老张王李赵陈杨周徐朱许曹")
    private static let traditional = Array("臺灣新竹縣北鄉高雄鳳山鎮板橋屏東潮州嘉義民桃園龍潭花蓮吉安雲林斗六彰化員南投草屯中正建國陽明豐原頭份")
    private static let endings = ["路", "镇", "村", "小区", "街道", "弄三号", "新村", "公路", "小学", "河", "港", "家宅", "一组", "号楼"]
    private static let oldEndings = ["路", "鎮", "村", "國小", "街", "鄉", "公園", "橋", "溪"]

    private static func names(_ count: Int, _ isTraditional: Bool, _ random: inout SeededGenerator) -> [String] {
        (0..<count).map { _ in
            let characters = isTraditional ? traditional : simplified
            let stem = (0..<Int.random(in: 2...4, using: &random)).map { _ in
                characters[Int.random(in: 0..<characters.count, using: &random)]
            }
            let ending = (isTraditional ? oldEndings : endings).randomElement(using: &random) ?? ""
            return String(stem) + ending
        }
    }

    /// Characters from which on a verdict is expected.
    private static let enough = 40

    @Test("are judged right from 40 characters on, and are never wrong with confidence", arguments: 0..<6)
    func random(way: Int) throws {
        let ways: [(encoding: String, isTraditional: Bool)] = [
            ("UTF-8", false), ("UTF-8", true), ("GB18030", false), ("GB18030", true), ("BIG5", true), ("GBK", false),
        ]
        let (encoding, isTraditional) = ways[way]
        var random = SeededGenerator(seed: Self.seed &+ UInt64(way))
        let rounds = ProcessInfo.processInfo.environment["MIAOPU_LONG"] == "1" ? 5_000 : 150
        var undecided = 0
        for _ in 0..<rounds {
            let names = Self.names(Int.random(in: 1...12, using: &random), isTraditional, &random)
            let bytes = try names.map { try encoded($0, encoding) }
            let characters = Set(names).reduce(0) { $0 + $1.unicodeScalars.count }
            let found = verdict([bytes]) { $0.ranksAll = true }
            let isRight = EncodingJudge.family(found.name) == EncodingJudge.family(encoding)
            #expect(isRight || !found.isDecisive, "seed \(Self.seed): \(names) in \(encoding): \(found.conclusion)")
            if characters >= Self.enough {
                #expect(found.isDecisive, "seed \(Self.seed): \(names) in \(encoding): \(found.ranking)")
            } else if !found.isDecisive {
                undecided += 1
            }
            // What is true is never called a lie, and a lie is never believed with enough text.
            let honest = verdict([bytes], EncodingClaim(.codePageFile, encoding))
            #expect(honest.refusal == nil, "seed \(Self.seed): \(names) in \(encoding): \(honest.doubts)")
            guard characters >= Self.enough else { continue }
            for said in ["UTF-8", "GBK", "BIG5", "WINDOWS-1252"]
            where EncodingJudge.family(said) != EncodingJudge.family(encoding) {
                let lie = verdict([bytes], EncodingClaim(.codePageFile, said))
                #expect(
                    lie.refusal?.suggestion.map(EncodingJudge.family) == EncodingJudge.family(encoding),
                    "seed \(Self.seed): \(names) in \(encoding) as \(said): \(lie)")
            }
        }
        print("random place names in \(encoding), seed \(Self.seed): \(undecided) of \(rounds) not decided")
    }

    @Test("cut to a fixed width and mixed with ASCII are judged as well")
    func widths() throws {
        var random = SeededGenerator(seed: Self.seed &+ 100)
        for round in 0..<60 {
            let encoding = ["UTF-8", "GB18030", "BIG5"][round % 3]
            let width = Int.random(in: 7...31, using: &random)
            let names = Self.names(30, encoding == "BIG5", &random)
            var sample = TextSample()
            for (number, name) in names.enumerated() {
                let bytes = try encoded(name + " \(number) " + name + name, encoding).prefix(width)
                Array(bytes).withUnsafeBytes { sample.look(at: $0, isFull: bytes.count == width) }
            }
            let found = EncodingJudge().verdict(on: sample, .init(.none, ranksAll: true))
            #expect(found.name == encoding && found.isDecisive, "seed \(Self.seed) width \(width): \(found)")
        }
    }

    @Test("Bytes of chance are never text with confidence")
    func noise() {
        var random = SeededGenerator(seed: Self.seed &+ 200)
        for _ in 0..<60 {
            let values = (0..<20).map { _ in
                (0..<Int.random(in: 1...20, using: &random)).map { _ in UInt8.random(in: 1...255, using: &random) }
            }
            let found = verdict([values])
            #expect(!found.isDecisive, "seed \(Self.seed): \(found)")
        }
    }
}
