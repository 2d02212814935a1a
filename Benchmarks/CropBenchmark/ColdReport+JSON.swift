extension ColdReport {
  /// What the comparison found, for programs: times in nanoseconds, sizes in bytes.
  var json: JSON {
    [
      "machine": machine.json, "build": Build.json, "element": .string("float32"),
      "files": .array(comparison.files.map { json(of: $0) }),
      "omissions": .array(comparison.omissions.map { .string($0) }),
    ]
  }

  private func json(of file: ColdFileFigures) -> JSON {
    [
      "size": .integer(file.sample.byteCount), "shape": JSON(file.sample.shape),
      "cold": .object(file.tasks.map { ($0.task.rawValue, json(of: $0, in: file)) }),
    ]
  }

  private func json(of figures: ColdFileFigures.OfTask, in file: ColdFileFigures) -> JSON {
    let ways =
      zip(ColdWay.allCases.map(\.rawValue), figures.samples) + [("full-load", file.fullLoad)]
    return .object(
      [("need_bytes", .integer(figures.byteCount))]
        + ways.map { ($0, JSON($1, needed: figures.byteCount)) })
  }
}
