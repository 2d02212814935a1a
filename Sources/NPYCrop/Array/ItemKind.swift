/// What the memory of a crop holds: elements of one type, or the bytes of elements of any type.
public struct ItemKind<Item: NPYElement>: Sendable {
  /// Whether elements are delivered in the byte order of this machine, and not in that of their type.
  @usableFromInline let isNative: Bool

  private init(isNative: Bool) { self.isNative = isNative }

  /// The type that the array's elements must have; nil for any.
  var elementType: ElementType? { isNative ? Item.nativeType.elementType : nil }

  /// Elements, in the byte order of this machine.
  public static var elements: ItemKind { ItemKind(isNative: true) }
}

extension ItemKind where Item == UInt8 {
  /// Bytes, in the byte order of the array's elements.
  public static var bytes: ItemKind { ItemKind(isNative: false) }
}
