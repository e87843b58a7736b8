// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import SimpleFeatures

/// What is in a file, told by a child that read it.
public struct Inspection: Hashable, Sendable, Codable {
    /// The name of the file without its folders.
    public var name: String
    public var format: FileFormat
    /// Of the file as it lies there, or of all files of a folder.
    public var byteCount: Int
    public var layers: [LayerInspection]
    /// Sentences about the file as a whole.
    public var notes: [String]
}

/// What is in a layer.
public struct LayerInspection: Hashable, Sendable, Codable {
    public var description: LayerDescription
    /// What became of the records; nil when they were not read to the end.
    public var balance: ReadBalance?
    /// How many records have which type of geometry.
    public var geometryTypes: [GeometryTypeCount] = []
    /// Of the geometries that were read, x = east; nil when there is none.
    public var extent: Envelope?
    /// Records without a geometry.
    public var withoutGeometry = 0
    /// Records whose heights are not kept.
    public var withHeights = 0
    /// One for each field of the schema, in its order.
    public var fields: [FieldInspection] = []
    /// The first faults, a sentence each: “Record 7 …”.
    public var faults: [String] = []
    /// Why reading stopped before the end, in one sentence.
    public var stop: String?
}

/// A type of geometry and how many records have it.
public struct GeometryTypeCount: Hashable, Sendable, Codable {
    public var type: GeometryType
    public var count: Int
}

/// What the values of a field look like.
public struct FieldInspection: Hashable, Sendable, Codable {
    public var name: String
    public var type: FieldType
    /// Records that have a value which is not empty.
    public var filled = 0
    /// The values by falling frequency, then by their order; at most fifty.
    public var values: [ValueCount] = []
    /// Whether `values` are all that there are.
    public var isComplete = true
}

/// A value as people write it, and how many records have it.
public struct ValueCount: Hashable, Sendable, Codable {
    public var value: String
    public var count: Int
}
