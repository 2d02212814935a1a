extension NPYArray {
  /// Plans the copy of a region that is made only once: a plan that is kept would be copied on its way,
  /// which costs as much as a small crop.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; that of the array's results if nil.
  /// - Returns: The plan.
  /// - Throws: ``NPYError`` with a ``RegionError``, or with a ``CropError`` where the value to pad with is
  ///   none of the result's type.
  @usableFromInline
  @inline(__always)
  func window(
    _ region: Region, padding: Padding, order: MemoryOrder?
  ) throws(NPYError) -> PlanBuilder {
    if region.isPaired { try checkPlaces(of: region) }
    guard attributes != nil || !padding.isOfArray && !padding.isNone else {
      // As most are.
      do {
        return try PlanBuilder(region, of: layout, order: order ?? .c)
      } catch {
        throw failure(error)
      }
    }
    let padding = padding.isOfArray ? self.padding : padding
    let fill = try fill(of: padding)
    do {
      return try PlanBuilder(
        region, of: layout, order: order ?? self.order, padding: padding, fill: fill,
        conversion: conversion)
    } catch {
      throw failure(error)
    }
  }

  /// Checks that there is memory for the places of lists that are paired up.
  @inline(never)
  private func checkPlaces(of region: Region) throws(NPYError) {
    let byteCount: Int
    do {
      byteCount = try region.fault == nil ? region.placeByteCount(rank: layout.shape.count) : 0
    } catch {
      throw failure(error)
    }
    try checkMemory(byteCount: byteCount)
  }

  /// The values that padding puts in, as elements of a result.
  func fill(of padding: Padding) throws(NPYError) -> Fill {
    let type = conversion?.fillType ?? sourceType
    do {
      return try padding.fill(of: type)
    } catch {
      throw failure(.fillValue(error.value, elementType: type))
    }
  }
}
