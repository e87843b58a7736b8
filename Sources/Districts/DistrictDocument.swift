// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A `district.yaml` to be written for people to read and correct.
public struct DistrictDocument: Sendable {
    public var name: String
    public var grid: GridDefinition
    public var towns: [Town]
    public var sources: [SourceProposal]
    public var plugins: [PluginDefinition]
    public var policy: Policy?
    /// Sentences at the top of the file.
    public var notes: [String]
    /// Files that were looked at and left out, each with the reason.
    public var skipped: [(file: String, reason: String)]

    public init(
        name: String, grid: GridDefinition, towns: [Town] = [], sources: [SourceProposal] = [],
        plugins: [PluginDefinition] = [], policy: Policy? = nil, notes: [String] = [],
        skipped: [(file: String, reason: String)] = []
    ) {
        self.name = name
        self.grid = grid
        self.towns = towns
        self.sources = sources
        self.plugins = plugins
        self.policy = policy
        self.notes = notes
        self.skipped = skipped
    }
}

/// A value to be written, with the reason for it.
public struct Proposal: Hashable, Sendable {
    public var value: String
    /// Behind the value, as a comment.
    public var comment: String?
    /// Whether the line stands as a comment, for a person to take up.
    public var isCommentedOut: Bool

    public init(_ value: String, comment: String? = nil, isCommentedOut: Bool = false) {
        self.value = value
        self.comment = comment
        self.isCommentedOut = isCommentedOut
    }
}

/// One source to be written.
public struct SourceProposal: Sendable {
    /// A field of the layer and the field of the file that it gets its values
    /// from.
    public struct FieldProposal: Hashable, Sendable {
        /// The field of the layer; nil for a field of the file that no field of
        /// the layer is known for.
        public var field: String?
        public var from: String
        public var unit: String?
        public var comment: String?
        public var isCommentedOut: Bool

        public init(
            _ field: String?, from: String, unit: String? = nil, comment: String? = nil, isCommentedOut: Bool = false
        ) {
            self.field = field
            self.from = from
            self.unit = unit
            self.comment = comment
            self.isCommentedOut = isCommentedOut || field == nil
        }
    }

    /// Layers of a drawing that go into one layer of the district.
    public struct DrawingRow: Hashable, Sendable {
        /// Nil for layers that no layer of the district is known for.
        public var layer: String?
        public var from: [String]
        public var comment: String?
        public var isCommentedOut: Bool

        public init(_ layer: String? = nil, from: [String], comment: String? = nil, isCommentedOut: Bool = false) {
            self.layer = layer
            self.from = from
            self.comment = comment
            self.isCommentedOut = isCommentedOut || layer == nil
        }
    }

    /// What a town's word means in a coded field.
    public struct ValueProposal: Hashable, Sendable {
        public var word: String
        /// Nil for a word whose meaning a person must say.
        public var code: String?
        public var comment: String?

        public init(_ word: String, means code: String?, comment: String? = nil) {
            self.word = word
            self.code = code
            self.comment = comment
        }
    }

    public var id: String
    public var town: Proposal?
    public var layer: Proposal
    public var path: String
    public var crs: Proposal?
    /// The projection that is undone before a fit, `EPSG:2437`.
    public var fittedFrom: String?
    public var encoding: Proposal?
    public var from: SourceSelection
    public var asOf: Proposal?
    /// Which part of a drawing the source is; nil for other files.
    public var drawing: DrawingSelection?
    public var fields: [FieldProposal]
    /// By field of the layer, in the order to be written.
    public var values: [(field: String, words: [ValueProposal])]
    public var authority: Int
    /// The table of a drawing; `layer`, `fields` and `values` are left out when a
    /// row of it counts.
    public var drawingTable: [DrawingRow] = []
    /// Sentences above the source.
    public var notes: [String]

    /// Whether it is a table with a row that counts.
    public var isDrawing: Bool { drawingTable.contains { !$0.isCommentedOut } }

    /// The layers that it goes into.
    public var layers: [String] {
        isDrawing ? drawingTable.filter { !$0.isCommentedOut }.compactMap(\.layer) : [layer.value]
    }

    public init(
        id: String, town: Proposal? = nil, layer: Proposal, path: String, crs: Proposal? = nil,
        encoding: Proposal? = nil, from: SourceSelection = SourceSelection(), asOf: Proposal? = nil,
        fields: [FieldProposal] = [], values: [(field: String, words: [ValueProposal])] = [], authority: Int = 0,
        notes: [String] = []
    ) {
        self.id = id
        self.town = town
        self.layer = layer
        self.path = path
        self.crs = crs
        self.encoding = encoding
        self.from = from
        self.asOf = asOf
        self.fields = fields
        self.values = values
        self.authority = authority
        self.notes = notes
    }

    /// An id made of any words: lower-case letters, digits and hyphens, at most
    /// 64, the same for the same words. Words in another script are written in
    /// Latin letters where the system knows how, else left out.
    public static func id(from words: [String]) -> String {
        var id = ""
        for word in words {
            if !id.isEmpty, !id.hasSuffix("-") { id += "-" }
            for scalar in latin(word).unicodeScalars {
                if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                    id.unicodeScalars.append(scalar)
                } else if !id.isEmpty, !id.hasSuffix("-") {
                    id += "-"
                }
            }
        }
        let short = String(id.prefix(64))
        let trimmed = String(short.drop { $0 == "-" }.reversed().drop { $0 == "-" }.reversed())
        return trimmed.isEmpty ? "source" : trimmed
    }
}
