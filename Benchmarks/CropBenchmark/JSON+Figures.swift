// The parts that several reports have for programs: times in nanoseconds, sizes in bytes.

extension Machine {
  var json: JSON {
    [
      "processor": .string(processor), "cores": .integer(cores), "memory": .integer(memory),
      "kernel": .string(kernel), "file_system": .string(fileSystem),
      "read_ahead": JSON(readAhead),
    ]
  }
}

extension Build {
  static var json: JSON {
    [
      "configuration": .string(isRelease ? "release" : "debug"), "swift": .string(swift),
      "architecture": .string(architecture),
    ]
  }
}

extension JSON {
  init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }

  init(_ values: [Int]) { self = .array(values.map { .integer($0) }) }

  init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

  init(_ samples: Samples?) {
    guard let samples else {
      self = .null
      return
    }
    self = [
      "median_ns": .integer(samples.median), "min_ns": .integer(samples.minimum),
      "p99_ns": .integer(samples.percentile99), "samples": .integer(samples.count),
    ]
  }

  init(_ cold: ColdSamples?) { self = cold.map { .object(Self.members(of: $0)) } ?? .null }

  /// Cold samples, and what was read as a ratio to the bytes that were wanted.
  init(_ cold: ColdSamples, needed: Int) {
    self = .object(
      Self.members(of: cold) + [
        ("amplification", JSON(cold.amplification(of: needed))),
        ("resident_pages_after_drop", JSON(cold.cachedPages)),
      ])
  }

  private static func members(of cold: ColdSamples) -> [(String, JSON)] {
    [
      ("median_ns", .integer(cold.samples.median)), ("min_ns", .integer(cold.samples.minimum)),
      ("samples", .integer(cold.samples.count)), ("disk_bytes", JSON(cold.diskBytes)),
    ]
  }
}
