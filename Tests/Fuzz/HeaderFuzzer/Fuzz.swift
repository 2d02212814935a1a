import Glibc
import NPYCrop

/// A whole run of the library on bytes that somebody made up: open, describe, crop in every way.
///
/// It ends for every input, or the fuzzer has found something: a trap, a fault, a wrong access.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = unsafe UnsafeBufferPointer(start: data, count: size)
  guard unsafe file.write(bytes) else { return 0 }
  // The last bytes choose the region, too, so that the fuzzer can reach for it.
  let choices = unsafe Array(bytes.suffix(24))
  for access in [Access.automatic, .positionedReads] {
    // A header of any length: what it may cost is bounded by the size of the file.
    guard let array = try? NPYArray(path: file.path, maxHeaderSize: 1 << 20, access: access) else {
      return 0
    }
    precondition(array.header.dataEnd <= array.fileByteCount)
    precondition(array.shape.count == array.strides.count)
    precondition(ElementType.isReadBack(array))
    crop(array, choices)
    cropOutside(array, choices)
    cropParts(array, choices)
  }
  return 0
}

/// Whether the slabs of a plan are its crop; not asked where they are very many.
private func isInSlabs(_ crop: RawCrop, _ plan: CropPlan, _ array: NPYArray) -> Bool {
  var bytes: [UInt8] = []
  var pieces = 0
  for slab in plan.slabs(ofAtMost: max(plan.byteCount / 3, 1)) {
    bytes += (try? array.cropRegion(slab))?.bytes ?? []
    pieces += 1
    if pieces > 200 { return true }
  }
  return bytes == crop.bytes
}

/// Crops fields, converts numbers, reads text and times.
private func cropParts(_ array: NPYArray, _ choices: [UInt8]) {
  for field in array.elementType.fields.prefix(3) {
    guard let part = try? array.field(field.name) else { continue }
    precondition(part.strides.count == part.shape.count)
    crop(part, choices)
    cropParts(part, choices)
  }
  let targets: [ElementType] = [
    .bool, .int8, .uint16, .int32, .uint64, .float16, .float32, .float64, .complex64, .complex128,
  ]
  let target = targets[Int(choices.first ?? 0) % targets.count]
  let selections = [AxisSelection](repeating: .slice(by: -1), count: array.shape.count)
  for region in [Region.all, Region(selections)] {
    if let plan = try? array.plan(region), plan.byteCount <= 1 << 18, plan.elementCount <= 1 << 18,
      let crop = try? array.cropRegion(plan)
    {
      _ = try? crop.strings()
      _ = try? crop.strings(invalid: .replacement)
      for time in (try? crop.times())?.prefix(8) ?? [] { _ = try? time.duration() }
    }
    let edges = try? array.cropRegion(array.plan(region).edgeItems(2))
    precondition(edges == nil || edges?.shape.allSatisfy { $0 <= 4 } == true)
    guard
      let view = try? array.converted(to: target, casting: .unsafe),
      let plan = try? view.plan(region, padding: .edge),
      plan.byteCount <= 1 << 18, let converted = try? view.cropRegion(plan)
    else { continue }
    precondition(converted.elementType == target && isInSlabs(converted, plan, view))
  }
}

/// Crops regions that leave the array, alone and as batches.
private func cropOutside(_ array: NPYArray, _ choices: [UInt8]) {
  func choice(_ index: Int) -> Int {
    choices.isEmpty ? 0 : Int(Int8(bitPattern: choices[index % choices.count]))
  }
  let modes: [Padding.Mode] = [
    .none, .constant(.zero), .constant(FillValue(choice(1))), .edge, .reflect, .symmetric, .wrap,
  ]
  let padding = Padding(
    axes: array.shape.indices.map { modes[choice($0 + 2).magnitude.remainder(modes.count)] })
  let texts = [
    String(decoding: choices, as: UTF8.self),
    array.shape.indices.map { axis in
      "\(choice(axis)):\(choice(axis + 3)):\(choice(axis + 7))"
    }.joined(separator: ","),
  ]
  for region in texts.compactMap({ try? Region(numpy: $0) }) {
    guard let plan = try? array.plan(region, padding: padding), plan.byteCount <= 1 << 18,
      let crop = try? array.cropRegion(plan)
    else { continue }
    precondition(isInSlabs(crop, plan, array))
    if plan.elementCount <= 1 << 18, let mask = try? crop.validMask() {
      precondition(mask.count == plan.elementCount)
    }
    let batch = try? array.padded(padding).cropRegions([region, region])
    precondition(batch == nil || batch?.bytes == crop.bytes + crop.bytes)
  }
  let size = array.shape.indices.map { choice($0 + 5) & 7 }
  guard let grid = try? Region.grid(over: array.shape, size: size, edge: .padded) else { return }
  for window in grid.prefix(3) {
    guard let plan = try? array.plan(window, padding: padding), plan.byteCount <= 1 << 18 else {
      continue
    }
    let batch = try? array.padded(padding).cropRegions([window, window])
    precondition(batch == nil || batch?.bytes.count == 2 * plan.byteCount)
    _ = try? array.converted(to: Float.self).padded(.edge).cropRegions([window, window])
  }
}

extension UInt {
  fileprivate func remainder(_ count: Int) -> Int { Int(self % UInt(count)) }
}

/// Crops by every kind of region; results are small, whatever the file says.
private func crop(_ array: NPYArray, _ choices: [UInt8]) {
  let text = String(decoding: choices, as: UTF8.self)
  var regions = [
    Region.all, Region([AxisSelection](repeating: .slice(by: -1), count: array.shape.count)),
  ]
  if let region = try? Region(numpy: text) { regions.append(region) }
  var selections: [AxisSelection] = []
  for (axis, size) in array.shape.enumerated() {
    let choice = axis < choices.count ? choices[axis] : 0
    let index = size > 0 ? Int(choice) % size : 0
    switch choice % 5 {
    case 0: selections.append(.slice(from: index))
    case 1: selections.append(.slice(by: -Int(choice / 5) - 1))
    case 2: selections.append(size > 0 ? index.axisSelection : .all)
    case 3: selections.append(.indices(size > 0 ? [index, 0, index] : []))
    default: selections.append(.slice(to: min(size, 3)))
    }
  }
  regions.append(Region(selections))
  for region in regions {
    for order in [MemoryOrder.c, .fortran] {
      guard let plan = try? array.plan(region, order: order), plan.byteCount <= 1 << 20 else {
        continue
      }
      guard let crop = try? array.cropRegion(plan) else { continue }
      precondition(crop.bytes.count == plan.byteCount)
      precondition(isInSlabs(crop, plan, array))
      _ = try? array.elements(as: Bool.self).cropRegion(plan)
      _ = try? array.elements(as: UInt16.self).cropRegion(plan)
      _ = try? array.elements(as: Double.self).cropRegion(plan)
      _ = try? array.elements(as: Complex128.self).cropRegion(plan)
    }
  }
}

extension ElementType {
  /// Whether the header that would be written for a type and a shape is read as the same.
  fileprivate static func isReadBack(_ array: NPYArray) -> Bool {
    guard
      let header = try? NPYHeader(
        elementType: array.elementType, shape: array.shape, order: array.header.order)
    else { return true }
    return header.elementType == array.elementType && header.dataOffset == header.serialized.count
  }
}

/// The file that every input is written to: in memory where there is such a file system.
private let file = ScratchFile()

private struct ScratchFile {
  let path: String
  private let descriptor: CInt

  init() {
    let folder = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    path = "\(folder)/npycrop-fuzz-\(getpid()).npy"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
  }

  func write(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard ftruncate(descriptor, 0) == 0 else { return false }
    return unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
  }
}
