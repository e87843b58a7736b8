// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import DistrictStores
import Districts
import Formats
import Foundation
import Merging
import PluginHosting
import TileServing

/// The exit codes of all verbs.
enum ExitStatus: Int32, Error {
    case done = 0
    /// The work is done and found problems that need a person.
    case needsPerson = 1
    case wrongUse = 2
    case systemFailed = 3
    case interrupted = 130

    /// Writes what happened, in words, to standard error.
    ///
    /// - Returns: the exit code that goes with it.
    static func report<Root: ParsableCommand>(_ error: any Error, for root: Root.Type) -> ExitStatus {
        switch error {
        case let status as ExitStatus: return status
        case let error as MergingError:
            say(error.description)
            return status(of: error.kind)
        case let error as DistrictsError:
            say(error.description)
            return .wrongUse
        case let error as DistrictStoresError:
            say(error.description)
            return error.kind == .storage ? .systemFailed : .wrongUse
        case let error as FormatsError:
            say(error.description)
            return error.kind == .system ? .systemFailed : .wrongUse
        case let error as TileServingError:
            say(error.description)
            return error.kind == .malformed || error.kind == .notFound ? .wrongUse : .systemFailed
        case let error as PluginHostingError:
            say(error.description)
            return .systemFailed
        case let error as CommandError:
            say(error.description)
            return error.status
        case let error as CocoaError:
            say(sentence(of: error))
            return .systemFailed
        default:
            // The parser's own errors, with help and usage among them.
            let message = root.fullMessage(for: error)
            let code = root.exitCode(for: error)
            if code == .success {
                if !message.isEmpty { print(message) }
                return .done
            }
            say(message.isEmpty ? String(describing: error) : message)
            return code == .validationFailure ? .wrongUse : .systemFailed
        }
    }

    private static func status(of kind: MergingError.Kind) -> ExitStatus {
        switch kind {
        case .wrongUse: .wrongUse
        case .sourceRefused, .movementRefused: .needsPerson
        case .system: .systemFailed
        case .cancelled: .interrupted
        }
    }

    /// What Foundation says of a file, as one sentence with its path.
    private static func sentence(of error: CocoaError) -> String {
        if error.code == .fileWriteOutOfSpace { return "The disk is full." }
        let path = error.filePath.map { "“\($0)”" } ?? "A file"
        if let code = (error.underlying as? POSIXError)?.code.rawValue {
            return "\(path) cannot be read or written: \(String(cString: strerror(code)))."
        }
        return "\(path) cannot be read or written: \(error.localizedDescription)"
    }

    static func say(_ sentence: String) {
        // A disk that is full below it takes the words and not the program.
        try? FileHandle.standardError.write(contentsOf: Data((sentence + "\n").utf8))
    }
}

/// What a verb says for itself when it cannot go on.
struct CommandError: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
