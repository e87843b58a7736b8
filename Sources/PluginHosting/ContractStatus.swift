// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI

/// The contract's numbers for errors, and back.
enum ContractStatus {
    static let ok = Int32(MIAOPU_OK)

    static func number(of kind: PluginHostingError.Kind) -> Int32 {
        switch kind {
        case .invalid: Int32(MIAOPU_INVALID)
        case .notFound: Int32(MIAOPU_NOT_FOUND)
        case .denied: Int32(MIAOPU_DENIED)
        case .tooLarge: Int32(MIAOPU_TOO_LARGE)
        case .notAPlugin, .incompatible, .failedToStart, .failed, .crashed, .timedOut, .quarantined, .postponed:
            Int32(MIAOPU_FAILED)
        }
    }

    static func kind(of status: Int32) -> PluginHostingError.Kind {
        switch status {
        case Int32(MIAOPU_INVALID): .invalid
        case Int32(MIAOPU_NOT_FOUND): .notFound
        case Int32(MIAOPU_DENIED): .denied
        case Int32(MIAOPU_TOO_LARGE): .tooLarge
        case Int32(MIAOPU_OTHER_VERSION): .incompatible
        default: .failed
        }
    }
}
