// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation
import SimpleFeatures

/// Writes a text table with the position in its first two columns.
final class DelimitedWriter {
    private let file: UnsafeMutablePointer<FILE>
    private var isOpen = true
    private let name: String
    private let encoder: TextEncoder?
    private let digits: Int
    private let writesPosition: Bool

    init(_ url: URL, schema: Schema, options: WritingOptions) throws {
        name = url.lastPathComponent
        digits = options.coordinateDigits
        writesPosition = options.writesPosition
        if TextDecoder.canonical(options.encoding) == "UTF-8" {
            encoder = nil
        } else {
            guard let encoder = TextEncoder(encoding: options.encoding) else {
                throw FormatsError(.wrongUse, "There is no text encoding “\(options.encoding)”.")
            }
            self.encoder = encoder
        }
        guard let file = fopen(url.path, "we") else {
            throw FormatsError(.system, "“\(name)” cannot be written: \(String(cString: strerror(errno))).")
        }
        self.file = file
        try write((writesPosition ? [options.xColumn, options.yColumn] : []) + schema.fields.map(\.name))
    }

    deinit {
        if isOpen { fclose(file) }
    }

    func write(_ record: FeatureRecord) throws {
        var cells = writesPosition ? ["", ""] : []
        if writesPosition, let envelope = record.geometry?.envelope, !envelope.isEmpty {
            cells = [number(envelope.center.x), number(envelope.center.y)]
        }
        try write(cells + record.values.map(\.description))
    }

    private func number(_ value: Double) -> String {
        var text = String(format: "%.\(digits)f", value)
        while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") {
            let wasPoint = text.hasSuffix(".")
            text.removeLast()
            if wasPoint { break }
        }
        return text
    }

    private func write(_ cells: [String]) throws {
        let line = cells.map(Self.quoted).joined(separator: ",") + "\r\n"
        guard let bytes = encoder.map({ $0.encode(line) }) ?? Array(line.utf8) else {
            throw FormatsError(.wrongUse, "“\(name)” has text that its encoding cannot hold: \(line.prefix(80)).")
        }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw FormatsError(.system, "“\(name)” cannot be written: \(String(cString: strerror(errno))).")
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }

    func close() throws {
        isOpen = false
        guard fclose(file) == 0 else {
            throw FormatsError(.system, "“\(name)” cannot be completed: \(String(cString: strerror(errno))).")
        }
    }
}
