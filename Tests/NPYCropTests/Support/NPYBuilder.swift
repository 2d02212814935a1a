/// The bytes of a `.npy` file, header written by hand so that it may be wrong.
func npyBytes(
  header text: String, version: UInt8 = 1, length: Int? = nil, data: [UInt8] = []
) -> [UInt8] {
  let body = Array(text.utf8)
  let length = length ?? body.count
  var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0]
  for index in 0..<(version == 1 ? 2 : 4) {
    bytes.append(UInt8(truncatingIfNeeded: length >> (8 * index)))
  }
  return bytes + body + data
}

/// The text of a header.
func headerText(descr: String = "'<f4'", order: String = "False", shape: String) -> String {
  "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }"
}

/// Bytes that differ from their neighbours, for data in which a misplaced byte shows.
func patternBytes(_ count: Int) -> [UInt8] {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56) | 1
  }
}
