internal import CNPYCrop
internal import NPYCrop

extension Region {
  /// The region that a caller's axes describe.
  @inline(__always)
  init(_ axes: UnsafePointer<npycrop_axis>?, count: Int32) throws(Refusal) {
    guard count >= 0 else { throw .argument("the number of axes is \(count)") }
    var selections: [AxisSelection] = []
    if count > 0 {
      guard let axes = unsafe axes else { throw .argument("the axes are NULL") }
      selections.reserveCapacity(Int(count))
      for number in 0..<Int(count) {
        // Sound: the caller has so many axes there.
        selections.append(try unsafe AxisSelection(axes + number))
      }
    }
    self.init(selections)
  }
}

extension AxisSelection {
  @inline(__always)
  fileprivate init(_ axis: UnsafePointer<npycrop_axis>) throws(Refusal) {
    let start = Int(unsafe axis.pointee.start)
    let count = Int(unsafe axis.pointee.count)
    switch unsafe UInt32(bitPattern: axis.pointee.kind) {
    case NPYCROP_SLICE.rawValue:
      self = try Self.slice(start, count, Int(unsafe axis.pointee.step))
    case NPYCROP_INDEX.rawValue:
      self = start.axisSelection
    case NPYCROP_LIST.rawValue:
      self = .indices(try unsafe Self.numbers(axis.pointee.indices, count: count))
    case NPYCROP_PAIRED.rawValue:
      self = .paired(try unsafe Self.numbers(axis.pointee.indices, count: count))
    case NPYCROP_NEW_AXIS.rawValue:
      self = .newAxis
    default:
      throw .argument("an axis is of kind \(unsafe axis.pointee.kind), which is none")
    }
  }

  /// The slice of `count` elements from one on.
  @inline(__always)
  private static func slice(
    _ start: Int, _ count: Int, _ step: Int
  ) throws(Refusal) -> AxisSelection {
    guard count > 0 else {
      guard count == 0 else { throw .argument("the count of a slice is \(count)") }
      return .slice(from: 0, to: 0)
    }
    // A single element has no step.
    let step = count > 1 ? step : 1
    let (way, wayOverflow) = step.multipliedReportingOverflow(by: count - 1)
    let (last, overflow) = start.addingReportingOverflow(way)
    // The place after the last element; before the first of an axis there is none.
    let (end, endOverflow) = last.addingReportingOverflow(step < 0 ? -1 : 1)
    guard !wayOverflow, !overflow, !endOverflow else {
      throw .argument("the end of \(count) elements from \(start) by \(step) cannot be counted")
    }
    return .slice(from: start, to: step < 0 && last == 0 ? nil : end, by: step)
  }

  /// Numbers of a caller.
  static func numbers(
    _ numbers: UnsafePointer<Int64>?, count: Int
  ) throws(Refusal) -> [Int] {
    guard count > 0 else {
      guard count == 0 else { throw .argument("a list has \(count) numbers") }
      return []
    }
    guard let numbers = unsafe numbers else { throw .argument("a list of numbers is NULL") }
    // Sound: the caller has so many numbers there.
    return unsafe UnsafeBufferPointer(start: numbers, count: count).map { Int($0) }
  }
}
