import CKernels
import Testing

@testable import NPYCrop

/// Every kernel does what a loop over single elements does, with the registers of this processor and with those of
/// all.
@Suite(.serialized) struct KernelTests {
  /// A box of loops, innermost last, copied by the kernels and element by element.
  private func expectCopied(
    _ loops: [BoxLoop], itemSize: Int, transform: ByteTransform,
    _ place: SourceLocation = #_sourceLocation
  ) {
    var box = CropBox()
    for loop in loops { box.append(loop) }
    // Strides may be negative: the box begins where all of it lies within the bytes.
    let range = box.sourceRange(itemSize: itemSize)
    let source = patternBytes(range.count)
    let outputBytes = loops.reduce(itemSize) { $0 + ($1.count - 1) * $1.outputStride }
    // One that is not touched lies on either side.
    var output = [UInt8](repeating: 0xEE, count: outputBytes + 2)
    var expected = output
    let unit = transform.swappedByteCount
    forEachPlace(of: loops[...]) { from, to in
      for byte in 0..<itemSize {
        expected[1 + to + byte] = source[from - range.lowerBound + (byte ^ (unit - 1))]
      }
    }
    unsafe source.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { output in
        guard let from = source.baseAddress, let to = output.baseAddress else { return }
        unsafe box.copy(
          from: from - range.lowerBound, to: to + 1, itemSize: itemSize, transform: transform)
      }
    }
    #expect(output == expected, "\(loops) \(itemSize) \(transform)", sourceLocation: place)
  }

  /// Runs `body` on the places of all elements, as offsets in the source and in the output.
  private func forEachPlace(
    of loops: ArraySlice<BoxLoop>, from source: Int = 0, to output: Int = 0,
    _ body: (_ source: Int, _ output: Int) -> Void
  ) {
    guard let loop = loops.first else { return body(source, output) }
    let inner = loops.dropFirst()
    for turn in 0..<loop.count {
      forEachPlace(
        of: inner, from: source + turn * loop.sourceStride, to: output + turn * loop.outputStride,
        body)
    }
  }

  private static let sizes = [1, 2, 4, 8, 16]

  /// The ways to swap the bytes of elements of a size, of which some have parts, and none.
  private func transforms(itemSize: Int) -> [ByteTransform] {
    [.none, .swap2, .swap4, .swap8, .swap16].filter { $0.swappedByteCount <= itemSize }
  }

  @Test(arguments: sizes, [false, true])
  func `columns become rows`(itemSize: Int, isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    var random = SeededGenerator(seed: UInt64(itemSize))
    let counts = [2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 511, 512, 513, 530]
    let transforms = transforms(itemSize: itemSize)
    for round in 0..<60 {
      let height = counts[random.next(below: counts.count)]
      let width = counts[random.next(below: height > 100 ? 12 : counts.count)]
      let pitch = (height + random.next(below: 9)) * itemSize * (round % 3 == 0 ? -1 : 1)
      let gap = random.next(below: 3) * itemSize
      expectCopied(
        [
          BoxLoop(count: height, sourceStride: itemSize, outputStride: width * itemSize + gap),
          BoxLoop(count: width, sourceStride: pitch, outputStride: itemSize),
        ], itemSize: itemSize, transform: transforms[round % transforms.count])
    }
  }

  @Test(arguments: [false, true])
  func `columns become rows at any place in a cache line`(isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    for itemSize in Self.sizes {
      let (height, width) = (5, 64 / itemSize + 9)
      let source = patternBytes(height * width * itemSize)
      for shift in stride(from: 0, to: 64, by: itemSize) + [1, 7] {
        var output = [UInt8](repeating: 0xEE, count: source.count + 128)
        var first = 0
        unsafe source.withUnsafeBytes { source in
          unsafe output.withUnsafeMutableBytes { output in
            guard let start = output.baseAddress else { return }
            // Counted from a cache line on.
            first = (64 - Int(bitPattern: start) & 63) & 63 + shift
            unsafe npy_transpose(
              start + first, source.baseAddress, height, width, width * itemSize,
              height * itemSize, itemSize, 1)
          }
        }
        let expected = (0..<height).flatMap { row in
          (0..<width).flatMap { column in
            let start = (column * height + row) * itemSize
            return source[start..<start + itemSize]
          }
        }
        #expect(Array(output[first..<first + source.count]) == expected, "\(itemSize) \(shift)")
        #expect(output[..<first].allSatisfy { $0 == 0xEE })
        #expect(output[(first + source.count)...].allSatisfy { $0 == 0xEE })
      }
    }
  }

  @Test(arguments: [
    ("<f4", "<f8"), (">f4", "<f4"), (">f4", ">f8"), ("<i2", "<f4"), ("|u1", "<f4"), ("<f8", "<f2"),
    ("<i8", "|u1"), ("<f8", "<i2"), ("<c16", "<c8"), (">c8", "<c16"), ("<c8", "<f4"),
    ("<f4", "<c8"), ("<c16", "|b1"), ("|b1", "<f8"), ("<f2", ">c16"),
  ])
  func `columns become rows of other numbers`(source: String, target: String) throws {
    let (source, target) = (try ElementType(source), try ElementType(target))
    let isAffine = target.number?.kind == .float
    let conversion = try #require(
      Conversion(
        source, to: target, casting: .unsafe, scale: isAffine ? 0.5 : 1, shift: isAffine ? 3 : 0))
    let converter = Converter(conversion, to: target)
    var random = SeededGenerator(seed: 5)
    for round in 0..<24 {
      npy_use_baseline(round % 2 == 0 ? 1 : 0)
      defer { npy_use_baseline(0) }
      let height = [2, 7, 8, 20, 255, 256, 257, 600][random.next(below: 8)]
      let width = [2, 3, 8, 15, 33, 70, 130][random.next(below: 7)]
      let rows = BoxLoop(
        count: height, sourceStride: source.itemSize, outputStride: width * target.itemSize)
      let columns = BoxLoop(
        count: width, sourceStride: (height + random.next(below: 3)) * source.itemSize,
        outputStride: target.itemSize)
      var box = CropBox()
      box.append(rows)
      box.append(columns)
      // Small numbers, and no NaN: of those any would do.
      let bytes = patternBytes(box.sourceRange(itemSize: source.itemSize).count).map { $0 & 0x3F }
      var output = [UInt8](repeating: 0xEE, count: height * width * target.itemSize)
      var expected = output
      unsafe bytes.withUnsafeBytes { bytes in
        guard let from = bytes.baseAddress else { return }
        unsafe output.withUnsafeMutableBytes { output in
          guard let to = output.baseAddress else { return }
          unsafe box.convert(by: converter, from: from, to: to)
        }
        unsafe expected.withUnsafeMutableBytes { expected in
          guard let to = expected.baseAddress else { return }
          forEachPlace(of: [rows, columns]) { place, target in
            unsafe CropBox().convert(by: converter, from: from + place, to: to + target)
          }
        }
      }
      #expect(output == expected, "\(height) \(width)")
    }
  }

  @Test(arguments: [false, true])
  func `runs of any length are copied`(isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    for length in [Int](1...130) + [256, 511, 512, 513, 640, 1023, 4099, 16384, 16385] {
      for count in [2, 3, 600] where length * count < 1 << 16 {
        expectCopied(
          [
            BoxLoop(count: count, sourceStride: length + 13, outputStride: length),
            BoxLoop(count: length, sourceStride: 1, outputStride: 1),
          ], itemSize: 1, transform: .none)
      }
    }
  }

  @Test func `loops of a few turns are copied by a table`() {
    var random = SeededGenerator(seed: 3)
    for round in 0..<200 {
      let itemSize = [1, 2, 4, 8, 16, 3, 12][random.next(below: 7)]
      var loops: [BoxLoop] = []
      var (sourceStride, outputStride) = (itemSize, itemSize)
      for depth in 0..<2 + random.next(below: 5) {
        let count = 1 + random.next(below: depth == 0 ? 9 : 5)
        let isReversed = random.next(below: 6) == 0
        loops.insert(
          BoxLoop(
            count: count, sourceStride: isReversed ? -sourceStride : sourceStride,
            outputStride: outputStride), at: 0)
        sourceStride *= count + random.next(below: 3)
        outputStride *= count
        // Some results have gaps.
        if round % 5 == 0, random.next(below: 3) == 0 { outputStride += itemSize }
      }
      expectCopied(loops, itemSize: itemSize, transform: .none)
    }
  }

  @Test(arguments: sizes, [false, true])
  func `elements that lie apart are gathered`(itemSize: Int, isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    var random = SeededGenerator(seed: UInt64(itemSize))
    let transforms = transforms(itemSize: itemSize)
    for round in 0..<100 {
      let step = [2, 3, 4, 5, 1, -1, -2, 64, 300][random.next(below: 9)]
      let count = 2 + random.next(below: 200)
      let height = 1 + random.next(below: 5)
      expectCopied(
        [
          BoxLoop(
            count: height, sourceStride: (count * abs(step) + random.next(below: 5)) * itemSize,
            outputStride: count * itemSize),
          BoxLoop(count: count, sourceStride: step * itemSize, outputStride: itemSize),
        ], itemSize: itemSize,
        transform: round % 4 == 0 ? transforms[round / 4 % transforms.count] : .none)
    }
  }

  @Test(arguments: [false, true])
  func `large results are stored around the caches`(isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    let bytes = patternBytes(1 << 14)
    for (length, count) in [(1024, 3), (1055, 4), (4099, 2), (1153, 7), (1 << 14, 1)] {
      for shift in 0..<33 {
        var output = [UInt8](repeating: 0xEE, count: length * count + shift + 1)
        unsafe bytes.withUnsafeBytes { source in
          unsafe output.withUnsafeMutableBytes { output in
            guard let to = output.baseAddress else { return }
            unsafe npy_stream_runs(
              to + shift, source.baseAddress, length, count, length, 900, 0)
          }
        }
        let runs = (0..<count).flatMap { bytes[$0 * 900..<$0 * 900 + length] }
        let expected = [UInt8](repeating: 0xEE, count: shift) + runs + [0xEE]
        #expect(output == expected)
      }
    }
  }
}
