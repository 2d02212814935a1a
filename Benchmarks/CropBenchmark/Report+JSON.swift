extension Report {
  /// What the comparison found, for programs: times in nanoseconds, sizes in bytes.
  var json: JSON {
    [
      "machine": machine.json, "build": Build.json,
      "window": JSON([64, 64]), "element": .string("float32"),
      "files": .array(comparison.files.map { json(of: $0) }),
      "omissions": .array(comparison.omissions.map { .string($0) }),
    ]
  }

  private func json(of file: FileFigures) -> JSON {
    [
      "size": .integer(file.sample.byteCount),
      "shape": JSON(file.sample.shape),
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
