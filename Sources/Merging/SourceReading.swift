// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Encodings
import Formats
import Projections
import SimpleFeatures
import Topology

/// The way of one source's records from its file to the grid, inside the child.
final class SourceReading {
    let opening: SourceOpening

    private let job: SourceJob
    private let dataset: Dataset
    private let layer: LayerDescription
    private let layerField: Int?
    private let textField: Int?
    private let grid: DistrictGrid
    private var mapper: AttributeMapper
    private var transform: GeometryTransform
    private let engine: TopologyEngine
    private var drawing: DrawingAssembly?
    private var addresses: AddressPlacing?
    private var areas: RegisteredAreas?
    private var heights: HeightMarks
    private let fit: ControlPointFit?
    private var sourceArea: AreaWatch?
    /// Nil when the file's reference system is the grid's: one watch is enough.
    private var gridArea: AreaWatch?
    private var shift: ShiftSample
    private var issues = IssueCollector()
    private var counts = SourceRecord.Counts()
    private var frame = RecordFrameWriter()
    private var keys: KeyWatch
    private var addedVertices = 0
    private var withoutHeights = 0
    private var outsideHull = 0
    private var emptyParts = 0
    private var sharedVertices = 0
    private var corrections: SlipCorrections
    private var strays = 0
    /// Takes the records that go onto a slip, with the reasons.
    private var slip: ((RawFeature, [String]) throws -> Void)?
    /// The record that is being read as the file has it, where a slip may want it.
    private var delivered: RawFeature?
    /// Areas of a layer that tiles wait here for their neighbours.
    private var waiting: [PlacedRecord] = []

    /// How the note on heights ends, which slips repeat.
    static let heightsDropped = "came with heights, which are not kept."
    /// Reference systems that are told of a source.
    private static let mostCandidates = 5
    /// Records are handed on in frames of about this many bytes.
    private static let frameBytes = 256 * 1024

    /// - Parameter found: told what was concluded on the reference system, also
    ///   of a source that is then refused.
    init(_ job: SourceJob, found: (ReferenceFinding) throws -> Void = { _ in }) throws {
        self.job = job
        grid = try DistrictGrid(crs: CoordinateReferenceSystem(parsing: job.gridCRS), precision: job.precision)
        dataset = try Dataset(opening: job.dataset)
        layer = try Self.chosenLayer(of: dataset, job.dataset)
        corrections = try SlipCorrections(job, base: layer)
        layerField = layer.schema.index(of: DrawingOptions.layerField)
        textField = layer.schema.index(of: DrawingOptions.textField)
        let verdict = try ReferenceEvidence.verdict(on: job, layer, in: dataset)
        if let verdict { try found(ReferenceFinding(verdict, mostCandidates: Self.mostCandidates)) }
        let unreadable = EncodingReport.refusal(layer.encoding)
        let reference: ReferenceResolution
        do {
            reference = try ReferenceResolution(job, layer: layer, grid: grid, verdict: verdict)
        } catch let error as MergingError where error.kind == .sourceRefused {
            // Both at once, so that nobody corrects one to meet the other.
            throw MergingError(
                .sourceRefused, [unreadable, error.description].compactMap { $0 }.joined(separator: " "))
        }
        if let unreadable { throw MergingError(.sourceRefused, unreadable) }
        let engine = try TopologyEngine()
        self.engine = engine
        drawing = nil
        if let plan = job.drawing {
            drawing = try DrawingAssembly(
                plan, layer, in: dataset, geometryType: job.geometryType,
                metresPerUnit: reference.metresPerUnit, engine: engine)
        }
        addresses = nil
        if let plan = job.addresses { addresses = try AddressPlacing(plan, layer, in: dataset) }
        mapper = try AttributeMapper(job.fields, file: drawing?.schema ?? layer.schema, path: job.dataset.displayName)
        areas = nil
        if let plan = job.registered { areas = try RegisteredAreas(plan, grid: grid.crs) }
        heights = HeightMarks(job, filled: Set(mapper.origins.map(\.field)))
        transform = GeometryTransform(reference.transform)
        keys = KeyWatch(job)
        fit = reference.transform.fit
        sourceArea = try reference.sourceCRS.map { try AreaWatch($0, swapsAxes: reference.swapsAxes) }
        gridArea = reference.sourceCRS == grid.crs ? nil : try AreaWatch(grid.crs)
        shift = try ShiftSample(reference.transform, grid: grid.crs)
        opening = SourceOpening(
            crs: reference.name, crsOrigin: addresses == nil ? reference.origin : "address match",
            steps: EncodingReport.steps(layer.encoding) + (addresses?.steps ?? reference.transform.steps),
            accuracyInMeters: reference.transform.accuracyInMeters, encoding: layer.encoding?.name,
            fields: mapper.origins, left: mapper.left,
            notes: reference.notes + dataset.notes + layer.notes + EncodingReport.notes(layer.encoding)
                + mapper.notes + corrections.notes + heights.openingNotes + (addresses?.notes ?? []))
    }

    /// What a slip of the source is to be like.
    var slipOpening: ReadSlipJob.Opening { .init(layer: layer, format: dataset.format) }

    /// Reads all records.
    ///
    /// - Parameter send: takes frames of accepted records.
    func run(send: ([UInt8]) throws -> Void) throws -> SourceSummary {
        let balance = try dataset.forEachFeature(in: layer.name) { raw in
            counts.read += 1
            if try skipsReasons(raw) {
                counts.skipped += 1
                return
            }
            var delivered = raw
            if let corrected = corrections.take(raw.row) {
                counts.skipped += 1
                counts.read += 1
                delivered = corrected
            }
            self.delivered = slip == nil ? nil : delivered
            let raw = addresses?.place(delivered) ?? delivered
            switch drawing?.take(raw) {
            case nil: try take(raw, send: send)
            case .feature(let feature): try take(feature, send: send)
            case .left: counts.skipped += 1
            }
        }
        noteStrays()
        if job.tiles { try finishWaiting(send: send) }
        try flush(send)
        counts.read += balance.skipped
        counts.skipped += balance.skipped
        return SourceSummary(
            counts: counts, coverage: mapper.coverage, shift: shift.result, totals: issues.counts,
            issues: issues.issues, notes: notes + balance.notes, strays: strays)
    }

    /// Reads all records for the sake of those that go onto a slip.
    ///
    /// - Parameters:
    ///   - moved: records whose border was moved, and how far, in words.
    ///   - body: takes each record that was rejected, altered or moved, as the file
    ///     has it, with the reasons.
    func run(
        slipping moved: [Int64: String], _ body: @escaping (RawFeature, [String]) throws -> Void
    ) throws -> SourceSummary {
        issues.reasons = moved.mapValues { [$0] }
        slip = body
        defer { slip = nil }
        return try run { _ in }
    }

    private func handOver(_ raw: RawFeature) throws {
        guard let slip, let reasons = issues.reasons?[Int64(raw.row)] else { return }
        try slip(raw, reasons)
    }

    /// Whether a record is one of the reasons on the copy of a drawing that went
    /// back to the town.
    private func skipsReasons(_ raw: RawFeature) throws -> Bool {
        guard dataset.format == .dxf, let layerField, layerField < raw.values.count,
            case .text(DXFAnnotation.layer) = raw.values[layerField]
        else { return false }
        if let context = job.slip, let textField, textField < raw.values.count,
            case .text(let text) = raw.values[textField], let mark = SlipMark(text),
            mark.town != context.town ?? "" || mark.source != context.source,
            let refusal = mark.refusal(by: context, file: job.dataset.displayName)
        {
            throw MergingError(.sourceRefused, refusal)
        }
        return true
    }

    private func noteStrays() {
        corrections.finish()
        issues.place = nil
        for stray in corrections.strays {
            counts.read += 1
            counts.rejected += 1
            strays += 1
            issues.note(.init(kind: .rejected, row: nil, name: stray.name, message: stray.sentence))
        }
    }

    private var notes: [String] {
        var notes = mapper.unmappedNotes + keys.notes + (drawing?.notes ?? []) + (areas?.notes ?? [])
        notes += [sourceArea?.note, gridArea?.note].compactMap { $0 }
        if addedVertices > 0 {
            let vertices = addedVertices == 1 ? "1 vertex was" : "\(addedVertices) vertices were"
            notes.append("\(vertices) added to edges that are not straight on the grid.")
        }
        if withoutHeights > 0 {
            notes.append("\(MergeReport.count(withoutHeights, "feature")) \(Self.heightsDropped)")
        }
        if sharedVertices > 0 {
            notes.append("\(sharedVertices) vertices of neighbours were put into shared edges before rounding.")
        }
        if emptyParts > 0 { notes.append("\(MergeReport.count(emptyParts, "empty part")) removed from geometries.") }
        if outsideHull > 0 {
            notes.append(
                "\(MergeReport.count(outsideHull, "feature")) outside of the control points' hull, where the fit is a guess."
            )
        }
        return notes
    }

    /// A record whose geometry lies on the grid's plane and is not yet rounded.
    private struct PlacedRecord {
        var row: UInt32
        var geometry: Geometry
        var repairs: [String]
        var values: [AttributeValue]
        /// As the file has it, where a slip may want it.
        var raw: RawFeature?
    }

    private func take(_ raw: RawFeature, send: ([UInt8]) throws -> Void) throws {
        issues.place = nil
        let waitingBefore = waiting.count
        try rejecting(row: Int64(raw.row)) {
            if let fault = raw.fault { throw Rejection(name: fault.name, sentence: fault.sentence) }
            guard let geometry = raw.geometry, !geometry.isEmpty else {
                guard let type = raw.geometryType else {
                    throw Rejection(name: "null-geometry", sentence: "has no geometry")
                }
                throw Rejection(name: "empty-geometry", sentence: "has an empty \(type.rawValue), without coordinates")
            }
            guard let row = UInt32(exactly: raw.row) else {
                throw Rejection(name: "too-many-records", sentence: "is beyond the last number that a record can have")
            }
            let placed = try place(geometry, row: Int64(row))
            issues.place = placed.geometry.envelope.center
            let values = mapper.map(raw.values, row: Int64(row), issues: &issues)
            if raw.hadZ { withoutHeights += 1 }
            for note in raw.notes {
                issues.note(
                    .init(kind: .noted, row: Int64(row), name: note.name, message: "Record \(row) \(note.sentence)."))
            }
            let record = PlacedRecord(
                row: row, geometry: placed.geometry, repairs: placed.repairs, values: values,
                raw: delivered)
            if job.tiles {
                waiting.append(record)
            } else {
                try finish(record)
            }
        }
        if waiting.count == waitingBefore, let delivered { try handOver(delivered) }
        if frame.bytes.count >= Self.frameBytes { try flush(send) }
    }

    /// Rounds the areas of a layer that tiles, each with its neighbours'
    /// vertices on its edges.
    private func finishWaiting(send: ([UInt8]) throws -> Void) throws {
        var neighbours = SharedVertices(of: waiting.map(\.geometry), precision: grid.precision)
        for var record in waiting {
            record.geometry = neighbours.shared(record.geometry)
            issues.place = record.geometry.envelope.center
            try rejecting(row: Int64(record.row)) { try finish(record) }
            if let raw = record.raw { try handOver(raw) }
            if frame.bytes.count >= Self.frameBytes { try flush(send) }
        }
        waiting = []
        sharedVertices = neighbours.inserted
    }

    private func rejecting(row: Int64, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let rejection as Rejection {
            counts.rejected += 1
            issues.note(
                .init(kind: .rejected, row: row, name: rejection.name, message: "Record \(row) \(rejection.finished)"))
        }
    }

    /// Repairs, rounds and packs a record.
    private func finish(_ record: PlacedRecord) throws {
        let finished = try normalised(record)
        var values = record.values
        heights.fill(&values)
        try areas?.fill(&values, of: finished.geometry, row: Int64(record.row), issues: &issues)
        var blob: [UInt8] = []
        GeoPackageGeometry.encode(finished.geometry, srsID: job.gridID, into: &blob)
        frame.append(
            row: record.row, geometry: blob, envelope: finished.geometry.envelope,
            repair: finished.repairs.joined(separator: "; "), values: values, key: job.key)
        // Which of two with one key is the second depends on their order.
        issues.place = nil
        keys.note(values, row: Int64(record.row), issues: &issues)
        mapper.noteTaken(values)
        if finished.repairs.isEmpty { counts.accepted += 1 } else { counts.repaired += 1 }
    }

    private func flush(_ send: ([UInt8]) throws -> Void) throws {
        guard !frame.bytes.isEmpty else { return }
        try send(frame.bytes)
        frame.removeAll()
    }

    /// Why one record cannot be taken; the sentence goes on after “Record n”.
    private struct Rejection: Error {
        let name: String
        let sentence: String

        /// With one mark at its end.
        var finished: String { sentence.hasSuffix(".") || sentence.hasSuffix("?") ? sentence : sentence + "." }
    }

    /// Brings a geometry onto the grid's plane.
    private func place(_ geometry: Geometry, row: Int64) throws -> (geometry: Geometry, repairs: [String]) {
        guard geometry.hasOnlyFiniteCoordinates else {
            throw Rejection(name: "non-finite-coordinate", sentence: "has a coordinate that is no finite number")
        }
        if let refusal = sourceArea?.refusal(of: geometry.envelope) {
            throw Rejection(name: "outside-area-of-use", sentence: refusal)
        }
        var repairs: [String] = []
        var image: Geometry
        do {
            let (moved, added) = try transform.apply(geometry)
            image = moved
            addedVertices += added
        } catch {
            throw Rejection(name: "not-transformable", sentence: "cannot be brought onto the grid: \(error)")
        }
        if let first = geometry.firstCoordinate, let moved = image.firstCoordinate { shift.note(first, image: moved) }
        if let refusal = gridArea?.refusal(of: image.envelope) {
            throw Rejection(name: "outside-grid-area", sentence: refusal)
        }
        if let fit, !fit.isInsideHull(image.envelope.center) { outsideHull += 1 }
        if job.geometryType.dimension == 2, let area = image.areaOfClosedLine {
            image = area
            repairs.append("closed line taken as an area")
            issues.note(
                .init(
                    kind: .repaired, row: row, name: "closed-line-as-area",
                    message: "Record \(row): a closed line was taken as an area."))
        }
        return (image, repairs)
    }

    /// Makes a record's geometry valid on the grid.
    private func normalised(_ record: PlacedRecord) throws -> (geometry: Geometry, repairs: [String]) {
        let row = Int64(record.row)
        var image = record.geometry
        var repairs = record.repairs
        do {
            let normalised = try engine.normalise(image, on: grid.spacing)
            for repair in normalised.repairs {
                // What rounding to the grid did is no fault of the town's.
                if repair.isFaultOfDelivery { repairs.append(repair.reason) }
                issues.note(
                    .init(
                        kind: repair.isFaultOfDelivery ? .repaired : .noted, row: row, name: repair.issueName,
                        message: "Record \(row): \(repair).", x: repair.location?.x, y: repair.location?.y))
            }
            emptyParts += normalised.emptyPartsRemoved
            image = normalised.geometry
        } catch {
            throw Rejection(
                name: error.kind == .collapsed ? "too-small" : "irreparable-geometry", sentence: "is left out: \(error)"
            )
        }
        guard !image.isEmpty else {
            throw Rejection(name: "too-small", sentence: "is smaller than the grid's precision")
        }
        do {
            return (try image.conformed(to: job.geometryType), repairs)
        } catch {
            throw Rejection(name: "wrong-geometry-type", sentence: error.sentence)
        }
    }
}

extension Repair {
    /// A short name to count by: `made-valid-self-intersection`.
    fileprivate var issueName: String {
        let kind =
            switch kind {
            case .madeValid: "made-valid"
            case .roundedWithTopology: "rounded-with-topology"
            case .droppedCollapsed: "dropped-collapsed"
            }
        let words = reason.lowercased().split { !$0.isLetter && !$0.isNumber }
        return ([kind] + words.map(String.init)).joined(separator: "-")
    }
}
