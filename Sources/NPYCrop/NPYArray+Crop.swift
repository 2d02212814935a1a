// Crops: every one is a plan, an output of the plan's size, and one copy between the two.

extension NPYArray {
  // MARK: - Typed

  /// Copies a region out of the array.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the file's own; any byte order of the
  ///     file is delivered in that of this machine.
  ///   - order: The order of the result's elements, whatever that of the file is.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError``, or a ``FileError`` where there
  ///   is no memory for the result.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, as type: Element.Type = Element.self, order: MemoryOrder = .c
  ) throws(NPYError) -> Crop<Element> {
    try cropRegion(try plan(region, order: order), as: type)
  }

  /// Copies a region out of the array by a plan made before.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:order:)`` of an array of the same layout.
  ///   - type: The type of the elements, which must be the file's own.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ plan: CropPlan, as type: Element.Type = Element.self
  ) throws(NPYError) -> Crop<Element> {
    try checkOutput(of: plan)
    let elements = try [Element](capacity: plan.elementCount) { output throws(NPYError) in
      try append(plan, to: &output)
    }
    return Crop(shape: plan.shape, order: plan.order, elements: elements)
  }

  /// Copies a region into the caller's memory, which must have room for exactly its elements.
  ///
  /// Allocates nothing for a region of at most eight axes that are slices and indices.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements go.
  /// - Throws: ``NPYError`` with a ``RegionError`` or a ``CropError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, as type: Element.Type = Element.self, order: MemoryOrder = .c,
    into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    // Sound: every bit pattern that the copy leaves is a value of an NPYElement.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(
        region, order: order, as: Element.elementType, stride: MemoryLayout<Element>.stride,
        into: bytes)
    }
  }

  /// Copies a region into an array of exactly as many elements, in place.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements go.
  /// - Throws: ``NPYError`` with a ``RegionError`` or a ``CropError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, as type: Element.Type = Element.self, order: MemoryOrder = .c,
    into output: inout [Element]
  ) throws(NPYError) {
    var span = output.mutableSpan
    try cropRegion(region, as: type, order: order, into: &span)
  }

  /// Appends a region to an output span that has room for it.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the result's elements.
  ///   - output: Where the elements are appended.
  /// - Throws: ``NPYError`` with a ``RegionError`` or a ``CropError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ region: Region, as type: Element.Type = Element.self, order: MemoryOrder = .c,
    into output: inout OutputSpan<Element>
  ) throws(NPYError) {
    try append(try plan(region, order: order), to: &output)
  }

  /// Copies a region into the caller's memory by a plan made before, without any allocation.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:order:)`` of an array of the same layout.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - output: Where the elements go: exactly as many as the plan has.
  /// - Throws: ``NPYError`` with a ``CropError``.
  @inlinable
  public func cropRegion<Element: NPYElement>(
    _ plan: CropPlan, as type: Element.Type = Element.self,
    into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    // Sound: every bit pattern that the copy leaves is a value of an NPYElement.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(
        plan, as: Element.elementType, stride: MemoryLayout<Element>.stride, into: bytes)
    }
  }

  @inlinable
  func append<Element: NPYElement>(
    _ plan: CropPlan, to output: inout OutputSpan<Element>
  ) throws(NPYError) {
    guard output.freeCapacity >= plan.elementCount else {
      throw failure(.outputSize(needed: plan.elementCount, available: output.freeCapacity))
    }
    // Sound: the copy initialises exactly the elements that are then counted.
    try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
      let free = buffer.extracting(count..<count + plan.elementCount)
      try unsafe copy(
        plan, as: Element.elementType, stride: MemoryLayout<Element>.stride,
        into: UnsafeMutableRawBufferPointer(free))
      count += plan.elementCount
    }
  }

  // MARK: - Raw

  /// Copies a region out of an array of any element type, as bytes in the file's byte order.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - order: The order of the result's elements, whatever that of the file is.
  /// - Returns: The bytes, their type and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, or a ``FileError`` where there is no memory
  ///   for the result.
  public func cropRegion(
    _ region: Region, order: MemoryOrder = .c
  ) throws(NPYError) -> RawCrop {
    let plan = try plan(region, order: order)
    try checkOutput(of: plan)
    let bytes = try [UInt8](capacity: plan.byteCount) { output throws(NPYError) in
      try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
        try unsafe copy(plan, into: UnsafeMutableRawBufferPointer(buffer))
        count = plan.byteCount
      }
    }
    return RawCrop(
      elementType: elementType, shape: plan.shape, order: plan.order, bytes: bytes)
  }

  /// Copies a region into the caller's memory, as bytes in the file's byte order, without any
  /// allocation.
  ///
  /// - Parameters:
  ///   - plan: What to take: made by ``plan(_:order:)`` of an array of the same layout.
  ///   - output: Where the bytes go: exactly as many as the plan has.
  /// - Throws: ``NPYError`` with a ``CropError``.
  public func cropRegion(
    _ plan: CropPlan, into output: inout MutableRawSpan
  ) throws(NPYError) {
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(plan, into: bytes)
    }
  }

  /// Copies a region into the caller's memory, as bytes in the file's byte order.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - order: The order of the result's elements.
  ///   - output: Where the bytes go: exactly as many as the region has.
  /// - Throws: ``NPYError`` with a ``RegionError`` or a ``CropError``.
  public func cropRegion(
    _ region: Region, order: MemoryOrder = .c, into output: inout MutableRawSpan
  ) throws(NPYError) {
    try cropRegion(try plan(region, order: order), into: &output)
  }

  // MARK: - Plans

  /// Plans the copy of a region: checks it against the array's shape, and touches no file.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - order: The order of the result's elements.
  /// - Returns: A plan for this array, and for any other of the same layout.
  /// - Throws: ``NPYError`` with a ``RegionError``.
  public func plan(_ region: Region, order: MemoryOrder = .c) throws(NPYError) -> CropPlan {
    do {
      return try CropPlan(region, of: layout, order: order)
    } catch {
      throw NPYError(path: path, fault: .region(error))
    }
  }

  // MARK: - The one copy

  /// Copies elements of a type by a plan that lives no longer than the copy.
  @usableFromInline
  func copy(
    _ region: Region, order: MemoryOrder, as type: ElementType, stride: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    let plan: CropPlan
    do {
      plan = try CropPlan(region, of: layout, order: order)
    } catch {
      throw NPYError(path: path, fault: .region(error))
    }
    try unsafe copy(plan, as: type, stride: stride, into: output)
  }

  /// Copies elements of a type, in the byte order of this machine.
  @usableFromInline
  func copy(
    _ plan: CropPlan, as type: ElementType, stride: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    let found = elementType
    guard found.kind == type.kind, found.itemSize == type.itemSize, stride == found.itemSize else {
      throw failure(.elementType(found: found, requested: type))
    }
    try unsafe copy(plan, into: output, transform: ByteTransform(toNative: found))
  }

  private func copy(
    _ plan: CropPlan, into output: UnsafeMutableRawBufferPointer,
    transform: ByteTransform = .none
  ) throws(NPYError) {
    guard plan.layout == layout else { throw failure(.foreignPlan) }
    guard output.count == plan.byteCount else {
      let itemSize = max(plan.itemSize, 1)
      throw failure(
        .outputSize(needed: plan.elementCount, available: output.count / itemSize))
    }
    guard let address = output.baseAddress else { return }
    // Sound: opening checked that the layout lies within the mapped bytes, and the plan is for
    // this layout; the output has the plan's size.
    unsafe file.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe plan.copy(from: start, to: address, transform: transform)
    }
  }

  @usableFromInline
  func checkOutput(of plan: CropPlan) throws(NPYError) {
    do {
      try checkMemory(for: plan.byteCount)
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
  }

  @usableFromInline
  func failure(_ error: CropError) -> NPYError {
    NPYError(path: path, fault: .crop(error))
  }
}

/// Copies a region out of a `.npy` file in one call: open, crop, close.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file.
///   - type: The type of the elements, which must be the file's own.
/// - Returns: The elements and their shape.
/// - Throws: ``NPYError`` for whatever is wrong with the file or the region.
@inlinable
public func cropRegion<Element: NPYElement>(
  _ region: Region, of path: String, as type: Element.Type = Element.self
) throws(NPYError) -> Crop<Element> {
  try NPYArray(path: path).cropRegion(region, as: type)
}

/// Copies a region out of a `.npy` file of any element type in one call, as bytes in the file's
/// byte order.
///
/// - Parameters:
///   - region: What to take.
///   - path: The file.
/// - Returns: The bytes, their type and their shape.
/// - Throws: ``NPYError`` for whatever is wrong with the file or the region.
public func cropRegion(_ region: Region, of path: String) throws(NPYError) -> RawCrop {
  try NPYArray(path: path).cropRegion(region)
}
