import Foundation
import Testing

@testable import NPYCrop

/// Every public way in, called with numbers of any size: the answer is a result or an error, and no
/// result is wrong.
///
/// A trap ends the whole run. `PropertyCalls` says how to have more calls, and others.
@Suite struct ExtremeNumberTests {
  /// More than any machine has memory for, and less than ends a test in time: only what is far from
  /// either is copied.
  private static let small = 0...1 << 12
  private static let impossible = 1 << 47

  private func isAnswered(_ byteCount: Int) -> Bool {
    Self.small.contains(byteCount) || byteCount >= Self.impossible
  }

  /// The number of boxes that a plan falls into, at most.
  private func boxCount(_ plan: CropPlan) -> Int {
    plan.shape.indices.reduce(1) { count, axis in
      count.multipliedReportingOverflow(by: plan.segments(ofAxis: axis).count).partialValue
    }
  }

  // MARK: - Regions

  @Test func `regions of any numbers are crops of the right elements, or errors`() throws {
    let folder = try TemporaryFolder()
    let subjects = try Subject.all(in: folder)
    var calls = PropertyCalls(percent: 50)
    while calls.areLeft {
      let subject = calls.random.one(of: subjects)
      let shape = subject.array.shape
      let value = [UInt8](repeating: calls.random.below(2) == 0 ? 0 : 0xA5, count: subject.itemSize)
      let modes = calls.random.modes(shape.count, value: FillValue(bytes: value))
      let isUniform = Set(modes).count == 1 && calls.random.below(2) == 0
      let padding = isUniform ? Padding(modes[0]) : Padding(axes: modes)
      let region = calls.random.region(shape: shape)
      let order: MemoryOrder = calls.random.below(2) == 0 ? .c : .fortran
      let reference = ReferenceRegion(region, shape: shape, modes: modes)
      let plan: CropPlan
      do throws(NPYError) {
        plan = try calls.call { () throws(NPYError) in
          try subject.array.plan(region, padding: padding, order: order)
        }
      } catch {
        let isJustified = isJustified(error, reference, itemSize: subject.itemSize)
        #expect(isJustified, "\(region) of \(shape), \(modes): \(error)")
        // Without a plan, the error is the same.
        let direct = #expect(throws: NPYError.self) {
          var output: [UInt8] = []
          try subject.array.cropRegion(region, padding: padding, order: order, into: &output)
        }
        #expect(direct?.description == error.description)
        continue
      }
      let wanted = try #require(reference, "\(region) of \(shape)")
      #expect(!wanted.isOutside, "\(region) of \(shape)")
      let lengths = plan.shape.map { Int128($0) }
      #expect(lengths == wanted.resultShape, "\(region) of \(shape), \(modes)")
      try check(plan, of: subject, &calls)
      guard isAnswered(plan.byteCount), isAnswered(plan.elementCount) else { continue }
      let crop = calls.attempt { try subject.array.cropRegion(plan) }
      #expect((crop != nil) == Self.small.contains(plan.byteCount), "\(region) of \(shape)")
      guard let crop, Self.small.contains(plan.elementCount) else { continue }
      check(crop, plan, &calls)
      // A result without elements may have lengths that cannot be gone through.
      if let data = subject.data, plan.elementCount > 0 {
        let (_, bytes) = wanted.crop(
          of: data, itemSize: subject.itemSize, isFortran: subject.array.header.order == .fortran,
          value: value, fortranResult: order == .fortran)
        #expect(crop.bytes == bytes, "\(region) of \(shape), \(modes), \(order)")
      }
      try convert(region, of: subject, plan, padding, order, &calls)
    }
  }

  /// Whether an error of a plan says what is the case.
  private func isJustified(
    _ error: NPYError, _ reference: ReferenceRegion?, itemSize: Int
  ) -> Bool {
    guard case .region(let fault) = error.fault else { return false }
    // What does not depend on any number, and what is right by itself.
    guard let reference else { return !fault.description.isEmpty }
    switch fault {
    case .indexOutOfRange(let axis, _, let size):
      return reference.modes[axis] == .none
        && reference.hasPlace(ofAxis: axis) { !(0..<Int128(size)).contains($0) }
    case .sliceOutOfRange(let axis, let from, let to, let step, let size):
      // A step that leads over the end does not excuse it.
      let isOutside = [from, to].contains { $0.map { $0 < 0 || $0 > size } ?? false }
      return reference.modes[axis] == .none && (isOutside || step < 0 && from == size)
    case .placeTooFar(let axis, _):
      return reference.shape[axis] > 1 << 60
        || reference.hasPlace(ofAxis: axis) { $0.magnitude > 1 << 61 }
    case .emptyAxisPadding(let axis): return reference.shape[axis] == 0
    case .resultTooBig:
      let size = Double(max(itemSize, 1))
      return reference.resultShape.reduce(size) { $0 * Double(max($1, 1)) } > 9.2e18
    case .tooManyResultAxes: return reference.resultShape.count > 64
    case .tooScattered: return true
    default: return false
    }
  }

  /// Asks a plan for all that it tells, with any numbers.
  private func check(_ plan: CropPlan, of subject: Subject, _ calls: inout PropertyCalls) throws {
    let boxes = boxCount(plan)
    let number = calls.random.number(near: plan.shape.first ?? 0)
    let segments = calls.call { plan.segments(ofAxis: number) }
    #expect(plan.shape.indices.contains(number) || segments.isEmpty)
    let valid = calls.call { plan.validRegion }
    if let valid, isAnswered(plan.byteCount) {
      #expect((try? valid.clipped(to: plan.shape)) != nil)
    }
    guard (0...256).contains(boxes) else { return }
    let runs = calls.call { plan.runCount }
    #expect(runs >= 0)
    if runs <= 1 << 10 {
      let size = max(calls.random.number(), 0)
      #expect(calls.call { plan.pageCount(pageSize: size) } >= 0)
    }
    let limit = calls.random.number(near: plan.byteCount)
    let slabs = calls.call { Array(plan.slabs(ofAtMost: limit).prefix(3)) }
    #expect(slabs.allSatisfy { $0.byteCount <= max(limit, subject.itemSize) })
    #expect(slabs.reduce(0) { $0 + $1.byteCount } <= plan.byteCount)
    let count = calls.random.number(near: (plan.shape.first ?? 0) / 2)
    let edges = calls.call { plan.edgeItems(count) }
    for (part, whole) in zip(edges.shape, plan.shape) {
      #expect(Int128(part) == min(2 * Int128(max(count, 0)), Int128(whole)))
    }
    _ = calls.call { edges.validRegion }
    for part in slabs + [edges]
    where Self.small.contains(part.byteCount) && Self.small.contains(part.elementCount) {
      #expect(try calls.call { try subject.array.cropRegion(part) }.bytes.count == part.byteCount)
    }
    // The first pieces are the beginning of the whole.
    if Self.small.contains(plan.byteCount), !slabs.isEmpty {
      let pieces = try slabs.flatMap { try subject.array.cropRegion($0).bytes }
      #expect(try subject.array.cropRegion(plan).bytes.starts(with: pieces))
    }
  }

  /// Asks a crop for all that it tells.
  private func check(_ crop: RawCrop, _ plan: CropPlan, _ calls: inout PropertyCalls) {
    let mask = calls.attempt { try crop.validMask() }
    #expect(mask?.count == plan.elementCount)
    #expect(calls.call { crop.validRegion } == plan.validRegion)
    if crop.validRegion == nil { #expect(mask?.contains(true) == false) }
    if calls.random.isRare() {
      _ = calls.attempt { try crop.strings(invalid: .replacement) }
      _ = calls.attempt { try crop.times().map { try $0.duration() } }
    }
  }

  /// Crops a region in other ways, and converts it.
  private func convert(
    _ region: Region, of subject: Subject, _ plan: CropPlan, _ padding: Padding,
    _ order: MemoryOrder, _ calls: inout PropertyCalls
  ) throws {
    let array = subject.array
    let scale = calls.random.one(of: [1, 0, -1, 1e300, .infinity, .nan, .leastNonzeroMagnitude])
    let target = calls.random.one(of: [
      ElementType.bool, .int8, .uint16, .int64, .uint64, .float16, .float32, .complex128,
    ])
    let view = calls.attempt {
      try array.converted(to: target, casting: .unsafe, scale: scale, shift: scale)
    }
    let converted = calls.attempt { try view?.plan(region, padding: padding, order: order) }
    if let converted, let plan = converted, isAnswered(plan.byteCount) {
      let crop = calls.attempt { try view?.cropRegion(plan) }
      #expect(crop == nil || crop??.bytes.count == plan.byteCount)
    }
    let typed = calls.attempt { try array.elements(as: UInt8.self).cropRegion(plan) }
    #expect(typed == nil || typed?.elements.count == plan.elementCount)
    var room = [UInt8](repeating: 0, count: calls.random.below(3) * plan.elementCount)
    let isFilled: Void? = calls.attempt {
      try array.elements(as: UInt8.self).cropRegion(plan, into: &room)
    }
    #expect(isFilled == nil || room.count == plan.byteCount)
    #expect(calls.call { region.description } != "")
  }

  // MARK: - Batches

  @Test func `windows at any places are crops one after the other, or an error`() async throws {
    let folder = try TemporaryFolder()
    let subjects = try Subject.all(in: folder)
    var calls = PropertyCalls(percent: 14)
    while calls.areLeft {
      let subject = calls.random.one(of: subjects)
      let (array, rank) = (subject.array, subject.array.shape.count)
      let length = array.shape.first ?? 0
      let size = (0..<rank).map { _ in
        calls.random.isRare() ? calls.random.number(near: length) : calls.random.below(4)
      }
      let isNear = calls.random.below(3) > 0
      let origins = (0..<calls.random.below(5)).map { _ in
        calls.random.isRare()
          ? calls.random.numbers(calls.random.rank())
          : isNear
            ? (0..<rank).map { _ in calls.random.below(12) - 4 }
            : calls.random.numbers(rank, near: length)
      }
      let modes = calls.random.modes(
        rank, value: FillValue(bytes: [UInt8](repeating: 3, count: subject.itemSize)))
      let padding = Padding(axes: modes)
      let windows = calls.call { Region.windows(at: origins, size: size) }
      let crops = windows.map { window in
        calls.attempt { try array.plan(window, padding: padding) }.flatMap { plan in
          isAnswered(plan.byteCount) && isAnswered(plan.elementCount)
            ? calls.attempt { try array.cropRegion(plan) } : nil
        }
      }
      guard windows.allSatisfy({ isQuick($0, of: array, padding) }) else { continue }
      let batch = calls.attempt {
        try array.padded(padding).cropRegions(origins: origins, size: size)
      }
      #expect((batch == nil) == crops.contains { $0 == nil } || windows.isEmpty)
      let parallelism = calls.random.number()
      let concurrent = try? await array.padded(padding).cropRegions(
        windows, parallelism: .tasks(parallelism))
      #expect(concurrent?.bytes == batch?.bytes)
      guard let batch else { continue }
      let whole = crops.compactMap { $0?.bytes }.flatMap(\.self)
      #expect(batch.bytes == whole, "\(origins) of \(size), \(modes)")
      let window = calls.random.number(near: batch.count)
      let valid = calls.call { batch.validRegion(ofWindow: window) }
      let mask = calls.attempt { try batch.validMask(ofWindow: window) }
      if batch.windowShape.reduce(1, &*) < 1 << 12 { #expect(mask != nil) }
      if !(0..<batch.count).contains(window) { #expect(valid == nil && mask == []) }
    }
  }

  /// Whether a crop is refused, or made at once.
  private func isQuick(_ region: Region, of array: NPYArray, _ padding: Padding) -> Bool {
    guard let plan = try? array.plan(region, padding: padding) else { return true }
    return isAnswered(plan.byteCount) && isAnswered(plan.elementCount)
  }

  @Test func `grids of any numbers cover their arrays, or are errors`() throws {
    let folder = try TemporaryFolder()
    let subjects = try Subject.all(in: folder)
    var calls = PropertyCalls(percent: 8)
    while calls.areLeft {
      let subject = calls.random.one(of: subjects)
      let shape = calls.random.below(2) == 0 ? subject.array.shape : calls.random.numbers(3)
      let isLarge = calls.random.below(2) == 0
      let size = shape.map { length in
        isLarge ? calls.random.number(near: length) : 1 + calls.random.below(4)
      }
      let step: [Int]? =
        calls.random.below(2) == 0
        ? nil : size.map { calls.random.isRare() ? calls.random.number() : max($0 / 2, 1) }
      let edge = calls.random.one(of: [RegionGrid.Edge.shifted, .padded, .partial, .dropped])
      let grid = calls.attempt {
        try Region.grid(over: shape, size: size, step: step, edge: edge)
      }
      guard let grid else { continue }
      #expect(grid.count >= 0)
      let position = calls.random.number(near: grid.count)
      _ = calls.call { grid[position] }
      if let last = calls.call({ grid.last }) {
        let (origin, size) = (try #require(last.origin), try #require(last.size))
        for axis in shape.indices {
          let (start, count) = (Int128(origin[axis]), Int128(size[axis]))
          let reach = start + count
          #expect(start >= 0 && start < max(shape[axis], 1) && count >= 1)
          if edge == .shifted || edge == .partial { #expect(reach == shape[axis]) }
          if edge == .padded { #expect(reach >= shape[axis] && count == grid.size[axis]) }
          if edge == .dropped { #expect(reach <= shape[axis] && count == grid.size[axis]) }
        }
      }
      guard shape == subject.array.shape, grid.count <= 64 || grid.count >= 1 << 44,
        grid.prefix(64).allSatisfy({ isQuick($0, of: subject.array, .edge) })
      else { continue }
      let batch = calls.attempt { try subject.array.padded(.edge).cropRegions(grid) }
      #expect(batch == nil || batch?.count == grid.count)
    }
  }

  // MARK: - Boxes

  @Test func `boxes of any numbers become those that they should, or errors`() throws {
    var calls = PropertyCalls(percent: 12)
    while calls.areLeft {
      let rank = calls.random.rank()
      let box = Region(origin: calls.random.numbers(rank), size: calls.random.numbers(rank))
      let other = Region(
        calls.random.numbers(rank).map { start in
          AxisSelection(.slice(from: start, to: calls.random.number(near: start), by: 1))
        })
      let numbers = calls.random.numbers(calls.random.isRare() ? calls.random.rank() : rank)
      let ranges = wide(box)
      func expect(
        _ made: Region?, _ change: (Int, (start: Int128, end: Int128)) -> (Int128, Int128)
      ) {
        guard let ranges, numbers.count == ranges.count else {
          #expect(made == nil)
          return
        }
        let wanted = ranges.enumerated().map { change($0, $1) }
        let isCounted = wanted.allSatisfy { start, end in
          Int(exactly: start) != nil && Int(exactly: end) != nil && end >= start
            && Int(exactly: end - start) != nil
        }
        #expect((made != nil) == isCounted, "\(box), \(numbers)")
        guard let made else { return }
        #expect(made.origin?.map { Int128($0) } == wanted.map(\.0), "\(box), \(numbers)")
        #expect(made.size?.map { Int128($0) } == wanted.map { $1 - $0 }, "\(box), \(numbers)")
      }
      expect(calls.attempt { try box.translated(by: numbers) }) { axis, range in
        (range.start + Int128(numbers[axis]), range.end + Int128(numbers[axis]))
      }
      expect(calls.attempt { try box.expanded(by: numbers) }) { axis, range in
        (range.start - Int128(numbers[axis]), range.end + Int128(numbers[axis]))
      }
      expect(calls.attempt { try box.inset(by: numbers) }) { axis, range in
        (range.start + Int128(numbers[axis]), range.end - Int128(numbers[axis]))
      }
      let alignments = numbers.map { $0 == .min ? 1 : max(abs($0), 1) }
      expect(calls.attempt { try box.aligned(to: alignments) }) { axis, range in
        let step = Int128(alignments[axis])
        let before = ((range.start % step) + step) % step
        let after = ((range.end % step) + step) % step
        return (range.start - before, range.end + (after == 0 ? 0 : step - after))
      }
      _ = calls.attempt { try box.aligned(to: numbers) }
      _ = calls.attempt { try box.expanded(by: numbers.first ?? .min) }
      _ = calls.attempt { try box.inset(by: numbers.first ?? .min) }
      try check(box, other, numbers, &calls)
    }
  }

  private func check(
    _ box: Region, _ other: Region, _ numbers: [Int], _ calls: inout PropertyCalls
  ) throws {
    let shared = calls.attempt { try box.intersection(other) }
    let joined = calls.attempt { try box.union(other) }
    if let mine = wide(box), let others = wide(other), mine.count == others.count {
      let starts = zip(mine, others).map { max($0.start, $1.start) }
      let ends = zip(mine, others).map { min($0.end, $1.end) }
      #expect(shared?.origin?.map { Int128($0) } == starts)
      #expect(shared?.size?.map { Int128($0) } == zip(starts, ends).map { max($1 - $0, 0) })
      if let joined {
        let isInside = try joined.contains(box)
        #expect(isInside)
      }
    } else {
      #expect(shared == nil && joined == nil)
    }
    _ = calls.attempt { try box.contains(numbers) }
    _ = calls.attempt { try box.contains(other) }
    #expect(calls.call { box.isEmpty } == (box.size?.contains(0) ?? false))
    let shape = numbers.map { calls.random.below(4) == 0 ? $0 : calls.random.below(9) }
    let region = calls.random.region(shape: shape)
    guard let clipped = calls.attempt({ try region.clipped(to: shape) }) else { return }
    // What was clipped is inside of an array of the shape, if there can be one.
    guard
      let header = try? NPYHeader(
        version: nil, headerOffset: 0, dataOffset: 0, elementType: ElementType(.void, itemSize: 0),
        shape: shape, order: .c)
    else { return }
    do {
      _ = try calls.call { try CropPlan(clipped, of: ArrayLayout(header), order: .c) }
    } catch RegionError.resultTooBig, RegionError.tooManyResultAxes {
      // A list may name an element often, and a region have many new axes.
    } catch {
      Issue.record("\(region) clipped to \(shape) is \(clipped): \(error)")
    }
  }

  /// The ends of a box, as numbers that can be added; nil for a region that is none.
  private func wide(_ region: Region) -> [(start: Int128, end: Int128)]? {
    guard let origin = region.origin, let size = region.size else { return nil }
    return zip(origin, size).map { (Int128($0), Int128($0) + Int128($1)) }
  }

  // MARK: - Texts

  @Test func `texts of any numbers are regions that say the same, or errors`() throws {
    let folder = try TemporaryFolder()
    let subjects = try Subject.all(in: folder)
    var calls = PropertyCalls(percent: 8)
    while calls.areLeft {
      let subject = calls.random.one(of: subjects)
      let text = (0..<calls.random.rank()).map { _ in token(&calls.random) }.joined(separator: ",")
      guard let region = calls.attempt({ try Region(numpy: text) }) else { continue }
      // What is too large for a number is written as the largest that there is.
      let again = calls.attempt { try Region(numpy: region.description) }
      #expect(again?.description == region.description, "\(text)")
      let plan = calls.attempt { try subject.array.plan(region, padding: .wrap) }
      if let plan { try check(plan, of: subject, &calls) }
      if let plan = calls.attempt({ try subject.array.plan(region) }) {
        try check(plan, of: subject, &calls)
      }
      _ = calls.attempt { try region.clipped(to: subject.array.shape) }
    }
  }

  private func token(_ random: inout SeededRandom) -> String {
    func number() -> String {
      random.isRare()
        ? random.one(of: ["-", "", "+"]) + String(repeating: "9", count: 17 + random.below(20))
        : "\(random.number())"
    }
    switch random.below(6) {
    case 0: return number()
    case 1: return "[\((0..<random.below(4)).map { _ in number() }.joined(separator: ","))]"
    case 2: return random.one(of: ["...", "None", "newaxis", ":", "(", "[[]"])
    case 3: return "\(number()):\(number())"
    default: return "\(number()):\(number()):\(number())"
    }
  }

  // MARK: - Headers, types and values

  @Test func `headers, types, times and values of any numbers are what they say, or errors`() throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", patternBytes(256))
    let file = try folder.file("b.npy", npyBytes(header: headerText(shape: "(3,)"), data: [1]))
    var calls = PropertyCalls(percent: 8)
    while calls.areLeft {
      let shape = calls.random.numbers(calls.random.rank())
      let (first, second) = (calls.random.number(), calls.random.number())
      let unit = calls.random.one(of: ["Y", "M", "W", "D", "h", "m", "s", "ms", "ns", "as"])
      for name in ["S\(first)", "U\(first)", "V\(first)", "M8[\(first)\(unit)]", "m8[\(unit)]"] {
        guard let type = calls.attempt({ try ElementType(name) }) else { continue }
        #expect(type.itemSize >= 0 && !type.name.isEmpty && !type.descr.isEmpty)
        let order: MemoryOrder = calls.random.below(2) == 0 ? .c : .fortran
        let header = calls.attempt {
          try NPYHeader(elementType: type, shape: shape, order: order)
        }
        if let header { #expect(header.elementCount >= 0 && header.dataEnd >= header.dataOffset) }
        let array = calls.attempt {
          try NPYArray(path: path, elementType: type, shape: shape, order: order, offset: second)
        }
        if let array { #expect(array.trailingByteCount >= 0 && array.strides.count == shape.count) }
        let value = calls.random.one(of: [
          FillValue(first), FillValue(UInt64.max), FillValue(text: "\(first)"),
          FillValue(Double(bitPattern: calls.random.next())), .nan, .infinity,
          FillValue(real: .infinity, imaginary: .nan),
        ])
        _ = calls.attempt { try Padding(.constant(value)).fill(of: type) }
        for other in [ElementType.uint8, .int64, .float16, .complex64, .bool] {
          _ = calls.attempt { try Padding(.constant(value)).fill(of: other) }
          _ = calls.call { Casting.sameKind.allows(other, to: type) }
        }
        guard case .datetime64(let unit) = type.kind else { continue }
        for isDate in [true, false] {
          let time = TimeValue(ticks: Int64(first), unit: unit, isDate: isDate)
          #expect(!calls.call { time.description }.isEmpty)
          _ = calls.attempt { try time.duration() }
        }
      }
      // Of the file's own numbers, too.
      _ = calls.attempt {
        try NPYArray(path: file, offset: first, maxHeaderSize: second)
      }
      let header = headerText(
        descr: "[('a', '<V\(first)', (\(second), \(calls.random.number()))), ('b', '|u1')]",
        shape: tupleText(shape))
      let named = try folder.file("c.npy", npyBytes(header: header, version: 2))
      if let array = calls.attempt({ try NPYArray(path: named) }) {
        _ = calls.attempt { try array.field("a").plan(.all) }
        _ = calls.attempt { try array.viewed(as: .uint8) }
      }
      for error in [
        RegionError.indexOutOfRange(axis: first, index: second, size: first),
        .sliceOutOfRange(axis: first, from: second, to: first, step: second, size: first),
        .syntax(text: "", offset: first, expected: ""), .gridTooBig(counts: shape),
        .resultTooBig(shape: shape, itemSize: second),
      ] {
        #expect(!calls.call { error.description }.isEmpty)
      }
    }
  }
}
