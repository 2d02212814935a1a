/// How windows of one shape are copied into one block: the order of the work, and one plan for all
/// windows that are boxes inside the array, of which only the origin moves.
///
/// Other windows are checked here and planned again when their turn comes, so that a batch holds
/// some words a window.
@usableFromInline
struct BatchPlan: Sendable {
  /// A window, and where in the file it begins.
  struct Item: BitwiseCopyable, Sendable {
    let window: Int
    /// The byte of the file that its first element comes from, or another one near it.
    let sourceOffset: Int
    /// Whether it is the shared plan moved to that byte.
    let isMoved: Bool
  }

  /// The plan of a window at the array's origin; nil where no window fits in the array.
  let shared: CropPlan?
  /// In the order of the file.
  let items: [Item]
  let windowShape: [Int]
  let windowByteCount: Int
  @usableFromInline let elementCount: Int
  /// The byte of the file before which all lies that is read.
  let reach: Int
  let padding: Padding
  let fill: Fill
  let layout: ArrayLayout
  let order: MemoryOrder
  let padded: PaddedWindows

  var count: Int { items.count }
  @usableFromInline var byteCount: Int { windowByteCount &* count }
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
  /// - Throws: ``RegionError`` where one does not fit the array, or has another shape.
  init(
    _ regions: some RandomAccessCollection<Region>, of layout: ArrayLayout, order: MemoryOrder,
    padding: Padding, fill: Fill
  ) throws(RegionError) {
    self.layout = layout
    self.order = order
    self.padding = padding
    self.fill = fill
    var shared: CropPlan?
    var windowShape: [Int] = []
    var size: [Int]?
    var windowByteCount = 0
    var windowElementCount = 0
    var reach = layout.offset
    var items: [Item] = []
    items.reserveCapacity(regions.count)
    var padded = PaddedWindows()
    for (window, region) in regions.enumerated() {
      if let shared, let size,
        let offset = region.offset(ofBoxOfSize: size, in: layout)
      {
        reach = max(reach, shared.sourceEnd &- shared.sourceOffset &+ offset)
        items.append(Item(window: window, sourceOffset: offset, isMoved: true))
        continue
      }
      let plan: CropPlan
      do {
        plan = try CropPlan(region, of: layout, order: order, padding: padding, fill: fill)
      } catch {
        throw .inWindow(window, error)
      }
      if window == 0 {
        windowShape = plan.shape
        windowByteCount = plan.byteCount
        windowElementCount = plan.elementCount
        size = region.size
        shared = try size.flatMap { size throws(RegionError) in
          try Self.shared(ofSize: size, layout, order)
        }
      } else if plan.shape != windowShape {
        throw .shapesDiffer(window: window, shape: plan.shape, first: windowShape)
      }
      padded.insert(plan.validity, window: window)
      reach = max(reach, plan.sourceEnd)
      items.append(Item(window: window, sourceOffset: plan.firstOffset, isMoved: false))
    }
    if items.isEmpty, let windows = regions as? RegionWindows {
      windowShape = try windows.shape(in: layout)
    }
    let (bytes, overflow) = windowByteCount.multipliedReportingOverflow(by: items.count)
    let (elements, countOverflow) = windowElementCount.multipliedReportingOverflow(by: items.count)
    guard !overflow, !countOverflow, bytes >= 0 else {
      throw .resultTooBig(shape: [items.count] + windowShape, itemSize: layout.itemSize)
    }
    // Through the file once; the results stay where they were asked for.
    items.sort { $0.sourceOffset < $1.sourceOffset }
    self.shared = shared
    self.items = items
    self.windowShape = windowShape
    self.windowByteCount = windowByteCount
    self.reach = reach
    self.padded = padded
    elementCount = elements
  }

  /// The plan of a window at the origin, if it fits in the array.
  private static func shared(
    ofSize size: [Int], _ layout: ArrayLayout, _ order: MemoryOrder
  ) throws(RegionError) -> CropPlan? {
    guard zip(size, layout.shape).allSatisfy({ $0 <= $1 }) else { return nil }
    return try CropPlan(
      Region(origin: size.map { _ in 0 }, size: size), of: layout, order: order)
  }

  /// The plan of a window that is not the shared one; nil if the collection no longer has the window
  /// that was checked.
  func plan(_ region: Region) -> CropPlan? {
    let plan = try? CropPlan(region, of: layout, order: order, padding: padding, fill: fill)
    guard let plan, plan.byteCount == windowByteCount else { return nil }
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
      offset &+= from &* layout.strides[axis]
    }
    return offset
  }
}

extension CropPlan {
  /// The byte of the file that the first element of the result comes from, or one near it where that
  /// is a value.
  var firstOffset: Int {
    var offset = sourceOffset
    for axis in 0..<axes.count where !segmentRange(ofAxis: axis).isEmpty {
      offset &+= segments[axes[axis].firstSegment].sourceStart &* axes[axis].sourceStride
    }
    return offset
  }
}
