// Plans of many windows.

extension NPYArray {
  /// Plans windows of one shape.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - isCancellable: Whether to stop where the task was cancelled.
  /// - Returns: A plan of all windows.
  /// - Throws: ``NPYError`` with a ``RegionError`` or a ``CropError``.
  @usableFromInline
  func batch(
    _ regions: some RandomAccessCollection<Region>, isCancellable: Bool = false
  ) throws(NPYError) -> CropPlan {
    var builder = BatchBuilder(
      layout: layout, order: order, padding: padding, fill: try fill(of: padding),
      conversion: conversion)
    if let windows = regions as? RegionWindows, let plan = try plan(windows) { return plan }
    let (byteCount, overflow) = regions.count.multipliedReportingOverflow(
      by: builder.byteCountOfWindow)
    try checkMemory(byteCount: overflow ? .max : byteCount)
    builder.reserveCapacity(regions.count)
    var nextCheck = 1 << 20
    for region in regions {
      if builder.count % 1024 == 0, isCancellable, Task.isCancelled { throw failure(.cancelled) }
      if builder.byteCountOfPieces >= nextCheck {
        // Pieces are moved to a place for twice as many.
        try checkMemory(byteCount: 2 &* builder.byteCountOfPieces)
        nextCheck = builder.byteCountOfPieces &+ (4 << 20)
      }
      do {
        try builder.append(region)
      } catch {
        throw failure(error)
      }
    }
    do {
      return try builder.finish(shapeOfNone: (regions as? RegionWindows)?.window)
    } catch {
      throw failure(error)
    }
  }
}

extension NPYArray {
  /// Plans boxes of one size that are all inside the array: a number for each.
  ///
  /// - Returns: Nil where some are not, or nothing is known of their shape.
  private func plan(_ windows: RegionWindows) throws(NPYError) -> CropPlan? {
    let size = windows.size
    guard windows.count > 1, !size.isEmpty, size.count <= layout.shape.count,
      (0..<size.count).allSatisfy({ size[$0] >= 0 && size[$0] <= layout.shape[$0] })
    else { return nil }
    try checkMemory(byteCount: checkedProduct([windows.count, MemoryLayout<Int>.stride]) ?? .max)
    // What is wrong with them, and what stands outside, is told window by window.
    guard
      let model = try? CropPlan(
        windows.window, of: layout, order: order, padding: padding, fill: try fill(of: padding),
        conversion: conversion),
      model.byteCount > 0,
      var sum = try? ListSum(layout, .strict, order: .c, shape: [windows.count])
    else { return nil }
    do {
      for axis in 0..<size.count {
        guard let origins = windows.origins(ofAxis: axis) else { return nil }
        try sum.add(origins, axis: axis, length: layout.shape[axis] - size[axis] + 1)
      }
    } catch {
      return nil
    }
    do {
      return try CropPlan(windows: sum.windows(), like: model)
    } catch {
      throw failure(error)
    }
  }
}

extension RegionWindows {
  /// A window of this size at the origin, for the shape of a batch without windows.
  fileprivate var window: Region { Region(origin: size.map { _ in 0 }, size: size) }
}
