import CKernels
import Testing

@testable import NPYCrop

/// Every kernel does what a loop over single elements does, with the registers of this processor and with those of
/// all.
@Suite(.serialized) struct KernelTests {
  /// A box of two loops, innermost last, copied by the kernels and element by element.
  private func expectCopied(
    _ rows: BoxLoop, _ columns: BoxLoop, itemSize: Int, transform: ByteTransform,
    _ place: SourceLocation = #_sourceLocation
  ) {
    var box = CropBox()
    box.append(rows)
    box.append(columns)
    // Strides may be negative: the box begins where all of it lies within the bytes.
    let range = box.sourceRange(itemSize: itemSize)
    let source = patternBytes(range.count)
    let outputBytes = max(
      (rows.count - 1) * rows.outputStride + (columns.count - 1) * columns.outputStride + itemSize,
      0)
    // One that is not touched lies on either side.
    var output = [UInt8](repeating: 0xEE, count: outputBytes + 2)
    var expected = output
    for row in 0..<rows.count {
      for column in 0..<columns.count {
        let from =
          -range.lowerBound + row * rows.sourceStride + column * columns.sourceStride
        let to = 1 + row * rows.outputStride + column * columns.outputStride
        for byte in 0..<itemSize {
          expected[to + byte] = source[from + (transform == .none ? byte : itemSize - 1 - byte)]
        }
      }
    }
    unsafe source.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { output in
        guard let from = source.baseAddress, let to = output.baseAddress else { return }
        unsafe box.copy(
          from: from - range.lowerBound, to: to + 1, itemSize: itemSize, transform: transform)
      }
    }
    #expect(
      output == expected, "\(rows) \(columns) \(itemSize) \(transform)", sourceLocation: place)
  }

  private static let sizes = [1, 2, 4, 8, 16]

  private func swap(_ itemSize: Int) -> ByteTransform {
    switch itemSize {
    case 2: .swap2
    case 4: .swap4
    case 8: .swap8
    case 16: .swap16
    default: .none
    }
  }

  @Test(arguments: sizes, [false, true])
  func `columns become rows`(itemSize: Int, isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    var random = SeededGenerator(seed: UInt64(itemSize))
    let counts = [2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 511, 512, 513, 530]
    for round in 0..<40 {
      let height = counts[random.next(below: counts.count)]
      let width = counts[random.next(below: height > 100 ? 12 : counts.count)]
      let pitch = (height + random.next(below: 9)) * itemSize * (round % 3 == 0 ? -1 : 1)
      let gap = random.next(below: 3) * itemSize
      expectCopied(
        BoxLoop(
          count: height, sourceStride: itemSize, outputStride: width * itemSize + gap),
        BoxLoop(count: width, sourceStride: pitch, outputStride: itemSize), itemSize: itemSize,
        transform: round % 4 == 0 ? swap(itemSize) : .none)
    }
  }

  @Test(arguments: sizes, [false, true])
  func `elements that lie apart are gathered`(itemSize: Int, isBaseline: Bool) {
    npy_use_baseline(isBaseline ? 1 : 0)
    defer { npy_use_baseline(0) }
    var random = SeededGenerator(seed: UInt64(itemSize))
    for round in 0..<100 {
      let step = [2, 3, 4, 5, 1, -1, -2, 64, 300][random.next(below: 9)]
      let count = 2 + random.next(below: 200)
      let height = 1 + random.next(below: 5)
      expectCopied(
        BoxLoop(
          count: height, sourceStride: (count * abs(step) + random.next(below: 5)) * itemSize,
          outputStride: count * itemSize),
        BoxLoop(count: count, sourceStride: step * itemSize, outputStride: itemSize),
        itemSize: itemSize, transform: round % 4 == 0 ? swap(itemSize) : .none)
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
