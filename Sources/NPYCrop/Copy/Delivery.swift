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

  /// Of elements that are not converted.
  @inline(__always)
  init(itemSize: Int, transform: ByteTransform) {
    self.itemSize = itemSize
    outputItemSize = itemSize
    self.transform = transform
    fillTransform = transform
    converter = nil
  }

  /// - Parameters:
  ///   - type: The type of the array's elements.
  ///   - conversion: What they become; nil for what they are.
  ///   - isNative: Whether the result is in the byte order of this machine, whatever its type says.
  init(of type: ElementType, to conversion: Conversion?, isNative: Bool) {
    itemSize = type.itemSize
    let target = conversion?.target ?? type
    outputItemSize = target.itemSize
    let order: ElementType.ByteOrder =
      isNative && !target.isNative ? .native : target.byteOrder
    guard let conversion, !conversion.isOfBytesAlone else {
      converter = nil
      // A raw crop keeps the byte order of the file, unless it is converted.
      transform =
        isNative || conversion != nil ? ByteTransform(from: type, to: order) : .none
      fillTransform = transform
      return
    }
    converter = Converter(conversion, to: isNative ? target.native : target)
    transform = .none
    // Of a converted array a value to pad with is one of the result.
    fillTransform = ByteTransform(from: target, to: order)
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
