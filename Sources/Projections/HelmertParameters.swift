// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Which way a datum shift's rotations turn. The two differ in the sign of all
/// three, sheets rarely say which they mean, and nothing is ever assumed.
public enum RotationConvention: String, Hashable, Sendable, Codable, CaseIterable {
    /// The position turns (EPSG methods 1033 and 9606).
    case positionVector = "position-vector"
    /// The axes turn (EPSG methods 1032 and 9607; the Bursa formula of Chinese
    /// textbooks is usually this one).
    case coordinateFrame = "coordinate-frame"
}

/// Seven parameters between two geocentric systems: the Helmert or Bursa–Wolf
/// transformation.
///
/// Linearised in the angles, as EPSG methods 9606 and 9607 define it and as PROJ
/// computes it without `+exact`: `X' = T + (1 + ds)·(I + Ω)·X`. At ten seconds
/// of arc the rigorous rotation matrix differs by some 8 mm on the ground, so a
/// set must be used with the formula that it was determined for; sheets in use
/// in China are for this one.
public struct HelmertParameters: Hashable, Sendable, Codable {
    /// Shifts of the geocentre, in metres.
    public var x, y, z: Double
    /// Rotations about the geocentric axes, in seconds of arc.
    public var rx, ry, rz: Double
    /// How much longer lengths get, in parts in a million.
    public var ds: Double
    public var convention: RotationConvention

    public init(
        x: Double, y: Double, z: Double, rx: Double = 0, ry: Double = 0, rz: Double = 0, ds: Double = 0,
        convention: RotationConvention
    ) {
        self.x = x
        self.y = y
        self.z = z
        self.rx = rx
        self.ry = ry
        self.rz = rz
        self.ds = ds
        self.convention = convention
    }

    /// The same transformation with its rotations told the other way.
    public func told(as convention: RotationConvention) -> HelmertParameters {
        if convention == self.convention { return self }
        return HelmertParameters(x: x, y: y, z: z, rx: -rx, ry: -ry, rz: -rz, ds: ds, convention: convention)
    }

    /// The step of a PROJ pipeline from geocentric metres to geocentric metres.
    public var projStep: String {
        let name = convention == .positionVector ? "position_vector" : "coordinate_frame"
        return "+proj=helmert +x=\(x) +y=\(y) +z=\(z) +rx=\(rx) +ry=\(ry) +rz=\(rz) +s=\(ds) +convention=\(name)"
    }
}

extension HelmertParameters: CustomStringConvertible {
    public var description: String {
        let shifts = "x \(Self.short(x, 4)) m, y \(Self.short(y, 4)) m, z \(Self.short(z, 4)) m"
        let turns = "rx \(Self.short(rx, 6))″, ry \(Self.short(ry, 6))″, rz \(Self.short(rz, 6))″"
        return "\(shifts), \(turns), ds \(Self.short(ds, 6)) ppm, \(convention.rawValue)"
    }

    private static func short(_ value: Double, _ places: Int) -> Double {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        return scaled.magnitude < 1e15 ? scaled / scale : value
    }
}
