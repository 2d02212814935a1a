extension Report {
  /// What the comparison found, for programs: times in nanoseconds, sizes in bytes.
  var json: JSON {
    [
      "machine": [
        "processor": .string(machine.processor), "cores": .integer(machine.cores),
        "memory": .integer(machine.memory), "kernel": .string(machine.kernel),
        "file_system": .string(machine.fileSystem),
      ],
      "build": [
        "configuration": .string(Build.isRelease ? "release" : "debug"),
        "swift": .string(Build.swift), "architecture": .string(Build.architecture),
      ],
      "window": .array([.integer(64), .integer(64)]), "element": .string("float32"),
      "files": .array(comparison.files.map { json(of: $0) }),
      "omissions": .array(comparison.omissions.map { .string($0) }),
    ]
  }

  private func json(of file: FileFigures) -> JSON {
    [
      "size": .integer(file.sample.byteCount),
      "shape": .array(file.sample.shape.map { .integer($0) }),
      "sparse": .boolean(file.sample.isSparse),
      "one_crop": [
        "result_bytes": .integer(file.cost.resultBytes),
        "touched_bytes": .integer(file.cost.touchedBytes),
        "page_faults": .integer(file.cost.pageFaults),
        "peak_memory": JSON(file.cost.peakMemory),
        "memory_before": JSON(file.cost.memoryBefore),
      ],
      "warm": [
        "crop": JSON(file.keptOpen), "check_current_crop": JSON(file.checked),
        "open_crop_close": JSON(file.reopened),
        "full_load_read": JSON(file.fullLoads?.read),
        "full_load_map_and_copy": JSON(file.fullLoads?.copyMapped),
        "full_load_foundation_data": JSON(file.fullLoads?.data),
        "full_load_per_crop": JSON(file.warmRatio),
      ],
      "cold": [
        "crop": JSON(file.cold), "crop_random_advice": JSON(file.coldRandom),
        "full_load_read": JSON(file.fullLoads?.cold), "full_load_per_crop": JSON(file.coldRatio),
      ],
      "crop_per_crop_of_reference": .number(file.ratio(to: comparison.reference)),
    ]
  }
}

extension JSON {
  fileprivate init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }

  fileprivate init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

  fileprivate init(_ samples: Samples?) {
    guard let samples else {
      self = .null
      return
    }
    self = [
      "median_ns": .integer(samples.median), "min_ns": .integer(samples.minimum),
      "p99_ns": .integer(samples.percentile99), "samples": .integer(samples.count),
    ]
  }

  fileprivate init(_ cold: ColdSamples?) {
    guard let cold else {
      self = .null
      return
    }
    self = [
      "median_ns": .integer(cold.samples.median), "min_ns": .integer(cold.samples.minimum),
      "samples": .integer(cold.samples.count), "disk_bytes": .integer(cold.diskBytes),
    ]
  }
}
