/// The elements that stand where the array has none: one for all axes, or one an axis.
struct Fill: Hashable, Sendable {
  /// Aside, so that a plan that fills nothing in is copied as if there were no fills.
  private indirect enum Form: Hashable {
    /// All bytes 0, whatever the type is.
    case zero
    /// In the byte order of the file, without the zeros at their ends: a value has no more bytes than
    /// the caller gave it, however large the type is. A uniform fill has the first for all axes.
    case elements([[UInt8]], ElementType, isUniform: Bool)
  }

  private let form: Form

  /// - Parameters:
  ///   - elements: Of each axis or of all, of no more bytes than the type has; zeros follow them.
  ///   - elementType: Their type.
  ///   - isUniform: Whether the first is that of all axes.
  init(_ elements: [[UInt8]], of elementType: ElementType, isUniform: Bool) {
    form =
      elements.allSatisfy(\.isEmpty)
      ? .zero : .elements(elements, elementType, isUniform: isUniform)
  }

  private init() { form = .zero }

  /// Zeros.
  static var zero: Fill { Fill() }

  /// What the elements are; nil for zeros, which are the same bytes whatever the type is.
  var elementType: ElementType? {
    if case .elements(_, let type, _) = form { type } else { nil }
  }

  /// Whether it makes no difference along which axis a place is outside.
  var isUniform: Bool {
    if case .elements(_, _, let isUniform) = form { isUniform } else { true }
  }

  /// Whether the elements can stand in an array of a type.
  @inline(__always)
  func suits(_ type: ElementType) -> Bool {
    if case .elements(_, let own, _) = form { own == type } else { true }
  }

  /// The element that pads an axis: its bytes, without trailing zeros.
  func element(ofAxis axis: Int) -> [UInt8] {
    guard case .elements(let elements, _, let isUniform) = form else { return [] }
    return isUniform ? elements.first ?? [] : elements[axis]
  }
}

/// A value that a type does not have.
struct NoSuchValue: Error {
  let value: FillValue
}

extension Padding {
  /// The fill of each axis as elements of a type.
  ///
  /// - Throws: ``NoSuchValue`` where a value cannot be one.
  func fill(of type: ElementType) throws(NoSuchValue) -> Fill {
    let isConstant = modes.contains { if case .constant = $0 { true } else { false } }
    guard isConstant else { return .zero }
    var elements: [[UInt8]] = []
    elements.reserveCapacity(modes.count)
    for mode in modes {
      guard case .constant(let value) = mode else {
        elements.append([])
        continue
      }
      guard let element = value.element(of: type) else { throw NoSuchValue(value: value) }
      elements.append(element)
    }
    return Fill(elements, of: type, isUniform: isUniform)
  }
}
