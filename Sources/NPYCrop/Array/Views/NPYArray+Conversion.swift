extension NPYArray {
  /// The array with a Swift type for its elements: its crops are a ``Crop``.
  ///
  /// - Parameter type: The type of the elements, which must be the array's own; elements are delivered in
  ///   this machine's byte order.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/elementType(found:requested:)``.
  @inlinable
  public func elements<Element: NPYElement>(
    as type: Element.Type
  ) throws(NPYError) -> TypedNPYArray<Element> {
    try TypedNPYArray(untyped: self)
  }

  /// The array with its elements converted to a Swift type.
  ///
  /// ```swift
  /// let pixels = try image.converted(to: Float.self, scale: 1 / 255)
  /// let window = try pixels.cropRegion([0..<64, 0..<64])
  /// ```
  ///
  /// Numbers are converted first, then scaled, and rounded after each step. `float16` is computed in
  /// `float32` and rounded once.
  ///
  /// - Parameters:
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - shift: What is added to each number after that.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/conversion(found:requested:casting:)``,
  ///   ``CropError/affineConversion(requested:)`` or ``CropError/alreadyConverted(to:)``.
  @inlinable
  public func converted<Element: NPYElement>(
    to type: Element.Type, casting: Casting = .safe, scale: Double = 1, shift: Double = 0
  ) throws(NPYError) -> TypedNPYArray<Element> {
    try TypedNPYArray(
      untyped: try converted(
        to: Element.nativeType.elementType, casting: casting, scale: scale, shift: shift))
  }

  /// The array with its elements converted to another type of numbers.
  ///
  /// - Parameters:
  ///   - type: What the elements become. Crops are in its byte order, which is that of this machine
  ///     unless it says otherwise.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - shift: What is added to each number after that.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/conversion(found:requested:casting:)``,
  ///   ``CropError/affineConversion(requested:)`` or ``CropError/alreadyConverted(to:)``.
  public func converted(
    to type: ElementType, casting: Casting = .safe, scale: Double = 1, shift: Double = 0
  ) throws(NPYError) -> NPYArray {
    if let conversion { throw failure(.alreadyConverted(to: conversion.target)) }
    let conversion = Conversion(
      sourceType, to: type, casting: casting, scale: scale, shift: shift)
    guard let conversion else {
      throw failure(.conversion(found: sourceType, requested: type, casting: casting))
    }
    guard conversion.isPossible else { throw failure(.affineConversion(requested: type)) }
    return with(ArrayAttributes(conversion: conversion, padding: padding, order: order))
  }

  /// The same elements taken for those of another type of the same size: NumPy's `view`.
  ///
  /// No file says that its elements are `bfloat16` or one of the floats of 8 bits:
  /// `try array.viewed(as: .bfloat16).converted(to: Float.self)`.
  ///
  /// - Parameter type: The type, in the byte order of this machine unless it says otherwise.
  /// - Returns: The array of these elements. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/viewSize(found:requested:)``, or with
  ///   ``CropError/alreadyConverted(to:)``.
  public func viewed(as type: ElementType) throws(NPYError) -> NPYArray {
    if let conversion { throw failure(.alreadyConverted(to: conversion.target)) }
    guard type.itemSize == sourceType.itemSize else {
      throw failure(.viewSize(found: sourceType, requested: type))
    }
    return NPYArray(self, layout: layout, sourceType: type, attributes: attributes)
  }
}
