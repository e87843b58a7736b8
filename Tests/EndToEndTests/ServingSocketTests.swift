// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// The port of a server, from its start to its end.
@Suite struct ServingSocketTests {
    @Test func `An address that cannot be had is said before anything is started`() throws {
        for (options, status, words) in [
            (["--port", "70000"], Int32(2), "70000 is no port; 0 to 65535 are accepted."),
            (["--host", "nowhere.invalid"], 3, "Cannot listen on nowhere.invalid: it is no address of this machine. Choose"),
            (["--host", "192.0.2.1", "--port", "0"], 3, "Cannot listen on 192.0.2.1:0: it is no address of this machine."),
        ] {
            let result = try Program.run(["serve", "--district", "/nowhere"] + options)
            #expect(result.status == status && result.errors.contains(words), "\(result)")
        }
    }

    @Test func `Who connects waits for the next worker, and is refused once none comes to be ready`() throws {
        let fixture = try `A district on the air`.fixture()
        let server = try RunningServer(fixture.directory, keepsErrors: true)
        let description = try String(
            contentsOf: fixture.directory.appendingPathComponent("district.yaml"), encoding: .utf8)
        let worker = try #require(try server.worker())
        // No worker can start any more.
        try fixture.write("name: [", to: "district.yaml")
        Foundation.kill(worker, SIGKILL)
        // Taken by nobody, and not for ever: the socket is closed in the end.
        let waiting = try server.attempt("/health")
        #expect(waiting.answer == nil && !waiting.errors.contains("ConnectionRefusedError"), "\(waiting.errors)")
        #expect(
            server.errors.contains("in 4 s. Until it is ready, connections are refused."), "\(server.errors)")
        let late = try server.attempt("/health")
        #expect(late.answer == nil && late.errors.contains("ConnectionRefusedError"), "\(late.errors)")
        // It is there again as soon as it can be, at the same address.
        try fixture.write(description, to: "district.yaml")
        #expect(server.status(of: "/health") { $0 == 200 } == 200)
        #expect(server.interrupt() == 0)
        #expect(try server.attempt("/health").errors.contains("ConnectionRefusedError"))
    }
}
