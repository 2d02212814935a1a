import NPYCrop

/// What a single crop through a fresh mapping costs apart from time.
struct CropCost {
  /// The size of the result.
  let resultBytes: Int
  /// The size of the file's pages that the window lies in.
  let touchedBytes: Int
  let pageFaults: Int
  /// The most memory that the process had during the crop, code and libraries included; nil where
  /// the kernel does not tell.
  let peakMemory: Int?
  /// What it had just before.
  let memoryBefore: Int?
}

extension CropCost {
  /// Crops a window whose pages are in the page cache into memory that has its pages, and counts.
  init(
    ofWindow window: [Int], at position: [Int], path: String, output: inout [Float]
  ) throws(BenchmarkError) {
    let array = try BenchmarkError.of { () throws(NPYError) in try NPYArray(path: path) }
    let region = Region(origin: position, size: window)
    let plan = try BenchmarkError.of { () throws(NPYError) in try array.plan(region) }
    let canReset = Self.resetPeakMemory()
    let memoryBefore = kernelByteCount("VmRSS", of: "/proc/self/status")
    let before = ResourceUsage.now
    do {
      try array.cropRegion(region, as: Float.self, into: &output)
    } catch {
      throw .array(error)
    }
    let used = ResourceUsage.now - before
    self.init(
      resultBytes: output.count * MemoryLayout<Float>.size,
      touchedBytes: plan.pageCount(pageSize: pageSize) * pageSize,
      pageFaults: used.minorFaults + used.majorFaults,
      peakMemory: canReset ? kernelByteCount("VmHWM", of: "/proc/self/status") : nil,
      memoryBefore: memoryBefore)
  }

  /// Makes the kernel forget how much memory the process had before: `5` is its word for it.
  private static func resetPeakMemory() -> Bool {
    do throws(BenchmarkError) {
      try File("/proc/self/clear_refs", for: .writing).append(unsafe [UInt8(ascii: "5")].span.bytes)
      return true
    } catch {
      return false
    }
  }
}
