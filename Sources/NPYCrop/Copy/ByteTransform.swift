internal import CKernels

/// What is done to the bytes of elements on their way to the result.
enum ByteTransform: Hashable, Sendable {
  /// They are copied as they are.
  case none
  /// Each unit of 2, 4, 8 or 16 bytes is reversed: the file has the other byte order.
  case swap2
  case swap4
  case swap8
  case swap16
  /// Each byte becomes 0 or 1, the only two that a Swift `Bool` may hold.
  case truth

  /// Delivers elements of a type in a byte order.
  init(from type: ElementType, to order: ElementType.ByteOrder) {
    if case .bool = type.kind {
      self = .truth
    } else {
      self.init(swapping: type.byteOrder == order ? 1 : type.unitSize)
    }
  }

  /// Reverses units of so many bytes.
  init(swapping unitSize: Int) {
    switch unitSize {
    case 2: self = .swap2
    case 4: self = .swap4
    case 8: self = .swap8
    case 16: self = .swap16
    default: self = .none
    }
  }

  /// The size of the units that are reversed: 1 where no bytes change places.
  var swappedByteCount: Int {
    switch self {
    case .none, .truth: 1
    case .swap2: 2
    case .swap4: 4
    case .swap8: 8
    case .swap16: 16
    }
  }

  /// Transforms `byteCount` bytes, a whole number of units, to another place or in place.
  @inline(__always)
  func apply(
    from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer, byteCount: Int
  ) {
    switch self {
    case .none: unsafe output.copyMemory(from: source, byteCount: byteCount)
    case .swap2: unsafe npy_swap_runs2(output, source, byteCount, 1, 0, 0, 0)
    case .swap4: unsafe npy_swap_runs4(output, source, byteCount, 1, 0, 0, 0)
    case .swap8: unsafe npy_swap_runs8(output, source, byteCount, 1, 0, 0, 0)
    case .swap16: unsafe Self.swap(UInt128.self, from: source, to: output, byteCount: byteCount)
    case .truth:
      for index in 0..<byteCount {
        let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
        unsafe output.storeBytes(of: byte == 0 ? 0 : 1, toByteOffset: index, as: UInt8.self)
      }
    }
  }

  @inline(__always)
  private static func swap<Unit: FixedWidthInteger & BitwiseCopyable>(
    _: Unit.Type, from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer,
    byteCount: Int
  ) {
    var offset = 0
    while offset < byteCount {
      let unit = unsafe source.loadUnaligned(fromByteOffset: offset, as: Unit.self)
      unsafe output.storeBytes(of: unit.byteSwapped, toByteOffset: offset, as: Unit.self)
      offset &+= MemoryLayout<Unit>.size
    }
  }
}
