import NPYCrop

/// A task that several programs are timed on: which file, which windows, and what one crop is.
///
/// The names and the files are those of the protocol that the programs share.
struct Workload {
  enum Element {
    case float32
    case uint16
    case int16
  }

  /// One way to do the task with the library.
  enum Variant: String {
    /// The array stays open; the elements go to memory that is used again.
    case intoBuffer = "into-buffer"
    /// The same, without asking about the file after each crop.
    case unverified
    /// The array stays open; each crop has memory of its own.
    case allocated
    /// The file is opened for each crop; the elements go to memory that is used again.
    case openCropClose = "open-crop-close"
    /// The file is opened for each crop, which has memory of its own: the library's single call.
    case oneCall = "one-call"
    /// As the first, by two tasks at once.
    case twoTasks = "two-tasks"
    /// The file is opened for each result, which as many tasks make as the library chooses.
    case openCropCloseInTasks = "open-crop-close-in-tasks"

    /// Where the library chooses, it has two tasks on the machines that the programs are timed on.
    var threads: Int { self == .twoTasks || self == .openCropCloseInTasks ? 2 : 1 }
  }

  let name: String
  let fileName: String
  let element: Element
  /// The window's size; nil for the whole array.
  let window: [Int]?
  let variants: [Variant]
  /// The number of windows of a batch; nil where one is cropped at a time.
  let batchCount: Int?
  /// What numbers are multiplied by, once they are of the element type; nil where they are what the
  /// file has.
  let scale: Double?
  /// What stands outside the array; windows reach there if there is any.
  let padding: Padding
  /// Whether the windows are chosen from a few, which alone are brought into memory before.
  let isPooled: Bool
  /// Whether all pages are brought into memory, and into the page tables, before.
  let isTouchedBefore: Bool
  /// Whether the file is dropped from the page cache before each result.
  let isCold: Bool

  private static let keptOpen: [Variant] = [.intoBuffer, .unverified, .allocated]
  private static let reopened: [Variant] = [.openCropClose, .oneCall]

  /// The workload of a name, if it is one of the protocol's that this program knows.
  init?(name: String) {
    switch name {
    // The `s` is for the state that the page cache was put into before.
    case "W1", "W1s":
      self.init(name, "f32.npy", .float32, [64, 64], Self.keptOpen, isTouchedBefore: true)
    case "W2", "W2s":
      self.init(name, "f32.npy", .float32, [64, 64], Self.reopened)
    case "W3":
      self.init(name, "u16.npy", .uint16, [32, 32, 32], Self.keptOpen, isTouchedBefore: true)
    case "W8f":
      self.init(
        name, "be_f4.npy", .float32, [1024, 1024], Self.keptOpen, isTouchedBefore: true)
    case "W8h":
      self.init(name, "be_i2.npy", .int16, [1024, 1024], Self.keptOpen, isTouchedBefore: true)
    case "W9":
      self.init(
        name, "rgb.npy", .float32, [512, 512], Self.keptOpen,
        scale: Double(Float(1) / Float(255)), isTouchedBefore: true)
    case "fields":
      self.init(name, "records.npy", .float32, [40, 400], [.openCropClose])
    case "W10":
      self.init(
        name, "f32.npy", .float32, [128, 128], [.intoBuffer, .twoTasks, .allocated],
        batchCount: 256, isTouchedBefore: true)
    case "W11a":
      self.init(name, "f32.npy", .float32, [64, 64], Self.reopened, isCold: true)
    case "W11b":
      self.init(
        name, "f32.npy", .float32, [64, 64], [.openCropClose, .openCropCloseInTasks],
        batchCount: 256, isCold: true)
    case "W16c":
      self.init(
        name, "f32.npy", .float32, [256, 256], Self.keptOpen, padding: .constant,
        isTouchedBefore: true)
    case "W16r":
      self.init(
        name, "f32.npy", .float32, [256, 256], Self.keptOpen, padding: .reflect,
        isTouchedBefore: true)
    case "W13":
      self.init(name, "f32.npy", .float32, nil, Self.keptOpen)
    default:
      let files = [
        "1M": "g1M.npy", "64M": "g64M.npy", "1G": "f32.npy", "8G": "g8G.npy", "1T": "g1T.npy",
      ]
      guard let size = name.split(separator: "-").last, let file = files[String(size)] else {
        return nil
      }
      switch name {
      case "W12m-\(size)":
        self.init(name, file, .float32, [64, 64], Self.keptOpen, isPooled: true)
      case "W12o-\(size)":
        self.init(name, file, .float32, [64, 64], Self.reopened, isPooled: true)
      default: return nil
      }
    }
  }

  private init(
    _ name: String, _ fileName: String, _ element: Element, _ window: [Int]?,
    _ variants: [Variant], batchCount: Int? = nil,
    scale: Double? = nil, padding: Padding = .none, isPooled: Bool = false,
    isTouchedBefore: Bool = false, isCold: Bool = false
  ) {
    self.name = name
    self.fileName = fileName
    self.element = element
    self.window = window
    self.variants = variants
    self.batchCount = batchCount
    self.scale = scale
    self.padding = padding
    self.isPooled = isPooled
    self.isTouchedBefore = isTouchedBefore
    self.isCold = isCold
  }

  /// Times so many crops of every variant, at random positions that begin at the seed.
  func results(
    directory: String, repetitions: Int, seed: UInt64
  ) async throws(BenchmarkError) -> [WorkloadResult] {
    let path = "\(directory)/\(fileName)"
    if name == "fields" {
      var run = try FieldRun(self, path: path)
      return try run.results(repetitions: repetitions, seed: seed)
    }
    if isCold {
      var run = try ColdWorkloadRun(self, path: path)
      return try await run.results(repetitions: repetitions, seed: seed)
    }
    if let batchCount {
      var run = try BatchRun(self, windowCount: batchCount, path: path)
      return try await run.results(repetitions: repetitions, seed: seed)
    }
    switch element {
    case .float32:
      var run = try WorkloadRun<Float>(self, path: path)
      return try run.results(repetitions: repetitions, seed: seed)
    case .int16:
      var run = try WorkloadRun<Int16>(self, path: path)
      return try run.results(repetitions: repetitions, seed: seed)
    case .uint16:
      var run = try WorkloadRun<UInt16>(self, path: path)
      return try run.results(repetitions: repetitions, seed: seed)
    }
  }
}

/// What one variant of a workload took, and proof that it did the work.
struct WorkloadResult {
  let workload: String
  let variant: Workload.Variant
  var samples = Samples()
  var minorFaults = 0
  /// The pages under all of the windows, where they are compared with the faults.
  var pages: Int?
  /// What was read of a file that was out of the page cache, and how many bytes were wanted.
  var cold: (samples: ColdSamples, needed: Int)?
  let checksum: UInt64

  /// The result as the protocol's line.
  var json: JSON {
    let digits = String(checksum, radix: 16)
    let repetitions = Double(max(samples.count, 1))
    var members: [(String, JSON)] = [
      ("workload", .string(workload)), ("variant", .string(variant.rawValue)),
      ("threads", .integer(variant.threads)),
      ("reps", .integer(samples.count)), ("median_ns", .integer(samples.median)),
      ("p99_ns", .integer(samples.percentile99)), ("min_ns", .integer(samples.minimum)),
      ("minflt_per_rep", .number(Double(minorFaults) / repetitions)),
      ("pages_per_rep", JSON(pages.map { Double($0) / repetitions })),
    ]
    if let cold {
      members += [
        ("read_bytes", JSON(cold.samples.diskBytes)), ("need_bytes", .integer(cold.needed)),
        ("amplification", JSON(cold.samples.amplification(of: cold.needed))),
        ("resident_pages_after_drop", JSON(cold.samples.cachedPages)),
      ]
    }
    let sum = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    return .object(members + [("checksum", .string(sum))])
  }
}
