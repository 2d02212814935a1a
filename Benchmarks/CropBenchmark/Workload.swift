import NPYCrop

/// A task that several programs are timed on: which file, which windows, and what one crop is.
///
/// The names and the files are those of the protocol that the programs share.
struct Workload {
  enum Element {
    case float32
    case uint8
    case uint16
    case int16
    case uint64
  }

  /// What is taken of the window at a place.
  enum Form {
    case whole
    /// Each fourth element along each axis.
    case everyFourth
    /// All of it, from the last row and column to the first.
    case reversed
    /// One of the channels behind the axes of the window.
    case channel(Int)
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
  /// The number of windows of a batch, 1 for a window that tasks share; nil where one is cropped at a time.
  let batchCount: Int?
  /// What is taken of the window.
  let form: Form
  /// Whether the window lies at the first places along the first axis, so that the caches have it.
  let isHot: Bool
  /// What numbers are multiplied by, once they are of the element type; nil where they are what the
  /// file has.
  let scale: Double?
  /// What stands outside the array; windows reach there if there is any.
  let padding: Padding
  /// How many crops the checksum is of.
  let checkedCount: Int
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
    case "W4":
      self.init(name, "f32.npy", .float32, [1024, 1024], Self.keptOpen, isTouchedBefore: true)
    case "W5":
      self.init(
        name, "f32.npy", .float32, [8192, 8192], [.intoBuffer, .twoTasks, .allocated],
        batchCount: 1, isTouchedBefore: true)
    case "W6a":
      self.init(
        name, "f32.npy", .float32, [4096, 4096], Self.keptOpen, form: .everyFourth,
        isTouchedBefore: true)
    case "W6b":
      self.init(
        name, "f32.npy", .float32, [1024, 1024], Self.keptOpen, form: .reversed,
        isTouchedBefore: true)
    case "W6c":
      self.init(
        name, "rgb.npy", .uint8, [1024, 1024], Self.keptOpen, form: .channel(1),
        isTouchedBefore: true)
    case "W7f":
      self.init(
        name, "fort_f32.npy", .float32, [512, 512], Self.keptOpen, isTouchedBefore: true)
    case "W7b":
      self.init(name, "fort_u8.npy", .uint8, [512, 512], Self.keptOpen, isTouchedBefore: true)
    case "W15":
      self.init(
        name, "six.npy", .float32, [4, 4, 4, 4, 4, 4], Self.keptOpen, isTouchedBefore: true)
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
    case _ where name.hasPrefix("W14"):
      let elements: [Substring: Element] = ["1": .uint8, "2": .uint16, "4": .float32, "8": .uint64]
      let parts = name.split(separator: "-")
      guard parts.count == 3, ["W14", "W14h"].contains(parts[0]), let element = elements[parts[1]],
        let width = Int(parts[2]), (1...256).contains(width)
      else { return nil }
      self.init(
        name, "tall\(parts[1]).npy", element, [4096, width], Self.keptOpen,
        isHot: parts[0] == "W14h", isTouchedBefore: true)
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
    _ variants: [Variant], batchCount: Int? = nil, form: Form = .whole, checkedCount: Int = 8,
    isHot: Bool = false,
    scale: Double? = nil, padding: Padding = .none, isPooled: Bool = false,
    isTouchedBefore: Bool = false, isCold: Bool = false
  ) {
    self.name = name
    self.fileName = fileName
    self.element = element
    self.window = window
    self.variants = variants
    self.batchCount = batchCount
    self.form = form
    self.checkedCount = checkedCount
    self.isHot = isHot
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
    case .uint8:
      var run = try WorkloadRun<UInt8>(self, path: path)
      return try run.results(repetitions: repetitions, seed: seed)
    case .uint64:
      var run = try WorkloadRun<UInt64>(self, path: path)
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

extension Workload {
  /// The size of the window in an array, which must have room for it; axes behind it are taken whole.
  func window(in shape: [Int], path: String) throws(BenchmarkError) -> [Int] {
    let window = window ?? shape
    guard shape.count >= window.count, zip(shape, window).allSatisfy({ $0 >= $1 })
    else { throw .unexpectedShape(path: path, shape: shape, window: window) }
    return window
  }

  /// The part of an array's shape that windows lie anywhere in.
  func shape(ofPlacesIn shape: [Int]) -> [Int] {
    guard let window else { return shape }
    let shape = Array(shape.prefix(window.count))
    // The same rows each time, and a column of the first eight: those of one cache line.
    return isHot ? [window[0], window[1] + 7] : shape
  }

  /// As NumPy has it, a slice that ends before index 0 has no end.
  @inline(__always)
  private static func reversed(_ range: Range<Int>) -> AxisSelection {
    .slice(
      from: range.upperBound - 1, to: range.lowerBound > 0 ? range.lowerBound - 1 : nil, by: -1)
  }

  /// What is taken at a place.
  @inline(__always)
  func region(at position: [Int], size: [Int]) -> Region {
    guard window != nil else { return .all }
    switch form {
    case .whole: return Region(origin: position, size: size)
    case .everyFourth:
      return [
        .slice(from: position[0], to: position[0] + size[0], by: 4),
        .slice(from: position[1], to: position[1] + size[1], by: 4),
      ]
    case .reversed:
      return [
        Self.reversed(position[0]..<position[0] + size[0]),
        Self.reversed(position[1]..<position[1] + size[1]),
      ]
    case .channel(let channel):
      return [
        position[0]..<position[0] + size[0], position[1]..<position[1] + size[1], channel,
      ]
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
