/// Which windows of a batch have elements that stand for places outside the array.
struct PaddedWindows: Hashable, Sendable {
  private var validities: [Int: Validity] = [:]

  init() {}

  /// What is known of a single window.
  init(ofOne validity: Validity) { insert(validity, window: 0) }

  /// The memory that a window takes, with the room that a dictionary has for more.
  static var byteCountOfWindow: Int { 4 * MemoryLayout<(Int, Validity)>.stride }

  mutating func insert(_ validity: Validity, window: Int) {
    if validity != .whole { validities[window] = validity }
  }

  func validity(ofWindow window: Int) -> Validity { validities[window] ?? .whole }

  /// Those among some windows, counted from the first of them.
  func part(_ range: Range<Int>) -> PaddedWindows {
    var part = PaddedWindows()
    for (window, validity) in validities where range.contains(window) {
      part.validities[window - range.lowerBound] = validity
    }
    return part
  }
}
