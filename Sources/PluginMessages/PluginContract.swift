// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The numbers of the plugin contract that both sides keep to.
public enum PluginContract {
    /// The version of messages and tables that this build speaks.
    public static let version: UInt32 = 1
    /// The Swift compiler of this build: major, minor, patch. A later one than
    /// this list knows counts as the last that it knows.
    public static let compiler: [UInt32] = {
        #if compiler(>=6.4)
            [6, 4, 0]
        #elseif compiler(>=6.3.3)
            [6, 3, 3]
        #elseif compiler(>=6.3.2)
            [6, 3, 2]
        #elseif compiler(>=6.3.1)
            [6, 3, 1]
        #else
            [6, 3, 0]
        #endif
    }()
    /// The ELF machine and the system (1: Linux) of this build.
    public static let target: [UInt32] = {
        #if arch(x86_64)
            [62, 1]
        #elseif arch(arm64)
            [183, 1]
        #else
            [0, 1]
        #endif
    }()
    /// The largest request in either direction, in bytes.
    public static let maxRequestBytes = 32 << 20
    /// The largest answer in either direction, in bytes.
    public static let maxReplyBytes = 64 << 20
    /// The most features in one answer.
    public static let maxFeatures = 200_000
    /// The largest feature id: browsers keep integers exact up to here.
    public static let maxFeatureID: Int64 = (1 << 53) - 1
    /// The most layers that one plugin may register.
    public static let maxLayers = 32
    /// The most fields that one layer may have.
    public static let maxFields = 64
    /// The most rows that one SQL statement may answer.
    public static let maxRows = 100_000
    /// The most observations in one request or answer.
    public static let maxObservations = 200_000
    /// The most runs of time in one answer.
    public static let maxBuckets = 100_000
    /// The most alerts of one plugin that stand at one time.
    public static let maxAlerts = 1000
    /// The most migrations of one plugin, and the most statements in one.
    public static let maxMigrations = 1000
    /// The most conditions of one query of a layer.
    public static let maxConditions = 16
    /// The most pages, and the most exports, that one plugin may have.
    public static let maxPages = 16
    /// What a plugin may ask for in its manifest.
    public static let permissions: Set<String> = ["alerts", "audit", "events", "layers", "observations", "tables"]

    /// Whether a text can be the id of a plugin or of a layer: 1 to 32 of a–z,
    /// 0–9 and `-`, beginning with a letter.
    public static func isIdentifier(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...32).contains(bytes.count), let first = bytes.first, (0x61...0x7a).contains(first) else {
            return false
        }
        return bytes.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}
