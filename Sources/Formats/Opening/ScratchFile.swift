// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A file of ours in the scratch folder that is written piece by piece.
final class ScratchFile {
    private let name: String
    private let stream: UnsafeMutablePointer<FILE>
    private var isOpen = true

    /// Makes the file, in the place of what is there.
    ///
    /// - Parameter name: of the delivered file that it is made from.
    /// - Throws: `FormatsError` of kind `.system`, as all of this.
    init(path: String, for name: String) throws(FormatsError) {
        unlink(path)
        guard let stream = fopen(path, "we") else { throw .scratch(name, errno) }
        self.name = name
        self.stream = stream
    }

    deinit {
        if isOpen { fclose(stream) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatsError) {
        guard fwrite(bytes.baseAddress, 1, bytes.count, stream) == bytes.count else { throw .scratch(name, errno) }
    }

    /// Call it when all is written: what was kept back is written here, and a
    /// full disk may show only now.
    func close() throws(FormatsError) {
        isOpen = false
        guard fclose(stream) == 0 else { throw .scratch(name, errno) }
    }
}

extension FormatsError {
    /// The folder for temporary files does not take what a file is turned into.
    static func scratch(_ name: String, _ code: Int32) -> FormatsError {
        FormatsError(
            .system,
            "The folder for temporary files does not take what “\(name)” needs there: "
                + "\(String(cString: strerror(code))); free some room, or set TMPDIR to another folder.")
    }
}
