// Values that stand where the array has none.
//
// Sound, for every function here: the caller hands loops of a planned box, so each run lies within
// the output.

/// Writes an element to a run as often as it fits: no bytes stand for zeros.
func fillRun(with element: [UInt8], output: UnsafeMutableRawPointer, byteCount: Int) {
  guard !element.isEmpty else {
    unsafe output.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return
  }
  for (offset, byte) in element.prefix(byteCount).enumerated() {
    unsafe output.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
  }
  // What is there is doubled until the run is full.
  var done = min(element.count, byteCount)
  while done < byteCount {
    let next = min(done, byteCount &- done)
    unsafe (output + done).copyMemory(from: output, byteCount: next)
    done &+= next
  }
}

/// Copies a run of the output to each turn of the loops, the first of which may be the run itself.
func copyFirstRun(
  _ loops: RunLoops, byteCount: Int, isZero: Bool, from run: UnsafeMutableRawPointer,
  to output: UnsafeMutableRawPointer
) {
  loops.forEachRun { _, to in
    if isZero {
      unsafe (output + to).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    } else if unsafe output + to != run {
      unsafe (output + to).copyMemory(from: run, byteCount: byteCount)
    }
  }
}
