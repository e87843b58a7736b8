// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// What the host looks for in the library.
@c(miaopu_plugin_v1)
public func entry(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
    CommunityPlugin.open(host, plugin)
}

/// Residents' committees and their estates.
final class CommunityPlugin: Plugin {
    static let manifest = Manifest(
        id: "community", title: Title(zh: "社区", en: "Community"), version: "1.0.0",
        summary: Title(zh: "居委会及其小区、户数", en: "Residents' committees, their estates and households"),
        permissions: [.tables])

    /// Read from the database when first needed, replaced by an import. The host
    /// makes one call at a time, so it needs no lock.
    private var register: CommunityRegister?

    func start(_ host: MapHost) throws {
        try host.database.migrate(CommunityTables.migrations)
        try host.layers.register(CommunityLayers.committees)
        try host.layers.register(CommunityLayers.estates)
    }

    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        let register = try all(host)
        switch query.layer {
        case "committees":
            return register.committees.filter { $0.envelope.intersects(query.envelope) }.map {
                CommunityLayers.feature($0, totals: register.totals(of: $0))
            }
        case "estates":
            return register.estates.filter { $0.envelope.intersects(query.envelope) }.map {
                CommunityLayers.feature($0, committee: register.committee(of: $0))
            }
        default: throw PluginError(.notFound, "The community plugin has no layer \(query.layer).")
        }
    }

    func handle(_ request: Request, _ host: MapHost) throws -> Response {
        switch (request.method, request.path) {
        case ("GET", "/summary"): return try .json(CommunitySummary(try all(host)))
        case ("GET", "/committee"):
            let code = try request.required("code")
            let register = try all(host)
            guard let committee = register.committees.first(where: { $0.code == code }) else {
                throw PluginError(.notFound, "There is no committee \(code).")
            }
            return try .json(CommitteeReport(committee, register))
        case ("POST", "/import"):
            try request.requireOperator()
            let register = try CommunityRegister(try request.json(as: CommunityDocument.self))
            try CommunityTables.replace(register, host.database)
            self.register = register
            try host.invalidate("committees")
            try host.invalidate("estates")
            return try .json(["committees": register.committees.count, "estates": register.estates.count])
        default:
            return .problem(404, "There is nothing at \(request.method) \(request.path) of the community plugin.")
        }
    }

    private func all(_ host: MapHost) throws -> CommunityRegister {
        if let register { return register }
        let read = try CommunityTables.read(host.database)
        register = read
        return read
    }
}
