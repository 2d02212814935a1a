// Lists that are paired up, and masks.

extension Region {
  /// The shape of each list that is paired up; of a mask the number of elements that it takes.
  ///
  /// - Parameter rank: The number of the array's axes.
  /// - Returns: The shapes, in the order of the region.
  /// - Throws: ``RegionError`` where a list or a mask is not what its shape says, or the array has fewer axes.
  func pairedShapes(rank: Int) throws(RegionError) -> [[Int]] {
    let expansion = try ellipsisLength(rank: rank)
    var shapes: [[Int]] = []
    var axis = 0
    for selection in selections {
      switch selection.form {
      case .paired(let list):
        guard list.count != nil else {
          throw .listCount(axis: axis, shape: list.shape, found: list.numbers.count)
        }
        shapes.append(list.shape)
        axis += 1
      case .mask(let mask):
        guard mask.isValid else {
          throw .maskCount(shape: mask.shape, found: mask.flags.count)
        }
        shapes.append([mask.trueCount])
        axis += mask.shape.count
      case .index, .slice, .indices: axis += 1
      case .ellipsis: axis += expansion
      case .newAxis: break
      }
    }
    return shapes
  }

  /// The bytes of the places of paired lists, as far as they can be counted.
  func placeByteCount(rank: Int) throws(RegionError) -> Int {
    let shape = try ListSum.broadcast(try pairedShapes(rank: rank))
    return checkedProduct([MemoryLayout<Int>.stride] + shape) ?? .max
  }
}

extension PlanBuilder {
  /// Adds the axes of a region with lists that are paired up, and closes the plan.
  @inline(never)
  mutating func addPaired(_ region: Region) throws(RegionError) {
    if let fault = region.fault { throw fault }
    guard takesLists else { throw .pairedInBatch }
    let expansion = try region.ellipsisLength(rank: layout.shape.count)
    var sum = try ListSum(
      layout, region.convention, order: plan.order,
      shape: try ListSum.broadcast(try region.pairedShapes(rank: layout.shape.count)))
    try add(region, to: &sum, expansion)
    // What else is taken is no list of places.
    takesLists = false
    // Single indices count as lists, too.
    let advanced = region.selections.indices.filter { place in
      if case .index = region.selections[place].form { return true }
      return region.selections[place].isPaired
    }
    let first = advanced.first ?? 0
    let isApart = (advanced.last ?? 0) - first >= advanced.count
    if isApart { append(sum.list(from: 0)) }
    var axis = 0
    for (place, selection) in region.selections.enumerated() {
      if place == first, !isApart { append(sum.list(from: plan.piece.axes.count)) }
      switch selection.form {
      case .paired: axis += 1
      case .mask(let mask): axis += mask.shape.count
      case .index, .slice, .indices, .ellipsis, .newAxis:
        try add(
          place, of: region.selections.span, axis: &axis, expansion: expansion,
          region.convention, layout)
      }
    }
    addRest(from: axis, of: layout)
    try finish()
  }

  /// Adds up the places of all lists of a region.
  private func add(
    _ region: Region, to sum: inout ListSum, _ expansion: Int
  ) throws(RegionError) {
    var axis = 0
    for selection in region.selections {
      switch selection.form {
      case .newAxis: break
      case .ellipsis: axis += expansion
      case .index, .slice, .indices: axis += 1
      case .paired(let list):
        try sum.add(list, axis: axis, padding: padding?.mode(ofAxis: axis) ?? .none)
        axis += 1
      case .mask(let mask):
        let found = Array(layout.shape[axis..<axis + mask.shape.count])
        guard mask.shape == found else {
          throw .maskShape(axis: axis, mask: mask.shape, found: found)
        }
        sum.add(mask, axis: axis)
        axis += mask.shape.count
      }
    }
  }

  /// Takes a long list of indices along an axis as places, where it has hardly any runs.
  ///
  /// - Returns: False where it has runs, or other places are taken already.
  @inline(never)
  mutating func appendScattered(
    _ indices: [Int], axis: Int, _ convention: Region.Convention, padding: Padding.Mode
  ) throws(RegionError) -> Bool {
    guard indices.count >= Self.leastScattered, takesLists, list == nil, Self.isScattered(indices)
    else { return false }
    var sum = try ListSum(layout, convention, order: plan.order, shape: [indices.count])
    try sum.add(
      IndexList(indices), axis: axis, padding: padding)
    append(sum.list(from: plan.piece.axes.count))
    return true
  }

  /// From so many indices on a list may be one of places.
  private static var leastScattered: Int { 32 }

  /// Whether most of the runs of even step are short: as segments they would cost more than as places.
  private static func isScattered(_ indices: [Int]) -> Bool {
    var (runs, place) = (0, 1)
    while place < indices.count {
      // Any two make a run, which goes on while the step is the same.
      let step = indices[place] &- indices[place - 1]
      place += 1
      while place < indices.count, indices[place] &- indices[place - 1] == step { place += 1 }
      place += 1
      runs += 1
    }
    return runs > indices.count / 8
  }
}
