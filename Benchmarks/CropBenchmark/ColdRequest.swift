import NPYCrop

/// One result of a cold task: what is taken of a file, at a place that is drawn.
struct ColdRequest {
  /// What the library is asked for: one region, or those of a batch.
  let regions: [Region]
  /// The elements of the file that the result has, in its order: ranges that are in one piece.
  let elements: [Range<Int>]

  var elementCount: Int { elements.reduce(0) { $0 + $1.count } }
  var byteCount: Int { elementCount * MemoryLayout<Float>.size }

  /// The bytes of the elements, counted from that of the first of the file.
  var byteRanges: [Range<Int>] {
    let size = MemoryLayout<Float>.size
    return elements.map { $0.lowerBound * size..<$0.upperBound * size }
  }

  init(_ task: ColdTask, in sample: Sample, from random: inout SplitMix64) {
    switch task {
    case .oneWindow:
      (regions, elements) = Self.windows(1, in: sample, from: &random)
    case .windows:
      (regions, elements) = Self.windows(256, in: sample, from: &random)
    case .column:
      let column = random.next(below: sample.shape[1])
      regions = [[.all, column]]
      elements = (0..<sample.shape[0]).map { row in
        let index = row * sample.shape[1] + column
        return index..<index + 1
      }
    case .rows:
      // Some of all, each once, in no order.
      var rows = Array(0..<sample.shape[0])
      let count = ColdTask.rowCount(of: sample)
      for index in 0..<count {
        rows.swapAt(index, index + random.next(below: rows.count - index))
      }
      rows.removeSubrange(count...)
      regions = [[.indices(rows), .all]]
      elements = rows.map { $0 * sample.shape[1]..<($0 + 1) * sample.shape[1] }
    }
  }

  private static func windows(
    _ count: Int, in sample: Sample, from random: inout SplitMix64
  ) -> ([Region], [Range<Int>]) {
    let window = [64, 64]
    let positions = Positions(shape: sample.shape, window: window, isPooled: false)
    var position = window
    var (regions, elements): ([Region], [Range<Int>]) = ([], [])
    for _ in 0..<count {
      positions.draw(&position, from: &random)
      regions.append(Region(origin: position, size: window))
      for row in position[0]..<position[0] + window[0] {
        let start = row * sample.shape[1] + position[1]
        elements.append(start..<start + window[1])
      }
    }
    return (regions, elements)
  }
}
