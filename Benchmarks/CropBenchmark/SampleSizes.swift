/// The sizes of the files with data: 1 MiB, 64 MiB, and 1 GiB or what there is room for.
struct SampleSizes {
  let byteCounts: [Int]
  /// What is missing and why, in words.
  let omission: String?

  init(in parent: String) throws(BenchmarkError) {
    let small = [1 << 20, 64 << 20]
    let margin = 64 << 20
    let available = try availableBytes(in: parent)
    let onDisk = available - small.reduce(margin, +)
    guard onDisk >= 0 else {
      throw .noRoom(directory: parent, needed: small.reduce(margin, +), available: available)
    }
    // A full load needs the file twice: in the page cache and in memory of its own.
    let inMemory = kernelByteCount("MemAvailable", of: "/proc/meminfo").map { $0 / 3 } ?? .max
    var large = 1 << 30
    while large > min(onDisk, inMemory) { large /= 2 }
    let missing = onDisk < inMemory ? "room on the disk" : "memory"
    switch large {
    case 1 << 30:
      byteCounts = small + [large]
      omission = nil
    case ...(64 << 20):
      byteCounts = small
      omission = "No file larger than 64 MiB with data: not enough \(missing)."
    default:
      byteCounts = small + [large]
      omission = "\(bytesText(large)) in place of 1 GiB: not enough \(missing)."
    }
  }
}
