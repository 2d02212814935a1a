extension CroppableArray {
  /// The array with padding, so that regions may reach outside it.
  ///
  /// A fill value is a value of the result. In a converted array it is neither scaled nor shifted, whichever
  /// of `padded` and `converted` is called first.
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
}
