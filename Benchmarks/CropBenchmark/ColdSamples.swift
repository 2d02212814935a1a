/// Times with a file out of the page cache, and what was read from disk meanwhile.
struct ColdSamples {
  private var times: [Int] = []
  private var reads: [Int] = []
  /// The most pages of the file that were still in the page cache when a sample began; nil where it
  /// was not looked.
  private(set) var cachedPages: Int?

  var samples: Samples {
    var samples = Samples()
    samples.append(round: times)
    return samples
  }

  /// What a sample in the middle had read; nil where the kernel does not tell.
  var diskBytes: Int? { reads.isEmpty ? nil : Samples.median(of: reads) }

  /// How many times as much was read as the bytes that were wanted.
  func amplification(of needed: Int) -> Double? {
    diskBytes.map { Double($0) / Double(max(needed, 1)) }
  }

  /// Adds a sample that has just ended.
  mutating func append(time: Int, since start: ColdStart) {
    times.append(time)
    if let before = start.diskBytes, let now = diskBytesRead() { reads.append(now - before) }
    if let pages = start.cachedPages { cachedPages = max(cachedPages ?? 0, pages) }
  }
}

extension ColdSamples {
  /// Drops the file before each sample.
  init(
    of path: String, atMost count: Int, _ sample: (Int) throws(BenchmarkError) -> Int
  ) throws(BenchmarkError) {
    var cold = ColdSamples()
    _ = try slowSamples(atMost: count) { number throws(BenchmarkError) in
      let start = try ColdStart(dropping: path)
      let time = try sample(number)
      cold.append(time: time, since: start)
      return time
    }
    self = cold
  }
}

/// The moment before a cold sample: the file is out of the page cache.
struct ColdStart {
  /// The pages that are in the page cache all the same; nil for a file that is too long to ask.
  let cachedPages: Int?
  fileprivate let diskBytes: Int?

  /// Of more bytes it takes seconds to tell that their pages are not there.
  private static let mostBytes = 64 << 30

  init(dropping path: String) throws(BenchmarkError) {
    let file = try File(path, for: .reading)
    let isAsked = try file.byteCount() <= Self.mostBytes
    var cachedPages: Int?
    for _ in 0..<3 where cachedPages != 0 {
      // What was read ahead for the sample before may be on its way, and come after the drop.
      pause(milliseconds: 10)
      try file.dropFromPageCache()
      guard isAsked else { break }
      cachedPages = try file.mapped().cachedPageCount()
    }
    self.cachedPages = cachedPages
    diskBytes = diskBytesRead()
  }
}
