// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import ChildProcesses
import Districts
import Foundation
import Logging
import PluginHosting
import TileServing

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves the map viewer, tiles and the plugins' pages over HTTP.",
        discussion: "Prints the address when it is ready. Ctrl-C ends it.")

    @OptionGroup var district: DistrictOption

    @Option(help: "The address to listen on; 0.0.0.0 for every one of this machine.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes any that is free.")
    var port = 8080

    @Option(
        help: ArgumentHelp(
            "What links begin with behind a proxy, such as https://maps.example.org; left out, each request's Host.",
            valueName: "url"))
    var publicURL: String?

    /// Set by the supervisor alone: this process is the one that serves.
    @Flag(name: .customLong("__worker"), help: .private)
    var isWorker = false

    static let workerArguments = ["--__worker"]

    func run() async throws {
        if isWorker {
            guard WorkerProcess.followSupervisor() else { return }
            return try await serve()
        }
        guard (0...65_535).contains(port) else {
            throw CommandError(.wrongUse, "\(port) is no port; 0 to 65535 are accepted.")
        }
        let folder = PluginHostConfiguration.stateFolder(of: district.directory)
        let supervisor: ServeSupervisor
        do {
            supervisor = try ServeSupervisor(stateFolder: folder, host: host, port: port)
        } catch {
            throw Self.explained(error)
        }
        Foundation.exit(await supervisor.run())
    }

    private func serve() async throws {
        let loaded = try District.load(from: district.directory)
        var options = ServingOptions(host: host, port: port)
        options.socket = WorkerProcess.socketDescriptor
        options.publicURL = try publicURL.map(Self.checked)
        options.web = InstalledFiles.located().web
        let server = try DistrictServer(
            district: loaded,
            plugins: { district in
                var configuration = PluginHostConfiguration(district)
                configuration.servesDistrict = true
                return configuration
            }, options: options, logger: Self.logger,
            progress: { ExitStatus.say($0) })
        for problem in server.problems { ExitStatus.say(problem) }
        do {
            try await server.run { address in
                // Written at once: whoever waits for the address may read from a pipe,
                // and who closed it is served all the same.
                let line = "\(loaded.name) is served at \(address)  (Ctrl-C ends it)\n"
                try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
                WorkerProcess.tellReady()
            }
        } catch {
            throw Self.explained(error)
        }
    }

    /// Says of an address that cannot be had what could be done.
    private static func explained(_ error: any Error) -> any Error {
        guard let refusal = error as? TileServingError, refusal.kind == .addressUnavailable else { return error }
        return CommandError(.systemFailed, "\(refusal) Choose another with --port, or --port 0 for any.")
    }

    /// The address without a slash at its end.
    private static func checked(_ url: String) throws -> String {
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme), parts.host != nil,
            parts.query == nil, parts.fragment == nil
        else {
            throw CommandError(
                .wrongUse, "“\(url)” is no address for --public-url; one such as https://maps.example.org is accepted.")
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    static var logger: Logger {
        var logger = Logger(label: "miaopu") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }
}
