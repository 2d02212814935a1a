extension RawCrop {
  /// The elements of type `M8` or `m8` as times.
  ///
  /// - Returns: One time an element, in the order of the crop.
  /// - Throws: ``CropError/notTime(elementType:)`` or ``CropError/outOfMemory(byteCount:)``.
  public func times() throws(CropError) -> [TimeValue] {
    let (unit, isDate): (ElementType.TimeUnit, Bool)
    switch elementType.kind {
    case .datetime64(let ofDate): (unit, isDate) = (ofDate, true)
    case .timedelta64(let ofSpan): (unit, isDate) = (ofSpan, false)
    default: throw .notTime(elementType: elementType)
    }
    let isBig = elementType.byteOrder == .big
    return (0..<(try elementCount(listedAs: TimeValue.self))).map { element in
      var ticks: UInt64 = 0
      for place in 0..<8 {
        let shift = UInt64(8 * (isBig ? 7 - place : place))
        ticks |= UInt64(bytes[element * 8 + place]) << shift
      }
      return TimeValue(ticks: Int64(bitPattern: ticks), unit: unit, isDate: isDate)
    }
  }
}
