import NPYCrop

/// A file that the benchmark made for itself: a matrix of float32, square or nearly so.
struct Sample {
  let path: String
  let shape: [Int]
  /// Whether the file is one hole: as long as any other, with no data on the disk.
  let isSparse: Bool

  /// The size of the array; the file has a header, too.
  var byteCount: Int { shape[0] * shape[1] * MemoryLayout<Float>.size }

  /// The element at an index: cheap to tell, and unlike all that are near it.
  func element(row: Int, column: Int) -> Float {
    isSparse ? 0 : Self.element(at: row * shape[1] + column)
  }

  @inline(__always)
  fileprivate static func element(at index: Int) -> Float {
    let mixed = UInt32(truncatingIfNeeded: index) &* 2_654_435_761
    return Float(mixed >> 8) * 0x1p-24
  }
}

/// The directory that the samples are in, for as long as they are needed.
///
/// From its making on, signals that ask the program to end wait for `checkInterruption`.
struct SampleDirectory {
  private let path: String
  private var samplePaths: [String] = []

  init(in parent: String) throws(BenchmarkError) {
    holdInterruptions()
    path = try makeTemporaryDirectory(in: parent)
  }

  /// Makes a file of each size and writes every element of it.
  mutating func makeSamples(byteCounts: [Int]) throws(BenchmarkError) -> [Sample] {
    // One block for all files: of several, malloc would keep the last for this process.
    var block = [Float](repeating: 0, count: 1 << 20)
    var samples: [Sample] = []
    for byteCount in byteCounts {
      showProgress("writing \(bytesText(byteCount))")
      let sample = sample(byteCount: byteCount, isSparse: false)
      let file = try makeFile(of: sample)
      let count = sample.shape[0] * sample.shape[1]
      for start in stride(from: 0, to: count, by: block.count) {
        try checkInterruption()
        for index in block.indices { block[index] = Sample.element(at: start + index) }
        let rest = block.span.extracting(..<min(block.count, count - start))
        try file.append(unsafe rest.bytes)
      }
      try file.synchronize()
      samples.append(sample)
    }
    return samples
  }

  /// Makes a file that is as long as its array needs, and has no data.
  mutating func makeSparseSample(byteCount: Int) throws(BenchmarkError) -> Sample {
    let sample = sample(byteCount: byteCount, isSparse: true)
    let file = try makeFile(of: sample)
    try file.extend(to: try header(of: sample).dataEnd)
    return sample
  }

  /// Removes the samples and the directory.
  func remove() {
    for path in samplePaths { removeIfPresent(path) }
    removeIfPresent(path)
  }

  /// A sample of so many bytes, which must be a power of two.
  private func sample(byteCount: Int, isSparse: Bool) -> Sample {
    let elements = byteCount / MemoryLayout<Float>.size
    let columns = 1 << ((elements.trailingZeroBitCount + 1) / 2)
    return Sample(
      path: "\(path)/\(byteCount).npy", shape: [elements / columns, columns],
      isSparse: isSparse)
  }

  /// Makes a file that holds the header only.
  private mutating func makeFile(of sample: Sample) throws(BenchmarkError) -> File {
    samplePaths.append(sample.path)
    let file = try File(sample.path, for: .creating)
    try file.append(unsafe header(of: sample).serialized.span.bytes)
    return file
  }

  private func header(of sample: Sample) throws(BenchmarkError) -> NPYHeader {
    do {
      return try NPYHeader(elementType: .float32, shape: sample.shape)
    } catch {
      throw .header(error)
    }
  }
}
