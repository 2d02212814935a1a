/// What every crop asks of a type of elements, looked up once for an array.
struct SourceTraits: BitwiseCopyable, Sendable {
  /// The Swift type that most crops of such elements name; nil if there is none.
  let swiftType: ObjectIdentifier?
  /// What becomes of elements that are delivered in the byte order of this machine.
  let nativeTransform: ByteTransform

  init(_ type: ElementType) {
    let swiftType: (any NPYElement.Type)? =
      switch (type.kind, type.itemSize) {
      case (.bool, 1): Bool.self
      case (.int, 1): Int8.self
      case (.int, 2): Int16.self
      case (.int, 4): Int32.self
      case (.int, 8): Int64.self
      case (.uint, 1): UInt8.self
      case (.uint, 2): UInt16.self
      case (.uint, 4): UInt32.self
      case (.uint, 8): UInt64.self
      case (.float, 2): Float16.self
      case (.float, 4): Float.self
      case (.float, 8): Double.self
      case (.complex, 8): Complex64.self
      case (.complex, 16): Complex128.self
      default: nil
      }
    self.swiftType = swiftType.map { ObjectIdentifier($0) }
    nativeTransform = ByteTransform(from: type, to: type.isNative ? type.byteOrder : .native)
  }
}
