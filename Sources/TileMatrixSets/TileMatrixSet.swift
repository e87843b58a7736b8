// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A pyramid of tile grids in one coordinate reference system (OGC 17-083r4).
public struct TileMatrixSet: Hashable, Sendable, Identifiable {
    public var id: String
    public var title: String?
    /// The registered definition, where there is one.
    public var uri: String?
    /// `EPSG:n` or `OGC:CRS84` where the authority is known, else as written.
    public var crs: String
    /// The names of the axes in the order that the reference system declares;
    /// it only orders the numbers in documents. In memory x is always east.
    public var orderedAxes: [String]
    /// From the smallest scale to the largest.
    public var tileMatrices: [TileMatrix]

    /// A set that nothing is promised about; see `init(validating:)`.
    public init(
        unchecked id: String, title: String? = nil, uri: String? = nil, crs: String, orderedAxes: [String],
        tileMatrices: [TileMatrix]
    ) {
        self.id = id
        self.title = title
        self.uri = uri
        self.crs = crs
        self.orderedAxes = orderedAxes
        self.tileMatrices = tileMatrices
    }

    /// The same set when it can be drawn.
    ///
    /// - Throws: `TileMatrixSetsError` for no matrix or more than 64, numbers that
    ///   are not finite and positive, tiles beyond 4096 pixels, matrices beyond
    ///   2^30 tiles, or cell sizes that do not shrink.
    public init(validating set: TileMatrixSet) throws(TileMatrixSetsError) {
        guard (1...64).contains(set.tileMatrices.count) else {
            throw TileMatrixSetsError(
                .outOfRange, set.id, "there are \(set.tileMatrices.count) tile matrices; 1 to 64 are accepted")
        }
        for (index, matrix) in set.tileMatrices.enumerated() {
            func check(_ condition: Bool, _ detail: String) throws(TileMatrixSetsError) {
                if !condition { throw TileMatrixSetsError(.outOfRange, "\(set.id), matrix \(matrix.id)", detail) }
            }
            try check(matrix.cellSize.isFinite && matrix.cellSize > 0, "cellSize must be a positive number")
            try check(
                matrix.scaleDenominator.isFinite && matrix.scaleDenominator > 0,
                "scaleDenominator must be a positive number")
            try check(
                abs(matrix.originX) < 1e12 && abs(matrix.originY) < 1e12, "pointOfOrigin must be two finite numbers")
            try check(
                (1...4096).contains(matrix.tileWidth) && (1...4096).contains(matrix.tileHeight),
                "tiles must be 1 to 4096 pixels wide and high")
            try check(
                (1...(1 << 30)).contains(matrix.matrixWidth) && (1...(1 << 30)).contains(matrix.matrixHeight),
                "a matrix must be 1 to 2^30 tiles wide and high")
            try check(
                index == 0 || matrix.cellSize < set.tileMatrices[index - 1].cellSize,
                "cellSize must shrink from each matrix to the next")
        }
        self = set
    }

    /// The position of the matrix with an identifier.
    ///
    /// - Complexity: O(*n*) in matrices.
    public func tileMatrix(id: String) -> Int? {
        tileMatrices.firstIndex { $0.id == id }
    }

    /// Whether an address names a tile of this set.
    public func contains(_ address: TileAddress) -> Bool {
        guard tileMatrices.indices.contains(address.tileMatrix) else { return false }
        let matrix = tileMatrices[address.tileMatrix]
        return (0..<matrix.matrixHeight).contains(address.tileRow)
            && (0..<matrix.matrixWidth).contains(address.tileColumn)
    }

    /// What a tile covers, in the set's reference system.
    ///
    /// Returns the empty envelope when the set has no such matrix. Neighbours
    /// share their border to the last bit.
    public func envelope(of address: TileAddress) -> TileEnvelope {
        guard tileMatrices.indices.contains(address.tileMatrix) else {
            return TileEnvelope(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
        }
        return tileMatrices[address.tileMatrix].envelope(row: address.tileRow, column: address.tileColumn)
    }

    /// What all matrices cover together.
    public var envelope: TileEnvelope {
        var all = TileEnvelope(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
        for envelope in tileMatrices.lazy.map(\.envelope) {
            all.minX = min(all.minX, envelope.minX)
            all.minY = min(all.minY, envelope.minY)
            all.maxX = max(all.maxX, envelope.maxX)
            all.maxY = max(all.maxY, envelope.maxY)
        }
        return all
    }

    /// The tiles of one matrix that an envelope needs.
    ///
    /// A tile that the envelope only touches along a border is left out, unless
    /// the envelope has no extent there; then it is in one tile. Empty when the
    /// envelope is empty, lies outside the matrix, or the matrix does not exist.
    public func tiles(covering envelope: TileEnvelope, tileMatrix: Int) -> TileRange {
        let none = TileRange(tileMatrix: tileMatrix, rows: 0..<0, columns: 0..<0)
        guard tileMatrices.indices.contains(tileMatrix), !envelope.isEmpty else { return none }
        let matrix = tileMatrices[tileMatrix]
        let columns = Self.range(
            (envelope.minX - matrix.originX) / matrix.tileSpanX,
            (envelope.maxX - matrix.originX) / matrix.tileSpanX, count: matrix.matrixWidth)
        let rows: Range<Int>
        switch matrix.cornerOfOrigin {
        case .topLeft:
            rows = Self.range(
                (matrix.originY - envelope.maxY) / matrix.tileSpanY,
                (matrix.originY - envelope.minY) / matrix.tileSpanY, count: matrix.matrixHeight)
        case .bottomLeft:
            rows = Self.range(
                (envelope.minY - matrix.originY) / matrix.tileSpanY,
                (envelope.maxY - matrix.originY) / matrix.tileSpanY, count: matrix.matrixHeight)
        }
        return rows.isEmpty || columns.isEmpty ? none : TileRange(tileMatrix: tileMatrix, rows: rows, columns: columns)
    }

    /// The numbers of the cells between two positions that are counted in cells.
    private static func range(_ low: Double, _ high: Double, count: Int) -> Range<Int> {
        // A billionth of a tile is rounding, not extent.
        let tolerance = 1e-9
        guard low < Double(count), high >= 0 else { return 0..<0 }
        var first = (low + tolerance).rounded(.down)
        var last = (high - tolerance).rounded(.down)
        if last < first {
            first = low.rounded(.down)
            last = first
        }
        let lower = max(0, Int(max(first, -1)))
        let upper = min(count, Int(min(last, Double(count))) + 1)
        return lower < upper ? lower..<upper : 0..<0
    }

    /// The zoom level of `WebMercatorQuad` that has the scale of a matrix: what
    /// styles call zoom, for tiles of 256 pixels. Not always a whole number.
    ///
    /// Returns nil when the set has no such matrix.
    public func webMercatorZoom(ofTileMatrix tileMatrix: Int) -> Double? {
        guard tileMatrices.indices.contains(tileMatrix) else { return nil }
        let reference = TileMatrixSet.webMercatorQuad.tileMatrices[0].scaleDenominator
        let zoom = WebMercator.log2(reference / tileMatrices[tileMatrix].scaleDenominator)
        // A set that doubles like the reference gets whole numbers, not 11.999….
        return abs(zoom - zoom.rounded()) < 1e-6 ? zoom.rounded() : zoom
    }
}
