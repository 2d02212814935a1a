// The headline calls: everything in one line.

extension NPYArray {
  /// Copies a region out of the array, as elements of a Swift type.
  ///
  /// The same as `elements(as: type).cropRegion(region)`.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the array's own; elements are
  ///     delivered in this machine's byte order.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, as type: Element.Type = Element.self, padding: Padding = .ofArray,
    order: MemoryOrder? = nil
  ) throws(NPYError) -> Crop<Element> {
    // Not by way of a typed array, which a small crop would notice.
    try check(as: type)
    var window = try window(region, padding: padding, order: order)
    let elements: [Element] = try items(of: &window, isNative: true)
    return Crop(CropOutline(window), elements: elements)
  }

  /// Copies a region into the caller's memory, as elements of a Swift type.
  ///
  /// The same as `elements(as: type).cropRegion(region, into: &output)`.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the array's own.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  // An output of bytes takes those of any array.
  @_disfavoredOverload
  public func cropRegion<Output: CropOutput & ~Copyable & ~Escapable>(
    _ region: Region, as type: Output.Item.Type = Output.Item.self, padding: Padding = .ofArray,
    order: MemoryOrder? = nil, into output: inout Output
  ) throws(NPYError) where Output.Item: NPYElement {
    try check(as: type)
    try copy(region, padding: padding, order: order, isNative: true, into: &output)
  }
}

/// Copies a region out of a `.npy` file in one call: open, crop, close.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file: a `String`, or its bytes if they are not UTF-8.
///   - type: The type of the elements, which must be the file's own.
///   - padding: The padding where the region reaches outside the array.
///   - order: The order of the result's elements, whatever that of the file is.
/// - Returns: The elements and their shape.
/// - Throws: ``NPYError`` with a ``FileError``, a ``HeaderError``, a ``RegionError`` or a ``CropError``.
@inlinable
public func cropRegion<Element: NPYElement>(
  _ region: Region, of path: some NPYPath, as type: Element.Type = Element.self,
  padding: Padding = .none,
  order: MemoryOrder = .c
) throws(NPYError) -> Crop<Element> {
  try NPYArray(path: path).cropRegion(region, as: type, padding: padding, order: order)
}

/// Copies a region out of a `.npy` file of any element type in one call, as bytes in the file's
/// byte order.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file: a `String`, or its bytes if they are not UTF-8.
///   - padding: The padding where the region reaches outside the array.
///   - order: The order of the result's elements, whatever that of the file is.
/// - Returns: The bytes, their type and their shape.
/// - Throws: ``NPYError`` with a ``FileError``, a ``HeaderError``, a ``RegionError`` or a ``CropError``.
public func cropRegion(
  _ region: Region, of path: some NPYPath, padding: Padding = .none, order: MemoryOrder = .c
) throws(NPYError) -> RawCrop {
  try NPYArray(path: path).cropRegion(region, padding: padding, order: order)
}
