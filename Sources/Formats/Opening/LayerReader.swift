// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Reads the records of one layer, whatever the format.
protocol LayerReader: AnyObject {
    var description: LayerDescription { get set }
    /// The file of the delivery that the layer is in, to tell layers of one name
    /// apart.
    var member: String { get }
    /// Sentences that only reading could tell.
    var closingNotes: [String] { get }

    /// Hands over all records in the order of the file.
    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws
}

/// What a reader finds at one place of a file.
enum ReadRecord {
    case feature(RawFeature)
    /// Marked as deleted, but still there.
    case deleted
}
