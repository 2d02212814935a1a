/// What is cropped out of a cold file.
enum ColdTask: String, CaseIterable {
  case oneWindow = "one-window"
  case windows = "256-windows"
  case column
  case rows

  /// The task in words, for a file.
  func title(in sample: Sample) -> String {
    switch self {
    case .oneWindow: "One window of 64 × 64"
    case .windows: "256 windows of 64 × 64 in one batch"
    case .column: "A column: [.all, k]"
    case .rows: "\(countText(Self.rowCount(of: sample))) rows by a list of indices"
    }
  }

  /// How many rows are taken: few enough that most of the file is not wanted.
  static func rowCount(of sample: Sample) -> Int { min(1000, sample.shape[0] / 4) }
}
