/// What becomes of elements on their way into a result: nothing, or their bytes change places, or they
/// are converted.
struct Delivery {
  /// The size of an element of the array.
  let itemSize: Int
  /// The size of an element of the result.
  let outputItemSize: Int
  /// What is done to the bytes of elements that are not converted.
  let transform: ByteTransform
  /// What is done to those of the element that stands outside the array.
  let fillTransform: ByteTransform
  /// What converts them; nil where nothing but their bytes change places.
  let converter: Converter?

  /// - Parameters:
  ///   - type: The type of the array's elements.
  ///   - conversion: What they become; nil for what they are.
  ///   - isNative: Whether the result is in the byte order of this machine, whatever its type says.
  init(of type: ElementType, to conversion: Conversion?, isNative: Bool) {
    let target = conversion?.target ?? type
    let result = isNative ? target.native : target
    itemSize = type.itemSize
    outputItemSize = target.itemSize
    converter = conversion.flatMap { conversion in
      conversion.isOfBytesAlone ? nil : Converter(conversion, to: result)
    }
    let delivers = isNative || conversion != nil
    transform = delivers && converter == nil ? ByteTransform(from: type, to: result) : .none
    fillTransform =
      converter == nil
      ? transform
      : ByteTransform(swapping: target.byteOrder == result.byteOrder ? 1 : target.unitSize)
  }
}

extension CropBox {
  /// Copies or converts the elements of a box.
  ///
  /// Sound where the box lies within the source and, as elements of the result, within the output.
  @inline(__always)
  borrowing func deliver(
    by delivery: Delivery, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer
  ) {
    if let converter = delivery.converter {
      unsafe convert(by: converter, from: source, to: output)
    } else {
      unsafe copy(
        from: source, to: output, itemSize: delivery.itemSize, transform: delivery.transform)
    }
  }

  /// Writes the element that stands outside the array to all places of a box.
  ///
  /// Sound where the box lies, as elements of the result, within the output.
  borrowing func deliver(
    by delivery: Delivery, fill element: [UInt8], to output: UnsafeMutableRawPointer
  ) {
    unsafe fill(
      with: element, output: output, itemSize: delivery.outputItemSize,
      transform: delivery.fillTransform)
  }
}
