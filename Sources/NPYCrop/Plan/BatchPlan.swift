/// How windows of one shape are copied into one block: the order of the work, and one plan for all
/// windows that are boxes inside the array, of which only the origin moves.
@usableFromInline
struct BatchPlan: Sendable {
  /// A window, and where in the file it begins.
  struct Item: BitwiseCopyable, Sendable {
    let window: Int
    /// The byte of the file that its first element comes from, or another one near it.
    let sourceOffset: Int
    let way: Way
  }

  /// How a window is copied.
  enum Way: BitwiseCopyable, Sendable {
    /// By the shared plan, moved to the window's byte.
    case moved
    /// By a plan of its own among those that are kept.
    case kept(Int)
    /// By a plan that is made again when its turn comes: not many can be kept.
    case again
  }

  /// The plan of a window at the array's origin; nil where no window is a box inside the array.
  private(set) var shared: CropPlan?
  private(set) var kept: [CropPlan] = []
  /// In the order of the file.
  private(set) var items: [Item] = []
  private(set) var windowShape: [Int] = []
  private(set) var windowByteCount = 0
  @usableFromInline private(set) var elementCount = 0
  /// The byte of the file before which all lies that is read.
  private(set) var reach: Int
  private(set) var padded = PaddedWindows()
  let padding: Padding
  let fill: Fill
  /// What the elements become; nil for what they are.
  let conversion: Conversion?
  let layout: ArrayLayout
  let order: MemoryOrder

  var count: Int { items.count }
  /// It can be counted (`Bounds`, 6).
  @usableFromInline var byteCount: Int { windowByteCount &* count }

  /// As many plans as are kept: a megabyte or so.
  private static var mostKept: Int { 1024 }
}

extension BatchPlan {
  /// Plans the copy of windows, all of which are checked: against the array, and to be of one shape.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - layout: The array.
  ///   - order: The order of the elements in a window.
  ///   - padding: What stands outside the array.
  ///   - fill: The values among that.
  ///   - conversion: What the elements become.
  ///   - isCancellable: Whether planning ends when the task is cancelled.
  /// - Throws: A ``RegionError`` where one does not fit the array, or has another shape; a
  ///   ``CropError`` where there are too many, or the task was cancelled.
  init(
    _ regions: some RandomAccessCollection<Region>, of layout: ArrayLayout, order: MemoryOrder,
    padding: Padding, fill: Fill, conversion: Conversion?, isCancellable: Bool
  ) throws(NPYError.Fault) {
    self.layout = layout
    self.order = order
    self.padding = padding
    self.fill = fill
    self.conversion = conversion
    reach = layout.offset
    // What is kept of a window: its item, and where it may be padded an entry of a dictionary, which
    // has room for more than it holds.
    let (itemBytes, overflow) = regions.count.multipliedReportingOverflow(
      by: MemoryLayout<Item>.stride
        + (padding.isNone ? 0 : 4 * MemoryLayout<(Int, Validity)>.stride))
    guard !overflow, canAllocate(byteCount: itemBytes) else {
      throw .crop(.outOfMemory(byteCount: overflow ? .max : itemBytes))
    }
    items.reserveCapacity(regions.count)
    // Of a box of the shared plan's shape: its size as far as it is named, and the bytes that it
    // reaches from its first.
    var size: [Int] = []
    var extent = 0
    for (window, region) in regions.enumerated() {
      if isCancellable, window % 1024 == 0, Task.isCancelled { throw .crop(.cancelled) }
      if extent > 0, let offset = region.offset(ofBoxOfSize: size, in: layout) {
        reach = max(reach, offset &+ extent)
        items.append(Item(window: window, sourceOffset: offset, way: .moved))
        continue
      }
      let plan: CropPlan
      do {
        plan = try self.plan(region)
      } catch {
        throw .region(.inWindow(window, error))
      }
      if window == 0 {
        try begin(with: plan, count: regions.count)
        if let shared = Self.shared(like: plan, region) {
          self.shared = shared
          size = region.size ?? []
          extent = shared.sourceEnd &- shared.sourceOffset
        }
      }
      guard plan.shape == windowShape else {
        throw .region(.shapesDiffer(window: window, shape: plan.shape, first: windowShape))
      }
      // Of windows without elements nothing is valid, and nothing has to be kept.
      if plan.elementCount > 0 { padded.insert(plan.validity, window: window) }
      reach = max(reach, plan.sourceEnd)
      let way = kept.count < Self.mostKept ? Way.kept(kept.count) : .again
      if case .kept = way { kept.append(plan) }
      items.append(Item(window: window, sourceOffset: plan.firstOffset, way: way))
    }
    guard items.count == regions.count else {
      throw .region(.regionsChanged(window: items.count))
    }
    if items.isEmpty, let windows = regions as? RegionWindows {
      windowShape = try NPYError.Fault.of { () throws(RegionError) in
        try windows.shape(in: layout)
      }
    }
    // Through the file once; the results stay where they were asked for.
    items.sort { $0.sourceOffset < $1.sourceOffset }
  }

  /// Takes the shape of the first window for that of all.
  private mutating func begin(with first: CropPlan, count: Int) throws(NPYError.Fault) {
    windowShape = first.shape
    windowByteCount = first.byteCount
    let (bytes, overflow) = first.byteCount.multipliedReportingOverflow(by: count)
    let (elements, countOverflow) = first.elementCount.multipliedReportingOverflow(by: count)
    guard !overflow, !countOverflow, bytes >= 0 else {
      throw .region(
        .resultTooBig(shape: [count] + windowShape, itemSize: first.outputItemSize))
    }
    elementCount = elements
  }

  private func plan(_ region: Region) throws(RegionError) -> CropPlan {
    try CropPlan(
      region, of: layout, order: order, padding: padding, fill: fill, conversion: conversion)
  }

  /// The plan at the origin of a box that is as large as a window; nil where the first window is no
  /// box, or one that does not fit in the array.
  private static func shared(
    like first: CropPlan, _ region: Region
  ) -> CropPlan? {
    guard let size = region.size, first.byteCount > 0 else { return nil }
    let box = Region(origin: size.map { _ in 0 }, size: size)
    let shared = try? CropPlan(
      box, of: first.layout, order: first.order, conversion: first.conversion)
    // NumPy text is clamped: what it names may be more than what it takes.
    guard let shared, shared.shape == first.shape else { return nil }
    return shared
  }

  /// The plan of an item that is planned again; nil if the collection no longer has the window that
  /// was checked.
  func plan(_ item: Item, _ region: Region) -> CropPlan? {
    let plan = try? plan(region)
    guard let plan, plan.shape == windowShape, plan.firstOffset == item.sourceOffset,
      plan.sourceEnd <= reach, plan.validity == padded.validity(ofWindow: item.window)
    else { return nil }
    return plan
  }
}

extension RegionWindows {
  /// The shape of a window, which is known even where there is none.
  fileprivate func shape(in layout: ArrayLayout) throws(RegionError) -> [Int] {
    let window = Region(origin: size.map { _ in 0 }, size: size)
    return try CropPlan(window, of: layout, order: .c, padding: .constant).shape
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

extension CropPlan {
  /// The byte of the file that the first element of the result comes from, or one near it where that
  /// is a value.
  fileprivate var firstOffset: Int {
    var offset = sourceOffset
    for axis in 0..<axes.count where !segmentRange(ofAxis: axis).isEmpty {
      offset &+= segments[axes[axis].firstSegment].sourceStart &* axes[axis].sourceStride
    }
    return offset
  }
}

/// Which windows of a batch are not the array's own in all of their elements.
struct PaddedWindows: Hashable, Sendable {
  private var validities: [Int: Validity] = [:]

  mutating func insert(_ validity: Validity, window: Int) {
    if validity != .whole { validities[window] = validity }
  }

  func validity(ofWindow window: Int) -> Validity { validities[window] ?? .whole }
}
