/// What becomes of elements on their way into a result: nothing, or their bytes change places, or they
/// are converted.
struct Delivery {
  /// The size of an element of the array.
  let itemSize: Int
  /// The size of an element of the result.
  let outputItemSize: Int
  /// What is done to the bytes of elements that are not converted.
  let transform: ByteTransform
  /// What converts them; nil where nothing but their bytes change places.
  let converter: Converter?

  init(of layout: ArrayLayout, to conversion: Conversion?, transform: ByteTransform) {
    itemSize = layout.itemSize
    outputItemSize = conversion?.target.itemSize ?? layout.itemSize
    converter = conversion.flatMap { Converter($0) }
    self.transform = transform
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
    // What stands in for a converted element is one of the result as it is.
    unsafe fill(
      with: element, output: output, itemSize: delivery.outputItemSize,
      transform: delivery.converter == nil ? delivery.transform : .none)
  }
}
