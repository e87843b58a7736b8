// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension SourceRecord {
    /// Where one field of the layer got its values from.
    public struct FieldOrigin: Sendable, Hashable, Codable {
        /// The name of the layer's field.
        public var field: String
        /// The name of the field in the file.
        public var from: String
        /// The type that the file declares for it: a `FieldType`.
        public var type: String
        /// Symbols of the units that the values were turned from and into.
        public var fromUnit: String?
        public var unit: String?
        /// Whether words of the town were replaced by the layer's codes.
        public var isCoded: Bool
        public var coverage = FieldCoverage()

        public init(field: String, from: String, type: String, fromUnit: String?, unit: String?, isCoded: Bool) {
            self.field = field
            self.from = from
            self.type = type
            self.fromUnit = fromUnit
            self.unit = unit
            self.isCoded = isCoded
        }
    }

    /// How much of a field came over.
    public struct FieldCoverage: Sendable, Hashable, Codable {
        /// A word of the town, and how often it stands there.
        public struct Word: Sendable, Hashable, Codable {
            public var word: String
            public var count: Int

            public init(_ word: String, count: Int) {
                self.word = word
                self.count = count
            }
        }

        /// Features of the source that have a value.
        public var filled = 0
        /// Values that the layer's type cannot hold; they were left empty.
        public var lost = 0
        /// Words that no code was given for and that were kept as they are: the
        /// most frequent ones, and equally frequent ones by their text.
        public var unmapped: [Word] = []
        /// How many times words without a code stand there in all.
        public var unmappedCount = 0

        public init() {}
    }
}
