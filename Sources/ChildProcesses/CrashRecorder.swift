// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CCrashReport
import Foundation

/// Has this process store where it stood when it crashes. The one file that uses
/// `CCrashReport`.
public enum CrashRecorder {
    /// How much memory a report takes.
    public static let reportBytes = MemoryLayout<miaopu_crash_report>.size

    /// From here on a crash is stored in `memory`: `reportBytes` zeros, mapped
    /// shared from a file, for as long as the process lives. The signal then does
    /// what it does without a handler.
    ///
    /// - Parameter sentinel: a descriptor that stays open for as long; a crash says
    ///   whether it was.
    public static func begin(into memory: UnsafeMutableRawPointer, sentinel: Int32 = -1) {
        miaopu_record_crashes(memory, sentinel)
        guardThread()
    }

    /// Gives the calling thread a stack for the handler, without which an
    /// overflow of its own could not be recorded. Cheap when it has one.
    public static func guardThread() {
        guard let key, pthread_getspecific(key) == nil else { return }
        var present = stack_t()
        // Whoever has set one up is served by it.
        guard sigaltstack(nil, &present) == 0, present.ss_flags & disabled != 0 else { return }
        guard
            let memory = mmap(nil, stackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        else { return }
        var stack = stack_t()
        stack.ss_sp = memory
        stack.ss_size = stackBytes
        guard sigaltstack(&stack, nil) == 0 else {
            munmap(memory, stackBytes)
            return
        }
        pthread_setspecific(key, memory)
    }

    /// The system's number of the calling thread, as a report names it.
    public static var thread: Int32 { miaopu_thread() }

    /// Ends this process, and has a thread of it store where it stands. A thread
    /// that takes no signals has a second for it.
    public static func abort(at thread: Int32) -> Never {
        miaopu_abort_thread(thread)
        usleep(1_000_000)
        while true {
            kill(getpid(), SIGKILL)
            usleep(1_000_000)
        }
    }

    /// What the handler and the unwinder need, many times over.
    private static let stackBytes = 64 << 10
    private static let disabled = Int32(2)

    /// Takes the stack back when its thread ends.
    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key) { memory in
            var none = stack_t()
            none.ss_flags = CrashRecorder.disabled
            sigaltstack(&none, nil)
            if let memory { munmap(memory, CrashRecorder.stackBytes) }
        }
        return code == 0 ? key : nil
    }()
}

extension CrashReport {
    /// Reads what `CrashRecorder` stored; nil when nothing was. Every number is
    /// compared with what there is: whoever crashed could write here, too.
    public init?(_ bytes: [UInt8]) {
        typealias Layout = miaopu_crash_report
        guard bytes.count >= MemoryLayout<Layout>.size,
            let framesOffset = MemoryLayout<Layout>.offset(of: \.frames),
            let namesOffset = MemoryLayout<Layout>.offset(of: \.names)
        else { return nil }
        func number<Number: FixedWidthInteger>(_ offset: Int?, _ type: Number.Type) -> Number {
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset ?? 0, as: type) }
        }
        guard number(MemoryLayout<Layout>.offset(of: \.magic), UInt64.self) == MIAOPU_CRASH_MAGIC else { return nil }
        signal = number(MemoryLayout<Layout>.offset(of: \.signal), Int32.self)
        faultAddress = number(MemoryLayout<Layout>.offset(of: \.fault_address), UInt64.self)
        let pages = number(MemoryLayout<Layout>.offset(of: \.pages), UInt64.self)
        let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
        addressSpaceBytes = Int(clamping: pages.multipliedReportingOverflow(by: page).partialValue)
        thread = number(MemoryLayout<Layout>.offset(of: \.thread), Int32.self)
        hasLostDescriptor = number(MemoryLayout<Layout>.offset(of: \.lost_descriptor), UInt64.self) == 1
        let count = min(
            Int(number(MemoryLayout<Layout>.offset(of: \.frame_count), UInt32.self)), Int(MIAOPU_CRASH_FRAMES))
        frames = (0..<count).map { index in
            typealias Place = miaopu_crash_frame
            let start = framesOffset + index * MemoryLayout<Place>.stride
            let name = Int(number(MemoryLayout<Place>.offset(of: \.name).map { start + $0 }, UInt32.self))
            let length = Int(number(MemoryLayout<Place>.offset(of: \.name_count).map { start + $0 }, UInt32.self))
            let isWithin = name + length <= Int(MIAOPU_CRASH_NAMES)
            return Frame(
                address: number(MemoryLayout<Place>.offset(of: \.address).map { start + $0 }, UInt64.self),
                module: isWithin
                    ? String(decoding: bytes[(namesOffset + name)..<(namesOffset + name + length)], as: UTF8.self) : "",
                offset: number(MemoryLayout<Place>.offset(of: \.offset).map { start + $0 }, UInt64.self))
        }
    }
}
