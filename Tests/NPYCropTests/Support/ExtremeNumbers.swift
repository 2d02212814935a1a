/// Numbers at the ends of what can be counted, and such as most callers give.
extension SeededRandom {
  private static let ends: [Int] = [31, 32, 40, 60, 61, 62].flatMap { bits in
    [-1, 1].flatMap { sign in (-2...2).map { sign << bits + $0 } }
  }

  /// Any number: often one at an end, or near an axis of a length.
  mutating func number(near length: Int = 0) -> Int {
    switch Int.random(in: 0..<8, using: &self) {
    case 0: .min + Int.random(in: 0..<4, using: &self)
    case 1: .max - Int.random(in: 0..<4, using: &self)
    case 2: Self.ends[Int.random(in: 0..<Self.ends.count, using: &self)]
    case 3: Int(bitPattern: UInt(next())) >> Int.random(in: 0..<64, using: &self)
    case 4: length &+ Int.random(in: -3...3, using: &self)
    case 5: (0 &- length) &+ Int.random(in: -3...3, using: &self)
    default: Int.random(in: -4...12, using: &self)
    }
  }

  /// So many numbers.
  mutating func numbers(_ count: Int, near length: Int = 0) -> [Int] {
    (0..<count).map { _ in number(near: length) }
  }

  /// A number of axes: mostly few, sometimes as many as there can be, or more.
  mutating func rank() -> Int {
    isRare() ? [0, 63, 64, 65][below(4)] : Int.random(in: 0...4, using: &self)
  }

  mutating func below(_ end: Int) -> Int { Int.random(in: 0..<end, using: &self) }

  /// True in one of sixteen cases.
  mutating func isRare() -> Bool { below(16) == 0 }

  mutating func one<Element>(of choices: [Element]) -> Element { choices[below(choices.count)] }
}
