// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SwiftProtobuf

extension WirePluginRequest.OneOf_Call {
    /// The call in a few words, without anything that a person typed.
    var summary: String {
        switch self {
        case .describe: "describe"
        case .start: "start"
        case .features(let message): "features \(message.layer) z\(Self.text(message.zoom))\(Self.tile(message.envelope))"
        case .handle(let message): "handle \(message.method) \(message.path)"
        case .observe(let message): "observe \(message.topic)"
        case .tick: "tick"
        case .stop: "stop"
        }
    }

    private static func text(_ zoom: Double) -> String {
        Int(exactly: zoom).map(String.init) ?? String(zoom)
    }

    /// The tile that features were asked for, ` for the tile 14/13716/6700`, by
    /// where the envelope lies and how wide it is; empty when it is none that a
    /// tile could have.
    private static func tile(_ envelope: WireEnvelope) -> String {
        let width = envelope.maxX - envelope.minX
        guard width > 0, width <= 360, envelope.minX >= -180, envelope.maxX <= 180 else { return "" }
        // A tile's envelope has a margin, which is less than half of the tile.
        let zoom = min(max(Int(log2(360 / width).rounded(.up)), 0), 24)
        let side = Double(1 << zoom)
        let latitude = (envelope.minY + envelope.maxY) / 2 * .pi / 180
        let column = ((envelope.minX + envelope.maxX) / 2 + 180) / 360 * side
        let row = (1 - asinh(tan(latitude)) / .pi) / 2 * side
        guard row.isFinite, row >= 0, row < side, column < side else { return "" }
        return " for the tile \(zoom)/\(Int(column))/\(Int(row))"
    }

    /// The summary of a request of the contract; empty for bytes that are none.
    static func summary(of request: [UInt8]) -> String {
        (try? WirePluginRequest(serializedBytes: request))?.call?.summary ?? ""
    }
}
