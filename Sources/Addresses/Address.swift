// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// An address in the grammar of Shanghai: 区, 街镇, 村, 路, 弄, 支弄, 号, and
/// within the door what no map of door numbers has: 幢, 室.
public struct Address: Hashable, Sendable {
    public var district: String?
    public var town: String?
    public var village: String?
    /// Or what stands for it, as 田林十二村 does.
    public var road: String
    /// Lanes and the lanes that branch off from them.
    public var lanes: [DoorNumber]
    /// Several for a list; both ends for a range.
    public var numbers: [DoorNumber]
    public var isRange: Bool
    /// Of a building without a door number.
    public var building: String?

    public init(
        district: String? = nil, town: String? = nil, village: String? = nil, road: String, lanes: [DoorNumber] = [],
        numbers: [DoorNumber] = [], isRange: Bool = false, building: String? = nil
    ) {
        self.district = district
        self.town = town
        self.village = village
        self.road = road
        self.lanes = lanes
        self.numbers = numbers
        self.isRange = isRange
        self.building = building
    }

    /// What two spellings of one door have in common: 沪闵路7866弄12号.
    public var key: String {
        var key = road + lanes.enumerated().map { $0.offset == 0 ? "\($0.element)弄" : "\($0.element)支弄" }.joined()
        if !numbers.isEmpty {
            key += numbers.map(\.description).joined(separator: isRange ? "～" : "、") + "号"
        } else if let building {
            key += building
        }
        return key
    }

    /// The doors of a list, or the ends of a range, one by one.
    var parts: [Address] {
        numbers.map { number in
            var part = self
            part.numbers = [number]
            part.isRange = false
            return part
        }
    }

    /// Why a text is no address that a door could be found by.
    public struct Fault: Error, Hashable, Sendable {
        /// A word for counting: `address-vague`.
        public var name: String
        /// Goes on after “Record 7”.
        public var sentence: String
    }
}
