// The way from a plan to memory: the checks that make a copy sound, and the copy.

extension NPYArray {
  // MARK: - Outputs

  @inlinable
  func fill<Element: NPYElement>(
    _ output: inout MutableSpan<Element>, with plan: CropPlan
  ) throws(NPYError) {
    // Sound: any bytes that the copy leaves are elements, by their NativeType's promise.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(
        plan, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride,
        into: bytes)
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

  func fill(_ output: inout MutableRawSpan, with plan: CropPlan) throws(NPYError) {
    guard isOwn(plan) else { throw foreign(plan) }
    // Sound: the span is of bytes that may have any value.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(plan, into: bytes, isNative: false)
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
      try unsafe copy(
        plan, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride,
        into: UnsafeMutableRawBufferPointer(free))
      count += plan.elementCount
    }
  }

  @inlinable
  func elements<Element: NPYElement>(of plan: CropPlan) throws(NPYError) -> [Element] {
    // All that can be wrong is found before anything is allocated.
    try check(plan, as: Element.nativeType.elementType, stride: MemoryLayout<Element>.stride)
    try checkMemory(for: plan)
    return try [Element](capacity: plan.elementCount) { output throws(NPYError) in
      try append(plan, to: &output)
    }
  }

  func bytes(of plan: CropPlan) throws(NPYError) -> [UInt8] {
    guard isOwn(plan) else { throw foreign(plan) }
    try checkMemory(for: plan)
    return try [UInt8](capacity: plan.byteCount) { output throws(NPYError) in
      // Sound: the copy initialises exactly the bytes that are then counted.
      try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
        try unsafe copy(plan, into: UnsafeMutableRawBufferPointer(buffer), isNative: false)
        count = plan.byteCount
      }
    }
  }

  // MARK: - Checks

  /// Checks that a plan is for this array, and that its elements are of the type asked for.
  @usableFromInline
  func check(_ plan: CropPlan, as type: ElementType, stride: Int) throws(NPYError) {
    guard isOwn(plan) else { throw foreign(plan) }
    if let conversion = plan.conversion {
      try check(as: type, stride: stride, found: conversion.target)
    } else {
      try check(as: type, stride: stride, found: elementType)
    }
  }

  /// Checks that the elements that are found are of the type asked for.
  func check(as type: ElementType, stride: Int, found: ElementType) throws(NPYError) {
    guard found.kind == type.kind, found.itemSize == type.itemSize, stride == found.itemSize else {
      throw failure(.elementType(found: found, requested: type))
    }
  }

  @usableFromInline
  func checkRoom(for plan: CropPlan, elements: Int) throws(NPYError) {
    guard elements >= plan.elementCount else {
      throw failure(
        .outputSize(needed: plan.byteCount, available: elements &* plan.outputItemSize))
    }
  }

  @usableFromInline
  func checkMemory(for plan: CropPlan) throws(NPYError) {
    guard canAllocate(byteCount: plan.byteCount) else {
      throw failure(.outOfMemory(byteCount: plan.byteCount))
    }
  }

  /// Whether a plan was made for an array like this one.
  private func isOwn(_ plan: CropPlan) -> Bool {
    guard plan.layout == layout else { return false }
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

  // MARK: - The copy

  /// Copies elements of a type by a plan that lives no longer than the copy.
  ///
  /// Not by way of `plan(_:padding:order:)`, whose result would be copied on its way here: that costs as
  /// much as a small crop.
  @usableFromInline
  func copy(
    _ region: Region, padding: Padding, order: MemoryOrder, as type: ElementType, stride: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    let fill = try fill(of: padding)
    let plan: CropPlan
    do {
      plan = try CropPlan(region, of: layout, order: order, padding: padding, fill: fill)
    } catch {
      throw NPYError(path: path, fault: .region(error))
    }
    // The plan is this array's own.
    try check(as: type, stride: stride, found: elementType)
    try unsafe copy(plan, into: output, isNative: true)
  }

  /// Copies elements of a type, in the byte order of this machine.
  @usableFromInline
  func copy(
    _ plan: CropPlan, as type: ElementType, stride: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    try check(plan, as: type, stride: stride)
    try unsafe copy(plan, into: output, isNative: true)
  }

  /// Copies by a plan that was checked to be for this array, in the byte order of this machine or of
  /// the result's type.
  private func copy(
    _ plan: CropPlan, into output: UnsafeMutableRawBufferPointer, isNative: Bool
  ) throws(NPYError) {
    guard output.count == plan.byteCount else {
      throw failure(.outputSize(needed: plan.byteCount, available: output.count))
    }
    guard plan.byteCount > 0, let address = output.baseAddress else { return }
    let delivery = Delivery(of: elementType, to: plan.conversion, isNative: isNative)
    do {
      // Sound: the output has the plan's size. The plan is for this layout, as each caller has
      // checked; that is the header's, whose data ends within the file as it was mapped.
      try unsafe file.read(upTo: layout.end, reach: plan.sourceEnd) { start in
        unsafe plan.copy(from: start, to: address, delivery: delivery)
      } positioned: { file throws(FileError) in
        try unsafe plan.read(
          from: file, to: address, delivery: delivery, scratch: ReadScratch(for: layout))
      }
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
  }
}
