// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A file's bytes as memory. The file must not shrink while it is mapped: an
/// access beyond its new end kills the process, which is why this is for
/// children.
final class MappedFile {
    let bytes: UnsafeRawBufferPointer

    /// - Throws: `FormatsError` when the file cannot be read.
    init(path: String, name: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FormatsError(.notFound, "“\(name)” cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FormatsError(.notFound, "“\(name)” is not a file.")
        }
        let count = Int(status.st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw FormatsError.memory(name)
        }
        madvise(address, count, MADV_SEQUENTIAL)
        bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    deinit {
        if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
    }
}

extension UnsafeRawBufferPointer {
    /// Integers at an offset that the caller has checked.
    func little<Word: FixedWidthInteger>(_ type: Word.Type, at offset: Int) -> Word {
        Word(littleEndian: loadUnaligned(fromByteOffset: offset, as: Word.self))
    }

    func big<Word: FixedWidthInteger>(_ type: Word.Type, at offset: Int) -> Word {
        Word(bigEndian: loadUnaligned(fromByteOffset: offset, as: Word.self))
    }

    func littleDouble(at offset: Int) -> Double {
        Double(bitPattern: little(UInt64.self, at: offset))
    }

    /// Part of the buffer, cut to what there is.
    func part(from start: Int, count: Int) -> UnsafeRawBufferPointer {
        let start = Swift.min(Swift.max(0, start), self.count)
        return UnsafeRawBufferPointer(rebasing: self[start..<Swift.min(self.count, start + Swift.max(0, count))])
    }

    /// Whether ASCII text stands at an offset, whatever its case.
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        guard offset + text.utf8CodeUnitCount <= count else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            let ours = text.utf8Start[index]
            let theirs = self[offset + index]
            if ours != theirs && !(isLetter(theirs) && ours | 0x20 == theirs | 0x20) { return false }
        }
        return true
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF)
    }
}
