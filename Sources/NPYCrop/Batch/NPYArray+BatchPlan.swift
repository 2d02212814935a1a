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

extension RegionWindows {
  /// A window of this size at the origin, for the shape of a batch without windows.
  fileprivate var window: Region { Region(origin: size.map { _ in 0 }, size: size) }
}
