import CFuzzer

/// Mutates as libFuzzer does, or in the header's own terms: words of the grammar put in, taken out
/// and doubled, with the length before the header kept true.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int, _ seed: CUnsignedInt
) -> Int {
  var random = SplitMix64(state: UInt64(seed))
  var bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
  guard random.next(4) != 0, let header = Header(bytes) else {
    return unsafe LLVMFuzzerMutate(data, size, most)
  }
  var text = Array(bytes[header.range])
  for _ in 0...random.next(3) {
    let place = random.next(text.count + 1)
    let length = min(random.next(12), text.count - place)
    switch random.next(4) {
    case 0: text.replaceSubrange(place..<place + length, with: words[random.next(words.count)])
    case 1: text.insert(contentsOf: words[random.next(words.count)], at: place)
    case 2: text.removeSubrange(place..<place + length)
    default: text.insert(contentsOf: text[place..<place + length], at: place)
    }
  }
  bytes.replaceSubrange(header.range, with: text)
  header.write(length: text.count, to: &bytes)
  guard bytes.count <= most else { return size }
  for (index, byte) in bytes.enumerated() { unsafe data[index] = byte }
  return bytes.count
}

private let words: [[UInt8]] = [
  "'descr': ", "'fortran_order': ", "'shape': ", "True", "False", "None", "(", ")", "[", "]", "{",
  "}",
  ",", ":", "'", "\"", "\\", "'<f4'", "'>i2'", "'|b1'", "'<U3'", "'|S5'", "'|V0'", "'<M8[25s]'",
  "'|O'",
  "[('a', '<i4'), ('b', '<f8', (2, 3))]", "(('t', 'n'), 'u1')", "('', '|V3')", "(3, 4)", "()",
  "(0,)",
  "(9223372036854775807,)", "(4294967296, 4294967296)", "-1", "3L", "0", "1", " ", "\n", "\\x41",
  "u'",
  "'M8[D]'", "'float64'", "'?'", "2147483647", "'<c16'", "'<f16'",
].map { Array($0.utf8) }

/// Where the header's text lies in a file.
private struct Header {
  let range: Range<Int>
  private let lengthBytes: Int

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12 else { return nil }
    lengthBytes = bytes[6] == 1 ? 2 : 4
    var length = 0
    for index in (8..<8 + lengthBytes).reversed() { length = length << 8 | Int(bytes[index]) }
    let start = 8 + lengthBytes
    guard length <= bytes.count - start else { return nil }
    range = start..<start + length
  }

  func write(length: Int, to bytes: inout [UInt8]) {
    for index in 0..<lengthBytes {
      bytes[8 + index] = UInt8(truncatingIfNeeded: length >> (8 * index))
    }
  }
}

private struct SplitMix64 {
  var state: UInt64

  mutating func next(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ z >> 31) % UInt64(count))
  }
}
