/// Builds one plan of many windows of one shape, whose results stand one after the other.
struct BatchBuilder {
  private let layout: ArrayLayout
  private let order: MemoryOrder
  private let padding: Padding
  private let fill: Fill
  private let conversion: Conversion?

  private var pieces: [Piece] = []
  private var places: [Place] = []
  private var padded = PaddedWindows()
  /// The pieces by what they are like, to find one again.
  private var known: [UInt: Int] = [:]
  /// The plan of the first window.
  private var model: CropPlan?
  /// What most windows are in most batches: a box of the first one's shape inside the array.
  private var common: CommonBox?
  private var sourceEnd: Int

  /// A box of one size, wherever it lies inside the array.
  private struct CommonBox {
    let piece: Int
    /// The number of elements along the axes that are named.
    let size: [Int]
    /// The bytes from its first to its last.
    let extent: Int
  }

  /// - Parameters:
  ///   - layout: The array.
  ///   - order: The order of the elements in a window.
  ///   - padding: The padding outside the array.
  ///   - fill: The values among that.
  ///   - conversion: What the elements become.
  init(
    layout: ArrayLayout, order: MemoryOrder, padding: Padding, fill: Fill, conversion: Conversion?
  ) {
    self.layout = layout
    self.order = order
    self.padding = padding
    self.fill = fill
    self.conversion = conversion
    sourceEnd = layout.offset
  }

  /// The number of windows.
  var count: Int { places.count }

  /// The memory that a window takes at most beside the pieces, which windows share: its place, and room to
  /// sort the places.
  var byteCountOfWindow: Int {
    2 * MemoryLayout<Place>.stride + (padding.isNone ? 0 : PaddedWindows.byteCountOfWindow)
  }

  /// The memory of the pieces that there are, and of what is known of those that are padded.
  private(set) var byteCountOfPieces = 0

  mutating func reserveCapacity(_ count: Int) { places.reserveCapacity(count) }

  /// Adds a window.
  ///
  /// - Throws: ``RegionError/inWindow(_:_:)`` where it does not fit the array,
  ///   ``RegionError/shapesDiffer(window:shape:first:)`` where the shape is not that of the first.
  mutating func append(_ region: Region) throws(RegionError) {
    let window = places.count
    if let common, let offset = region.offset(ofBoxOfSize: common.size, in: layout) {
      sourceEnd = max(sourceEnd, offset &+ common.extent)
      append(piece: common.piece, sourceOffset: offset)
      return
    }
    let plan: CropPlan
    do {
      plan = try self.plan(region)
    } catch {
      throw .inWindow(window, error)
    }
    if let model {
      guard plan.windowShape == model.windowShape else {
        throw .shapesDiffer(window: window, shape: plan.windowShape, first: model.windowShape)
      }
    } else {
      model = plan
      findCommonBox(region)
    }
    // Of windows without elements nothing is valid, and nothing has to be kept.
    if plan.elementCount > 0 { padded.insert(plan.validity, window: window) }
    sourceEnd = max(sourceEnd, plan.sourceEnd)
    var piece = plan.piece
    let offset = plan.place.sourceOffset &+ piece.moveToFirstElement()
    append(piece: self.index(of: piece), sourceOffset: offset)
  }

  private mutating func append(piece: Int, sourceOffset: Int) {
    // Whether the windows' bytes can be counted is checked once all are there.
    let outputOffset = places.count &* (model?.windowByteCount ?? 0)
    places.append(Place(piece: piece, sourceOffset: sourceOffset, outputOffset: outputOffset))
  }

  private func plan(_ region: Region) throws(RegionError) -> CropPlan {
    var builder = PlanBuilder(layout: layout, order: order, fill: fill, conversion: conversion)
    builder.takesLists = false
    try builder.add(region, padding: padding)
    return builder.closed()
  }

  /// Plans a box as large as the first window at the array's origin, if the first window is a box that
  /// fits in the array.
  private mutating func findCommonBox(_ first: Region) {
    guard let model, let size = first.size, model.byteCount > 0 else { return }
    let box = Region(origin: size.map { _ in 0 }, size: size)
    let plan = try? CropPlan(box, of: layout, order: order, conversion: conversion)
    // NumPy text is clamped: what it names may be more than what it takes.
    guard let plan, plan.windowShape == model.windowShape else { return }
    common = CommonBox(
      piece: index(of: plan.piece), size: size,
      extent: plan.sourceEnd &- plan.place.sourceOffset)
  }

  /// The place of a piece among those that there are.
  private mutating func index(of piece: Piece) -> Int {
    let key = piece.fingerprint
    if let index = known[key], pieces[index] == piece { return index }
    known[key] = pieces.count
    pieces.append(piece)
    // Of a padded window the ranges of indices are kept, too: no more than there are segments.
    byteCountOfPieces &+=
      MemoryLayout<Piece>.stride &+ 2 &* piece.segments.count
      &* MemoryLayout<AxisSegment>.stride
    return pieces.count - 1
  }

  /// Closes the plan.
  ///
  /// - Parameter none: A window of the shape that is meant where there are no windows; nil where no shape
  ///   is known, which is that of a single element then.
  /// - Returns: The plan of all windows.
  /// - Throws: ``RegionError`` where the result is too big to be counted (`Bounds`, 6).
  mutating func finish(shapeOfNone none: Region?) throws(RegionError) -> CropPlan {
    guard let model else {
      var builder = PlanBuilder(layout: layout, order: order, fill: fill, conversion: conversion)
      if let none { try builder.add(none, padding: .constant) }
      let model = builder.closed()
      let parts = PlanParts(pieces: [], windows: [], padded: padded)
      return CropPlan(
        parts, like: model, windowCount: 0, elementCount: 0, sourceEnd: layout.offset,
        outputByteCount: 0)
    }
    let (elements, countOverflow) = model.elementCount.multipliedReportingOverflow(by: count)
    let (bytes, overflow) = model.byteCount.multipliedReportingOverflow(by: count)
    guard !countOverflow, !overflow else {
      throw .resultTooBig(shape: [count] + model.windowShape, itemSize: model.outputItemSize)
    }
    // Taken out, so that they are sorted where they are.
    let (taken, count) = (places, count)
    places = []
    return CropPlan(
      PlanParts(pieces: pieces, windows: taken, padded: padded), like: model,
      windowCount: count, elementCount: elements, sourceEnd: sourceEnd, outputByteCount: bytes)
  }
}

extension Region {
  /// Where in the file the first element of a box lies, if it has the size and is inside the array.
  fileprivate func offset(ofBoxOfSize size: [Int], in layout: ArrayLayout) -> Int? {
    guard selections.count == size.count, size.count <= layout.shape.count, fault == nil else {
      return nil
    }
    var offset = layout.offset
    for axis in 0..<size.count {
      guard case .slice(let from?, let to?, 1) = selections[axis].form,
        from >= 0, to >= from, to - from == size[axis], to <= layout.shape[axis]
      else { return nil }
      // An index of the array times its stride (`Bounds`, 3).
      offset &+= from &* layout.strides[axis]
    }
    return offset
  }
}

extension Piece {
  /// Has the axes begin at the first element of the array that each of them takes, so that windows which
  /// differ in that alone have equal pieces.
  ///
  /// - Returns: The bytes of the source by which the piece was moved: the place that it is seen from lies
  ///   so much farther on.
  fileprivate mutating func moveToFirstElement() -> Int {
    var moved = 0
    for axis in 0..<axes.count {
      let range = segmentRange(ofAxis: axis)
      guard let first = range.first(where: { segments[$0].fillAxis == nil }) else { continue }
      let start = segments[first].sourceStart
      guard start != 0 else { continue }
      moved &+= start &* axes[axis].sourceStride
      for index in range where segments[index].fillAxis == nil {
        segments[index] = segments[index].moved(by: -start)
      }
    }
    return moved
  }

  /// A number that differs for most pieces that differ: cheaper than a hash value, which each window
  /// would have to pay for.
  fileprivate var fingerprint: UInt {
    let (axes, segments) = (axes, segments)
    var print = UInt(bitPattern: axes.count)
    func mix(_ number: Int) {
      print = (print ^ UInt(bitPattern: number)) &* 0x9E37_79B9_7F4A_7C15
      print ^= print >> 29
    }
    mix(isFixedOutside ? 1 : 0)
    mix(fixedFillAxis ?? -1)
    for axis in 0..<axes.count {
      mix(axes[axis].count)
      mix(axes[axis].sourceStride)
    }
    for index in 0..<segments.count {
      let segment = segments[index]
      mix(segment.outputStart)
      mix(segment.count)
      mix(segment.sourceStart)
      mix(segment.sourceStep)
      mix(segment.repeats)
      mix(segment.period)
      switch segment.origin {
      case .array: mix(-1)
      case .image: mix(-2)
      case .fill(let axis): mix(axis)
      }
    }
    return print
  }
}
