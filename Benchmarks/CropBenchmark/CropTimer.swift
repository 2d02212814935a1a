import NPYCrop

/// Takes the times of crops of samples: windows of 64 × 64, from 32 places in each file.
///
/// Few places, so that their pages fit in memory together whatever the size of the file is.
struct CropTimer {
  private let window = [64, 64]
  private var random = SplitMix64(seed: 1)
  /// Memory for the result, used again by every crop.
  private var output = [Float](repeating: 0, count: 64 * 64)

  private func pool(of sample: Sample) -> Positions {
    Positions(shape: sample.shape, window: window, isPooled: true)
  }

  /// Opens a sample, with its windows in the page cache.
  private func openLoaded(_ sample: Sample) throws(BenchmarkError) -> NPYArray {
    let array = try BenchmarkError.of { () throws(NPYError) in
      try NPYArray(path: sample.path, advice: .random)
    }
    try array.loadWindows(at: pool(of: sample).places, size: window)
    return array
  }

  @inline(__always)
  private mutating func crop(
    _ array: NPYArray, at position: [Int]
  ) throws(BenchmarkError) {
    do {
      try array.cropRegion(
        Region(origin: position, size: window), as: Float.self, into: &output)
    } catch {
      throw .array(error)
    }
  }

  /// Opens, crops and closes, in nanoseconds.
  private mutating func timeOneShot(
    _ sample: Sample, at position: [Int], advice: Advice
  ) throws(BenchmarkError) -> Int {
    try nanoseconds { () throws(BenchmarkError) in
      let array = try BenchmarkError.of { () throws(NPYError) in
        try NPYArray(path: sample.path, advice: advice)
      }
      try crop(array, at: position)
    }
  }

  /// Checks that every window is what was written to the file.
  mutating func check(_ sample: Sample) throws(BenchmarkError) {
    let array = try openLoaded(sample)
    for position in pool(of: sample).places {
      try crop(array, at: position)
      for (index, element) in output.enumerated() {
        let row = position[0] + index / window[1]
        let column = position[1] + index % window[1]
        let expected = sample.element(row: row, column: column)
        guard element == expected else {
          throw .wrongElement(
            path: sample.path, index: [row, column], found: element, expected: expected)
        }
      }
    }
  }

  /// What one crop through a fresh mapping costs, with the window in the page cache.
  mutating func cost(of sample: Sample) throws(BenchmarkError) -> CropCost {
    _ = try openLoaded(sample)
    return try CropCost(
      ofWindow: window, at: pool(of: sample).places[0], path: sample.path, output: &output)
  }

  /// Times crops of arrays that stay open.
  ///
  /// A round of each sample follows one of the others, so that the ratio of two samples is not
  /// one of two moments.
  mutating func timeKeptOpen(_ samples: [Sample]) throws(BenchmarkError) -> [Samples] {
    var arrays: [NPYArray] = []
    for sample in samples { arrays.append(try openLoaded(sample)) }
    var times = [Samples](repeating: Samples(), count: samples.count)
    for _ in 0..<5 {
      for (index, sample) in samples.enumerated() {
        try checkInterruption()
        times[index].append(
          round: try timeRound(of: 4000, arrays[index], positions: pool(of: sample)))
      }
    }
    return times
  }

  private mutating func timeRound(
    of count: Int, _ array: NPYArray, positions: Positions
  ) throws(BenchmarkError) -> [Int] {
    // All windows are in the page tables before the first that is timed.
    for position in positions.places { try crop(array, at: position) }
    var position = window
    var times: [Int] = []
    times.reserveCapacity(count)
    for _ in 0..<count {
      positions.draw(&position, from: &random)
      times.append(
        try nanoseconds { () throws(BenchmarkError) in try crop(array, at: position) })
    }
    return times
  }

  /// Times looking whether a file that stays open was replaced, and a crop of it.
  mutating func timeChecked(_ sample: Sample) throws(BenchmarkError) -> Samples {
    let array = try openLoaded(sample)
    let positions = pool(of: sample)
    for position in positions.places { try crop(array, at: position) }
    var position = window
    var samples = Samples()
    for _ in 0..<5 {
      try checkInterruption()
      var times: [Int] = []
      for _ in 0..<1000 {
        positions.draw(&position, from: &random)
        times.append(
          try nanoseconds { () throws(BenchmarkError) in
            let isCurrent = try BenchmarkError.of { () throws(NPYError) in try array.isCurrent() }
            guard isCurrent else { throw .replaced(path: sample.path) }
            try crop(array, at: position)
          })
      }
      samples.append(round: times)
    }
    return samples
  }

  /// Times opening a file, a crop and closing it, with the windows in the page cache.
  mutating func timeReopened(_ sample: Sample) throws(BenchmarkError) -> Samples {
    _ = try openLoaded(sample)
    let positions = pool(of: sample)
    var position = window
    var samples = Samples()
    for _ in 0..<5 {
      try checkInterruption()
      var times: [Int] = []
      for _ in 0..<200 {
        positions.draw(&position, from: &random)
        times.append(try timeOneShot(sample, at: position, advice: .normal))
      }
      samples.append(round: times)
    }
    return samples
  }

  /// Times the same with the file out of the page cache.
  mutating func timeCold(_ sample: Sample, advice: Advice) throws(BenchmarkError) -> ColdSamples {
    let places = pool(of: sample).places
    return try ColdSamples(of: sample.path, atMost: 9) { number throws(BenchmarkError) in
      try timeOneShot(sample, at: places[number], advice: advice)
    }
  }
}
