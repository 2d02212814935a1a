import Foundation

/// The alternative to a crop: all of a file in memory, of which the window is then a part.
///
/// A sample ends when the last byte is there. Each has memory of its own, as a program that loads
/// a file has; that it is given back at the end is not timed.
struct FullLoads {
  /// `read` into memory.
  let read: Samples
  /// The file is mapped, then copied: what NumPy does for `np.array(np.load(…, mmap_mode="r"))`.
  let copyMapped: Samples
  /// Foundation's `Data(contentsOf:)`.
  let data: Samples
  /// `read` of a file that is not in the page cache.
  let cold: ColdSamples

  /// The faster way with the file in the page cache: the crop is compared with the better
  /// alternative.
  var warm: Samples { read.median < copyMapped.median ? read : copyMapped }

  init(of sample: Sample) throws(BenchmarkError) {
    // The page cache has what one load has read.
    _ = try Self.timeRead(sample)
    read = try slowSamples(atMost: 5) { _ throws(BenchmarkError) in try Self.timeRead(sample) }
    copyMapped = try slowSamples(atMost: 5) { _ throws(BenchmarkError) in
      try Self.timeCopyMapped(sample)
    }
    data = try slowSamples(atMost: 5) { _ throws(BenchmarkError) in try Self.timeData(sample) }
    cold = try ColdSamples(of: sample.path, atMost: 3) { _ throws(BenchmarkError) in
      try Self.timeRead(sample)
    }
  }

  /// How long it takes to `read` all of a file, in nanoseconds.
  static func timeRead(_ sample: Sample) throws(BenchmarkError) -> Int {
    let start = monotonicNanoseconds()
    let file = try File(sample.path, for: .reading)
    let memory = FreshMemory(byteCount: sample.byteCount)
    try file.read(into: memory)
    return monotonicNanoseconds() - start
  }

  private static func timeCopyMapped(_ sample: Sample) throws(BenchmarkError) -> Int {
    let start = monotonicNanoseconds()
    let file = try File(sample.path, for: .reading)
    let memory = FreshMemory(byteCount: sample.byteCount)
    try file.copyMapped(into: memory)
    return monotonicNanoseconds() - start
  }

  private static func timeData(_ sample: Sample) throws(BenchmarkError) -> Int {
    let start = monotonicNanoseconds()
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: sample.path)),
      data.count >= sample.byteCount
    else { throw .notLoaded(path: sample.path) }
    return monotonicNanoseconds() - start
  }
}
