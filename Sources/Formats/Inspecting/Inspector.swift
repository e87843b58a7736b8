// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import ChildProcesses
import Foundation

/// The parent's side of `InspectJob`.
public enum Inspector {
    /// Says what is in a file, by way of a child that reads it.
    ///
    /// - Parameters:
    ///   - readsRecords: false leaves out everything that asks for reading all of
    ///     the file.
    ///   - executable: as in `ChildProcess.run`.
    /// - Throws: `FormatsError` when the file is refused or its reader dies;
    ///   `ChildProcessesError` when no child can be started.
    /// - Thread: blocks, as `ChildProcess.run` does.
    public static func inspect(
        _ request: DatasetRequest, readsRecords: Bool = true, limits: ChildLimits = .default,
        executable: String? = nil, isCancelled: () -> Bool = { false }
    ) throws -> Inspection {
        let job = InspectJob.Request(dataset: request, readsRecords: readsRecords)
        var inspection: Inspection?
        var refusal: FormatsError?
        let exit = try ChildProcess.run(
            job: InspectJob.name, request: Array(JSONEncoder().encode(job)), limits: limits, executable: executable,
            isCancelled: isCancelled
        ) { frame in
            switch frame.kind {
            case InspectJob.answer: inspection = try? JSONDecoder().decode(Inspection.self, from: Data(frame.payload))
            case InspectJob.refusal: refusal = InspectJob.decodeRefusal(frame.payload)
            default: break
            }
        }
        if let refusal { throw refusal }
        if case .finished = exit.ending, let inspection { return inspection }
        throw FormatsError(reading: request.displayName, exit)
    }
}

extension FormatsError {
    /// A file that needs more memory than its reader may have.
    static func memory(_ name: String) -> FormatsError {
        let isKML = name.lowercased().split(separator: ".").contains { $0 == "kml" || $0 == "kmz" }
        return FormatsError(
            .tooLarge,
            "“\(name)” is too expensive to read: it needs more memory than is allowed; "
                + (isKML ? "KML has to be held in memory as a whole, so deliver it as a GeoPackage or " : "deliver it ")
                + "in several files, or raise `memory_mb` under `limits:` in district.yaml.")
    }

    /// The error of a file whose reader did not live to say what is wrong.
    public init(reading name: String, _ exit: ChildExit) {
        switch exit.ending {
        case .finished:
            self.init(.damaged, "“\(name)” cannot be read: the process that read it gave no answer.")
        case .failed(let sentence):
            self.init(.damaged, "“\(name)” cannot be read: \(sentence)")
        case .killed(let death):
            switch death.cause {
            case .memory:
                self = .memory(name)
            case .cpu, .wallClock, .fileSize:
                self.init(
                    .tooLarge,
                    "“\(name)” is too expensive to read: the process that read it \(death.clause); deliver it in several "
                        + "files, or raise the ceiling under `limits:` in district.yaml.")
            default:
                self.init(.damaged, "“\(name)” cannot be read: the process that read it \(death.clause).")
            }
        }
    }
}
