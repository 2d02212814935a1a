internal import CKernels

// The kernels of a box: which one, and for which of its loops.
//
// | innermost loop: source, result | kernel | elements |
// |---|---|---|
// | contiguous, contiguous | `copyRuns`: by the size of the run | of any size; bytes swapped on the way |
// | contiguous, contiguous; a result of 32 MiB or more | `npy_stream_runs` | of any size |
// | backwards, contiguous | `reverseRuns` | of 1, 2, 4, 8 bytes |
// | 2, 3 or 4 elements apart, contiguous | `gatherKernel` | of 1, 2, 4, 8 bytes |
// | apart, contiguous, and a wider loop the other way round | `transpose` | of 1, 2, 4, 8, 16 bytes; swapped after it |
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
      var odometer = Odometer(self, upTo: last, without: rows)
      repeat {
        unsafe transpose(
          rows: loops[rows], columns: innermost, itemSize: itemSize,
          from: source + odometer.sourceOffset, to: output + odometer.outputOffset)
      } while odometer.advance()
      unsafe transformInPlace(transform, output: output, itemSize: itemSize)
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
    forEachRunLoops(upTo: isRun ? last - 1 : last) { run, from, to in
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
    var odometer = Odometer(self, upTo: innerLoop - 2)
    repeat {
      body(run, odometer.sourceOffset, odometer.outputOffset)
    } while odometer.advance()
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

  /// Transforms what was copied, row by row.
  private borrowing func transformInPlace(
    _ transform: ByteTransform, output: UnsafeMutableRawPointer, itemSize: Int
  ) {
    guard transform != .none else { return }
    let last = loops.count - 1
    var odometer = Odometer(self, upTo: last)
    repeat {
      let row = unsafe output + odometer.outputOffset
      unsafe transform.apply(
        from: UnsafeRawPointer(row), to: row, byteCount: loops[last].count &* itemSize)
    } while odometer.advance()
  }
}

/// The turns of the loops around a kernel's own, as offsets on both sides.
struct Odometer {
  private var loops = InlineVector(
    filler: BoxLoop(count: 0, sourceStride: 0, outputStride: 0))
  private var turns = InlineVector(filler: 0)
  private(set) var sourceOffset = 0
  private(set) var outputOffset = 0

  /// The first `count` loops of a box, but for one that the kernel runs itself.
  init(_ box: borrowing CropBox, upTo count: Int, without kernelLoop: Int? = nil) {
    for loop in 0..<max(count, 0) where loop != kernelLoop {
      loops.append(box.loops[loop])
      turns.append(0)
    }
  }

  /// Goes on to the next turn of the innermost loop that has one; false after the last.
  @inline(__always)
  mutating func advance() -> Bool {
    var loop = loops.count - 1
    while loop >= 0 {
      let current = loops[loop]
      sourceOffset &+= current.sourceStride
      outputOffset &+= current.outputStride
      turns[loop] += 1
      if turns[loop] < current.count { return true }
      sourceOffset &-= current.sourceStride &* current.count
      outputOffset &-= current.outputStride &* current.count
      turns[loop] = 0
      loop -= 1
    }
    return false
  }
}
