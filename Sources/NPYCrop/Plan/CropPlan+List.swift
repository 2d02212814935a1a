extension CropPlan {
  /// Takes the window's piece at the places of a list, whose axes are among its own.
  @inline(never)
  mutating func take(_ list: PlaceList) {
    let place = piece.place(withoutAxes: list.axes)
    // The list's fastest axis leads from one place to the next.
    let fastest = order == .c ? list.axes.last : list.axes.first
    parts = PlanParts(
      list, of: place, stride: fastest.map { piece.axes[$0].outputStride } ?? 0,
      rank: layout.shape.count)
  }

  /// The plan of windows that differ in nothing but where they are.
  ///
  /// - Parameters:
  ///   - list: Where they are, counted from the array's first element.
  ///   - model: A plan of a window there.
  /// - Throws: ``RegionError`` where they are too big to be counted (`Bounds`, 6).
  init(windows list: PlaceList, like model: CropPlan) throws(RegionError) {
    let count = list.count
    let (elements, countOverflow) = model.elementCount.multipliedReportingOverflow(by: count)
    let (bytes, overflow) = model.byteCount.multipliedReportingOverflow(by: count)
    guard !countOverflow, !overflow else {
      throw .resultTooBig(shape: [count] + model.windowShape, itemSize: model.outputItemSize)
    }
    let parts = PlanParts(
      list, of: model.piece, stride: model.windowByteCount, rank: model.layout.shape.count)
    self.init(
      parts, like: model, windowCount: count, elementCount: elements,
      sourceEnd: model.sourceEnd &+ list.bounds.highest, outputByteCount: bytes)
  }

  /// The plan with the places of its list in the order of the source.
  func inFileOrder() -> CropPlan {
    guard let parts, let list = parts.list, !list.isInFileOrder else { return self }
    var plan = self
    plan.parts = PlanParts(
      list.inFileOrder(), of: parts.pieces[0], stride: parts.listStride,
      rank: layout.shape.count)
    return plan
  }
}
