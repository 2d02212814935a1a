extension CropPlan {
  /// The part of the window that is the array's own, as a region of the window; the rest is padding.
  ///
  /// Nil where nothing is the array's own, and for a plan of many windows, of which ``CropBatch`` tells it
  /// one by one.
  public var validRegion: Region? {
    windowCount == nil ? validity.region(shape: windowShape) : nil
  }
}

extension CropPlan {
  /// Which elements of a window are the array's own.
  var validity: Validity {
    guard let list = parts?.list else { return piece.validity }
    return piece.validity(atPlacesOf: list)
  }
}

extension PlanBuilder {
  /// Which elements of the window are the array's own.
  var validity: Validity {
    guard let list else { return plan.piece.validity }
    return plan.piece.validity(atPlacesOf: list)
  }
}

extension Piece {
  /// Which elements are the array's own, where some axes are those of a list.
  fileprivate func validity(atPlacesOf list: PlaceList) -> Validity {
    let validity = validity
    guard let own = list.own, elementCount > 0, validity != .none else { return validity }
    guard own.contains(true) else { return .none }
    var others = ownRanges
    guard list.axes.count == 1 else {
      return .list(axes: list.axes, own: own, order: order, others: others)
    }
    others[list.axes.lowerBound] = Validity.ranges(of: own)
    return .part(others)
  }
}

extension Piece {
  /// For each axis the indices that are the array's own.
  fileprivate var ownRanges: [[Range<Int>]] {
    (0..<axes.count).map { ownRanges(ofAxis: $0) }
  }

  /// Which elements are the array's own.
  var validity: Validity {
    if isFixedOutside { return .none }
    var isWhole = true
    for index in 0..<segments.count where segments[index].origin != .array { isWhole = false }
    guard !isWhole else { return .whole }
    guard elementCount > 0 else { return .none }
    var axes: [[Range<Int>]] = []
    for axis in 0..<self.axes.count {
      let ranges = ownRanges(ofAxis: axis)
      guard !ranges.isEmpty else { return .none }
      axes.append(ranges)
    }
    return .part(axes)
  }

  /// The indices of an axis that are the array's own, neighbours joined.
  private func ownRanges(ofAxis axis: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for index in segmentRange(ofAxis: axis) where segments[index].origin == .array {
      let segment = segments[index]
      if let last = ranges.last, last.upperBound == segment.outputStart {
        ranges[ranges.count - 1] = last.lowerBound..<segment.outputEnd
      } else {
        ranges.append(segment.outputStart..<segment.outputEnd)
      }
    }
    return ranges
  }
}
