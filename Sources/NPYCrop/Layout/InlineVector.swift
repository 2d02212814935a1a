/// A short list that lives in place, so that planning a crop of up to eight axes allocates nothing.
struct InlineVector<Element: BitwiseCopyable & Hashable & Sendable>: Sendable {
  static var inlineCapacity: Int { 8 }

  private(set) var count = 0
  private var inline: InlineArray<8, Element>
  private var spilled: [Element] = []

  /// An empty list; `filler` stands where nothing is yet.
  init(filler: Element) {
    inline = InlineArray(repeating: filler)
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count < Self.inlineCapacity {
      inline[count] = element
    } else {
      spilled.append(element)
    }
    count += 1
  }

  /// Changes an element in place; unlike a subscript, this never copies the vector.
  @inline(__always)
  mutating func update<Result>(_ index: Int, _ body: (inout Element) -> Result) -> Result {
    guard index < Self.inlineCapacity else {
      return body(&spilled[index - Self.inlineCapacity])
    }
    var places = inline.mutableSpan
    return body(&places[index])
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { index < Self.inlineCapacity ? inline.span[index] : spilled[index - Self.inlineCapacity] }
    set {
      if index < Self.inlineCapacity {
        inline[index] = newValue
      } else {
        spilled[index - Self.inlineCapacity] = newValue
      }
    }
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
