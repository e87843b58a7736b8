// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
public import Districts
import Encodings
import Formats
public import Foundation
import Projections
import SimpleFeatures

/// Turns a folder of town files into a district that a person can read and
/// correct.
///
/// Every file is looked into by a child of this program. What a file does not
/// say is proposed as a comment, never written as if it were known.
public struct DistrictProposer {
    public struct Options: Sendable {
        public var name: String
        /// The program that children run; nil for this one.
        public var executable: String?
        public var isCancelled: @Sendable () -> Bool = { false }
        /// Told what is being done, one line at a time.
        public var progress: @Sendable (String) -> Void = { _ in }

        public init(name: String) {
            self.name = name
        }
    }

    /// What was proposed.
    public struct Proposal: Sendable {
        public let document: DistrictDocument
        /// Layers that the shipped ones do not cover, by id.
        public let layers: [LayerDocument]
    }

    private let catalogue: LayerCatalogue
    private let options: Options

    public init(_ catalogue: LayerCatalogue, options: Options) {
        self.catalogue = catalogue
        self.options = options
    }

    /// - Parameters:
    ///   - folder: what the towns delivered.
    ///   - path: how `district.yaml` names that folder, without a slash at the end.
    /// - Throws: `MergingError` when the folder cannot be read or the work was
    ///   cancelled.
    public func propose(_ folder: URL, path: String) throws -> Proposal {
        let found: FoundFiles
        do {
            found = try FoundFiles(in: folder)
        } catch {
            throw MergingError(.wrongUse, "The folder \(folder.path) cannot be read: \(error.localizedDescription)")
        }
        var layers = LayerChoice(catalogue)
        var towns: [Town] = []
        var sources: [SourceProposal] = []
        var skipped = found.skipped
        var ids: Set<String> = []
        var ground = Envelope.empty

        for file in found.maps {
            if options.isCancelled() { throw MergingError(.cancelled, "Stopped; nothing was written.") }
            options.progress(file)
            let inspection: Inspection
            do {
                inspection = try Inspector.inspect(
                    DatasetRequest(path: folder.appendingPathComponent(file).path), executable: options.executable,
                    isCancelled: options.isCancelled)
            } catch let error as FormatsError where error.kind != .system {
                skipped.append((file, error.description))
                continue
            } catch {
                throw MergingError(.system, "\(error)")
            }
            for layer in inspection.layers {
                if let reason = Self.reasonToSkip(layer) {
                    skipped.append(
                        (inspection.layers.count > 1 ? "\(file), layer \(layer.description.name)" : file, reason))
                    continue
                }
                let town = Self.town(of: file, &towns)
                for part in LayerPart.parts(of: layer, inspection.format, layers: catalogue.ids) {
                    sources.append(
                        propose(
                            layer, part, of: inspection, path: "\(path)/\(file)", town: town, layers: &layers,
                            ids: &ids))
                }
                ground.expand(
                    toContain: GridProposal.degrees(
                        of: layer.extent, in: layer.description.crs.map { $0.authorityCode ?? $0.wkt }))
            }
        }
        let grid = GridProposal(for: ground)
        let document = DistrictDocument(
            name: options.name, grid: GridDefinition(crs: grid.crs), towns: towns, sources: sources,
            notes: ["The grid: \(grid.reason)"] + Self.explanation, skipped: skipped)
        return Proposal(document: document, layers: layers.created.values.sorted { $0.id < $1.id })
    }

    private static let explanation = [
        "Each source below is one layer that was found. Lines behind # are proposals: take them up by removing the #.",
        "A source whose reference system is not known is quarantined by the merge until `crs:` says it.",
    ]

    private static func reasonToSkip(_ layer: LayerInspection) -> String? {
        let count = layer.geometryTypes.reduce(0) { $0 + $1.count }
        if count > 0 { return nil }
        if let stop = layer.stop { return stop }
        if (layer.balance?.total ?? 0) == 0 { return "It has no records." }
        if let balance = layer.balance, balance.rejected > 0, balance.skipped == 0, let fault = layer.faults.first {
            return fault
        }
        let total = layer.balance?.total ?? 0
        let place = "\(total == 1 ? "Its only record has" : "Its \(total) records have") no place on the map"
        guard let field = layer.fields.first(where: { isAddress($0.name) }) else { return "\(place)." }
        return "\(place), but there are addresses: a source with `from: { address: \(field.name) }` is placed by those of the "
            + "district."
    }

    private static func isAddress(_ name: String) -> Bool {
        ["地址", "详细地址", "坐落", "门牌", "dz", "address", "addr"].contains(name.lowercased())
    }

    /// The town is told by the first folder that a file lies in.
    private static func town(of file: String, _ towns: inout [Town]) -> Town? {
        let parts = file.split(separator: "/")
        guard parts.count > 1 else { return nil }
        let name = String(parts[0])
        if let town = towns.first(where: { $0.name == name }) { return town }
        var code = SourceProposal.id(from: [name])
        while towns.contains(where: { $0.code == code }) { code += "-2" }
        let town = Town(code: code, name: name)
        towns.append(town)
        return town
    }

    private func propose(
        _ layer: LayerInspection, _ part: LayerPart, of inspection: Inspection, path: String, town: Town?,
        layers: inout LayerChoice, ids: inout Set<String>
    ) -> SourceProposal {
        let description = layer.description
        let stem = Self.stem(inspection.name)
        let isOnlyLayer = inspection.layers.count == 1
        let drawing = DrawingRows.propose(layer, inspection.format, by: catalogue)
        let choice =
            drawing.contains { !$0.isCommentedOut }
            ? nil
            : layers.choose(
                layer, part: part, names: isOnlyLayer ? [stem, description.name] : [description.name, stem])
        let tail = part.name ?? (isOnlyLayer ? nil : description.name)
        var id = SourceProposal.id(from: [town?.name ?? "", stem] + (tail.map { [$0] } ?? []))
        while ids.contains(id)
            || ids.contains(where: { SourceDefinition.slot(of: $0) == SourceDefinition.slot(of: id) })
        {
            id = SourceProposal.id(from: [id, "2"])
        }
        ids.insert(id)
        var source = SourceProposal(
            id: id, town: town.map { Districts.Proposal($0.code) },
            layer: Districts.Proposal(choice?.id ?? "", comment: choice.flatMap(Self.comment)), path: path)
        source.drawingTable = drawing
        if !isOnlyLayer { source.from.layer = description.name }
        source.crs = Self.crs(description)
        source.encoding = Self.encoding(description)
        source.from.condition = part.condition
        source.notes = notes(layer, part)
        if let choice {
            source.proposeFields(layer, part: part, into: choice)
        } else {
            source.notes.append("Layers of the drawing that no row of the table names are skipped.")
        }
        return source
    }

    private static func stem(_ name: String) -> String {
        var stem = name
        for ending in [".gz", ".zip"] where stem.lowercased().hasSuffix(ending) { stem.removeLast(ending.count) }
        if let dot = stem.lastIndex(of: "."), dot != stem.startIndex { stem = String(stem[..<dot]) }
        return stem.lowercased().hasSuffix(".osm") ? String(stem.dropLast(4)) : stem
    }

    private static func comment(_ choice: LayerChoice.Choice) -> String? {
        switch choice {
        case .known: nil
        case .new: "a new layer, described in layers/\(choice.id)"
        }
    }

    private static func crs(_ layer: LayerDescription) -> Districts.Proposal? {
        guard let crs = layer.crs else {
            return Districts.Proposal(
                "EPSG:n, GCJ-02, BD-09 or fit:points.csv", comment: "the file does not say", isCommentedOut: true)
        }
        let origin = crs.isImpliedByFormat ? "what the format implies" : "what the file says"
        if let code = crs.authorityCode { return Districts.Proposal(code, comment: origin, isCommentedOut: true) }
        if let identified = (try? CoordinateReferenceSystem(identifying: crs.wkt)) ?? nil {
            return Districts.Proposal(
                identified.authorityCode ?? identified.definition, comment: origin, isCommentedOut: true)
        }
        let name = (try? CoordinateReferenceSystem(parsing: crs.wkt))?.name ?? "a system that is not understood"
        let hasName = !name.isEmpty && name != "unnamed"
        return Districts.Proposal(
            "…", comment: "the file says \(hasName ? name : "one without a name"); left out, that is taken",
            isCommentedOut: true)
    }

    private static func encoding(_ layer: LayerDescription) -> Districts.Proposal? {
        guard let verdict = layer.encoding else { return nil }
        let sample = verdict.samples.first.map { ", as in “\($0.reading)”" } ?? ""
        if let doubt = verdict.refusal {
            return Districts.Proposal(
                doubt.suggestion ?? verdict.name, comment: "if this is right\(sample)", isCommentedOut: true)
        }
        guard verdict.claim.origin == .nobody, case .inferred(let inference) = verdict.conclusion,
            !EncodingJudge.areAlike(inference.encoding, "UTF-8")
        else { return nil }
        return Districts.Proposal(verdict.name, comment: "found by its bytes\(sample)", isCommentedOut: true)
    }

    private func notes(_ layer: LayerInspection, _ part: LayerPart) -> [String] {
        let kinds = layer.geometryTypes.filter { $0.count > 0 }
            .map { "\($0.count) \($0.type.rawValue.lowercased())" }.joined(separator: ", ")
        var notes = ["\(layer.description.name): \(kinds)."]
        if part.condition != nil { notes.append("This source takes \(part.records).") }
        if let rejected = layer.balance?.rejected, rejected > 0 {
            notes.append("\(rejected) records cannot be read: \(layer.faults.first ?? "")")
        }
        if let stop = layer.stop { notes.append(stop) }
        let verdict = layer.description.encoding
        return notes + layer.description.notes + (verdict?.doubts.map(\.sentence) ?? []) + (verdict?.notes ?? [])
    }
}
