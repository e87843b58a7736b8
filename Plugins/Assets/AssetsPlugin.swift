// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// What the host looks for in the library.
@c(miaopu_plugin_v1)
public func entry(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
    AssetsPlugin.open(host, plugin)
}

/// Premises of the collectives, and how they are let.
final class AssetsPlugin: Plugin {
    static let manifest = Manifest(
        id: "assets", title: Title(zh: "集体资产", en: "Collective assets"), version: "1.0.0",
        summary: Title(zh: "集体物业的出租面积与租金", en: "Premises of the collectives: area let and rent"),
        permissions: [.tables])

    /// Read from the database when first needed, replaced by an import. The host
    /// makes one call at a time, so it needs no lock.
    private var ledger: [Premises]?

    func start(_ host: MapHost) throws {
        try host.database.migrate(AssetsTables.migrations)
        try host.layers.register(PremisesLayer.registration)
    }

    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        guard query.layer == "premises" else {
            throw PluginError(.notFound, "The assets plugin has no layer \(query.layer).")
        }
        let today = query.moment.day(zoneInHours: 8)
        return try all(host).filter { $0.envelope.intersects(query.envelope) }.map {
            PremisesLayer.feature($0, on: today)
        }
    }

    func handle(_ request: Request, _ host: MapHost) throws -> Response {
        let today = Timestamp.now.day(zoneInHours: 8)
        switch (request.method, request.path) {
        case ("GET", "/summary"): return try .json(AssetsSummary(try all(host), on: today))
        case ("GET", "/premises"):
            let code = try request.required("code")
            guard let premises = try all(host).first(where: { $0.code == code }) else {
                throw PluginError(.notFound, "There are no premises \(code).")
            }
            return try .json(PremisesReport(premises, on: today))
        case ("POST", "/import"):
            try request.requireOperator()
            return try replace(try request.json(as: AssetsDocument.self), host)
        default: return .problem(404, "There is nothing at \(request.method) \(request.path) of the assets plugin.")
        }
    }

    private func all(_ host: MapHost) throws -> [Premises] {
        if let ledger { return ledger }
        let read = try AssetsTables.read(host.database)
        ledger = read
        return read
    }

    private func replace(_ document: AssetsDocument, _ host: MapHost) throws -> Response {
        let contracts = document.contracts ?? []
        var contractsOfCode: [String: [Contract]] = [:]
        var numbers = Set<String>()
        for contract in contracts {
            guard numbers.insert(contract.number).inserted else {
                throw PluginError(.invalid, "The contract \(contract.number) is there twice; numbers are unique.")
            }
            contractsOfCode[contract.premises, default: []].append(try Contract(contract))
        }
        var codes = Set<String>()
        let ledger = try document.premises.features.enumerated().map { index, feature in
            let code = feature.properties.code
            guard codes.insert(code).inserted else {
                throw PluginError(.invalid, "The code \(code) is there twice; codes are unique.")
            }
            return try Premises(
                feature.properties, geometry: feature.geometry, contracts: contractsOfCode[code] ?? [],
                id: Int64(index + 1))
        }
        if let stray = contracts.first(where: { !codes.contains($0.premises) }) {
            throw PluginError(
                .invalid, "The contract \(stray.number) is of \(stray.premises), which are no premises.")
        }
        try AssetsTables.replace(ledger, host.database)
        self.ledger = ledger
        try host.invalidate("premises")
        return try .json(["premises": ledger.count, "contracts": contracts.count])
    }
}
