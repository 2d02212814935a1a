import NPYCrop

// Windows of an array of two axes in C order, brought into memory and nothing beside them.

extension NPYArray {
  /// The bytes of the file that each row of a window lies in.
  private func rows(ofWindowAt position: [Int], size: [Int]) -> [Range<Int>] {
    (position[0]..<position[0] + size[0]).map { row in
      let start = header.dataOffset + row * strides[0] + position[1] * strides[1]
      return start..<start + size[1] * strides[1]
    }
  }

  /// Brings windows into the page cache, and of the rest of the file as little as possible.
  func loadWindows(at positions: [[Int]], size: [Int]) throws(BenchmarkError) {
    guard !positions.isEmpty else { return }
    let file = try File(path, for: .reading)
    try file.expectRandomReads()
    for position in positions {
      for row in rows(ofWindowAt: position, size: size) {
        try file.load(at: row.lowerBound, byteCount: row.count)
      }
    }
  }
}
