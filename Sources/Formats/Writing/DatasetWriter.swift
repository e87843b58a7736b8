// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Foundation
public import SimpleFeatures

/// Writes features of our own into a file of any format that is read, but survey points,
/// FileGDB and OpenStreetMap's.
///
/// The data are trusted, so this works in the host process. For one thread.
public final class DatasetWriter {
    private enum State {
        case gdal(GDALWriter)
        case delimited(DelimitedWriter)
        case closed
    }

    private var state: State

    /// Makes the file, and whatever belongs to it; an older one is replaced.
    ///
    /// - Parameter schema: what the records have. A shapefile cuts the names of
    ///   fields to ten bytes; DXF keeps only fields called `Layer` and `Text`.
    /// - Throws: `FormatsError`.
    public init(creating url: URL, schema: Schema, options: WritingOptions) throws {
        switch options.format {
        case .csv: state = .delimited(try DelimitedWriter(url, schema: schema, options: options))
        case .surveyPoints, .accessDatabase, .fileGDB, .osmPBF, .osmXML:
            throw FormatsError(.wrongUse, "\(options.format.title) files are read but not written.")
        default: state = .gdal(try GDALWriter(url, schema: schema, options: options))
        }
    }

    /// Appends a record; its coordinates are in `options.crs`, x = east.
    ///
    /// - Throws: `FormatsError` when the format cannot hold it or the disk is
    ///   full.
    public func write(_ record: FeatureRecord) throws {
        switch state {
        case .gdal(let writer): try writer.write(record)
        case .delimited(let writer): try writer.write(record)
        case .closed: throw FormatsError(.wrongUse, "A file that is closed cannot be written to.")
        }
    }

    /// Completes the file. Without this call it is incomplete.
    ///
    /// - Throws: `FormatsError`.
    public func close() throws {
        let last = state
        state = .closed
        switch last {
        case .gdal(let writer): try writer.close()
        case .delimited(let writer): try writer.close()
        case .closed: break
        }
    }

    /// Writes all records and completes the file.
    ///
    /// - Throws: `FormatsError`, and what the sequence's elements throw.
    public static func write(
        _ records: some Sequence<FeatureRecord>, schema: Schema, to url: URL, options: WritingOptions
    ) throws {
        let writer = try DatasetWriter(creating: url, schema: schema, options: options)
        for record in records { try writer.write(record) }
        try writer.close()
    }
}
