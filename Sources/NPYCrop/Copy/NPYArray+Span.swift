// Windows that are lent and not copied.

extension NPYArray {
  /// Runs `body` on the bytes of a window in the file's mapping, under the guard, and makes sure that they
  /// were the file's.
  ///
  /// Sound where `body` does not keep the bytes.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - isNative: Whether the bytes are taken for elements in the byte order of this machine.
  ///   - alignment: What the address of the first byte must be a multiple of.
  ///   - body: Is called at most once.
  /// - Throws: ``NPYError`` where the region does not fit, its bytes cannot be lent as they are, or the file
  ///   is not what it was.
  @usableFromInline
  func withBytes(
    of region: Region, isNative: Bool, alignment: Int,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(NPYError) {
    var window = try window(region, padding: .ofArray, order: nil)
    let byteCount = window.plan.byteCount
    guard byteCount > 0 else {
      try checkIsOpen()
      unsafe body(UnsafeRawBufferPointer(start: nil, count: 0))
      return
    }
    if let obstacle = obstacle(isNative: isNative) { throw failure(.notLent(obstacle)) }
    guard window.plan.validity == .whole else { throw failure(.notLent(.padded)) }
    guard let box = window.box(), box.isRun(itemSize: layout.itemSize) else {
      throw failure(.notLent(.notContiguous))
    }
    let offset = window.plan.place.sourceOffset &+ box.sourceOffset
    let extent = ReadExtent(arrayEnd: layout.end, reach: window.plan.sourceEnd)
    var obstacle: CropError.LoanObstacle? = .notMapped
    do throws(FileError) {
      let visit = try source.enter()
      defer { source.leave(visit) }
      box.fetch(from: source, at: window.plan.place, itemSize: layout.itemSize)
      let isBudgeted = source.loanTerms == .stretches
      let room =
        isBudgeted
        ? source.makeRoom(
          for: box.stretches(at: window.plan.place, itemSize: layout.itemSize)) : nil
      defer { if let room { source.giveUpRoom(room) } }
      let isRefused = isBudgeted && room == nil
      if isRefused { obstacle = .memoryBudget }
      let loan = withLoanScope { scope in
        guard !isRefused, let start = unsafe source.lend(in: scope, outline: nil) else {
          return .lost
        }
        // Sound: the box is for this layout, which is the header's, whose data ends within the file as it was
        // opened; the source keeps its bytes where they are until they are taken back.
        let first = unsafe start + offset
        if Int(bitPattern: first) % alignment == 0 {
          obstacle = nil
          unsafe body(UnsafeRawBufferPointer(start: first, count: byteCount))
        } else {
          obstacle = .misaligned(offset: offset, alignment: alignment)
        }
        return source.takeBack(scope, after: isBudgeted ? nil : extent)
      }
      if loan != .verified { try source.verify(extent) }
      if loan == .lost, obstacle == nil { obstacle = .lost }
    } catch {
      throw failure(error)
    }
    if let obstacle { throw failure(.notLent(obstacle)) }
  }

  /// Why elements are not delivered as the bytes that they are; nil where they are.
  private func obstacle(isNative: Bool) -> CropError.LoanObstacle? {
    let delivery = Delivery(of: sourceType, to: conversion, isNative: isNative)
    guard delivery.converter == nil else { return .converted }
    return switch delivery.transform {
    case .none: nil
    case .truth: .bool
    case .swap2, .swap4, .swap8, .swap16: isNative ? .byteOrder : .converted
    }
  }
}
