extension Padding {
  /// The fill of each axis as elements of a type.
  func fill(for type: ElementType) throws(CropError) -> Fill {
    let isConstant = modes.contains { if case .constant = $0 { true } else { false } }
    guard isConstant else { return .zero }
    var elements: [[UInt8]] = []
    elements.reserveCapacity(modes.count)
    for mode in modes {
      guard case .constant(let value) = mode else {
        elements.append([])
        continue
      }
      guard let element = value.element(of: type) else {
        throw .fillValue(value, elementType: type)
      }
      elements.append(element)
    }
    return Fill(elements, of: type, isUniform: isUniform)
  }
}
