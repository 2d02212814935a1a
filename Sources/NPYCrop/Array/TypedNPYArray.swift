/// An array whose elements have a Swift type: made by ``NPYArray/elements(as:)`` or
/// ``NPYArray/converted(to:casting:scale:shift:)->TypedNPYArray<Element>``, over the same file.
///
/// ```swift
/// let pixels = try image.converted(to: Float.self, scale: 1 / 255).padded(.edge)
/// let patch = try pixels.cropRegion([-8..<56, 500..<564])
/// let batch = try pixels.cropRegions(origins: corners, size: [64, 64])
/// ```
public struct TypedNPYArray<Element: NPYElement>: CroppableArray {
  /// The elements.
  public typealias Item = Element

  /// The array, whose type is known at run time.
  public let untyped: NPYArray

  /// Takes an array for one of this type, as ``NPYArray/elements(as:)`` does.
  ///
  /// - Parameter array: The array.
  /// - Throws: ``NPYError`` with ``CropError/elementType(found:requested:)``.
  public init(untyped array: NPYArray) throws(NPYError) {
    try array.check(as: Element.self)
    untyped = array
  }

  /// Elements.
  public static var itemKind: ItemKind<Element> { .elements }

  /// The result of a crop.
  public static func makeWindow(
    _ outline: CropOutline, _ items: [Element], of array: NPYArray
  ) -> Crop<Element> {
    Crop(outline, elements: items)
  }

  /// The result of many crops.
  public static func makeBatch(
    _ outline: BatchOutline, _ items: [Element], of array: NPYArray
  ) -> CropBatch<Element> {
    CropBatch(outline, elements: items)
  }
}

extension TypedNPYArray: CustomStringConvertible {
  /// The path, the type of the elements and the shape.
  public var description: String { untyped.description }
}

extension NPYArray: CroppableArray {
  /// The bytes of the elements.
  public typealias Item = UInt8

  /// The array itself.
  public var untyped: NPYArray { self }

  /// The array itself.
  public init(untyped array: NPYArray) { self = array }

  /// Bytes.
  public static var itemKind: ItemKind<UInt8> { .bytes }

  /// The result of a crop.
  public static func makeWindow(
    _ outline: CropOutline, _ items: [UInt8], of array: NPYArray
  ) -> RawCrop {
    RawCrop(outline, elementType: outline.target ?? array.sourceType, bytes: items)
  }

  /// The result of many crops.
  public static func makeBatch(
    _ outline: BatchOutline, _ items: [UInt8], of array: NPYArray
  ) -> RawCropBatch {
    RawCropBatch(outline, elementType: outline.target ?? array.sourceType, bytes: items)
  }
}
