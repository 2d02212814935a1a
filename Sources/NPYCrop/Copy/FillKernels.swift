// Values that stand where the array has none.
//
// Sound, for every function here: the caller hands loops of a planned box, so each run lies within
// the output.

/// Fills a run with an element, which zeros complete to its size.
func fillRun(
  with element: [UInt8], itemSize: Int, output: UnsafeMutableRawPointer, byteCount: Int
) {
  guard !element.isEmpty else {
    unsafe output.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return
  }
  // Sound: a run has a whole number of elements, and an element no more bytes than its size.
  for (offset, byte) in element.enumerated() {
    unsafe output.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
  }
  unsafe (output + element.count).initializeMemory(
    as: UInt8.self, repeating: 0, count: itemSize &- element.count)
  // What is there is doubled until the run is full.
  var done = itemSize
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
