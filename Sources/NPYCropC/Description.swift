public import CNPYCrop
internal import NPYCrop

/// Tells what an array is.
@c @implementation
public func npycrop_describe(
  _ array: OpaquePointer?, _ description: UnsafeMutablePointer<npycrop_description>?,
  _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let array = try unsafe ArrayHandle.array(array).array
    guard let place = unsafe description else { throw .argument("the description is NULL") }
    let (header, shape, strides) = (array.header, array.shape, array.strides)
    var found = npycrop_description()
    found.item_size = Int64(array.elementType.itemSize)
    found.count = Int64(array.count)
    found.header_offset = Int64(header.headerOffset)
    found.data_offset = Int64(header.dataOffset)
    found.trailing_bytes = Int64(array.trailingByteCount)
    found.file_size = Int64(array.fileByteCount)
    found.version = header.version.map { Int32($0.rawValue) } ?? 0
    found.order = header.order.number
    found.result_order = array.order.number
    found.rank = Int32(shape.count)
    // Sound: no array has more axes than there is room for.
    unsafe withUnsafeMutableBytes(of: &found.shape) { unsafe fill($0, with: shape) }
    unsafe withUnsafeMutableBytes(of: &found.strides) { unsafe fill($0, with: strides) }
    unsafe place.pointee = found
  }
}

/// Fills room for numbers of 64 bits.
func fill(_ room: UnsafeMutableRawBufferPointer, with numbers: [Int]) {
  for (place, number) in zip(stride(from: 0, to: room.count - 7, by: 8), numbers) {
    unsafe room.storeBytes(of: Int64(number), toByteOffset: place, as: Int64.self)
  }
}

/// Tells the type of the elements.
@c @implementation
public func npycrop_type(
  _ array: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int64,
  _ size: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let bytes = Array(try unsafe ArrayHandle.array(array).array.elementType.descr.utf8)
    let needed = bytes.count + 1
    unsafe size?.pointee = Int64(needed)
    guard capacity >= needed else { throw .room(needed: needed, found: Int(capacity)) }
    guard let text = unsafe text else { throw .argument("the room for the text is NULL") }
    // Sound: there is room for all bytes and the NUL.
    for (index, byte) in bytes.enumerated() { unsafe text[index] = CChar(bitPattern: byte) }
    unsafe text[bytes.count] = 0
  }
}

/// Tells whether the path still leads to the file.
@c @implementation
public func npycrop_is_current(
  _ array: OpaquePointer?, _ is_current: UnsafeMutablePointer<Int32>?,
  _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let array = try unsafe ArrayHandle.array(array).array
    guard let place = unsafe is_current else { throw .argument("the place for the answer is NULL") }
    let isCurrent = try Refusal.of { () throws(NPYError) in try array.isCurrent() }
    unsafe place.pointee = isCurrent ? 1 : 0
  }
}

/// Tells the kernel how the pages are going to be used.
@c @implementation
public func npycrop_advise(
  _ array: OpaquePointer?, _ advice: Int32, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    let array = try unsafe ArrayHandle.array(array).array
    let advice = try Advice(advice)
    try Refusal.of { () throws(NPYError) in try array.advise(advice) }
  }
}
