// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import PluginHosting
import TileServing

struct TileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tile", abstract: "Draws one tile into a file, without a server.",
        discussion:
            "STYLE is “district”, “base”, “live” or the id of a layer. The file's ending decides: .png, @2x.png or .mvt. While a server or another command has the plugins, their layers are left out."
    )

    @OptionGroup var district: DistrictOption

    @Argument(help: "The map or layer to draw.")
    var style: String

    @Argument(help: "The zoom level.")
    var z: Int

    @Argument(help: "The column, from the west.")
    var x: Int

    @Argument(help: "The row, from the north.")
    var y: Int

    @Option(name: .shortAndLong, help: "The file to write.")
    var output: String

    func run() async throws {
        let loaded = try District.load(from: district.directory)
        let configuration = PluginHostConfiguration(loaded)
        // A plugin runs once on its data.
        let turn = PluginTurn(stateFolder: configuration.stateFolder)
        defer { withExtendedLifetime(turn) {} }
        if turn == nil {
            ExitStatus.say("A server or another command has the district's plugins; their layers are left out.")
        }
        let plugins: DistrictServer.PluginWishes = { PluginHostConfiguration($0) }
        let server = try DistrictServer(
            district: loaded, plugins: turn == nil ? nil : plugins, options: ServingOptions(),
            logger: ServeCommand.logger)
        defer { server.stop() }
        do {
            let url = URL(fileURLWithPath: output)
            let bytes = try await server.tile(map: style, z: z, x: x, y: y, fileName: url.lastPathComponent)
            try Data(bytes).write(to: url, options: .atomic)
        } catch let error as TileServingError where error.kind == .notFound {
            throw CommandError(.wrongUse, "\(error) There are \(server.maps.joined(separator: ", ")).")
        } catch let error as TileServingError where error.kind == .malformed {
            throw CommandError(.wrongUse, error.description)
        }
    }
}
