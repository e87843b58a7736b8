// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What the specification says about the objects and properties of a style.
enum StyleReference {
    /// The layout and paint properties of all layers, each layer's together.
    /// `PropertyKey` holds positions in this list.
    static let properties: [PropertyReference] = StyleLayerType.allCases.flatMap { type in
        layers[type].map { $0.layout + $0.paint } ?? []
    }

    /// The default of each of `properties`, as a constant; nil where the
    /// specification gives none.
    static let standards: [StyleValue?] = properties.map { CompiledProperty(defaultOf: $0).fallback }

    /// Where in `properties` those of a layer type stand.
    static let ranges: [StyleLayerType: Range<Int>] = {
        var ranges: [StyleLayerType: Range<Int>] = [:]
        var start = 0
        for type in StyleLayerType.allCases {
            let count = layers[type].map { $0.layout.count + $0.paint.count } ?? 0
            ranges[type] = start..<start + count
            start += count
        }
        return ranges
    }()

    /// `visibility`, which every layer has.
    static let visibility = PropertyReference(
        "visibility", "enum", default: "visible", values: ["visible", "none"], parameters: [.globalState])
}

/// One member of an object of a style, or one layout or paint property.
struct PropertyReference: Sendable {
    /// What an expression of the property may depend on.
    struct Parameters: OptionSet, Sendable {
        let rawValue: UInt8
        static let zoom = Parameters(rawValue: 1 << 0)
        static let feature = Parameters(rawValue: 1 << 1)
        static let featureState = Parameters(rawValue: 1 << 2)
        static let globalState = Parameters(rawValue: 1 << 3)
        static let lineProgress = Parameters(rawValue: 1 << 4)
        static let heatmapDensity = Parameters(rawValue: 1 << 5)
        static let elevation = Parameters(rawValue: 1 << 6)
    }

    var name: String
    /// The specification's word for the type, as in `number` or `enum`.
    var type: String
    var isRequired: Bool
    var defaultValue: JSONValue?
    var minimum: Double?
    var maximum: Double?
    /// The type of an array's elements.
    var element: String?
    /// The number of an array's elements, where it is fixed.
    var length: Int?
    /// The accepted words of an enumeration.
    var values: [String]
    /// Empty where no expression is accepted.
    var parameters: Parameters
    var isInterpolated: Bool
    /// Whether `{name}` in its text stands for an attribute.
    var hasTokens: Bool
    var hasTransition: Bool

    init(
        _ name: String, _ type: String, isRequired: Bool = false, default defaultValue: JSONValue? = nil,
        minimum: Double? = nil, maximum: Double? = nil, element: String? = nil, length: Int? = nil,
        values: [String] = [], parameters: Parameters = [], isInterpolated: Bool = false, hasTokens: Bool = false,
        hasTransition: Bool = false
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.minimum = minimum
        self.maximum = maximum
        self.element = element
        self.length = length
        self.values = values
        self.parameters = parameters
        self.isInterpolated = isInterpolated
        self.hasTokens = hasTokens
        self.hasTransition = hasTransition
    }

    /// The type that an expression of the property must have.
    var expressionType: ExpressionType? {
        func scalar(_ word: String?) -> ExpressionType? {
            switch word {
            case "number": .number
            case "string", "enum": .string
            case "boolean": .boolean
            case "color": .color
            case "formatted": .formatted
            case "padding": .padding
            case "numberArray": .numberArray
            case "colorArray": .colorArray
            case "resolvedImage": .resolvedImage
            case "projectionDefinition": .projectionDefinition
            case "variableAnchorOffsetCollection": .variableAnchorOffsetCollection
            case "null": .null
            default: nil
            }
        }
        return type == "array" ? .array(of: scalar(element) ?? .value, count: length) : scalar(type)
    }
}
