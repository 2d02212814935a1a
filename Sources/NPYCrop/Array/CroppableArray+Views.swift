// Views of an array of either type: padding, order and slices.

extension CroppableArray {
  /// The array with padding, so that regions may reach outside it.
  ///
  /// A value to pad with is one of the elements of the results: of a converted array it is neither scaled
  /// nor shifted, in whichever order the two are called.
  ///
  /// - Parameter padding: The padding, for all axes of this array or for each of them.
  /// - Returns: The array. Nothing is read. An invalid padding throws when a region is cropped.
  public func padded(_ padding: Padding) -> Self {
    guard !padding.isOfArray else { return self }
    return view(conversion: untyped.conversion, padding: padding, order: untyped.order)
  }

  /// The array with another order of the elements of its results, whatever that of the file is.
  ///
  /// - Parameter order: The order.
  /// - Returns: The array. Nothing is read.
  public func ordered(_ order: MemoryOrder) -> Self {
    view(conversion: untyped.conversion, padding: untyped.padding, order: order)
  }

  /// The same array with other attributes, which leave its type as it is.
  private func view(conversion: Conversion?, padding: Padding, order: MemoryOrder) -> Self {
    like(
      untyped.with(ArrayAttributes(conversion: conversion, padding: padding, order: order)))
  }

  /// Another array of the same type as one of this.
  private func like(_ array: NPYArray) -> Self {
    // The check of its type has nothing to find.
    (try? Self(untyped: array)) ?? self
  }

  /// The elements that a region takes, as an array of its own over the same file: NumPy's `array[region]`.
  ///
  /// ```swift
  /// let red = try image[.ellipsis, 0]
  /// let every = try image[.slice(by: 2), .slice(by: -1)]
  /// ```
  ///
  /// Padding begins where the slice ends; the rest of the array is not shown.
  ///
  /// A list of indices is not a slice, since its elements are not evenly spaced. Use it in a crop.
  ///
  /// - Parameter axes: Indices and slices, one per axis, in the order of the shape.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with a ``RegionError``: where the region does not fit the array, and
  ///   ``RegionError/listInSlice(axis:)`` for a list of indices.
  public subscript(_ axes: any RegionAxis...) -> Self {
    get throws(NPYError) { try self[Region(axes.map { $0.axisSelection })] }
  }

  /// The elements that a region takes, as an array of its own over the same file.
  ///
  /// - Parameter region: Indices and slices.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with a ``RegionError``: where the region does not fit the array, and
  ///   ``RegionError/listInSlice(axis:)`` for a list of indices.
  public subscript(_ region: Region) -> Self {
    get throws(NPYError) {
      let slice: LayoutSlice
      do {
        slice = try untyped.layout.slice(region)
      } catch {
        throw untyped.failure(error)
      }
      return try Self(
        untyped: untyped.view(
          layout: slice.layout, sourceType: untyped.sourceType, axes: slice.axes))
    }
  }
}
