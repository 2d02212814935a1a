// Crops whose numbers become others on the way: by the same plans, which know of it.

extension NPYArray {
  /// Plans a crop whose elements are converted to another type of numbers.
  ///
  /// ```swift
  /// let plan = try image.plan([0..<64, 0..<64], convertingTo: .float32, scale: 1 / 255)
  /// ```
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: What the elements become, in the byte order of this machine.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where the region reaches outside the array; a value is one of the
  ///     result, neither scaled nor moved.
  ///   - order: The order of the result's elements.
  /// - Returns: A plan for this array, and for any other of the same layout and type.
  /// - Throws: ``NPYError`` with a ``RegionError``, or with a ``CropError`` where the rule does not
  ///   allow the conversion.
  public func plan(
    _ region: Region, convertingTo type: ElementType, casting: Casting = .safe,
    scale: Double = 1, offset: Double = 0, padding: Padding = .none, order: MemoryOrder = .c
  ) throws(NPYError) -> CropPlan {
    do throws(NPYError.Fault) {
      let (conversion, fill) = try NPYError.Fault.of { () throws(CropError) in
        let conversion = try Conversion(
          elementType, to: type, casting: casting, scale: scale, offset: offset)
        return (conversion, try padding.fill(for: conversion.fillType))
      }
      return try NPYError.Fault.of { () throws(RegionError) in
        try CropPlan(
          region, of: layout, order: order, padding: padding, fill: fill,
          conversion: conversion)
      }
    } catch {
      throw NPYError(path: path, fault: error)
    }
  }

  /// Copies a region out of the array and converts its elements in the same pass.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - order: The order of the result's elements.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, convertingTo type: Element.Type, casting: Casting = .safe,
    scale: Double = 1, offset: Double = 0, padding: Padding = .none, order: MemoryOrder = .c
  ) throws(NPYError) -> Crop<Element> {
    let plan = try plan(
      region, convertingTo: Element.nativeType.elementType, casting: casting, scale: scale,
      offset: offset, padding: padding, order: order)
    return try cropRegion(plan, as: type)
  }

  /// Copies a region into the caller's memory and converts its elements in the same pass.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements go: exactly as many as the region has.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, convertingTo type: Element.Type, casting: Casting = .safe,
    scale: Double = 1, offset: Double = 0, padding: Padding = .none, order: MemoryOrder = .c,
    into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    let plan = try plan(
      region, convertingTo: Element.nativeType.elementType, casting: casting, scale: scale,
      offset: offset, padding: padding, order: order)
    try fill(&output, with: plan)
  }

  /// Copies a region into an array of exactly as many elements and converts them in the same pass.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements go.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, convertingTo type: Element.Type, casting: Casting = .safe,
    scale: Double = 1, offset: Double = 0, padding: Padding = .none, order: MemoryOrder = .c,
    into output: inout [Element]
  ) throws(NPYError) {
    var span = output.mutableSpan
    try cropRegion(
      region, convertingTo: type, casting: casting, scale: scale, offset: offset,
      padding: padding, order: order, into: &span)
  }

  /// The same elements taken for those of another type of the same size: NumPy's `view`.
  ///
  /// No file says that its elements are `bfloat16` or one of the floats of 8 bits:
  /// `try array.viewed(as: .bfloat16).cropRegion(region, convertingTo: Float.self)`.
  ///
  /// - Parameter type: The type, in the byte order of this machine unless it says otherwise.
  /// - Returns: The array of these elements. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/viewSize(found:requested:)``.
  public func viewed(as type: ElementType) throws(NPYError) -> NPYArray {
    guard type.itemSize == elementType.itemSize else {
      throw NPYError(
        path: path, fault: .crop(.viewSize(found: elementType, requested: type)))
    }
    return NPYArray(self, layout: layout, elementType: type)
  }
}
