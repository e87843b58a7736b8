// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS

/// The owner of one GEOS context, and the one place that decides whether a call
/// of GEOS succeeded.
///
/// A context belongs to one worker. Every object made in it keeps a reference
/// to it and so dies first.
final class GEOSContext {
    let handle: GEOSContextHandle_t
    private let log = MessageLog()

    /// - Throws: `.library` when GEOS has no memory for a context.
    init() throws(TopologyError) {
        guard let handle = GEOS_init_r() else {
            throw TopologyError(.library, "start", "GEOS could not make a context: out of memory.")
        }
        self.handle = handle
        let data = Unmanaged.passUnretained(log).toOpaque()
        _ = GEOSContext_setErrorMessageHandler_r(handle, Self.collect, data)
        _ = GEOSContext_setNoticeMessageHandler_r(handle, Self.collect, data)
    }

    deinit {
        GEOS_finish_r(handle)
    }

    private static let collect: GEOSMessageHandler_r = { message, data in
        guard let message, let data else { return }
        Unmanaged<MessageLog>.fromOpaque(data).takeUnretainedValue().append(String(cString: message))
    }

    /// Runs a call that returns an object, or nil on failure, and owns what it
    /// returns.
    func object(
        _ operation: String, _ call: (GEOSContextHandle_t) -> OpaquePointer?
    ) throws(TopologyError) -> GEOSObject {
        log.clear()
        guard let pointer = call(handle) else { throw failure(operation) }
        return GEOSObject(pointer, in: self)
    }

    /// Runs a call that answers 0 or 1, or 2 on failure.
    func answer(_ operation: String, _ call: (GEOSContextHandle_t) -> CChar) throws(TopologyError) -> Bool {
        log.clear()
        switch call(handle) {
        case 0: return false
        case 1: return true
        default: throw failure(operation)
        }
    }

    /// Runs a call that writes a number and returns 0 on failure.
    func number(
        _ operation: String, _ call: (GEOSContextHandle_t, UnsafeMutablePointer<Double>) -> Int32
    ) throws(TopologyError) -> Double {
        log.clear()
        var result = 0.0
        guard call(handle, &result) != 0 else { throw failure(operation) }
        return result
    }

    /// The error of a call that has just failed, with GEOS's own words.
    func failure(_ operation: String) -> TopologyError {
        let words = log.text.map { " (GEOS: \($0))" } ?? ""
        return TopologyError(
            .library, operation, "The operation \(operation) could not be finished\(words); is the geometry valid?")
    }
}

/// The messages of one context; a class, because C calls back with its address.
private final class MessageLog {
    private var messages: [String] = []

    func append(_ message: String) {
        if messages.count < 4 { messages.append(String(message.prefix(300))) }
    }

    func clear() {
        if !messages.isEmpty { messages.removeAll(keepingCapacity: true) }
    }

    var text: String? { messages.isEmpty ? nil : messages.joined(separator: "; ") }
}

/// The owner of one GEOS geometry.
///
/// GEOS constructors free their arguments on failure as well as on success, so
/// an owner is consumed by `release` *before* such a call.
struct GEOSObject: ~Copyable {
    let pointer: OpaquePointer
    private let context: Unmanaged<GEOSContext>

    /// Takes ownership of `pointer`, which `context` made. The engine that owns
    /// the context outlives every owner: none leaves its methods.
    init(_ pointer: OpaquePointer, in context: GEOSContext) {
        self.pointer = pointer
        self.context = .passUnretained(context)
    }

    deinit {
        GEOSGeom_destroy_r(context._withUnsafeGuaranteedRef { $0.handle }, pointer)
    }

    /// Gives the pointer away to a call that takes ownership.
    consuming func release() -> OpaquePointer {
        let pointer = pointer
        discard self
        return pointer
    }
}

/// The owner of geometries that are about to become parts of another.
struct GEOSObjectList: ~Copyable {
    private var pointers: [OpaquePointer?] = []
    private let context: GEOSContext

    init(in context: GEOSContext) {
        self.context = context
    }

    mutating func append(_ object: consuming GEOSObject) {
        pointers.append(object.release())
    }

    deinit {
        for case let pointer? in pointers { GEOSGeom_destroy_r(context.handle, pointer) }
    }

    /// Gives all pointers away to a call that takes ownership of them, but not
    /// of the array.
    mutating func release() -> [OpaquePointer?] {
        let released = pointers
        pointers = []
        return released
    }
}
