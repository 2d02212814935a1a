import NPYCrop

// Which parts of a file the windows of an array of two axes in C order lie in.

extension NPYArray {
  /// The bytes of the file that each row of a window lies in.
  func rows(ofWindowAt position: [Int], size: [Int]) -> [Range<Int>] {
    (position[0]..<position[0] + size[0]).map { row in
      let start = header.dataOffset + row * strides[0] + position[1] * strides[1]
      return start..<start + size[1] * strides[1]
    }
  }

  /// The number of the file's pages that a window lies in.
  func pageCount(ofWindowAt position: [Int], size: [Int]) -> Int {
    var count = 0
    var next = 0
    for row in rows(ofWindowAt: position, size: size) {
      // Two rows can share a page; they come in the order of the file.
      let first = max(row.lowerBound / pageSize, next)
      next = max((row.upperBound - 1) / pageSize + 1, next)
      count += max(next - first, 0)
    }
    return count
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
