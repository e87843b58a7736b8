// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Testing

@Suite("A child breaks a ceiling", .enabled(if: executable != nil))
struct CeilingTests {
    @Test("Processor time ends a child that computes without end")
    func cpu() throws {
        let exit = try probe(.spin, limits: ChildLimits(cpuSeconds: 1, wallSeconds: 60))
        #expect(exit.cause == .cpu)
        #expect(
            exit.sentence
                == "The process that did the work used more than 1 s of processor time, the most allowed.")
        #expect(exit.usage.cpuSeconds >= 0.5)
    }

    @Test("The clock ends a child that sleeps")
    func wall() throws {
        let exit = try probe(.sleep, limits: ChildLimits(wallSeconds: 1))
        #expect(exit.cause == .wallClock)
        #expect(exit.sentence?.contains("took longer than 1 s") == true)
    }

    @Test("Memory ends a child that hoards")
    func memory() throws {
        let exit = try probe(.allocate, limits: ChildLimits(wallSeconds: 60, addressSpaceBytes: 1 << 30))
        #expect(exit.cause == .memory, "\(exit)")
        #expect(exit.sentence?.contains("1024 MB of memory") == true)
        #expect(exit.usage.peakMemoryBytes < 1 << 30)
    }

    @Test("The size of a file ends a child that writes without end")
    func fileSize() throws {
        let exit = try probe(.write, limits: ChildLimits(wallSeconds: 60, fileBytes: 8 << 20))
        #expect(exit.cause == .fileSize, "\(exit)")
    }

    @Test("A frame above the ceiling is refused at its sender, with a sentence")
    func frameSize() throws {
        let exit = try probe(
            .frames(count: 1, bytes: 2 << 20), limits: ChildLimits(wallSeconds: 60, frameBytes: 1 << 20))
        #expect(
            exit.ending
                == .failed("A frame of 2097152 bytes cannot be sent: 1048576 bytes is the most allowed."))
    }

    @Test("A request above the ceiling is refused before a child is started")
    func requestSize() throws {
        #expect(throws: ChildProcessesError.self) {
            try ChildProcess.run(
                job: "probe", request: [UInt8](repeating: 0, count: 100), limits: ChildLimits(frameBytes: 10),
                executable: executable, onFrame: { _ in })
        }
    }

    @Test("A child has no network, no other programs, no descriptors, no secrets, and an empty folder")
    func confinement() throws {
        setenv("MIAOPU_TEST_SECRET", "hush", 1)
        let stray = open("/dev/null", O_RDONLY)
        defer { close(stray) }
        var findings: ProbeJob.Findings?
        let exit = try probe(.look) {
            findings = try JSONDecoder().decode(ProbeJob.Findings.self, from: Data($0.payload))
        }
        let found = try #require(findings, "\(exit)")
        #expect(exit.ending == .finished)
        #expect(!exit.isolation.reachesNetwork)
        #expect(found.opensSockets == exit.isolation.hasOwnNetwork)
        #expect(found.runsPrograms == !exit.isolation.filtersSystemCalls)
        #expect(found.signalsOthers == !exit.isolation.filtersSystemCalls)
        #expect(!found.environment.contains("MIAOPU_TEST_SECRET") && !found.environment.contains("HOME"))
        #expect(found.descriptors == [0, 1, 2, 3])
        #expect(found.contents == [])
        #expect(!FileManager.default.fileExists(atPath: found.workingDirectory))
    }
}
