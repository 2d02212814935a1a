/// The protocol's checksum of one result: the sum of its little-endian 32-bit words w[j], each
/// multiplied by 2 j + 1.
func checksum(_ bytes: [UInt8]) -> UInt64 {
  var sum: UInt64 = 0
  for (offset, byte) in bytes.enumerated() {
    let partOfWord = UInt64(byte) << UInt64(8 * (offset % 4))
    sum &+= partOfWord &* UInt64(2 * (offset / 4) + 1)
  }
  return sum
}
