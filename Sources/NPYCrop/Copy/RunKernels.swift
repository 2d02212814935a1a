internal import CKernels

// Copies of many runs of equal length: the rows of a window, or single strided elements.
//
// Sound, for every function here: the caller hands loops of a planned box, so each run lies within
// the source and within the output. Places are counted as offsets, and become addresses only where
// bytes are read or written. Loads and stores are unaligned. A prefetch never faults.

/// Where runs of bytes lie, one after the other.
protocol Runs {
  /// How far ahead of a run of at most a cache line another one is asked for.
  var shortPrefetchOffset: Int { get }

  /// Runs `body` on the offsets of each run.
  func forEachRun(_ body: (_ source: Int, _ output: Int) -> Void)
}

/// Three nested loops around a run of bytes; the outer ones may have a single turn.
struct RunLoops: Runs {
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
  /// the outer loop, or else some runs on: enough to hide a miss of the cache, and few enough for the
  /// ways of a cache where the rows of an array are a power of two apart.
  func prefetchOffset(runs: Int = 4) -> Int {
    outer.count > 1 ? outer.sourceStride : runs &* inner.sourceStride
  }

  /// The same for runs of at most a cache line, of which many are on their way at once.
  var shortPrefetchOffset: Int {
    prefetchOffset(runs: inner.count >= 512 ? 48 : inner.count > 64 ? 16 : 4)
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

/// The runs of some loops of few turns, whose places in the source are written down once: loops that end so often cost
/// more than short runs do.
///
/// In the output the runs follow each other.
struct RunTable {
  /// Longer runs cost more than the loops around them.
  static var mostBytes: Int { 64 }
  private typealias Offsets = InlineArray<256, Int>

  private var offsets = Offsets(repeating: 0)
  private var count = 1
  private let runBytes: Int
  /// How far ahead of a run the same one in the next turn of the loops around the table lies.
  private let ahead: Int

  /// How many of the first loops of a box are left around a table of the innermost of them; nil where one does not pay.
  @inline(__always)
  static func outerLoops(
    of box: borrowing CropBox, upTo innerLoop: Int, runBytes: Int
  ) -> Int? {
    guard innerLoop >= 1, runBytes <= mostBytes, box.loops[innerLoop].count <= 16 else {
      return nil
    }
    var (outerLoops, count) = (innerLoop + 1, 1)
    while outerLoops > 0 {
      let loop = box.loops[outerLoops - 1]
      guard loop.count <= Offsets.count / count, loop.outputStride == count &* runBytes else {
        break
      }
      count &*= loop.count
      outerLoops -= 1
    }
    return outerLoops < innerLoop ? outerLoops : nil
  }

  /// The runs of the loops from one to another.
  init(_ box: borrowing CropBox, from outerLoops: Int, upTo innerLoop: Int, runBytes: Int) {
    self.runBytes = runBytes
    ahead = outerLoops > 0 ? box.loops[outerLoops - 1].sourceStride : 0
    var places = offsets.mutableSpan
    var count = 1
    for index in (outerLoops...innerLoop).reversed() {
      let loop = box.loops[index]
      for turn in 1..<loop.count {
        for run in 0..<count {
          places[turn &* count &+ run] = places[run] &+ turn &* loop.sourceStride
        }
      }
      count &*= loop.count
    }
    self.count = count
  }

  /// Lends the runs: to hand on the table itself would copy it.
  @inline(__always)
  mutating func withRuns(_ body: (TableRuns) -> Void) {
    let (count, runBytes, ahead) = (count, runBytes, ahead)
    unsafe withUnsafePointer(to: &offsets) { offsets in
      unsafe offsets.withMemoryRebound(to: Int.self, capacity: Offsets.count) { first in
        body(
          unsafe TableRuns(
            offsets: first, count: count, runBytes: runBytes, shortPrefetchOffset: ahead))
      }
    }
  }
}

/// The runs of a table.
@safe
struct TableRuns: Runs {
  fileprivate let offsets: UnsafePointer<Int>
  fileprivate let count: Int
  fileprivate let runBytes: Int
  let shortPrefetchOffset: Int

  @inline(__always)
  func forEachRun(_ body: (_ source: Int, _ output: Int) -> Void) {
    // Sound: the table lends as many offsets, while it is not changed.
    for run in 0..<count { body(unsafe offsets[run], run &* runBytes) }
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
  switch byteCount {
  case ...32: unsafe copyShortRuns(loops, byteCount: byteCount, from: source, to: output)
  case 33...64:
    unsafe runKernel(
      npy_copy_short_runs, loops, byteCount, source, output, ahead: loops.shortPrefetchOffset)
  case 65...512:
    unsafe runKernel(
      npy_copy_runs, loops, byteCount, source, output, ahead: loops.prefetchOffset(runs: 8))
  case 513...(16 << 10):
    unsafe runKernel(npy_copy_long_runs, loops, byteCount, source, output)
  default: unsafe copyLongRuns(loops, byteCount, source, output)
  }
}

/// Runs of at most 64 bytes.
///
/// The size class is chosen once. A run between two classes is copied as two chunks that overlap, so every length
/// has loads and stores of constant size.
@inline(__always)
func copyShortRuns(
  _ loops: some Runs, byteCount: Int, from source: UnsafeRawPointer,
  to output: UnsafeMutableRawPointer
) {
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
  default: unsafe copyOverlapping(SIMD32<UInt8>.self, loops, byteCount, source, output)
  }
}

/// Runs that are a chunk each.
@inline(__always)
private func copyChunks<Chunk: BitwiseCopyable>(
  _: Chunk.Type, _ loops: some Runs, _ source: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
) {
  let ahead = loops.shortPrefetchOffset
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
  _: Chunk.Type, _ loops: some Runs, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  let last = byteCount &- MemoryLayout<Chunk>.size
  let ahead = loops.shortPrefetchOffset
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
  _ output: UnsafeMutableRawPointer, ahead: Int? = nil
) {
  let ahead = ahead ?? loops.prefetchOffset()
  for slab in 0..<loops.far.count {
    let from = unsafe source + slab &* loops.far.sourceStride
    let to = unsafe output + slab &* loops.far.outputStride
    for turn in 0..<loops.outer.count {
      unsafe kernel(
        to + turn &* loops.outer.outputStride, from + turn &* loops.outer.sourceStride,
        byteCount, loops.inner.count, loops.inner.outputStride, loops.inner.sourceStride,
        ahead)
    }
  }
}

private func copyLongRuns(
  _ loops: RunLoops, _ byteCount: Int, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  let ahead = loops.prefetchOffset()
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

/// Asks for the cache lines of a row at an offset, which may lie outside of the source.
@inline(__always)
func prefetchRow(_ source: UnsafeRawPointer, _ offset: Int, byteCount: Int) {
  var line = 0
  while line < byteCount {
    unsafe prefetch(source, offset &+ line)
    line &+= 64
  }
}
