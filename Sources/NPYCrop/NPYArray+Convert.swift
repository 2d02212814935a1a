// Crops whose numbers become others on the way: by the same plans, which know of it.

extension NPYArray {
  /// Plans a crop whose elements are converted to another type of numbers.
  ///
  /// ```swift
  /// let plan = try image.plan([0..<64, 0..<64], convertingTo: .float32, scale: 1 / 255)
  /// ```
  ///
  /// Numbers are scaled once they are of the type, and rounded to it after each step. Those of
  /// `float16` are `float32` meanwhile, and rounded once.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: What the elements become. Raw crops are in its byte order, which is that of this machine
  ///     unless it says otherwise.
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
    let (conversion, fill) = try conversion(
      to: type, casting: casting, scale: scale, offset: offset, padding: padding)
    do {
      return try CropPlan(
        region, of: layout, order: order, padding: padding, fill: fill, conversion: conversion)
    } catch {
      throw NPYError(path: path, fault: .region(error))
    }
  }

  /// A conversion of this array's elements, and the values that padding puts in beside them.
  func conversion(
    to type: ElementType, casting: Casting, scale: Double, offset: Double, padding: Padding
  ) throws(NPYError) -> (Conversion, Fill) {
    do throws(CropError) {
      let conversion = Conversion(
        elementType, to: type, casting: casting, scale: scale, offset: offset)
      guard let conversion else {
        throw .conversion(found: elementType, requested: type, casting: casting)
      }
      guard conversion.isPossible else { throw .affineConversion(requested: type) }
      return (conversion, try padding.fill(for: conversion.fillType))
    } catch {
      throw NPYError(path: path, fault: .crop(error))
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

  // MARK: - Batches

  /// Copies windows of one shape into one block and converts their elements in the same pass.
  ///
  /// ```swift
  /// let batch = try image.cropRegions(windows, convertingTo: Float.self, scale: 1 / 255)
  /// ```
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region>, convertingTo type: Element.Type,
    casting: Casting = .safe, scale: Double = 1, offset: Double = 0, padding: Padding = .none,
    order: MemoryOrder = .c
  ) throws(NPYError) -> CropBatch<Element> {
    let batch = try batch(
      regions, convertingTo: Element.nativeType.elementType, casting: casting, scale: scale,
      offset: offset, padding: padding, order: order)
    return CropBatch(batch, elements: try elements(of: batch))
  }

  /// Copies windows of one shape into the caller's memory and converts their elements in the same
  /// pass.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  ///   - output: Where the elements go, one window after the other: exactly as many as there are.
  /// - Throws: As for a batch with memory of its own.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region>, convertingTo type: Element.Type,
    casting: Casting = .safe, scale: Double = 1, offset: Double = 0, padding: Padding = .none,
    order: MemoryOrder = .c, into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    let batch = try batch(
      regions, convertingTo: Element.nativeType.elementType, casting: casting, scale: scale,
      offset: offset, padding: padding, order: order)
    try fill(&output, with: batch)
  }

  /// Copies windows of one shape into an array of exactly as many elements and converts their elements
  /// in the same pass.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  ///   - output: Where the elements go, one window after the other.
  /// - Throws: As for a batch with memory of its own.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region>, convertingTo type: Element.Type,
    casting: Casting = .safe, scale: Double = 1, offset: Double = 0, padding: Padding = .none,
    order: MemoryOrder = .c, into output: inout [Element]
  ) throws(NPYError) {
    var span = output.mutableSpan
    try cropRegions(
      regions, convertingTo: type, casting: casting, scale: scale, offset: offset,
      padding: padding, order: order, into: &span)
  }

  /// Copies windows of one shape into one block and converts their elements in the same pass, in
  /// several tasks at once where that pays.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  /// - Returns: The elements, one window after the other.
  /// - Throws: As in the calling task, and ``CropError/cancelled``.
  @concurrent
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region> & Sendable, convertingTo type: Element.Type,
    casting: Casting = .safe, scale: Double = 1, offset: Double = 0, padding: Padding = .none,
    order: MemoryOrder = .c, parallelism: Int? = nil
  ) async throws(NPYError) -> CropBatch<Element> {
    let batch = try batch(
      regions, convertingTo: Element.nativeType.elementType, casting: casting, scale: scale,
      offset: offset, padding: padding, order: order, isCancellable: true)
    return CropBatch(
      batch, elements: try await elements(of: batch, parallelism: parallelism))
  }

  /// Copies windows of one shape into the caller's memory and converts their elements in the same
  /// pass, in several tasks at once where that pays.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  ///   - output: Where the elements go, one window after the other: exactly as many as there are.
  /// - Throws: As in the calling task, and ``CropError/cancelled``.
  @concurrent
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region> & Sendable, convertingTo type: Element.Type,
    casting: Casting = .safe, scale: Double = 1, offset: Double = 0, padding: Padding = .none,
    order: MemoryOrder = .c, parallelism: Int? = nil, into output: inout MutableSpan<Element>
  ) async throws(NPYError) {
    let batch = try batch(
      regions, convertingTo: Element.nativeType.elementType, casting: casting, scale: scale,
      offset: offset, padding: padding, order: order, isCancellable: true)
    try await fill(&output, with: batch, parallelism: parallelism)
  }

  /// Copies windows of one shape into an array of exactly as many elements and converts their elements
  /// in the same pass, in several tasks at once where that pays.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  ///   - output: Where the elements go, one window after the other.
  /// - Throws: As in the calling task, and ``CropError/cancelled``.
  @concurrent
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region> & Sendable, convertingTo type: Element.Type,
    casting: Casting = .safe, scale: Double = 1, offset: Double = 0, padding: Padding = .none,
    order: MemoryOrder = .c, parallelism: Int? = nil, into output: inout [Element]
  ) async throws(NPYError) {
    var span = output.mutableSpan
    try await cropRegions(
      regions, convertingTo: type, casting: casting, scale: scale, offset: offset,
      padding: padding, order: order, parallelism: parallelism, into: &span)
  }

  /// Crops of regions of any shapes with their elements converted, each made when it is asked for.
  ///
  /// - Parameters:
  ///   - regions: What to take.
  ///   - type: What the elements become.
  ///   - casting: Which conversions are allowed: NumPy's `casting`.
  ///   - scale: What each number is multiplied by, once it is of the type.
  ///   - offset: What is added to each then.
  ///   - padding: What stands where a region reaches outside the array.
  ///   - order: The order of the elements of a crop.
  /// - Returns: A sequence of crops, or of what was wrong with one.
  public func crops<Regions: Sequence<Region>, Element: NPYElement>(
    of regions: Regions, convertingTo type: Element.Type, casting: Casting = .safe,
    scale: Double = 1, offset: Double = 0, padding: Padding = .none, order: MemoryOrder = .c
  ) -> some Sequence<Result<Crop<Element>, NPYError>> {
    regions.lazy.map { region in
      Result { () throws(NPYError) in
        try cropRegion(
          region, convertingTo: type, casting: casting, scale: scale, offset: offset,
          padding: padding, order: order)
      }
    }
  }

  // MARK: - Views

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

// MARK: - One call

/// Copies a region out of a `.npy` file and converts its elements in one call: open, crop, close.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file: a `String`, or its bytes where they are no UTF-8.
///   - type: What the elements become.
///   - casting: Which conversions are allowed: NumPy's `casting`.
///   - scale: What each number is multiplied by, once it is of the type.
///   - offset: What is added to each then.
///   - padding: What stands where the region reaches outside the array.
///   - order: The order of the result's elements, whatever that of the file is.
/// - Returns: The elements and their shape.
/// - Throws: ``NPYError`` for whatever is wrong with the file, the region or the conversion.
@inlinable
public func cropRegion<Element: NPYElement>(
  _ region: Region, of path: some NPYPath, convertingTo type: Element.Type,
  casting: Casting = .safe,
  scale: Double = 1, offset: Double = 0, padding: Padding = .none, order: MemoryOrder = .c
) throws(NPYError) -> Crop<Element> {
  try NPYArray(path: path).cropRegion(
    region, convertingTo: type, casting: casting, scale: scale, offset: offset,
    padding: padding, order: order)
}
