// The way from a plan to memory: the checks that make a copy sound, and the copy.

extension NPYArray {
  // MARK: - Checks

  /// Checks that a plan is for an array like this one, and that its elements are of the type asked for:
  /// the one place where that is done.
  ///
  /// - Parameters:
  ///   - plan: Any plan.
  ///   - type: The type asked for; nil for whatever it is.
  ///   - stride: The distance of elements in the caller's memory.
  /// - Throws: ``NPYError`` with a ``CropError``.
  @usableFromInline
  func check(_ plan: CropPlan, as type: ElementType?, stride: Int) throws(NPYError) {
    guard isOwn(plan) else { throw foreign(plan) }
    if let type {
      try check(as: type, stride: stride, found: plan.conversion?.target ?? elementType)
    }
  }

  /// Checks that the elements that are found are of the type asked for.
  @inline(__always)
  func check(as type: ElementType, stride: Int, found: ElementType) throws(NPYError) {
    guard found.kind == type.kind, found.itemSize == type.itemSize, stride == found.itemSize else {
      throw failure(.elementType(found: found, requested: type))
    }
  }

  /// Checks that there is memory for a result.
  @usableFromInline
  func checkMemory(byteCount: Int) throws(NPYError) {
    guard canAllocate(byteCount: byteCount) else {
      throw failure(.outOfMemory(byteCount: byteCount))
    }
  }

  /// Checks that a window of this array can be delivered as elements of a type.
  ///
  /// - Parameters:
  ///   - window: The window.
  ///   - type: The type asked for.
  ///   - stride: The distance of elements in the caller's memory.
  /// - Returns: The number of elements.
  /// - Throws: ``NPYError`` with a ``CropError``.
  @usableFromInline
  func checkedCount(
    of window: borrowing PlanBuilder, as type: ElementType, stride: Int
  ) throws(NPYError) -> Int {
    try check(as: type, stride: stride, found: elementType)
    try checkMemory(byteCount: window.plan.byteCount)
    return window.plan.elementCount
  }

  @usableFromInline
  func checkRoom(for plan: CropPlan, elements: Int) throws(NPYError) {
    guard elements >= plan.elementCount else {
      throw failure(
        .outputSize(needed: plan.byteCount, available: elements &* plan.outputItemSize))
    }
  }

  /// Whether a plan was made for an array like this one.
  @inline(__always)
  private func isOwn(_ plan: CropPlan) -> Bool {
    guard plan.layout == layout, plan.lastSource == 0 else { return false }
    guard let conversion = plan.conversion else { return plan.fill.suits(elementType) }
    return conversion.source == elementType && plan.fill.suits(conversion.fillType)
  }

  private func foreign(_ plan: CropPlan) -> NPYError {
    if plan.layout == layout, let planned = plan.conversion?.source ?? plan.fill.elementType {
      return failure(.foreignType(found: elementType, planned: planned))
    }
    return failure(.foreignPlan(shape: shape, planned: plan.layout.shape))
  }

  private func failure(_ error: CropError) -> NPYError {
    NPYError(path: path, fault: .crop(error))
  }

  // MARK: - Copies

  /// Copies by a plan that was checked to be for this array.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - isNative: Whether elements are delivered in the byte order of this machine, and not in that of
  ///     the result's type.
  ///   - output: As many bytes as the plan has.
  /// - Throws: ``NPYError`` where the memory has another size, or the file is not what it was.
  @usableFromInline
  func copy(
    _ plan: borrowing CropPlan, isNative: Bool, into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    guard output.count == plan.outputByteCount else {
      throw failure(.outputSize(needed: plan.outputByteCount, available: output.count))
    }
    guard plan.byteCount > 0, let address = output.baseAddress else { return }
    let delivery = Delivery(of: elementType, to: plan.conversion, isNative: isNative)
    do {
      // Sound: the output has the plan's size. The plan is for this layout, as each caller has
      // checked; that is the header's, whose data ends within the file as it was opened.
      try unsafe plan.run(on: source, to: address, delivery: delivery)
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
  }

  /// Copies a region as elements of a type.
  @usableFromInline
  func copy(
    _ region: Region, padding: Padding, order: MemoryOrder, as type: ElementType, stride: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    var window = try window(region, padding: padding, order: order)
    try check(as: type, stride: stride, found: elementType)
    try unsafe copy(&window, isNative: true, into: output)
  }

  /// Plans the copy of a region that is made only once: a plan that is kept would be copied on its way,
  /// which costs as much as a small crop.
  @usableFromInline
  @inline(__always)
  func window(
    _ region: Region, padding: Padding, order: MemoryOrder
  ) throws(NPYError) -> PlanBuilder {
    let fill = try fill(of: padding)
    do {
      return try PlanBuilder(region, of: layout, order: order, padding: padding, fill: fill)
    } catch {
      throw NPYError(path: path, fault: .region(error))
    }
  }

  /// Copies by this array's own plan, where it was built.
  @usableFromInline
  func copy(
    _ window: inout PlanBuilder, isNative: Bool, into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    guard let box = window.box() else {
      try unsafe copy(window.plan, isNative: isNative, into: output)
      return
    }
    guard output.count == window.plan.outputByteCount else {
      throw failure(.outputSize(needed: window.plan.outputByteCount, available: output.count))
    }
    guard output.count > 0, let address = output.baseAddress else { return }
    do {
      // Sound: as above.
      try unsafe box.run(
        on: source, at: window.plan.place, to: address,
        delivery: Delivery(of: elementType, to: nil, isNative: isNative),
        extent: ReadExtent(arrayEnd: layout.end, reach: window.plan.sourceEnd))
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
  }

  /// Copies by a plan that was checked to be for this array, in several tasks at once.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - isNative: Whether elements are delivered in the byte order of this machine.
  ///   - parallelism: How many tasks; as many as pay if nil.
  ///   - output: Memory that stays where it is until this returns.
  ///   - byteCount: Its size, which has to be the plan's.
  /// - Throws: ``NPYError`` as in the calling task, and with ``CropError/cancelled``.
  func copy(
    _ plan: CropPlan, isNative: Bool, parallelism: Int?, into output: OutputPlace?, byteCount: Int
  ) async throws(NPYError) {
    guard byteCount == plan.outputByteCount else {
      throw failure(.outputSize(needed: plan.outputByteCount, available: byteCount))
    }
    guard plan.byteCount > 0, let output else { return }
    let delivery = Delivery(of: elementType, to: plan.conversion, isNative: isNative)
    do {
      // Sound: as above.
      try await plan.run(on: source, to: output, delivery: delivery, parallelism: parallelism)
    } catch {
      throw NPYError(path: path, fault: error)
    }
  }
}

extension NPYArray {
  // MARK: - Outputs

  @inlinable
  func fill<Element: NPYElement>(
    _ output: inout MutableSpan<Element>, with plan: CropPlan
  ) throws(NPYError) {
    try check(plan, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride)
    // Sound: any bytes that the copy leaves are elements, by their NativeType's promise.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(plan, isNative: true, into: bytes)
    }
  }

  @inlinable
  func fill<Element: NPYElement>(
    _ output: inout MutableSpan<Element>, with region: Region, padding: Padding,
    order: MemoryOrder
  ) throws(NPYError) {
    // Sound: as above.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(
        region, padding: padding, order: order, as: Element.nativeType.elementType,
        stride: MemoryLayout<Element>.stride, into: bytes)
    }
  }

  func fill(
    _ output: inout MutableRawSpan, with region: Region, padding: Padding, order: MemoryOrder
  ) throws(NPYError) {
    var window = try window(region, padding: padding, order: order)
    // Sound: the span is of bytes that may have any value.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(&window, isNative: false, into: bytes)
    }
  }

  func fill(_ output: inout MutableRawSpan, with plan: CropPlan) throws(NPYError) {
    try check(plan, as: nil, stride: 0)
    // Sound: as above.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(plan, isNative: false, into: bytes)
    }
  }

  @inlinable
  func append<Element: NPYElement>(
    _ plan: CropPlan, to output: inout OutputSpan<Element>
  ) throws(NPYError) {
    try check(plan, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride)
    try checkRoom(for: plan, elements: output.freeCapacity)
    // Sound: the copy initialises exactly the elements that are then counted.
    try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
      let free = buffer.extracting(count..<count + plan.elementCount)
      try unsafe copy(plan, isNative: true, into: UnsafeMutableRawBufferPointer(free))
      count += plan.elementCount
    }
  }

  @inlinable
  func elements<Element: NPYElement>(of plan: CropPlan) throws(NPYError) -> [Element] {
    // All that can be wrong is found before anything is allocated.
    try check(plan, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride)
    try checkMemory(byteCount: plan.byteCount)
    return try unsafe newItems(count: plan.elementCount) { bytes throws(NPYError) in
      try unsafe copy(plan, isNative: true, into: bytes)
    }
  }

  @inlinable
  func elements<Element: NPYElement>(
    of window: inout PlanBuilder
  ) throws(NPYError) -> [Element] {
    let count = try checkedCount(
      of: window, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride)
    return try unsafe newItems(count: count) { bytes throws(NPYError) in
      try unsafe copy(&window, isNative: true, into: bytes)
    }
  }

  func bytes(of plan: CropPlan) throws(NPYError) -> [UInt8] {
    try check(plan, as: nil, stride: 0)
    try checkMemory(byteCount: plan.byteCount)
    return try unsafe newItems(count: plan.byteCount) { bytes throws(NPYError) in
      try unsafe copy(plan, isNative: false, into: bytes)
    }
  }

  func bytes(of window: inout PlanBuilder) throws(NPYError) -> [UInt8] {
    let byteCount = window.plan.byteCount
    try checkMemory(byteCount: byteCount)
    return try unsafe newItems(count: byteCount) { bytes throws(NPYError) in
      try unsafe copy(&window, isNative: false, into: bytes)
    }
  }

  /// A new array, of whatever `body` leaves in its memory, all of which it must fill.
  @inlinable
  @inline(__always)
  func newItems<Item: BitwiseCopyable>(
    count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(NPYError) -> Void
  ) throws(NPYError) -> [Item] {
    try [Item](capacity: count) { output throws(NPYError) in
      // Sound: the copy initialises exactly the items that are then counted; any bytes are items, by
      // their NativeType's promise.
      try unsafe output.withUnsafeMutableBufferPointer { buffer, initialized throws(NPYError) in
        try unsafe body(UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
    }
  }

  // MARK: - Outputs in several tasks

  func elements<Element: NPYElement>(
    of plan: CropPlan, parallelism: Int?
  ) async throws(NPYError) -> [Element] {
    try await block(of: plan, count: plan.elementCount, isNative: true, parallelism)
  }

  func bytes(of plan: CropPlan, parallelism: Int?) async throws(NPYError) -> [UInt8] {
    try await block(of: plan, count: plan.byteCount, isNative: false, parallelism)
  }

  private func block<Item: BitwiseCopyable>(
    of plan: CropPlan, count: Int, isNative: Bool, _ parallelism: Int?
  ) async throws(NPYError) -> [Item] {
    try checkMemory(byteCount: plan.byteCount)
    // Sound: any bytes are items, whatever was there; they are read by no one before the copy has
    // replaced all of them, or else thrown away.
    var items = [Item](capacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
    }
    var span = items.mutableSpan
    try await fill(&span, with: plan, isNative: isNative, parallelism: parallelism)
    return items
  }

  func fill<Item: BitwiseCopyable>(
    _ output: inout MutableSpan<Item>, with plan: CropPlan, isNative: Bool = true,
    parallelism: Int?
  ) async throws(NPYError) {
    // Sound: a span is a view of memory that its owner keeps in place, and lets no one else touch,
    // as long as the span is there: until this returns, and no task outlives that.
    let (place, byteCount) = unsafe output.withUnsafeMutableBytes { bytes in
      unsafe (bytes.baseAddress.map { unsafe OutputPlace($0) }, bytes.count)
    }
    try await copy(
      plan, isNative: isNative, parallelism: parallelism, into: place, byteCount: byteCount)
  }
}
