// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Dispatch
import Foundation
import PluginMessages
import SimpleFeatures
import SwiftProtobuf

/// One run of `miaopu-exercise`: calls go to its standard input, and what the
/// plugin asks of its host is answered as a host does.
final class ExerciseRun {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors: String
    private let state: String
    private var desk: ServiceDesk?

    private enum Kind {
        static let call = UInt8(ascii: "C")
        static let reply = UInt8(ascii: "R")
        static let hostCall = UInt8(ascii: "H")
        static let hostReply = UInt8(ascii: "A")
    }

    /// What went wrong, in a sentence.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts the program, which is killed after some seconds.
    ///
    /// - Throws: when it cannot be started.
    init(program: String, arguments: [String], state: String, seconds: Double) throws {
        self.state = state
        errors = "\(state)/errors.txt"
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: state)
        process.standardInput = input
        process.standardOutput = output
        guard FileManager.default.createFile(atPath: errors, contents: nil),
            let file = FileHandle(forWritingAtPath: errors)
        else { throw Failure(description: "the folder \(state) cannot be written to.") }
        process.standardError = file
        try process.run()
        let identifier = process.processIdentifier
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak process] in
            if process?.isRunning == true { kill(identifier, SIGKILL) }
        }
    }

    /// Starts the plugin and makes the same calls again and again: features of
    /// every layer everywhere, the plugin's root, and a path that there is not.
    func exercise(rounds: Int) throws {
        let manifest = try call(.describe(WireDescribeRequest())).describe
        let desk = ServiceDesk(
            plugin: manifest.id, permissions: Permissions(manifest), services: HostServices(),
            database: PluginDatabase(plugin: manifest.id, stateFolder: state),
            auditLog: AuditLog(stateFolder: state), publish: { _ in })
        self.desk = desk
        var start = WireStartRequest()
        start.hostContractVersion = PluginContract.version
        let layers = try desk.collectLayers { () throws(PluginHostingError) in
            do {
                _ = try call(.start(start))
            } catch {
                throw PluginHostingError(.failedToStart, manifest.id, "it did not start: \(error)")
            }
        }
        for _ in 0..<rounds {
            for layer in layers {
                var request = WireFeaturesRequest()
                request.layer = layer.name
                request.envelope = WireEnvelope(Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90))
                request.zoom = layer.minZoom
                _ = try call(.features(request))
            }
            for path in ["/", "/nothing-is-here"] {
                _ = try? call(.handle(PluginRequest(path: path).message))
            }
        }
        _ = try call(.stop(WireStopRequest()))
    }

    /// Lets the program come to its end.
    func finish() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else { throw failure() }
    }

    /// Kills it when it has not ended.
    func end() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private func call(_ call: WirePluginRequest.OneOf_Call) throws -> WirePluginReply {
        var request = WirePluginRequest()
        request.call = call
        try send(Kind.call, 0, try request.serializedBytes())
        while true {
            let (kind, status, bytes) = try receive()
            if kind == Kind.reply {
                guard status == ContractStatus.ok else {
                    throw Failure(description: String(decoding: bytes.prefix(500), as: UTF8.self))
                }
                return try WirePluginReply(serializedBytes: bytes)
            }
            guard kind == Kind.hostCall else { throw failure() }
            let answer: (status: Int32, bytes: [UInt8]) =
                bytes.withUnsafeBufferPointer { desk?.answer($0) }
                ?? (ContractStatus.number(of: .denied), Array("The host serves no calls before start.".utf8))
            try send(Kind.hostReply, answer.status, answer.bytes)
        }
    }

    private func send(_ kind: UInt8, _ status: Int32, _ bytes: [UInt8]) throws {
        var message = Data([kind])
        withUnsafeBytes(of: UInt32(bytes.count)) { message.append(contentsOf: $0) }
        withUnsafeBytes(of: status) { message.append(contentsOf: $0) }
        message.append(contentsOf: bytes)
        do {
            try input.fileHandleForWriting.write(contentsOf: message)
        } catch {
            throw failure()
        }
    }

    private func receive() throws -> (kind: UInt8, status: Int32, bytes: [UInt8]) {
        let head = try read(9)
        let count = head.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 1, as: UInt32.self) }
        let status = head.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 5, as: Int32.self) }
        guard count <= UInt32(PluginContract.maxReplyBytes) else { throw failure() }
        return (head[0], status, try read(Int(count)))
    }

    private func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try output.fileHandleForReading.read(upToCount: count - bytes.count) ?? Data()
            guard !part.isEmpty else { throw failure() }
            bytes.append(contentsOf: part)
        }
        return bytes
    }

    /// What the program says of its end.
    private func failure() -> Failure {
        end()
        process.waitUntilExit()
        let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        let last = text.split(separator: "\n").last { !$0.hasPrefix("==") && !$0.hasPrefix("###") }
        let ending =
            process.terminationReason == .uncaughtSignal
            ? "it was ended by signal \(process.terminationStatus)" : "it left with \(process.terminationStatus)"
        return Failure(description: "\(ending)\(last.map { ": \($0)" } ?? "").")
    }
}
