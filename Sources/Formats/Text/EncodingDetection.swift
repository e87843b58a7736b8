// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Finds out in which encoding a file's text is when nothing says so.
///
/// Text beyond ASCII that is well-formed UTF-8 is hardly ever anything else.
/// What is no UTF-8 is taken as GB 18030, the usual encoding of deliveries in
/// China, and the verdict says that it is an assumption.
struct EncodingDetection {
    private(set) var isASCII = true
    private(set) var isUTF8 = true
    private var sample: [UInt8] = []
    private var longest = 0

    /// Looks at one value.
    mutating func look(at bytes: UnsafeRawBufferPointer) {
        guard !bytes.isASCII else { return }
        isASCII = false
        if isUTF8 && !bytes.isWellFormedUTF8 { isUTF8 = false }
        let beyond = bytes.count { $0 >= 0x80 }
        if beyond > longest && bytes.count <= 120 {
            longest = beyond
            sample = Array(bytes)
        }
    }

    /// The verdict of the contents alone.
    var verdict: EncodingVerdict {
        if isASCII { return EncodingVerdict("UTF-8", .onlyASCII) }
        return verdict(isUTF8 ? "UTF-8" : "GB18030", isUTF8 ? .wellFormedUTF8 : .assumed)
    }

    /// A verdict from elsewhere, with a sample of how the contents then read.
    func verdict(_ name: String, _ evidence: EncodingVerdict.Evidence) -> EncodingVerdict {
        let decoder = sample.isEmpty ? nil : TextDecoder(encoding: name)
        let text = decoder.map { decoder in sample.withUnsafeBytes { decoder.decode($0).text } }
        return EncodingVerdict(name, evidence, sample: text?.trimmingCharacters(in: .whitespaces))
    }

    /// A sentence when a verdict from elsewhere and the contents disagree.
    func contradiction(of verdict: EncodingVerdict) -> String? {
        guard !isASCII, let decoder = TextDecoder(encoding: verdict.name) else { return nil }
        let isReadable = sample.withUnsafeBytes { decoder.decode($0).replaced == 0 }
        if TextDecoder.canonical(verdict.name) == "UTF-8" {
            return isUTF8 ? nil : "The text is said to be UTF-8 but is not; if it reads wrong, declare `encoding: GBK`."
        }
        if isUTF8 { return "The text is said to be \(verdict.name) but is well-formed UTF-8; check how it reads." }
        return isReadable ? nil : "The text is said to be \(verdict.name) but holds bytes that mean nothing in it."
    }
}
