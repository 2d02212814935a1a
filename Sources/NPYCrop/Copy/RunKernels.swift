internal import CKernels

// Copies of many runs of equal length: the rows of a window, or single strided elements.
//
// Sound, for every function here: the caller hands loops of a planned box, so each run lies within
// the source and within the output. Loads and stores are unaligned. A prefetch never faults.

/// Two nested loops around a run of bytes; the outer one may have a single turn.
struct RunLoops {
  let outer: BoxLoop
  let inner: BoxLoop
}

/// Copies a run of `byteCount` bytes for each turn of the loops.
func copyRuns(
  _ loops: RunLoops, byteCount: Int, from source: UnsafeRawPointer,
  to output: UnsafeMutableRawPointer, transform: ByteTransform
) {
  guard transform == .none else {
    unsafe transformRuns(transform, loops, byteCount, source, output)
    return
  }
  // The size class is chosen once. A run between two classes is copied as two chunks that
  // overlap, so every length up to 128 bytes has loads and stores of constant size.
  switch byteCount {
  case 1: unsafe copyChunks(UInt8.self, loops, byteCount, source, output)
  case 2: unsafe copyChunks(UInt16.self, loops, byteCount, source, output)
  case 4: unsafe copyChunks(UInt32.self, loops, byteCount, source, output)
  case 8: unsafe copyChunks(UInt64.self, loops, byteCount, source, output)
  case 16: unsafe copyChunks(SIMD16<UInt8>.self, loops, byteCount, source, output)
  case 3: unsafe copyOverlapping(UInt16.self, loops, byteCount, source, output)
  case 5...7: unsafe copyOverlapping(UInt32.self, loops, byteCount, source, output)
  case 9...15: unsafe copyOverlapping(UInt64.self, loops, byteCount, source, output)
  case 17...32: unsafe copyOverlapping(SIMD16<UInt8>.self, loops, byteCount, source, output)
  case 33...64: unsafe copyOverlapping(SIMD32<UInt8>.self, loops, byteCount, source, output)
  case 65...128: unsafe copyOverlapping(SIMD64<UInt8>.self, loops, byteCount, source, output)
  default: unsafe copyLongRuns(loops, byteCount, source, output)
  }
}

@inline(__always)
private func copyChunks<Chunk: BitwiseCopyable>(
  _: Chunk.Type, _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  var (sourceRow, outputRow) = unsafe (source, output)
  for _ in 0..<loops.outer.count {
    var (from, to) = unsafe (sourceRow, outputRow)
    for _ in 0..<loops.inner.count {
      unsafe to.storeBytes(of: from.loadUnaligned(as: Chunk.self), as: Chunk.self)
      unsafe from += loops.inner.sourceStride
      unsafe to += loops.inner.outputStride
    }
    unsafe sourceRow += loops.outer.sourceStride
    unsafe outputRow += loops.outer.outputStride
  }
}

@inline(__always)
private func copyOverlapping<Chunk: BitwiseCopyable>(
  _: Chunk.Type, _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  let last = byteCount &- MemoryLayout<Chunk>.size
  let ahead = prefetchDistance &* loops.inner.sourceStride
  var (sourceRow, outputRow) = unsafe (source, output)
  for _ in 0..<loops.outer.count {
    var (from, to) = unsafe (sourceRow, outputRow)
    for _ in 0..<loops.inner.count {
      unsafe npy_prefetch(from + ahead)
      let head = unsafe from.loadUnaligned(as: Chunk.self)
      let tail = unsafe from.loadUnaligned(fromByteOffset: last, as: Chunk.self)
      unsafe to.storeBytes(of: head, as: Chunk.self)
      unsafe to.storeBytes(of: tail, toByteOffset: last, as: Chunk.self)
      unsafe from += loops.inner.sourceStride
      unsafe to += loops.inner.outputStride
    }
    unsafe sourceRow += loops.outer.sourceStride
    unsafe outputRow += loops.outer.outputStride
  }
}

private func copyLongRuns(
  _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  let ahead = prefetchDistance &* loops.inner.sourceStride
  var (sourceRow, outputRow) = unsafe (source, output)
  for _ in 0..<loops.outer.count {
    var (from, to) = unsafe (sourceRow, outputRow)
    for _ in 0..<loops.inner.count {
      unsafe npy_prefetch(from + ahead)
      unsafe to.copyMemory(from: from, byteCount: byteCount)
      unsafe from += loops.inner.sourceStride
      unsafe to += loops.inner.outputStride
    }
    unsafe sourceRow += loops.outer.sourceStride
    unsafe outputRow += loops.outer.outputStride
  }
}

/// How many rows ahead the first cache line is asked for: enough to hide a miss of the cache.
private let prefetchDistance = 8

/// Copies and transforms a run of `byteCount` bytes for each turn of the loops.
private func transformRuns(
  _ transform: ByteTransform, _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  var (sourceRow, outputRow) = unsafe (source, output)
  for _ in 0..<loops.outer.count {
    var (from, to) = unsafe (sourceRow, outputRow)
    for _ in 0..<loops.inner.count {
      unsafe transform.apply(from: from, to: to, byteCount: byteCount)
      unsafe from += loops.inner.sourceStride
      unsafe to += loops.inner.outputStride
    }
    unsafe sourceRow += loops.outer.sourceStride
    unsafe outputRow += loops.outer.outputStride
  }
}
