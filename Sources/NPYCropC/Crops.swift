public import CNPYCrop
internal import NPYCrop

/// The caller's memory.
@inline(__always)
private func room(
  _ memory: UnsafeMutableRawPointer?, _ byteCount: Int64
) throws(Refusal) -> UnsafeMutableRawBufferPointer {
  guard byteCount >= 0 else { throw .argument("the memory has \(byteCount) bytes") }
  guard unsafe memory != nil || byteCount == 0 else { throw .argument("the memory is NULL") }
  return unsafe UnsafeMutableRawBufferPointer(start: memory, count: Int(byteCount))
}

/// Tells the shape that a region gives.
@c @implementation
public func npycrop_shape(
  _ array: OpaquePointer?, _ axes: UnsafePointer<npycrop_axis>?, _ axis_count: Int32,
  _ shape: UnsafeMutablePointer<Int64>?, _ rank: UnsafeMutablePointer<Int32>?,
  _ byte_count: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let array = try unsafe ArrayHandle.array(array).array
    let region = try unsafe Region(axes, count: axis_count)
    let plan = try Refusal.of { () throws(NPYError) in try array.plan(region) }
    if let shape = unsafe shape {
      // Sound: there is room for as many axes as a result can have.
      for (axis, length) in plan.shape.enumerated() { unsafe shape[axis] = Int64(length) }
    }
    unsafe rank?.pointee = Int32(plan.shape.count)
    unsafe byte_count?.pointee = Int64(plan.byteCount)
  }
}

/// Copies a region.
@c @implementation
public func npycrop_crop(
  _ array: OpaquePointer?, _ axes: UnsafePointer<npycrop_axis>?, _ axis_count: Int32,
  _ memory: UnsafeMutableRawPointer?, _ byte_count: Int64, _ work: UnsafePointer<npycrop_work>?,
  _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let shared = try unsafe ArrayHandle.array(array)
    let region = try unsafe Region(axes, count: axis_count)
    let room = try unsafe room(memory, byte_count)
    guard let work = unsafe work else {
      var output = unsafe room.mutableBytes
      return try Refusal.of { () throws(NPYError) in
        try shared.array.cropRegion(region, into: &output)
      }
    }
    let plan = try Refusal.of { () throws(NPYError) in try shared.array.plan(region) }
    try unsafe copy(plan, of: shared.array, into: room, work: work.pointee)
  }
}

/// Copies windows of one size.
@c @implementation
public func npycrop_crop_windows(
  _ array: OpaquePointer?, _ origins: UnsafePointer<Int64>?, _ count: Int64,
  _ size: UnsafePointer<Int64>?, _ rank: Int32, _ memory: UnsafeMutableRawPointer?,
  _ byte_count: Int64, _ work: UnsafePointer<npycrop_work>?,
  _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let array = try unsafe ArrayHandle.array(array).array
    guard count >= 0, rank >= 0 else {
      throw .argument("there are \(count) windows of \(rank) axes")
    }
    let (numbers, overflow) = Int(count).multipliedReportingOverflow(by: Int(rank))
    guard !overflow else { throw .argument("there are \(count) windows of \(rank) axes") }
    let origins = try unsafe AxisSelection.numbers(origins, count: numbers)
    let size = try unsafe AxisSelection.numbers(size, count: Int(rank))
    let room = try unsafe room(memory, byte_count)
    let plan = try Refusal.of { () throws(NPYError) in
      rank > 0
        ? try array.plan(Region.windows(at: origins, size: size))
        // Without an axis each window is the array.
        : try array.plan(repeatElement(Region.all, count: Int(count)))
    }
    var alone = unsafe npycrop_work()
    unsafe alone.threads = 1
    try unsafe copy(plan, of: array, into: room, work: work?.pointee ?? alone)
  }
}

/// Copies by a plan of this array.
private func copy(
  _ plan: CropPlan, of array: NPYArray, into room: UnsafeMutableRawBufferPointer,
  work: npycrop_work
) throws(Refusal) {
  guard unsafe work.threads >= 0 else {
    throw .argument("the number of threads is \(unsafe work.threads)")
  }
  var output = unsafe room.mutableBytes
  try Refusal.of { () throws(NPYError) in
    try unsafe array.copyOnThreads(
      plan, into: &output, threads: work.threads == 0 ? nil : Int(work.threads)
    ) {
      guard let isCancelled = unsafe work.is_cancelled else { return false }
      return unsafe isCancelled(work.context) != 0
    }
  }
}

/// Tells what the crop of a region would cost.
@c @implementation
public func npycrop_cost(
  _ array: OpaquePointer?, _ axes: UnsafePointer<npycrop_axis>?, _ axis_count: Int32,
  _ costs: UnsafeMutablePointer<npycrop_costs>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let array = try unsafe ArrayHandle.array(array).array
    guard let place = unsafe costs else { throw .argument("the place for the costs is NULL") }
    let region = try unsafe Region(axes, count: axis_count)
    let cost = try Refusal.of { () throws(NPYError) in try array.cost(of: array.plan(region)) }
    unsafe place.pointee = npycrop_costs(
      byte_count: Int64(cost.byteCount), run_count: Int64(cost.runCount),
      page_count: Int64(cost.pageCount), page_size: Int64(cost.pageSize),
      cached_page_count: cost.cachedPageCount.map { Int64($0) } ?? -1,
      range_count: Int64(cost.fileRanges.count),
      first_byte: Int64(cost.fileRanges.first?.lowerBound ?? 0),
      end_byte: Int64(cost.fileRanges.last?.upperBound ?? 0),
      access: Int32((cost.access == .mapped ? NPYCROP_MAPPED : NPYCROP_POSITIONED_READS).rawValue),
      reserved: 0)
  }
}
