// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// The verdict on a file's text, by what is asked for and what the file says.
struct EncodingInquiry {
    private let request: DatasetRequest
    private let file: String

    init(_ request: DatasetRequest, file: String) {
        self.request = request
        self.file = file
    }

    /// - Parameters:
    ///   - columns: names of columns as they stand in the file.
    ///   - claim: what the file says; what is asked for comes before it.
    /// - Throws: `FormatsError` when an encoding or a column that is asked for
    ///   does not exist.
    func verdict(on sample: TextSample, columns: [[UInt8]] = [], claim: EncodingClaim) throws -> EncodingVerdict {
        let claim = request.encoding.map { EncodingClaim(.request, $0) } ?? claim
        let question = EncodingJudge.Question(
            claim, columnClaims: try columnClaims(columns), isChecked: request.isEncodingChecked,
            ranksAll: request.ranksEncodings)
        if let name = request.encoding { _ = try Self.decoder(name) }
        var verdict = EncodingJudge(placeNames: request.placeNames).verdict(on: sample, question)
        if TextDecoder(encoding: verdict.name) == nil { verdict.name = "UTF-8" }
        return verdict
    }

    /// - Throws: `FormatsError` when there is no such encoding.
    static func decoder(_ name: String) throws -> TextDecoder {
        guard let decoder = TextDecoder(encoding: name) else {
            throw FormatsError(.wrongUse, "There is no text encoding “\(name)”; GBK and UTF-8 are the usual ones.")
        }
        return decoder
    }

    /// What is asked for single columns, by their positions. The names are tried
    /// in all encodings that are asked for.
    private func columnClaims(_ columns: [[UInt8]]) throws -> [Int: String] {
        guard !request.columnEncodings.isEmpty else { return [:] }
        let names = ["UTF-8", "GB18030", request.encoding].compactMap { $0 } + request.columnEncodings.values.sorted()
        let decoders = try names.map(Self.decoder)
        let readings = columns.map { column in
            Set(decoders.map { decoder in column.withUnsafeBytes { decoder.decodeCut($0).text } })
        }
        var claims: [Int: String] = [:]
        for (name, encoding) in request.columnEncodings {
            guard let index = readings.firstIndex(where: { $0.contains(name) }) else {
                throw FormatsError(
                    .wrongUse,
                    "`encoding:` names the column “\(name)”, which “\(file)” does not have or whose encoding cannot be told apart from the file's."
                )
            }
            claims[index] = encoding
        }
        return claims
    }
}
