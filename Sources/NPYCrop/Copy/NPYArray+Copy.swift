// The way from a plan to memory, sound because of what NPYArray+Checks has checked.

extension NPYArray {
  /// Checks the size of the caller's memory.
  ///
  /// - Parameters:
  ///   - output: The memory.
  ///   - needed: The bytes of the result.
  ///   - isRoom: Whether the memory may be larger.
  /// - Throws: ``NPYError`` with ``CropError/outputSize(needed:available:)``.
  @inline(__always)
  private func checkSize(
    _ output: UnsafeMutableRawBufferPointer, needed: Int, isRoom: Bool
  ) throws(NPYError) {
    guard output.count == needed || isRoom && output.count > needed else {
      throw failure(.outputSize(needed: needed, available: output.count))
    }
  }

  // MARK: - Windows that are copied once

  /// Copies by this array's own plan, where it was built.
  ///
  /// - Parameters:
  ///   - window: The plan.
  ///   - isNative: Whether elements are delivered in the byte order of this machine, and not in that of
  ///     the result's type.
  ///   - output: The memory of the result.
  ///   - isRoom: Whether the memory may be larger.
  /// - Returns: The bytes of the result.
  /// - Throws: ``NPYError`` where the memory has another size, or the file is not what it was.
  @usableFromInline
  func copy(
    _ window: inout PlanBuilder, isNative: Bool, into output: UnsafeMutableRawBufferPointer,
    isRoom: Bool = false
  ) throws(NPYError) -> Int {
    guard let box = window.box() else {
      return try unsafe copy(window.plan, isNative: isNative, into: output, isRoom: isRoom)
    }
    let byteCount = window.plan.outputByteCount
    try unsafe checkSize(output, needed: byteCount, isRoom: isRoom)
    guard byteCount > 0, let address = output.baseAddress else {
      try checkIsOpen()
      return 0
    }
    let delivery = Delivery(of: sourceType, to: window.plan.conversion, isNative: isNative)
    do {
      // Sound: the output has the plan's size. The plan is for this layout, which it was built for; that
      // is the header's, whose data ends within the file as it was opened.
      try unsafe box.run(
        on: source, at: window.plan.place, to: address, delivery: delivery,
        extent: ReadExtent(arrayEnd: layout.end, reach: window.plan.sourceEnd))
    } catch {
      throw failure(error)
    }
    return byteCount
  }

  /// Copies a region into the caller's memory, as `copy(_:isNative:into:isRoom:)` does.
  @usableFromInline
  func copy(
    _ region: Region, padding: Padding, order: MemoryOrder?, isNative: Bool,
    into output: UnsafeMutableRawBufferPointer, isRoom: Bool
  ) throws(NPYError) -> Int {
    if let byteCount = try unsafe copyBox(
      region, padding: padding, order: order, isNative: isNative, into: output, isRoom: isRoom)
    {
      return byteCount
    }
    var window = try window(region, padding: padding, order: order)
    return try unsafe copy(&window, isNative: isNative, into: output, isRoom: isRoom)
  }

  /// Copies a region that is a single box, in C order and without a plan.
  ///
  /// - Returns: The bytes of the result; nil where the region is something else, or does not fit the array.
  @inline(__always)
  private func copyBox(
    _ region: Region, padding: Padding, order: MemoryOrder?, isNative: Bool,
    into output: UnsafeMutableRawBufferPointer, isRoom: Bool
  ) throws(NPYError) -> Int? {
    guard attributes == nil, padding.isOfArray || padding.isNone, (order ?? .c) == .c else {
      return nil
    }
    var box = CropBox()
    guard let byteCount = box.addPlain(region, of: layout) else { return nil }
    try unsafe checkSize(output, needed: byteCount, isRoom: isRoom)
    guard let address = output.baseAddress else { return nil }
    let delivery = Delivery(
      itemSize: layout.itemSize, transform: isNative ? sourceTraits.nativeTransform : .none)
    let place = Place(piece: 0, sourceOffset: layout.offset, outputOffset: 0)
    let range = box.sourceRange(itemSize: layout.itemSize)
    do {
      // Sound: the output has the box's size, and the box lies in this layout, which is the header's, whose data
      // ends within the file as it was opened.
      try unsafe box.run(
        on: source, at: place, to: address, delivery: delivery,
        extent: ReadExtent(arrayEnd: layout.end, reach: layout.offset &+ range.upperBound))
    } catch {
      throw failure(error)
    }
    return byteCount
  }

  /// Copies a region into the caller's memory, as elements or as bytes.
  @inlinable
  func copy<Output: CropOutput & ~Copyable & ~Escapable>(
    _ region: Region, padding: Padding, order: MemoryOrder?, isNative: Bool,
    into output: inout Output
  ) throws(NPYError) {
    // Sound: the output is not touched while it is filled.
    let byteCount = try unsafe copy(
      region, padding: padding, order: order, isNative: isNative, into: output.cropRoom(),
      isRoom: Output.appendsCrops)
    unsafe output.countCropped(byteCount: byteCount)
  }

  /// A new array of the elements of a window, or of its bytes.
  @inlinable
  func items<Item: NPYElement>(
    of window: inout PlanBuilder, isNative: Bool
  ) throws(NPYError) -> [Item] {
    try unsafe newItems(byteCount: try checkedByteCount(of: window)) { bytes throws(NPYError) in
      try unsafe copy(&window, isNative: isNative, into: bytes)
    }
  }

  /// The bytes of a window's result, for which there is memory.
  @usableFromInline
  func checkedByteCount(of window: borrowing PlanBuilder) throws(NPYError) -> Int {
    let byteCount = window.plan.byteCount
    try checkMemory(byteCount: byteCount)
    return byteCount
  }

  // MARK: - Plans

  /// Copies by a plan that was checked to be for this array.
  ///
  /// - Parameters: As for a window that is copied once.
  /// - Returns: The bytes of the result.
  /// - Throws: As for a window that is copied once.
  @usableFromInline
  func copy(
    _ plan: borrowing CropPlan, isNative: Bool, into output: UnsafeMutableRawBufferPointer,
    isRoom: Bool = false
  ) throws(NPYError) -> Int {
    let byteCount = plan.outputByteCount
    try unsafe checkSize(output, needed: byteCount, isRoom: isRoom)
    guard plan.byteCount > 0, let address = output.baseAddress else {
      try checkIsOpen()
      return byteCount
    }
    let delivery = Delivery(of: sourceType, to: plan.conversion, isNative: isNative)
    do {
      // Sound: as above; each caller has checked that the plan is for this layout.
      try unsafe plan.run(on: source, to: address, delivery: delivery)
    } catch {
      throw failure(error)
    }
    return byteCount
  }

  /// Copies by a plan that was checked to be for this array into the caller's memory.
  @inlinable
  func copy<Output: CropOutput & ~Copyable & ~Escapable>(
    _ plan: CropPlan, isNative: Bool, into output: inout Output
  ) throws(NPYError) {
    // Sound: as above.
    let byteCount = try unsafe copy(
      plan, isNative: isNative, into: output.cropRoom(), isRoom: Output.appendsCrops)
    unsafe output.countCropped(byteCount: byteCount)
  }

  /// A new array of the elements of a plan, or of its bytes.
  @inlinable
  func items<Item: NPYElement>(
    of plan: CropPlan, isNative: Bool
  ) throws(NPYError) -> [Item] {
    try unsafe newItems(byteCount: try checkedByteCount(of: plan)) { bytes throws(NPYError) in
      try unsafe copy(plan, isNative: isNative, into: bytes)
    }
  }

  /// The bytes of a plan's result, for which there is memory.
  @usableFromInline
  func checkedByteCount(of plan: CropPlan) throws(NPYError) -> Int {
    try checkMemory(byteCount: plan.byteCount)
    return plan.byteCount
  }

  /// A new array, of whatever `body` leaves in its memory, all of which it must fill.
  @inlinable
  @inline(__always)
  func newItems<Item: NPYElement>(
    byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws(NPYError) -> Int
  ) throws(NPYError) -> [Item] {
    try [Item](capacity: byteCount / MemoryLayout<Item>.stride) { output throws(NPYError) in
      // Sound: the copy initialises exactly the items that are then counted, and writes only bytes that are
      // such items (see NativeType).
      try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        unsafe prepareToFill(bytes)
        count = try unsafe body(bytes) / MemoryLayout<Item>.stride
      }
    }
  }

  // MARK: - In several tasks

  /// Copies by a plan that was checked to be for this array, in several tasks at once.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - isNative: Whether elements are delivered in the byte order of this machine.
  ///   - parallelism: How many tasks.
  ///   - output: Memory that stays where it is until this returns.
  ///   - isRoom: Whether the memory may be larger.
  /// - Returns: The bytes of the result.
  /// - Throws: ``NPYError`` as in the calling task, and with ``CropError/cancelled``.
  func copy(
    _ plan: CropPlan, isNative: Bool, parallelism: Parallelism,
    into output: UnsafeMutableRawBufferPointer, isRoom: Bool
  ) async throws(NPYError) -> Int {
    let byteCount = plan.outputByteCount
    try unsafe checkSize(output, needed: byteCount, isRoom: isRoom)
    guard plan.byteCount > 0, let address = output.baseAddress else {
      try checkIsOpen()
      return byteCount
    }
    let delivery = Delivery(of: sourceType, to: plan.conversion, isNative: isNative)
    do {
      // Sound: as above.
      try await plan.run(
        on: source, to: unsafe OutputPlace(address), delivery: delivery,
        parallelism: parallelism.count)
    } catch {
      throw NPYError(path: path, fault: error)
    }
    return byteCount
  }

  /// Copies by a plan that was checked to be for this array into the caller's memory, in several tasks.
  func copy<Output: CropOutput & ~Copyable & ~Escapable>(
    _ plan: CropPlan, isNative: Bool, parallelism: Parallelism, into output: inout Output
  ) async throws(NPYError) {
    // Sound: as above, and no task outlives this call.
    let byteCount = try await unsafe copy(
      plan, isNative: isNative, parallelism: parallelism, into: output.cropRoom(),
      isRoom: Output.appendsCrops)
    unsafe output.countCropped(byteCount: byteCount)
  }

  /// A new array of the elements of a plan, or of its bytes, made in several tasks.
  func items<Item: NPYElement>(
    of plan: CropPlan, isNative: Bool, parallelism: Parallelism
  ) async throws(NPYError) -> [Item] {
    let count = try checkedByteCount(of: plan) / MemoryLayout<Item>.stride
    // Sound: the items are trivial, and read by no one before the copy has written all of them; if it
    // throws, they are let go of.
    var items = [Item](capacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
        unsafe prepareToFill(UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
    }
    try await copy(plan, isNative: isNative, parallelism: parallelism, into: &items)
    return items
  }
}
