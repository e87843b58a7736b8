// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// GeoJSON as an import takes it.
enum GeoJSONText {
    static let square =
        #"{"type":"Polygon","coordinates":[[[121.38,31.11],[121.39,31.11],[121.39,31.12],[121.38,31.11]]]}"#
    /// Within the square.
    static let place = #"{"type":"Point","coordinates":[121.385,31.115]}"#

    /// - Parameter features: geometries, and the members of their properties.
    static func collection(_ features: [(geometry: String, properties: String)]) -> String {
        let members = features.map {
            #"{"type":"Feature","geometry":\#($0.geometry),"properties":{\#($0.properties)}}"#
        }
        return #"{"type":"FeatureCollection","features":[\#(members.joined(separator: ","))]}"#
    }
}
