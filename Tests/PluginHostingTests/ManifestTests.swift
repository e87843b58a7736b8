// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import Testing

@testable import PluginHosting

@Suite struct ManifestTests {
    private static func manifest(_ change: (inout WireManifest) -> Void = { _ in }) -> WireManifest {
        var manifest = WireManifest()
        manifest.id = "tested"
        manifest.version = "1.0.0"
        manifest.contractVersion = PluginContract.version
        change(&manifest)
        return manifest
    }

    private static func page(_ path: String) -> WirePage {
        var page = WirePage()
        page.path = path
        return page
    }

    private static func export(_ name: String, _ path: String, _ file: String) -> WireExport {
        var export = WireExport()
        (export.name, export.path, export.fileName) = (name, path, file)
        return export
    }

    @Test func `A manifest with everything that there is passes`() throws {
        try ManifestCheck.check(
            Self.manifest {
                $0.permissions = PluginContract.permissions.sorted()
                $0.subscriptions = ["flood.*"]
                $0.pages = [Self.page("/"), Self.page("/a/b-c_d.html")]
                $0.exports = [Self.export("ledger", "/ledger.csv", "ledger.csv")]
            }, library: "lib.so")
    }

    @Test(arguments: [
        (manifest { $0.id = "Tested" }, "its id is"),
        (manifest { $0.id = "../x" }, "its id is"),
        (manifest { $0.contractVersion = 2 }, "speaks version 2 of the plugin contract, and this host version 1"),
        (manifest { $0.permissions = ["tables", "network"] }, "\"network\", which this host does not know; known are alerts"),
        (manifest { $0.subscriptions = ["flood.*"] }, "does not ask for the permission \"events\""),
        (manifest { $0.pages = [page("relative")] }, "a path begins with /"),
        (manifest { $0.pages = [page("/a/../b")] }, "a path begins with /"),
        (manifest { $0.pages = [page("/a//b")] }, "a path begins with /"),
        (manifest { $0.pages = [page("/a?b")] }, "a path begins with /"),
        (manifest { $0.pages = Array(repeating: page("/"), count: 17) }, "at most 16 of each"),
        (manifest { $0.exports = [export("ledger", "/x", "../x")] }, "a file name 1 to 100"),
        (manifest { $0.exports = [export("Ledger", "/x", "x.csv")] }, "a name is 1 to 32"),
        (manifest { $0.exports = Array(repeating: export("a", "/x", "x.csv"), count: 2) }, "two exports of one name"),
    ])
    func `What a host cannot work with is refused in one sentence`(manifest: WireManifest, part: String) {
        let error = #expect(throws: PluginHostingError.self) {
            try ManifestCheck.check(manifest, library: "lib.so")
        }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("lib.so is not loaded: ") == true)
    }

    @Test(arguments: [
        (WireHostRequest.OneOf_Call.sql(WireSQLRequest()), "tables"),
        (.migrate(WireMigrations()), "tables"),
        (.appendObservations(WireObservationsAppend()), "observations"),
        (.latestObservations(WireObservationsLatest()), "observations"),
        (.queryObservations(WireObservationsQuery()), "observations"),
        (.bucketObservations(WireObservationsBuckets()), "observations"),
        (.queryLayer(WireLayerQuery()), "layers"), (.publish(WireEvent()), "events"),
        (.raiseAlert(WireAlert()), "alerts"), (.dismissAlert(WireAlertDismissal()), "alerts"),
        (.audit(WireAuditRecord()), "audit"),
    ])
    func `A call passes with its permission and is refused without`(
        call: WireHostRequest.OneOf_Call, permission: String
    ) throws {
        let all = PluginContract.permissions
        try Permissions(Self.manifest { $0.permissions = [permission] }).check(call, plugin: "tested")
        let others = Permissions(Self.manifest { $0.permissions = all.subtracting([permission]).sorted() })
        let error = #expect(throws: PluginHostingError.self) { try others.check(call, plugin: "tested") }
        #expect(error?.kind == .denied)
        #expect(error?.description.contains("no permission \"\(permission)\"") == true)
    }
}
