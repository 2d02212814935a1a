// Windows that are lent and not copied.

extension NPYArray {
  /// Runs `body` on the bytes of a window in the file's mapping, under the guard, and makes sure that they
  /// were the file's.
  ///
  /// Sound where `body` does not keep the bytes.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: What the bytes are taken for; nil for bytes.
  ///   - alignment: What the address of the first byte must be a multiple of.
  ///   - body: Is called at most once.
  /// - Throws: ``NPYError`` where the region does not fit, its bytes cannot be lent as they are, or the file
  ///   is not what it was.
  @usableFromInline
  func withBytes(
    of region: Region, as type: ElementType?, alignment: Int,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(NPYError) {
    var window = try window(region, padding: .ofArray, order: nil)
    let byteCount = window.plan.byteCount
    guard byteCount > 0 else {
      try checkIsOpen()
      unsafe body(UnsafeRawBufferPointer(start: nil, count: 0))
      return
    }
    let delivery = Delivery(of: sourceType, to: window.plan.conversion, isNative: type != nil)
    if let obstacle = delivery.obstacle { throw failure(.notLent(obstacle)) }
    guard let box = window.box() else {
      throw failure(
        .notLent(window.plan.piece.validity == .whole ? .notContiguous : .padded))
    }
    guard box.isRun(itemSize: delivery.itemSize) else { throw failure(.notLent(.notContiguous)) }
    let offset = window.plan.place.sourceOffset &+ box.sourceOffset
    let extent = ReadExtent(arrayEnd: layout.end, reach: window.plan.sourceEnd)
    var obstacle: CropError.LoanObstacle? = .notMapped
    do throws(FileError) {
      try source.enter()
      defer { source.leave() }
      let loan = withLoanScope { scope in
        guard let start = unsafe source.lend(in: scope) else { return .lost }
        // Sound: the box is for this layout, which is the header's, whose data ends within the file as it was
        // opened; the source keeps its bytes where they are until they are taken back.
        let first = unsafe start + offset
        if Int(bitPattern: first) % alignment == 0 {
          obstacle = nil
          unsafe body(UnsafeRawBufferPointer(start: first, count: byteCount))
        } else {
          obstacle = .misaligned(offset: offset, alignment: alignment)
        }
        return source.takeBack(scope, after: extent)
      }
      if loan != .verified { try source.verify(extent) }
      // It may have been made longer again meanwhile.
      if loan == .lost, obstacle == nil { throw .changed }
    } catch {
      throw failure(error)
    }
    if let obstacle { throw failure(.notLent(obstacle)) }
  }
}

extension Delivery {
  /// Why elements are not delivered as the bytes that they are; nil where they are.
  fileprivate var obstacle: CropError.LoanObstacle? {
    guard converter == nil else { return .converted }
    return switch transform {
    case .none: nil
    case .truth: .bool
    case .swap2, .swap4, .swap8, .swap16: .byteOrder
    }
  }
}
