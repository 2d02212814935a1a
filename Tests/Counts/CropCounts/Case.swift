import NPYCrop

/// One way to crop, by its name in the table of counts.
struct Case {
  let name: String
  /// Makes the crops and counts them: code that is compiled for their type, as a client's is.
  let count: (_ factor: Int) throws -> Counts

  @inline(__always)
  private init<Crop: CountedCrop>(_ name: String, _ make: @escaping () throws -> Crop) {
    self.name = name
    count = { factor in
      var crop = try make()
      return try Counts(of: &crop, times: factor)
    }
  }

  /// All ways, on the files that `counts.py` makes in a folder.
  static func all(in folder: String) -> [Case] {
    let matrix = "\(folder)/float32.npy"
    func floats(_ path: String) throws -> TypedNPYArray<Float> {
      try NPYArray(path: path).elements(as: Float.self)
    }
    func windows(_ size: [Int]) -> [Region] {
      origins(size.count).map { Region(origin: $0, size: size) }
    }
    let small = windows([1, 8])
    let squares = windows([64, 64])
    // Four rows that lie in one page fault's worth of pages, however the page cache has them.
    let rows = (0..<16).map { Region(origin: [$0, 100 + 7 * $0], size: [4, 64]) }
    return [
      // MARK: - An array that stays open, and memory that is used again
      Case("small") { try IntoBuffer(floats(matrix), small, filledWith: 0) },
      Case("small-type-said") {
        TypeSaid(
          array: try NPYArray(path: matrix), regions: small, output: [Float](repeating: 0, count: 8)
        )
      },
      Case("small-region-made") {
        RegionMade(
          array: try floats(matrix), origins: origins(2), size: [1, 8],
          output: [Float](repeating: 0, count: 8))
      },
      Case("small-unverified") {
        try IntoBuffer(
          NPYArray(path: matrix, verification: .none).elements(as: Float.self), small,
          filledWith: 0)
      },
      Case("small-planned") {
        let array = try floats(matrix)
        return Planned(
          array: array, plans: try small.map { try array.plan($0) },
          output: [Float](repeating: 0, count: 8))
      },
      Case("window") { try IntoBuffer(floats(matrix), squares, filledWith: 0) },
      Case("window-of-bytes") { try IntoBuffer(NPYArray(path: matrix), squares, filledWith: 0) },
      Case("window-of-slice") {
        try IntoBuffer(
          floats(matrix)[.slice(by: -1), .slice(from: 1, by: 2)],
          origins(2).map { Region(origin: [$0[0], $0[1] / 2], size: [64, 64]) }, filledWith: 0)
      },
      Case("window-of-field") {
        try IntoBuffer(
          NPYArray(path: "\(folder)/records.npy").field("position.x").elements(as: Float.self),
          squares, filledWith: 0)
      },

      // MARK: - What is taken
      Case("step-4") {
        try IntoBuffer(
          floats(matrix),
          origins(2).map {
            [
              .slice(from: $0[0], to: $0[0] + 256, by: 4),
              .slice(from: $0[1], to: $0[1] + 256, by: 4),
            ]
          },
          filledWith: 0)
      },
      Case("reversed") {
        try IntoBuffer(
          floats(matrix),
          origins(2).map {
            [
              .slice(from: $0[0] + 64, to: $0[0], by: -1),
              .slice(from: $0[1] + 64, to: $0[1], by: -1),
            ]
          },
          filledWith: 0)
      },
      Case("column") {
        try IntoBuffer(
          floats(matrix), origins(2).map { [0..<1024, $0[1]] }, filledWith: 0)
      },
      Case("list-of-rows") {
        try IntoBuffer(
          floats(matrix),
          origins(2).map { [.indices([$0[0], $0[0] + 9, $0[0] + 3, 5]), $0[1]..<$0[1] + 64] },
          filledWith: 0)
      },
      Case("rank-6") {
        try IntoBuffer(
          floats("\(folder)/six.npy"),
          (0..<16).map {
            Region(
              origin: [$0 % 2, $0 / 2 % 2, $0 / 4 % 2, $0 / 8, 1, 2], size: [4, 4, 4, 4, 4, 4])
          },
          filledWith: 0)
      },

      // MARK: - What becomes of it
      Case("padded-constant") {
        try IntoBuffer(floats(matrix).padded(.constant(1)), outside, filledWith: 0)
      },
      Case("padded-reflect") {
        try IntoBuffer(floats(matrix).padded(.reflect), outside, filledWith: 0)
      },
      Case("transposed-float32") {
        try IntoBuffer(floats("\(folder)/fortran_float32.npy"), squares, filledWith: 0)
      },
      Case("transposed-uint8") {
        try IntoBuffer(
          NPYArray(path: "\(folder)/fortran_uint8.npy").elements(as: UInt8.self), squares,
          filledWith: 0)
      },
      Case("swapped") {
        try IntoBuffer(floats("\(folder)/big_endian.npy"), squares, filledWith: 0)
      },
      Case("converted") {
        try IntoBuffer(
          NPYArray(path: "\(folder)/uint8.npy").converted(to: Float.self, scale: 1 / 255),
          squares, filledWith: 0)
      },

      // MARK: - Many at once, and memory of their own
      Case("batch-of-16") {
        Batch(
          array: try floats(matrix), regions: squares,
          output: [Float](repeating: 0, count: 16 * 64 * 64))
      },
      Case("window-allocated") { Allocated(try floats(matrix), squares) },
      Case("window-allocated-of-bytes") { Allocated(try NPYArray(path: matrix), squares) },
      Case("large-allocated") { Allocated(try floats(matrix), windows([512, 512])) },

      // MARK: - A file that is opened
      Case("open-close") { Opened(path: matrix) },
      Case("open-close-records") { Opened(path: "\(folder)/records.npy") },
      Case("open-crop-close") { OneCall(path: matrix, regions: rows) },
      Case("open-read-close") {
        OpenedForReads(
          path: matrix, regions: squares, output: [Float](repeating: 0, count: 64 * 64))
      },
    ]
  }

  /// 16 places with room for a window behind them, at every distance from the cache lines.
  private static func origins(_ rank: Int) -> [[Int]] {
    (0..<16).map { number in (0..<rank).map { axis in 17 + 23 * number + 64 * axis } }
  }

  /// Windows across the corners and the edges of the matrix.
  private static var outside: [Region] {
    (0..<16).map { number in
      Region(
        origin: [[-20, 300, 990][number % 3] + number, [-31, 400, 985][number / 3 % 3]],
        size: [64, 64])
    }
  }
}
