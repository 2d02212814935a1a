internal import CKernels

// Copies of many runs of equal length: the rows of a window, or single strided elements.
//
// Sound, for every function here: the caller hands loops of a planned box, so each run lies within
// the source and within the output. Places are counted as offsets, and become addresses only where
// bytes are read or written. Loads and stores are unaligned. A prefetch never faults.

/// Three nested loops around a run of bytes; the outer ones may have a single turn.
struct RunLoops {
  let far: BoxLoop
  let outer: BoxLoop
  let inner: BoxLoop

  /// A single loop.
  static func once(count: Int, sourceStride: Int, outputStride: Int) -> RunLoops {
    RunLoops(
      far: BoxLoop(count: 1, sourceStride: 0, outputStride: 0),
      outer: BoxLoop(count: 1, sourceStride: 0, outputStride: 0),
      inner: BoxLoop(count: count, sourceStride: sourceStride, outputStride: outputStride))
  }

  /// How far ahead of a run the cache line lies that is asked for meanwhile: in the next turn of
  /// the outer loop, or else four runs on: enough to hide a miss of the cache, and few enough for the
  /// ways of a cache where the rows of an array are a power of two apart.
  var prefetchOffset: Int {
    outer.count > 1 ? outer.sourceStride : 4 &* inner.sourceStride
  }

  /// Runs `body` on the offsets of each run.
  @inline(__always)
  func forEachRun(_ body: (_ source: Int, _ output: Int) -> Void) {
    var (sourceSlab, outputSlab) = (0, 0)
    for _ in 0..<far.count {
      var (sourceRow, outputRow) = (sourceSlab, outputSlab)
      for _ in 0..<outer.count {
        var (source, output) = (sourceRow, outputRow)
        for _ in 0..<inner.count {
          body(source, output)
          source &+= inner.sourceStride
          output &+= inner.outputStride
        }
        sourceRow &+= outer.sourceStride
        outputRow &+= outer.outputStride
      }
      sourceSlab &+= far.sourceStride
      outputSlab &+= far.outputStride
    }
  }
}

/// Copies a run of `byteCount` bytes for each turn of the loops.
func copyRuns(
  _ loops: RunLoops, byteCount: Int, from source: UnsafeRawPointer,
  to output: UnsafeMutableRawPointer, transform: ByteTransform
) {
  switch transform {
  case .none: break
  case .swap2: return unsafe runKernel(npy_swap_runs2, loops, byteCount, source, output)
  case .swap4: return unsafe runKernel(npy_swap_runs4, loops, byteCount, source, output)
  case .swap8: return unsafe runKernel(npy_swap_runs8, loops, byteCount, source, output)
  case .swap16, .truth:
    loops.forEachRun { from, to in
      unsafe transform.apply(from: source + from, to: output + to, byteCount: byteCount)
    }
    return
  }
  // The size class is chosen once. A run between two classes is copied as two chunks that
  // overlap, so every length up to 64 bytes has loads and stores of constant size.
  switch byteCount {
  case 1: unsafe copyChunks(UInt8.self, loops, source, output)
  case 2: unsafe copyChunks(UInt16.self, loops, source, output)
  case 4: unsafe copyChunks(UInt32.self, loops, source, output)
  case 8: unsafe copyChunks(UInt64.self, loops, source, output)
  case 16: unsafe copyChunks(SIMD16<UInt8>.self, loops, source, output)
  case 3: unsafe copyOverlapping(UInt16.self, loops, byteCount, source, output)
  case 5...7: unsafe copyOverlapping(UInt32.self, loops, byteCount, source, output)
  case 9...15: unsafe copyOverlapping(UInt64.self, loops, byteCount, source, output)
  case 17...32: unsafe copyOverlapping(SIMD16<UInt8>.self, loops, byteCount, source, output)
  case 33...64: unsafe runKernel(npy_copy_short_runs, loops, byteCount, source, output)
  case 65...1024: unsafe runKernel(npy_copy_runs, loops, byteCount, source, output)
  default: unsafe copyLongRuns(loops, byteCount, source, output)
  }
}

/// Runs that are a chunk each.
@inline(__always)
private func copyChunks<Chunk: BitwiseCopyable>(
  _: Chunk.Type, _ loops: RunLoops, _ source: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
) {
  let ahead =
    loops.inner.count > 64 ? 16 &* loops.inner.sourceStride : loops.prefetchOffset
  guard ahead.magnitude < 1 << 10 else {
    loops.forEachRun { from, to in
      unsafe prefetch(source, from &+ ahead)
      let chunk = unsafe source.loadUnaligned(fromByteOffset: from, as: Chunk.self)
      unsafe output.storeBytes(of: chunk, toByteOffset: to, as: Chunk.self)
    }
    return
  }
  // Several of a cache line: the processor sees by itself what comes.
  loops.forEachRun { from, to in
    let chunk = unsafe source.loadUnaligned(fromByteOffset: from, as: Chunk.self)
    unsafe output.storeBytes(of: chunk, toByteOffset: to, as: Chunk.self)
  }
}

/// Runs of more than a chunk and at most two.
@inline(__always)
private func copyOverlapping<Chunk: BitwiseCopyable>(
  _: Chunk.Type, _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  let last = byteCount &- MemoryLayout<Chunk>.size
  let ahead = loops.prefetchOffset
  loops.forEachRun { from, to in
    unsafe prefetch(source, from &+ ahead)
    unsafe prefetch(source, from &+ ahead &+ byteCount &- 1)
    let head = unsafe source.loadUnaligned(fromByteOffset: from, as: Chunk.self)
    let tail = unsafe source.loadUnaligned(fromByteOffset: from &+ last, as: Chunk.self)
    unsafe output.storeBytes(of: head, toByteOffset: to, as: Chunk.self)
    unsafe output.storeBytes(of: tail, toByteOffset: to &+ last, as: Chunk.self)
  }
}

/// Copies a run of elements of 1, 2, 4 or 8 bytes for each turn of the loops, backwards: `source` is
/// the element that comes first, and lies after the others of its run.
func reverseRuns(
  _ loops: RunLoops, byteCount: Int, itemSize: Int, from source: UnsafeRawPointer,
  to output: UnsafeMutableRawPointer
) {
  let kernel: RunKernel =
    switch itemSize {
    case 1: unsafe npy_reverse_runs1
    case 2: unsafe npy_reverse_runs2
    case 4: unsafe npy_reverse_runs4
    default: unsafe npy_reverse_runs8
    }
  unsafe runKernel(kernel, loops, byteCount, source, output)
}

/// The gather kernel for an element size and a stride in the source, both in bytes; nil unless the stride is 2, 3 or
/// 4 elements.
func gatherKernel(itemSize: Int, stride: Int) -> RunKernel? {
  switch (itemSize, stride) {
  case (1, 2): unsafe npy_gather_runs1_2
  case (1, 3): unsafe npy_gather_runs1_3
  case (1, 4): unsafe npy_gather_runs1_4
  case (2, 4): unsafe npy_gather_runs2_2
  case (2, 6): unsafe npy_gather_runs2_3
  case (2, 8): unsafe npy_gather_runs2_4
  case (4, 8): unsafe npy_gather_runs4_2
  case (4, 12): unsafe npy_gather_runs4_3
  case (4, 16): unsafe npy_gather_runs4_4
  case (8, 16): unsafe npy_gather_runs8_2
  case (8, 24): unsafe npy_gather_runs8_3
  case (8, 32): unsafe npy_gather_runs8_4
  default: nil
  }
}

/// A kernel for runs that lie at equal distances: output, source, the length of a run, their number,
/// the distances on either side, and how far ahead to ask for what comes.
typealias RunKernel =
  @convention(c) (
    UnsafeMutableRawPointer?, UnsafeRawPointer?, Int, Int, Int, Int, Int
  ) -> Void

@inline(__always)
func runKernel(
  _ kernel: RunKernel, _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  for slab in 0..<loops.far.count {
    let from = unsafe source + slab &* loops.far.sourceStride
    let to = unsafe output + slab &* loops.far.outputStride
    for turn in 0..<loops.outer.count {
      unsafe kernel(
        to + turn &* loops.outer.outputStride, from + turn &* loops.outer.sourceStride,
        byteCount, loops.inner.count, loops.inner.outputStride, loops.inner.sourceStride,
        loops.prefetchOffset)
    }
  }
}

private func copyLongRuns(
  _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  let ahead = loops.prefetchOffset
  loops.forEachRun { from, to in
    unsafe prefetch(source, from &+ ahead)
    unsafe (output + to).copyMemory(from: source + from, byteCount: byteCount)
  }
}

/// Asks for the cache line at an offset, which may lie outside of the source.
@inline(__always)
func prefetch(_ source: UnsafeRawPointer, _ offset: Int) {
  npy_prefetch(UInt(bitPattern: source) &+ UInt(bitPattern: offset))
}
