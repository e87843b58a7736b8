// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A change of a library's files that was seen and has to last before it
/// counts: a library that is half copied is not loaded.
struct PluginSettling: Sendable {
    /// The mark of the files; empty when they are gone.
    var mark: String
    var since: ContinuousClock.Instant

    /// A little less than a second: looks come once a second.
    static let patience = Duration.milliseconds(900)

    /// The libraries as they have been for a while.
    static func settled(
        _ known: [PluginOutcome], _ configuration: PluginHostConfiguration, at now: ContinuousClock.Instant,
        _ unsettled: inout [String: PluginSettling]
    ) -> [PluginSighting] {
        // What came and went before it settled.
        unsettled = unsettled.filter { now - $0.value.since < .seconds(60) }
        return configuration.folders.flatMap { folder -> [PluginSighting] in
            let here = known.map(\.sighting).filter { $0.folder == folder.path }
            guard folder.mayChange else { return here }
            let former = Dictionary(here.map { ($0.candidate.library, $0) }) { first, _ in first }
            var settled: [PluginSighting] = []
            let seen = PluginSighting.all(in: folder)
            for sighting in seen {
                let library = sighting.candidate.library
                if sighting.mark == former[library]?.mark || hasLasted(library, sighting.mark, now, &unsettled) {
                    unsettled[library] = nil
                    settled.append(sighting)
                } else if let sighting = former[library] {
                    settled.append(sighting)
                }
            }
            let present = Set(seen.map(\.candidate.library))
            for (library, sighting) in former where !present.contains(library) {
                if hasLasted(library, "", now, &unsettled) {
                    unsettled[library] = nil
                } else {
                    settled.append(sighting)
                }
            }
            return settled.sorted { $0.candidate.library < $1.candidate.library }
        }
    }

    private static func hasLasted(
        _ library: String, _ mark: String, _ now: ContinuousClock.Instant, _ unsettled: inout [String: PluginSettling]
    ) -> Bool {
        if let change = unsettled[library], change.mark == mark { return now - change.since >= patience }
        unsettled[library] = PluginSettling(mark: mark, since: now)
        return false
    }
}
