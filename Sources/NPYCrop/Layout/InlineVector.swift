/// A short list that lives in place, so that planning a crop of up to eight axes allocates nothing.
struct InlineVector<Element: BitwiseCopyable & Hashable & Sendable>: Sendable {
  static var inlineCapacity: Int { 8 }

  private(set) var count = 0
  private var inline: InlineArray<8, Element>
  /// Nil for none: an empty array would be counted as a reference with each copy.
  private var spilled: [Element]?

  /// An empty list; `filler` stands where nothing is yet.
  @inline(__always)
  init(filler: Element) {
    inline = InlineArray(repeating: filler)
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count < Self.inlineCapacity {
      inline[count] = element
    } else {
      spill(element)
    }
    count &+= 1
  }

  @inline(never)
  private mutating func spill(_ element: Element) {
    if spilled == nil { spilled = [] }
    spilled?.append(element)
  }

  /// Changes an element in place; unlike a subscript, this never copies the vector.
  @inline(__always)
  mutating func update<Result>(_ index: Int, _ body: (inout Element) -> Result) -> Result {
    guard index < Self.inlineCapacity else {
      var element = self[index]
      defer { self[index] = element }
      return body(&element)
    }
    var places = inline.mutableSpan
    return body(&places[index])
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { index < Self.inlineCapacity ? inline.span[index] : farElement(index) }
    set {
      if index < Self.inlineCapacity {
        inline[index] = newValue
      } else {
        spilled?[index - Self.inlineCapacity] = newValue
      }
    }
  }

  @inline(never)
  private func farElement(_ index: Int) -> Element {
    guard let spilled else { return inline[0] }
    return spilled[index - Self.inlineCapacity]
  }
}

extension InlineVector: Hashable {
  static func == (left: Self, right: Self) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where left[index] != right[index] { return false }
    return true
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for index in 0..<count { hasher.combine(self[index]) }
  }
}
