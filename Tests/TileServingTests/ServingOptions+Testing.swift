// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

@testable import TileServing

extension ServingOptions {
    /// On a free port, and with patience for a machine that has other tests to
    /// run: how long a tile may take is the subject of tests of its own.
    static var patient: ServingOptions {
        var options = ServingOptions(port: 0)
        options.tilePatience = .seconds(600)
        options.pluginPatience = .seconds(600)
        return options
    }
}
