// What is checked before anything is copied, and what is thrown where it is not so.

extension NPYArray {
  /// Checks that a plan is for an array like this one, and that its elements are of the type asked for:
  /// the one place where that is done.
  ///
  /// - Parameters:
  ///   - plan: Any plan.
  ///   - kind: What the caller's memory is taken for.
  /// - Throws: ``NPYError`` with a ``CropError``.
  @usableFromInline
  func check<Item>(_ plan: CropPlan, as kind: ItemKind<Item>) throws(NPYError) {
    guard plan.layout == layout, plan.lastSource == 0 else {
      throw failure(.foreignPlan(shape: shape, planned: plan.layout.shape))
    }
    guard plan.conversion == conversion else {
      throw failure(.foreignConversion(planned: plan.conversion?.target, found: conversion?.target))
    }
    let fillType = conversion?.fillType ?? sourceType
    guard plan.fill.suits(fillType) else {
      throw failure(.foreignType(found: fillType, planned: plan.fill.elementType ?? fillType))
    }
    if let type = kind.elementType { try check(as: type, stride: MemoryLayout<Item>.stride) }
  }

  /// Checks that the elements are of the type asked for.
  @usableFromInline
  func check<Element: NPYElement>(as type: Element.Type) throws(NPYError) {
    guard attributes == nil, sourceTraits.swiftType == ObjectIdentifier(type) else {
      return try check(as: type.nativeType.elementType, stride: MemoryLayout<Element>.stride)
    }
  }

  /// As above, whatever the type is.
  private func check(as type: ElementType, stride: Int) throws(NPYError) {
    let found = elementType
    guard found.kind == type.kind, found.itemSize == type.itemSize, stride == found.itemSize else {
      throw failure(.elementType(found: found, requested: type))
    }
  }

  /// Checks that a plan is of one window.
  @usableFromInline
  func checkIsOfOne(_ plan: CropPlan) throws(NPYError) {
    if let count = plan.windowCount { throw failure(.planOfWindows(count: count)) }
  }

  /// Checks that there is memory for a result.
  func checkMemory(byteCount: Int) throws(NPYError) {
    guard canAllocate(byteCount: byteCount) else {
      throw failure(.outOfMemory(byteCount: byteCount))
    }
  }

  @usableFromInline
  func failure(_ error: CropError) -> NPYError { NPYError(path: path, fault: .crop(error)) }
  func failure(_ error: RegionError) -> NPYError { NPYError(path: path, fault: .region(error)) }
  func failure(_ error: FileError) -> NPYError { NPYError(path: path, fault: .file(error)) }

  /// Checks that the file is open, where nothing is read of it.
  func checkIsOpen() throws(NPYError) {
    do {
      source.leave(try source.enter())
    } catch {
      throw failure(error)
    }
  }
}
