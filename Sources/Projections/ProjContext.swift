// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// The owner of one PROJ context, and the one place that decides whether a call
/// of PROJ succeeded.
///
/// The network is off: a transformation never depends on what a server answers.
/// A context belongs to one worker; everything made in it dies before it does,
/// because every object keeps a reference to its context.
final class ProjContext {
    let pointer: OpaquePointer
    private let log = MessageLog()

    /// - Throws: `.library` when PROJ has no memory for a context.
    init() throws(ProjectionsError) {
        guard let pointer = proj_context_create() else {
            throw ProjectionsError(.library, subject: "PROJ", "PROJ could not make a context: out of memory.")
        }
        self.pointer = pointer
        proj_context_set_enable_network(pointer, 0)
        proj_log_level(pointer, PJ_LOG_ERROR)
        proj_log_func(pointer, Unmanaged.passUnretained(log).toOpaque()) { data, _, message in
            guard let data, let message else { return }
            Unmanaged<MessageLog>.fromOpaque(data).takeUnretainedValue().append(String(cString: message))
        }
    }

    deinit {
        proj_context_destroy(pointer)
    }

    /// Runs a call of PROJ that returns nil on failure.
    ///
    /// - Throws: an error of `kind` whose sentence starts with `failure` and
    ///   ends with what PROJ itself said.
    func check<Result>(
        _ kind: ProjectionsError.Kind, subject: String, _ failure: @autoclosure () -> String,
        _ call: (OpaquePointer) -> Result?
    ) throws(ProjectionsError) -> Result {
        log.clear()
        if let result = call(pointer) { return result }
        throw ProjectionsError(kind, subject: subject, failure() + reason())
    }

    /// What PROJ said since the last check, as the end of a sentence.
    private func reason() -> String {
        if let message = log.text { return " (PROJ: \(message))." }
        let code = proj_context_errno(pointer)
        guard code != 0, let text = proj_context_errno_string(pointer, code) else { return "." }
        return " (PROJ: \(String(cString: text)))."
    }
}

/// The messages of one context; a class, because C calls back with its address.
private final class MessageLog {
    private var messages: [String] = []

    func append(_ message: String) {
        // A malformed text can make the parser complain thousands of times.
        if messages.count < 4 { messages.append(String(message.prefix(300))) }
    }

    func clear() { messages.removeAll(keepingCapacity: true) }

    var text: String? {
        guard !messages.isEmpty else { return nil }
        return messages.joined(separator: "; ").replacing("\n", with: " ")
    }
}

/// The owner of one PROJ object: a reference system, an operation, a datum.
final class ProjObject {
    let context: ProjContext
    let pointer: OpaquePointer

    /// Takes ownership of `pointer`, which `context` made.
    init(_ pointer: OpaquePointer, in context: ProjContext) {
        self.pointer = pointer
        self.context = context
    }

    deinit {
        proj_destroy(pointer)
    }

    var name: String { proj_get_name(pointer).map { String(cString: $0) } ?? "unknown" }

    var type: PJ_TYPE { proj_get_type(pointer) }

    /// The first identifier as `authority:code`, when the object carries one.
    var identifier: String? {
        guard let authority = proj_get_id_auth_name(pointer, 0), let code = proj_get_id_code(pointer, 0) else {
            return nil
        }
        return "\(String(cString: authority)):\(String(cString: code))"
    }

    /// The part of the object that a query of PROJ returns, when there is one.
    func part(_ query: (OpaquePointer, OpaquePointer) -> OpaquePointer?) -> ProjObject? {
        query(context.pointer, pointer).map { ProjObject($0, in: context) }
    }

    /// Where the object may be used, in degrees, when PROJ knows it. An area
    /// across the antimeridian ends beyond 180.
    var areaOfUse: Envelope? {
        var west = 0.0
        var south = 0.0
        var east = 0.0
        var north = 0.0
        guard proj_get_area_of_use(context.pointer, pointer, &west, &south, &east, &north, nil) != 0,
            west >= -180
        else { return nil }
        return Envelope(minX: west, minY: south, maxX: east < west ? east + 360 : east, maxY: north)
    }
}
