// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A number on a door or at the head of a lane: 12, 12甲, 12-1.
public struct DoorNumber: Hashable, Sendable, CustomStringConvertible {
    public var number: Int
    /// 甲, 乙 or a letter; empty for none.
    public var letter: String
    /// What 12-1 and 12之1 have behind the hyphen.
    public var part: Int?

    public init(_ number: Int, letter: String = "", part: Int? = nil) {
        self.number = number
        self.letter = letter
        self.part = part
    }

    public var description: String { "\(number)\(letter)" + (part.map { "-\($0)" } ?? "") }
}
