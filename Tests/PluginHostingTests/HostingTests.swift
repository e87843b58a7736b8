// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting
import SimpleFeatures
import Synchronization
import Testing

@Suite(.enabled(if: arePluginsBuilt)) struct HostingTests {
    private let folder: ScratchFolder
    private let host: PluginHost

    init() throws {
        folder = try ScratchFolder()
        host = PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: buildFolder.path, holdsOnlyPlugins: false)], stateFolder: folder.path,
                probe: .none))
    }

    @Test func theFiveShippedPluginsRun() {
        #expect(host.descriptions.map(\.state).allSatisfy { $0 == .running }, "\(host.descriptions.map(\.state))")
        #expect(host.descriptions.map(\.id) == ["assets", "community", "flood", "property", "water"])
        #expect(host.descriptions.allSatisfy { $0.version == "1.0.0" && $0.contractVersion == 1 })
        #expect(host.descriptions.allSatisfy { $0.titles["zh"]?.isEmpty == false && $0.titles["en"]?.isEmpty == false })
    }

    @Test func theirLayersHaveIdsTitlesSchemasAndStyles() throws {
        #expect(
            host.layers.map(\.id) == [
                "assets.premises", "community.committees", "community.estates", "flood.facilities", "flood.walls",
                "property.tickets", "water.stations",
            ])
        for layer in host.layers {
            #expect(layer.titles["zh"] != nil && layer.titles["en"] != nil)
            #expect(layer.schema.fields.allSatisfy { $0.titles["zh"] != nil && $0.titles["en"] != nil })
            let value = try JSONSerialization.jsonObject(with: Data(layer.styleLayers.utf8))
            for style in try #require(value as? [[String: Any]]) {
                #expect(style["source"] as? String == layer.id)
                #expect(style["source-layer"] as? String == layer.id)
                #expect((style["id"] as? String)?.hasPrefix("\(layer.id)/") == true)
            }
        }
    }

    @Test func aLayerWithoutDataHasNoFeatures() throws {
        for layer in host.layers {
            #expect(try host.features(layer: layer.id, envelope: .world, zoom: 3).isEmpty)
        }
    }

    @Test func whatThereIsNotIsNotFound() {
        for layer in ["flood.nothing", "nothing", "nothing.facilities", ""] {
            let error = #expect(throws: PluginHostingError.self) {
                try host.features(layer: layer, envelope: .world, zoom: 3)
            }
            #expect(error?.kind == .notFound)
        }
        let error = #expect(throws: PluginHostingError.self) {
            try host.handle(plugin: "nothing", PluginRequest(path: "/summary"))
        }
        #expect(error?.kind == .notFound)
    }

    @Test func everyPluginHasASummaryAndAnswers404Elsewhere() throws {
        for plugin in host.descriptions {
            let summary = try host.handle(plugin: plugin.id, PluginRequest(path: "/summary"))
            #expect(summary.status == 200)
            #expect(summary.contentType == "application/json; charset=utf-8")
            #expect(try host.handle(plugin: plugin.id, PluginRequest(path: "/nothing")).status == 404)
        }
    }

    @Test func importsAreForTheOperator() throws {
        for plugin in host.descriptions {
            let request = PluginRequest(method: "POST", path: "/import", body: Array("{}".utf8))
            #expect(try host.handle(plugin: plugin.id, request).status == 403)
        }
    }

    @Test func aDocumentThatIsNoneIsRefusedWithASentence() throws {
        for plugin in host.descriptions {
            for body in ["", "[", "{}", "{\"facilities\": 3}", String(repeating: "[", count: 100_000)] {
                let request = PluginRequest(
                    method: "POST", path: "/import", body: Array(body.utf8), isFromOperator: true)
                let response = try host.handle(plugin: plugin.id, request)
                #expect(response.status == 422, "\(plugin.id) \(body.prefix(20))")
                #expect(response.contentType == "application/problem+json")
            }
        }
    }

    @Test func callsAreCountedAndMeasured() throws {
        _ = try host.features(layer: "flood.facilities", envelope: .world, zoom: 3)
        let figures = try #require(host.reliability(of: "flood")).figures
        // `start` is a call too.
        #expect(figures.all.count == 2)
        #expect(figures.features.count == 1)
        #expect(figures.all.failures == 0)
        #expect(figures.all.latency.count == 2)
        let (median, longest) = (try #require(figures.all.latency.quantile(0.5)), figures.all.latency.quantile(1))
        #expect(median > 0 && longest.map { $0 >= median } == true)
    }

    @Test func callsFromManyThreadsAreServedOneAfterTheOther() throws {
        let flood = try ShippedPlugin("flood")
        let body = """
            {"facilities":{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",
            "coordinates":[121.4,31.1]},"properties":{"code":"A","kind":"gate","name":"a"}}]}}
            """
        #expect(try flood.post("/import", body).status == 200)
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 400) { index in
            do {
                let features = try flood.host.features(layer: "flood.facilities", envelope: .world, zoom: 3)
                if features.count != 1 { failures.withLock { $0 += 1 } }
                if index % 20 == 0 { _ = try flood.post("/import", body) }
            } catch {
                failures.withLock { $0 += 1 }
            }
        }
        #expect(failures.withLock { $0 } == 0)
    }

    @Test func whatAPluginKeepsOutlivesTheHost() throws {
        let body = """
            {"tickets":{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",
            "coordinates":[121.4,31.1]},"properties":{"number":"T1","estate":"e","company":"c","state":"reported",
            "reported":"now-1h"}}]}}
            """
        let request = PluginRequest(method: "POST", path: "/import", body: Array(body.utf8), isFromOperator: true)
        #expect(try host.handle(plugin: "property", request).status == 200)
        host.stop()
        let second = PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: buildFolder.path, holdsOnlyPlugins: false)],
                plugins: ["property": .inProcess], stateFolder: folder.path, probe: .none))
        #expect(try second.features(layer: "property.tickets", envelope: .world, zoom: 3).count == 1)
    }

    @Test func anImportInvalidatesItsLayers() throws {
        let invalidated = Mutex<[String]>([])
        var services = HostServices()
        services.invalidate = { layer, _ in invalidated.withLock { $0.append(layer) } }
        let community = try ShippedPlugin("community", services: services)
        let empty = "{\"type\":\"FeatureCollection\",\"features\":[]}"
        #expect(try community.post("/import", "{\"committees\":\(empty),\"estates\":\(empty)}").status == 200)
        #expect(invalidated.withLock { $0 } == ["community.committees", "community.estates"])
    }
}
