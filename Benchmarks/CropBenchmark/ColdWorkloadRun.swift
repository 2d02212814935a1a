import NPYCrop

/// The variants of a workload whose file is out of the page cache before each result, and opened and
/// closed for it: all as the library does it where nothing is said about the file.
struct ColdWorkloadRun {
  private let workload: Workload
  private let path: String
  private let window: [Int]
  private let positions: Positions
  private var output: [Float]

  init(_ workload: Workload, path: String) throws(BenchmarkError) {
    // Closed again here: what is mapped cannot be dropped.
    let shape = try BenchmarkError.of { () throws(NPYError) in try NPYArray(path: path).shape }
    window = try workload.window(in: shape, path: path)
    self.workload = workload
    self.path = path
    positions = Positions(shape: shape, window: window, isPooled: false)
    output = [Float](repeating: 0, count: window.reduce(workload.batchCount ?? 1, *))
  }

  /// Checks every variant, then times them in turn.
  mutating func results(
    repetitions: Int, seed: UInt64
  ) async throws(BenchmarkError) -> [WorkloadResult] {
    var results: [WorkloadResult] = []
    for variant in workload.variants {
      var random = SplitMix64(seed: 42)
      try await crop(variant, regions(from: &random))
      // Sound: the bytes are read only within the closure.
      let sum = unsafe output.withUnsafeBytes { bytes in unsafe checksum(Array(bytes)) }
      results.append(WorkloadResult(workload: workload.name, variant: variant, checksum: sum))
    }
    var cold = [ColdSamples](repeating: ColdSamples(), count: results.count)
    var random = SplitMix64(seed: seed)
    for _ in 0..<repetitions {
      for index in results.indices {
        try checkInterruption()
        let regions = regions(from: &random)
        let start = try ColdStart(dropping: path)
        let before = ResourceUsage.now
        let startTime = monotonicNanoseconds()
        try await crop(results[index].variant, regions)
        cold[index].append(time: monotonicNanoseconds() - startTime, since: start)
        results[index].minorFaults += (ResourceUsage.now - before).minorFaults
      }
    }
    for index in results.indices {
      results[index].samples = cold[index].samples
      results[index].cold = (cold[index], output.count * MemoryLayout<Float>.size)
    }
    return results
  }

  private func regions(from random: inout SplitMix64) -> [Region] {
    var position = window
    return (0..<(workload.batchCount ?? 1)).map { _ in
      positions.draw(&position, from: &random)
      return Region(origin: position, size: window)
    }
  }

  /// Opens the file, crops one window or the batch, and closes it.
  private mutating func crop(
    _ variant: Workload.Variant, _ regions: [Region]
  ) async throws(BenchmarkError) {
    do {
      switch variant {
      case .oneCall:
        output = try cropRegion(regions[0], of: path, as: Float.self).elements
      case .openCropCloseInTasks:
        try await NPYArray(path: path).elements(as: Float.self)
          .cropRegions(regions, parallelism: .automatic, into: &output)
      default:
        let array = try NPYArray(path: path)
        if workload.batchCount == nil {
          try array.cropRegion(regions[0], as: Float.self, into: &output)
        } else {
          try array.elements(as: Float.self).cropRegions(regions, into: &output)
        }
      }
    } catch {
      throw .array(error)
    }
  }
}
