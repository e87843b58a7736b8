// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What heights of a delivery are counted from. Heights over different datums are
/// kept apart and never converted: what lies between two of them varies from
/// place to place (1.7 to 2.0 m between Wusong and 1985 in Shanghai).
public enum VerticalDatum: String, Hashable, Sendable, Codable, CaseIterable {
    /// 吴淞高程, the datum of water levels and flood walls in Shanghai.
    case wusong
    /// 1985 国家高程基准, EPSG:5737.
    case yellowSea1985 = "1985"
    /// 1956 黄海高程系, EPSG:5736.
    case yellowSea1956 = "1956"
    /// Nobody has said.
    case unknown

    /// What people call it.
    public var title: String {
        switch self {
        case .wusong: "吴淞 (Wusong)"
        case .yellowSea1985: "1985 国家高程基准"
        case .yellowSea1956: "1956 黄海高程系"
        case .unknown: "an unknown datum"
        }
    }
}
