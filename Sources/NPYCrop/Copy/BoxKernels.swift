internal import CKernels

// The kernels of a box: which one, and for which of its loops.
//
// | innermost loop: source, result | kernel | elements |
// |---|---|---|
// | contiguous, contiguous | `copyRuns`: by the size of the run | of any size; bytes swapped on the way |
// | the same, runs of at most 64 bytes, in loops of a few turns | `copyShortRuns`, by a `RunTable` | of any size |
// | contiguous, contiguous; a result of 32 MiB or more | `npy_stream_runs` | of any size |
// | backwards, contiguous | `reverseRuns` | of 1, 2, 4, 8 bytes |
// | 2, 3 or 4 elements apart, contiguous | `gatherKernel` | of 1, 2, 4, 8 bytes |
// | apart, contiguous, and a wider loop the other way round | `transpose` | of 1, 2, 4, 8, 16 bytes; bytes swapped on the way |
// | anything else | `copyRuns`, a run for each element | of any size |
//
// Before it, `Delivery` chooses between copying and converting; after it, `RunKernels` chooses by the size of a run,
// and CKernels by the processor.

extension CropBox {
  private static var once: BoxLoop { BoxLoop(count: 1, sourceStride: 0, outputStride: 0) }

  /// Chooses the kernel by the innermost loop and runs it for each turn of the outer ones.
  @inline(__always)
  borrowing func copy(
    from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer, itemSize: Int,
    transform: ByteTransform
  ) {
    if loops.count <= 1, transform == .none, isRun(itemSize: itemSize) {
      let byteCount = (loops.count == 0 ? 1 : loops[0].count) &* itemSize
      if byteCount < Self.streamedBytes {
        unsafe output.copyMemory(from: source, byteCount: byteCount)
        return
      }
    }
    unsafe copyByKernel(from: source, to: output, itemSize: itemSize, transform: transform)
  }

  @inline(never)
  private borrowing func copyByKernel(
    from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer, itemSize: Int,
    transform: ByteTransform
  ) {
    let last = loops.count - 1
    let innermost = last >= 0 ? loops[last] : Self.once
    // A box fills the result without gaps but where the fastest axis has other segments.
    let fillsOutput = last < 0 || innermost.outputStride == itemSize
    let isRun = fillsOutput && (last < 0 || innermost.sourceStride == itemSize)
    if !isRun, fillsOutput, let rows = transposableLoop(itemSize: itemSize) {
      let rowLoop = loops[rows]
      forEachTurn(upTo: last, without: rows) { from, to in
        unsafe transpose(
          rows: rowLoop, columns: innermost, itemSize: itemSize, from: source + from,
          to: output + to, transform: transform)
      }
      if transform == .truth { unsafe transformInPlace(transform, output: output) }
      return
    }
    let isReversed = fillsOutput && innermost.sourceStride == -itemSize
    if isReversed, transform == .none, [1, 2, 4, 8].contains(itemSize) {
      forEachRunLoops(upTo: last - 1) { run, from, to in
        unsafe reverseRuns(
          run, byteCount: innermost.count &* itemSize, itemSize: itemSize, from: source + from,
          to: output + to)
      }
      return
    }
    if fillsOutput, !isRun, transform == .none,
      let kernel = unsafe gatherKernel(itemSize: itemSize, stride: innermost.sourceStride)
    {
      forEachRunLoops(upTo: last - 1) { run, from, to in
        unsafe runKernel(
          kernel, run, innermost.count &* itemSize, source + from, output + to)
      }
      return
    }
    // Elements that do not touch are runs of one element, one loop further in.
    let runBytes = isRun ? innermost.count &* itemSize : itemSize
    if isRun, transform == .none, runBytes >= 1024,
      byteCount(itemSize: itemSize) >= Self.streamedBytes
    {
      forEachRunLoops(upTo: last - 1) { run, from, to in
        unsafe runKernel(npy_stream_runs, run, runBytes, source + from, output + to)
      }
      return
    }
    let innerLoop = isRun ? last - 1 : last
    if transform == .none,
      let outerLoops = RunTable.outerLoops(of: self, upTo: innerLoop, runBytes: runBytes)
    {
      var table = RunTable(self, from: outerLoops, upTo: innerLoop, runBytes: runBytes)
      table.withRuns { runs in
        forEachTurn(upTo: outerLoops) { from, to in
          unsafe copyShortRuns(runs, byteCount: runBytes, from: source + from, to: output + to)
        }
      }
      return
    }
    forEachRunLoops(upTo: innerLoop) { run, from, to in
      unsafe copyRuns(
        run, byteCount: runBytes, from: source + from, to: output + to, transform: transform)
    }
  }

  /// From so many bytes on a result goes around the caches.
  private static var streamedBytes: Int { 32 << 20 }

  /// The bytes of the elements; a box lies within a result, whose bytes can be counted.
  private borrowing func byteCount(itemSize: Int) -> Int {
    var byteCount = itemSize
    for index in 0..<loops.count { byteCount &*= loops[index].count }
    return byteCount
  }

  /// Runs `body` on the three loops around the runs of a box, with the offsets of each of their starts.
  @inline(__always)
  borrowing func forEachRunLoops(
    upTo innerLoop: Int, _ body: (RunLoops, _ source: Int, _ output: Int) -> Void
  ) {
    let run = RunLoops(
      far: innerLoop >= 2 ? loops[innerLoop - 2] : Self.once,
      outer: innerLoop >= 1 ? loops[innerLoop - 1] : Self.once,
      inner: innerLoop >= 0 ? loops[innerLoop] : Self.once)
    guard innerLoop >= 3 else {
      body(run, 0, 0)
      return
    }
    forEachTurn(upTo: innerLoop - 2) { from, to in body(run, from, to) }
  }

  /// Runs `body` on the offsets of each turn of the first loops.
  ///
  /// - Parameters:
  ///   - end: As many loops.
  ///   - kernelLoop: The one among them that the body runs itself.
  ///   - body: Takes the offsets in the source and in the output.
  borrowing func forEachTurn(
    upTo end: Int, without kernelLoop: Int? = nil, _ body: (_ source: Int, _ output: Int) -> Void
  ) {
    forEachTurn(from: 0, upTo: end, without: kernelLoop, source: 0, output: 0, body)
  }

  private borrowing func forEachTurn(
    from first: Int, upTo end: Int, without kernelLoop: Int?, source: Int, output: Int,
    _ body: (_ source: Int, _ output: Int) -> Void
  ) {
    guard first < end else {
      body(source, output)
      return
    }
    let count = first == kernelLoop ? 1 : loops[first].count
    let (sourceStride, outputStride) = (loops[first].sourceStride, loops[first].outputStride)
    for turn in 0..<count {
      forEachTurn(
        from: first + 1, upTo: end, without: kernelLoop,
        source: source &+ turn &* sourceStride, output: output &+ turn &* outputStride, body)
    }
  }

  /// Writes an element to all places of a box.
  ///
  /// - Parameters:
  ///   - element: In the byte order of the file, without the zeros at its end.
  ///   - output: The first place.
  ///   - itemSize: The size of an element.
  ///   - transform: What is done to the bytes of the file's elements.
  borrowing func fill(
    with element: [UInt8], output: UnsafeMutableRawPointer, itemSize: Int,
    transform: ByteTransform
  ) {
    let last = loops.count - 1
    let isRun = last >= 0 && loops[last].outputStride == itemSize
    let byteCount = isRun ? loops[last].count &* itemSize : itemSize
    // The first run is made, the others are like it.
    unsafe fillRun(with: element, itemSize: itemSize, output: output, byteCount: byteCount)
    unsafe transform.apply(from: UnsafeRawPointer(output), to: output, byteCount: byteCount)
    forEachRunLoops(upTo: isRun ? last - 1 : last) { run, _, to in
      unsafe copyFirstRun(
        run, byteCount: byteCount, isZero: element.isEmpty, from: output, to: output + to)
    }
  }

  /// The loop that is contiguous in the source, where there is one and the elements fit a tile.
  borrowing func transposableLoop(itemSize: Int) -> Int? {
    guard itemSize <= 16, itemSize & (itemSize - 1) == 0 else { return nil }
    for loop in 0..<max(loops.count - 1, 0) where loops[loop].sourceStride == itemSize {
      return loop
    }
    return nil
  }

  /// Transforms bytes that were copied, row by row.
  private borrowing func transformInPlace(
    _ transform: ByteTransform, output: UnsafeMutableRawPointer
  ) {
    let last = loops.count - 1
    let byteCount = loops[last].count
    forEachTurn(upTo: last) { _, to in
      let row = unsafe output + to
      unsafe transform.apply(from: UnsafeRawPointer(row), to: row, byteCount: byteCount)
    }
  }
}
