// Crops: every one is a plan, an output of the plan's size, and one copy between the two.

extension NPYArray {
  // MARK: - Plans

  /// Plans the copy of a region: checks it against the array's shape, and touches no file.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - order: The order of the result's elements, whatever that of the file is.
  /// - Returns: A plan for this array, and for any other of the same layout.
  /// - Throws: ``NPYError`` with a ``RegionError``, or with a ``CropError`` where the value to pad
  ///   with is none of the array's type.
  public func plan(
    _ region: Region, padding: Padding = .none, order: MemoryOrder = .c
  ) throws(NPYError) -> CropPlan {
    let fill = try fill(of: padding)
    do {
      return try CropPlan(region, of: layout, order: order, padding: padding, fill: fill)
    } catch {
      throw NPYError(path: path, fault: .region(error))
    }
  }

  /// The values that padding puts in, as elements of this array.
  func fill(of padding: Padding) throws(NPYError) -> Fill {
    do {
      return try padding.fill(for: elementType)
    } catch {
      throw NPYError(path: path, fault: .crop(error))
    }
  }

  // MARK: - Typed

  /// Copies a region out of the array.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own; any byte order of the
  ///     file is delivered in that of this machine.
  ///   - order: The order of the result's elements, whatever that of the file is.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a
  ///   ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, padding: Padding = .none, as type: Element.Type = Element.self,
    order: MemoryOrder = .c
  ) throws(NPYError) -> Crop<Element> {
    var window = try window(region, padding: padding, order: order)
    let elements: [Element] = try elements(of: &window)
    return Crop(window, elements: elements)
  }

  /// Copies a region out of the array by a plan made before.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:padding:order:)`` of an array of the same layout.
  ///   - type: The type of the elements, which must be the file's own.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ plan: CropPlan, as type: Element.Type = Element.self
  ) throws(NPYError) -> Crop<Element> {
    Crop(plan, elements: try elements(of: plan))
  }

  /// Copies a region into the caller's memory, which must have room for exactly its elements.
  ///
  /// Allocates nothing for a region of at most eight axes that are slices and indices, where the file
  /// is mapped.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements go.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a
  ///   ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, padding: Padding = .none, as type: Element.Type = Element.self,
    order: MemoryOrder = .c, into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    try fill(&output, with: region, padding: padding, order: order)
  }

  /// Copies a region into the caller's memory by a plan made before.
  ///
  /// Allocates nothing where the file is mapped.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:padding:order:)`` of an array of the same layout.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - output: Where the elements go: exactly as many as the plan has.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ plan: CropPlan, as type: Element.Type = Element.self,
    into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    try fill(&output, with: plan)
  }

  /// Copies a region into an array of exactly as many elements, in place.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements go.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a
  ///   ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, padding: Padding = .none, as type: Element.Type = Element.self,
    order: MemoryOrder = .c, into output: inout [Element]
  ) throws(NPYError) {
    var span = output.mutableSpan
    try fill(&span, with: region, padding: padding, order: order)
  }

  /// Copies a region into an array of exactly as many elements, by a plan made before.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:padding:order:)`` of an array of the same layout.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - output: Where the elements go.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ plan: CropPlan, as type: Element.Type = Element.self, into output: inout [Element]
  ) throws(NPYError) {
    var span = output.mutableSpan
    try fill(&span, with: plan)
  }

  /// Appends a region to an output span that has room for it.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements are appended.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a
  ///   ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, padding: Padding = .none, as type: Element.Type = Element.self,
    order: MemoryOrder = .c, into output: inout OutputSpan<Element>
  ) throws(NPYError) {
    try append(try plan(region, padding: padding, order: order), to: &output)
  }

  /// Appends a region to an output span that has room for it, by a plan made before.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:padding:order:)`` of an array of the same layout.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - output: Where the elements are appended.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ plan: CropPlan, as type: Element.Type = Element.self, into output: inout OutputSpan<Element>
  ) throws(NPYError) {
    try append(plan, to: &output)
  }

  // MARK: - Raw

  /// Copies a region out of an array of any element type, as bytes in the file's byte order.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - order: The order of the result's elements, whatever that of the file is.
  /// - Returns: The bytes, their type and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a
  ///   ``FileError``.
  public func cropRegion(
    _ region: Region, padding: Padding = .none, order: MemoryOrder = .c
  ) throws(NPYError) -> RawCrop {
    var window = try window(region, padding: padding, order: order)
    let bytes = try bytes(of: &window)
    return RawCrop(window, elementType: elementType, bytes: bytes)
  }

  /// Copies a region out of an array of any element type by a plan made before, as bytes in the
  /// file's byte order.
  ///
  /// - Parameter plan: What to take: made by ``plan(_:padding:order:)`` of an array of the same layout.
  /// - Returns: The bytes, their type and their shape.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  public func cropRegion(_ plan: CropPlan) throws(NPYError) -> RawCrop {
    RawCrop(plan, elementType: plan.conversion?.target ?? elementType, bytes: try bytes(of: plan))
  }

  /// Copies a region into the caller's memory, as bytes in the file's byte order.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: What stands where the region reaches outside the array.
  ///   - order: The order of the result's elements.
  ///   - output: Where the bytes go: exactly as many as the region has.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a
  ///   ``FileError``.
  public func cropRegion(
    _ region: Region, padding: Padding = .none, order: MemoryOrder = .c,
    into output: inout MutableRawSpan
  ) throws(NPYError) {
    try fill(&output, with: region, padding: padding, order: order)
  }

  /// Copies a region into the caller's memory by a plan made before, as bytes in the file's byte
  /// order.
  ///
  /// Allocates nothing where the file is mapped.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:padding:order:)`` of an array of the same layout.
  ///   - output: Where the bytes go: exactly as many as the plan has.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  public func cropRegion(
    _ plan: CropPlan, into output: inout MutableRawSpan
  ) throws(NPYError) {
    try fill(&output, with: plan)
  }
}

// MARK: - One call

/// Copies a region out of a `.npy` file in one call: open, crop, close.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file: a `String`, or its bytes where they are no UTF-8.
///   - padding: What stands where the region reaches outside the array.
///   - type: The type of the elements, which must be the file's own.
///   - order: The order of the result's elements, whatever that of the file is.
/// - Returns: The elements and their shape.
/// - Throws: ``NPYError`` for whatever is wrong with the file or the region.
@inlinable
public func cropRegion<Element: NPYElement>(
  _ region: Region, of path: some NPYPath, padding: Padding = .none,
  as type: Element.Type = Element.self,
  order: MemoryOrder = .c
) throws(NPYError) -> Crop<Element> {
  try NPYArray(path: path).cropRegion(region, padding: padding, as: type, order: order)
}

/// Copies a region out of a `.npy` file of any element type in one call, as bytes in the file's
/// byte order.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file: a `String`, or its bytes where they are no UTF-8.
///   - padding: What stands where the region reaches outside the array.
///   - order: The order of the result's elements, whatever that of the file is.
/// - Returns: The bytes, their type and their shape.
/// - Throws: ``NPYError`` for whatever is wrong with the file or the region.
public func cropRegion(
  _ region: Region, of path: some NPYPath, padding: Padding = .none, order: MemoryOrder = .c
) throws(NPYError) -> RawCrop {
  try NPYArray(path: path).cropRegion(region, padding: padding, order: order)
}
