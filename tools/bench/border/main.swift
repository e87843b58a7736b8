// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting
import SimpleFeatures

// border calls MIAOPU FOLDER COUNT in-process|process
// border crashes MIAOPU FOLDER TOTAL
//
// Calls plugins as the server does, without HTTP. FOLDER holds what
// tools/bench/border.py built; children are those of MIAOPU.

/// A line at once, also into a pipe.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

let words = CommandLine.arguments
guard words.count >= 5, let number = Int(words[4]) else {
    say("Use: tools/dev bench border")
    exit(2)
}

func host(_ hosting: PluginHostConfiguration.Hosting) -> PluginHost {
    PluginHost(
        PluginHostConfiguration(
            folders: [PluginFolder(path: words[3], holdsOnlyPlugins: true, hosting: hosting)],
            stateFolder: words[3] + "/state", probe: .child(executable: words[2])))
}

func measure(_ what: String, _ count: Int, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    for _ in 0..<max(5, count / 20) { try body() }
    var times: [Double] = []
    for _ in 0..<count {
        let start = clock.now
        try body()
        times.append((clock.now - start) / .microseconds(1))
    }
    times.sort()
    let mean = times.reduce(0, +) / Double(count)
    func figure(_ value: Double) -> String { String(Int(value.rounded())) }
    say(
        "\(what) | \(figure(1e6 / mean)) calls/s | p50 \(figure(times[count / 2])) µs | "
            + "p95 \(figure(times[count * 95 / 100])) µs")
}

/// Calls of one plugin whose layer has `count` features.
func calls(_ count: Int, _ hosting: PluginHostConfiguration.Hosting) throws {
    let host = host(hosting)
    guard let layer = host.layers.first else {
        say("There is no plugin: \(host.descriptions)")
        exit(1)
    }
    let box = Envelope(minX: 121, minY: 31, maxX: 121.1, maxY: 31.1)
    let found = try host.records(layer: layer.id, envelope: box, zoom: 12).records.count
    guard found == count else {
        say("The layer has \(found) features instead of \(count).")
        exit(1)
    }
    if count == 100 {
        try measure("\(hosting.rawValue), empty page", 20_000) {
            _ = try host.handle(plugin: layer.plugin, PluginRequest(path: "/"))
        }
    }
    try measure("\(hosting.rawValue), \(count) features", count == 100 ? 10_000 : 1000) {
        _ = try host.records(layer: layer.id, envelope: box, zoom: 12)
    }
}

/// Plugins crash in turn, each as often as its supervision lets it; quarantines
/// are lifted when they come.
func crashes(_ total: Int) throws {
    let host = host(.process)
    let quarantine = PluginQuarantine(stateFolder: words[3] + "/state")
    let plugins = host.descriptions.filter { $0.state == .running }.map(\.id)
    let start = ContinuousClock().now
    var crashed = 0
    var said = -1
    while crashed < total {
        for plugin in plugins {
            do {
                _ = try host.handle(plugin: plugin, PluginRequest(path: "/crash"))
                say("A plugin that was to crash did not.")
                exit(1)
            } catch where error.kind == .quarantined {
                _ = try quarantine.lift(plugin)
            } catch where error.description.contains("started again in") {
                continue
            } catch {
                crashed += 1
            }
        }
        guard crashed / max(1, total / 10) > said else {
            usleep(2000)
            continue
        }
        said = crashed / max(1, total / 10)
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        let seconds = (ContinuousClock().now - start) / .seconds(1)
        say("\(crashed) crashes | \(((Int(pages) ?? 0) * 4096) >> 20) MB resident | \(files) descriptors | \(Int(seconds)) s")
    }
}

if words[1] == "calls", words.count == 6, let hosting = PluginHostConfiguration.Hosting(rawValue: words[5]) {
    try calls(number, hosting)
} else {
    try crashes(number)
}
