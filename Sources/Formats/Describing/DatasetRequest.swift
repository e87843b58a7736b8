// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What is to be read: a file and the part of it that is wanted. Crosses to a
/// child as JSON.
public struct DatasetRequest: Hashable, Sendable, Codable {
    /// An absolute path of the file system; never one of GDAL's own.
    public var path: String
    /// The layer of the file; nil for any.
    public var layer: String?
    /// A condition in OGR SQL that a record must meet: `层数 > 0`.
    public var `where`: String?
    /// The name of the text's encoding as iconv knows it; nil leaves the verdict
    /// to the file.
    public var encoding: String?
    /// The same for single columns, by their names.
    public var columnEncodings: [String: String] = [:]
    /// Whether a person has checked what is said of the encoding, so that it is
    /// used whatever the bytes say.
    public var isEncodingChecked = false
    /// Whether all encodings that the text could be in are to be ranked, though
    /// nothing speaks against the first.
    public var ranksEncodings = false
    /// Names of towns and places that text may hold, for the verdict on its
    /// encoding.
    public var placeNames: [String] = []
    /// The columns of a table that hold east and north; nil finds them by name.
    public var xField: String?
    public var yField: String?
    /// Whether a table's columns of coordinates are of no interest; nil for no.
    public var ignoresPositions: Bool?
    /// How drawings are read; nil for the usual way.
    public var drawing: DrawingOptions?
    public var limits: DatasetLimits

    public init(
        path: String, layer: String? = nil, where condition: String? = nil, encoding: String? = nil,
        xField: String? = nil, yField: String? = nil, limits: DatasetLimits = DatasetLimits()
    ) {
        self.path = path
        self.layer = layer
        self.where = condition
        self.encoding = encoding
        self.xField = xField
        self.yField = yField
        self.limits = limits
    }

    /// The name of the file without the folders that it lies in.
    public var displayName: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// How much of a delivery is read before it is refused.
public struct DatasetLimits: Hashable, Sendable, Codable {
    /// Bytes of the file, or of all files of a folder.
    public var fileBytes = 4 << 30
    /// Files in an archive.
    public var archiveMembers = 200
    /// Bytes that an archive or a compressed file may become, all members
    /// together; counted while they are decompressed.
    public var inflatedBytes = 2 << 30
    /// How many times its compressed size a member may have, once it is larger
    /// than a megabyte.
    public var inflationRatio = 100
    /// Records of a layer.
    public var features = 5_000_000
    public var layers = 1_000
    public var fields = 256
    /// Bytes of one text value, as UTF-8.
    public var textBytes = 64 << 10
    public var verticesOfGeometry = 1_000_000
    public var ringsOfGeometry = 10_000
    public var verticesOfFile = 50_000_000
    /// Levels of JSON, and of folders in KML.
    public var nesting = 64

    public init() {}
}
