internal import CKernels

/// A conversion as the kernels do it: element by element of a row, or part by part of complex numbers.
struct Converter {
  private let from: npy_number
  private let to: npy_number
  /// The size of a number of the source and of the result; of complex ones, of a part.
  private let sourceSize: Int
  private let targetSize: Int
  /// The parts of an element that are converted: 2 where complex numbers stay complex.
  private let parts: Int
  /// Whether real numbers become complex ones.
  private let addsImaginaryPart: Bool
  /// Whether complex numbers become truth values, to which both parts count.
  private let joinsParts: Bool
  /// What makes the parts of an element native.
  private let transform: ByteTransform
  /// What gives those of a result another byte order.
  private let outputTransform: ByteTransform
  private let scale: Double
  private let offset: Double
  private let isAffine: Bool

  /// As many elements as go through the steps at once.
  private let chunk: Int
  /// The rows of a tile: of the smallest elements a fraction of a cache line, of the largest some.
  private static let tileRows = 16
  private let sourceItemSize: Int

  /// - Parameters:
  ///   - conversion: What becomes of the elements, which is more than another order of bytes.
  ///   - result: The type of the conversion's target in the byte order that is delivered.
  init(_ conversion: Conversion, to result: ElementType) {
    let (source, target) = (conversion.sourceNumber, conversion.targetNumber)
    let isComplex = (source: source.kind == .complex, target: target.kind == .complex)
    from = source.kernelNumber
    to = target.kernelNumber
    sourceItemSize = source.bits / 8
    sourceSize = source.bits / (isComplex.source ? 16 : 8)
    targetSize = target.bits / (isComplex.target ? 16 : 8)
    joinsParts = isComplex.source && target.kind == .bool
    parts = isComplex.source && (isComplex.target || joinsParts) ? 2 : 1
    addsImaginaryPart = isComplex.target && !isComplex.source
    transform = ByteTransform(swapping: conversion.source.isNative ? 1 : sourceSize)
    outputTransform = ByteTransform(swapping: result.isNative ? 1 : targetSize)
    scale = conversion.scale
    offset = conversion.shift
    isAffine = conversion.isAffine
    // Numbers that are only scaled yet are floats of 32 bits.
    chunk = ConversionSteps.byteCount / (max(source.bits, target.bits, 32) / 8)
  }

  /// Whether rows of such a stride on each side are converted in one call, without steps between.
  func isDirect(sourceStride: Int, outputStride: Int) -> Bool {
    transform == .none && outputTransform == .none && !addsImaginaryPart && !joinsParts
      && !isHalfScaled
      && sourceStride == sourceSize &* parts && outputStride == targetSize &* parts
  }

  /// Whether numbers are scaled as floats and then become halves, for which there is no arithmetic.
  private var isHalfScaled: Bool { isAffine && to == NPY_F2 }

  /// Converts a row that needs no steps.
  ///
  /// Sound where the elements lie within the source and the output.
  @inline(__always)
  func convertDirect(
    count: Int, from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer
  ) {
    unsafe convertRow(count &* parts, from: source, to: output, scratch: output)
  }

  /// Converts a row of elements at any distance of each other, step by step.
  ///
  /// Sound where the elements lie within the source and the output.
  func convert(
    count: Int, from source: UnsafeRawPointer, stride sourceStride: Int,
    to output: UnsafeMutableRawPointer, stride outputStride: Int, by steps: inout ConversionSteps
  ) {
    let isSourceRow = sourceStride == sourceSize &* parts
    unsafe steps.withMemory { gathered, converted, scaled in
      var start = 0
      while start < count {
        let elements = min(chunk, count &- start)
        var row = unsafe source + start &* sourceStride
        if !isSourceRow {
          unsafe copyRuns(
            .once(
              count: elements, sourceStride: sourceStride, outputStride: sourceSize &* parts),
            byteCount: sourceSize &* parts, from: row, to: gathered, transform: .none)
          unsafe row = UnsafeRawPointer(gathered)
        }
        if transform != .none {
          unsafe transform.apply(
            from: row, to: gathered, byteCount: elements &* parts &* sourceSize)
          unsafe row = UnsafeRawPointer(gathered)
        }
        unsafe convertNative(
          elements, from: row, to: output + start &* outputStride, stride: outputStride,
          converted, scaled)
        start &+= elements
      }
    }
  }

  /// The size of the elements of a matrix that is converted in tiles; nil where their parts lie apart.
  var tileItemSize: Int? {
    let size = sourceSize * parts
    return size == sourceItemSize && size <= 16 ? size : nil
  }

  /// Converts a matrix whose columns are contiguous in the source, tile by tile.
  ///
  /// Sound where the elements lie within the source and the output, and a loop of rows is one of
  /// neighbours in the source.
  func convert(
    rows: BoxLoop, columns: BoxLoop, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer, by steps: inout ConversionSteps
  ) {
    let size = sourceSize &* parts
    let height = min(Self.tileRows, rows.count)
    let width = min(chunk / height, columns.count)
    unsafe steps.withMemory { gathered, converted, scaled in
      var column = 0
      while column < columns.count {
        let width = min(width, columns.count &- column)
        let tileColumns = BoxLoop(
          count: width, sourceStride: columns.sourceStride, outputStride: size)
        var row = 0
        while row < rows.count {
          let height = min(height, rows.count &- row)
          unsafe transpose(
            rows: BoxLoop(count: height, sourceStride: size, outputStride: width &* size),
            columns: tileColumns, itemSize: size,
            from: source + (row &* size &+ column &* columns.sourceStride), to: gathered,
            transform: transform)
          for line in 0..<height {
            unsafe convertNative(
              width, from: UnsafeRawPointer(gathered + line &* width &* size),
              to: output
                + ((row &+ line) &* rows.outputStride &+ column &* columns.outputStride),
              stride: columns.outputStride, converted, scaled)
          }
          row &+= height
        }
        column &+= width
      }
    }
  }

  /// Converts neighbours in the byte order of this machine.
  @inline(__always)
  private func convertNative(
    _ elements: Int, from row: UnsafeRawPointer, to output: UnsafeMutableRawPointer, stride: Int,
    _ converted: UnsafeMutableRawPointer, _ scaled: UnsafeMutableRawPointer
  ) {
    if stride == targetSize &* parts, !addsImaginaryPart, !joinsParts {
      unsafe convertRow(elements &* parts, from: row, to: output, scratch: scaled)
    } else {
      unsafe convertRow(elements &* parts, from: row, to: converted, scratch: scaled)
      unsafe scatter(elements, from: converted, to: output, stride: stride)
    }
  }

  /// Puts converted parts in the places of the elements.
  private func scatter(
    _ elements: Int, from converted: UnsafeMutableRawPointer,
    to output: UnsafeMutableRawPointer, stride: Int
  ) {
    if joinsParts {
      for element in 0..<elements {
        let real = unsafe converted.load(fromByteOffset: 2 &* element, as: UInt8.self)
        let imaginary = unsafe converted.load(fromByteOffset: 2 &* element &+ 1, as: UInt8.self)
        unsafe output.storeBytes(
          of: real | imaginary, toByteOffset: element &* stride, as: UInt8.self)
      }
      return
    }
    unsafe copyRuns(
      .once(count: elements, sourceStride: targetSize &* parts, outputStride: stride),
      byteCount: targetSize &* parts, from: UnsafeRawPointer(converted), to: output,
      transform: .none)
    guard addsImaginaryPart else { return }
    for element in 0..<elements {
      unsafe (output + (element &* stride &+ targetSize)).initializeMemory(
        as: UInt8.self, repeating: 0, count: targetSize)
    }
  }

  @inline(__always)
  private func convertRow(
    _ count: Int, from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer
  ) {
    if isHalfScaled {
      unsafe npy_convert_affine(from, NPY_F4, scratch, source, count, scale, offset)
      unsafe npy_convert(NPY_F4, to, output, scratch, count)
    } else if isAffine {
      unsafe npy_convert_affine(from, to, output, source, count, scale, offset)
    } else {
      unsafe npy_convert(from, to, output, source, count)
    }
    guard outputTransform != .none else { return }
    unsafe outputTransform.apply(
      from: UnsafeRawPointer(output), to: output, byteCount: count &* targetSize)
  }
}

extension NumberType {
  /// The kernels' number of the type, of a complex one that of its parts.
  fileprivate var kernelNumber: npy_number {
    switch (kind, bits, small) {
    case (_, _, .bfloat16): NPY_BFLOAT16
    case (_, _, .float8E4M3FN): NPY_E4M3
    case (_, _, .float8E5M2): NPY_E5M2
    case (.bool, _, _): NPY_B1
    case (.int, 8, _): NPY_I1
    case (.uint, 8, _): NPY_U1
    case (.int, 16, _): NPY_I2
    case (.uint, 16, _): NPY_U2
    case (.int, 32, _): NPY_I4
    case (.uint, 32, _): NPY_U4
    case (.int, 64, _): NPY_I8
    case (.uint, 64, _): NPY_U8
    case (.float, 16, _): NPY_F2
    case (.float, 32, _), (.complex, 64, _): NPY_F4
    case (.float, 64, _), (.complex, 128, _): NPY_F8
    // Numbers of 80 bits, where the machine has them: of no other size are there any more.
    default: NPY_X87
    }
  }
}

/// Memory that elements pass through on their way: on the stack, for a kernel allocates nothing.
struct ConversionSteps {
  private typealias Memory = InlineArray<768, UInt64>
  private var memory = Memory(repeating: 0)

  /// The bytes of one step.
  static var byteCount: Int { MemoryLayout<Memory>.size / 3 }

  /// The places of what is gathered, what is converted, and what is only scaled yet.
  @inline(__always)
  mutating func withMemory(
    _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
  ) {
    unsafe withUnsafeMutableBytes(of: &memory) { bytes in
      guard let first = bytes.baseAddress else { return }
      unsafe body(first, first + Self.byteCount, first + 2 &* Self.byteCount)
    }
  }
}

extension CropBox {
  /// Converts the elements of a box.
  ///
  /// Sound where the box lies within the source and, as elements of the result, within the output.
  borrowing func convert(
    by converter: Converter, from source: UnsafeRawPointer, to output: UnsafeMutableRawPointer
  ) {
    let last = loops.count - 1
    let row = last >= 0 ? loops[last] : converter.single
    if converter.isDirect(sourceStride: row.sourceStride, outputStride: row.outputStride) {
      unsafe forEachRow(row, of: source) { from, to in
        unsafe converter.convertDirect(count: row.count, from: source + from, to: output + to)
      }
      return
    }
    var steps = ConversionSteps()
    if let size = converter.tileItemSize, let rows = transposableLoop(itemSize: size) {
      let rowLoop = loops[rows]
      forEachTurn(upTo: last, without: rows) { from, to in
        unsafe converter.convert(
          rows: rowLoop, columns: row, from: source + from, to: output + to, by: &steps)
      }
      return
    }
    unsafe forEachRow(row, of: source) { from, to in
      unsafe converter.convert(
        count: row.count, from: source + from, stride: row.sourceStride,
        to: output + to, stride: row.outputStride, by: &steps)
    }
  }

  /// Runs `body` on the offsets of each row, and asks for the rows to come whole: the work on this one
  /// gives the time for it.
  @inline(__always)
  private borrowing func forEachRow(
    _ row: BoxLoop, of source: UnsafeRawPointer, _ body: (_ source: Int, _ output: Int) -> Void
  ) {
    forEachRunLoops(upTo: loops.count - 2) { run, from, to in
      let ahead = run.prefetchOffset()
      let rowBytes = min(row.count &* row.sourceStride, Converter.farthestAhead)
      run.forEachRun { sourceRow, outputRow in
        unsafe prefetchRow(source, from &+ sourceRow &+ ahead, byteCount: rowBytes)
        body(from &+ sourceRow, to &+ outputRow)
      }
    }
  }
}

extension Converter {
  /// As much of a row as is asked for ahead.
  fileprivate static var farthestAhead: Int { 4096 }

  /// A row of one element.
  fileprivate var single: BoxLoop {
    BoxLoop(count: 1, sourceStride: sourceSize &* parts, outputStride: targetSize &* parts)
  }
}
