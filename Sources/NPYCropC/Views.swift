public import CNPYCrop
internal import NPYCrop

/// Makes an array of another one.
@inline(__always)
private func make(
  _ place: UnsafeMutablePointer<OpaquePointer?>?, of array: OpaquePointer?,
  _ error: UnsafeMutablePointer<npycrop_error>?,
  _ view: (NPYArray) throws(Refusal) -> NPYArray
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    guard let place = unsafe place else { throw .argument("the place for the array is NULL") }
    unsafe place.pointee = nil
    unsafe place.pointee = ArrayHandle.make(try view(try unsafe ArrayHandle.array(array).array))
  }
}

/// One field of all records.
@c @implementation
public func npycrop_field(
  _ array: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ field: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe make(field, of: array, error) { array throws(Refusal) in
    guard let name = unsafe name else { throw .argument("the name is NULL") }
    let text = try unsafe String(refusingInvalid: name, "the name")
    return try Refusal.of { () throws(NPYError) in try array.field(text) }
  }
}

/// The elements that a region takes.
@c @implementation
public func npycrop_slice(
  _ array: OpaquePointer?, _ axes: UnsafePointer<npycrop_axis>?, _ axis_count: Int32,
  _ slice: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe make(slice, of: array, error) { array throws(Refusal) in
    let region = try unsafe Region(axes, count: axis_count)
    return try Refusal.of { () throws(NPYError) in try array[region] }
  }
}

/// The same bytes as elements of another type.
@c @implementation
public func npycrop_view(
  _ array: OpaquePointer?, _ type: UnsafePointer<CChar>?,
  _ view: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe make(view, of: array, error) { array throws(Refusal) in
    guard let type = unsafe type else { throw .argument("the type is NULL") }
    let elementType = try unsafe ElementType(text: type)
    return try Refusal.of { () throws(NPYError) in try array.viewed(as: elementType) }
  }
}

/// The elements converted to another type.
@c @implementation
public func npycrop_convert(
  _ array: OpaquePointer?, _ type: UnsafePointer<CChar>?, _ casting: Int32, _ scale: Double,
  _ shift: Double, _ converted: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe make(converted, of: array, error) { array throws(Refusal) in
    guard let type = unsafe type else { throw .argument("the type is NULL") }
    let elementType = try unsafe ElementType(text: type)
    let rule: Casting
    switch UInt32(bitPattern: casting) {
    case NPYCROP_SAFE.rawValue: rule = .safe
    case NPYCROP_SAME_KIND.rawValue: rule = .sameKind
    case NPYCROP_UNSAFE.rawValue: rule = .unsafe
    default: throw .argument("the casting is \(casting), which is none")
    }
    return try Refusal.of { () throws(NPYError) in
      try array.converted(to: elementType, casting: rule, scale: scale, shift: shift)
    }
  }
}

/// The array with padding outside.
@c @implementation
public func npycrop_pad(
  _ array: OpaquePointer?, _ padding: UnsafePointer<npycrop_padding>?, _ count: Int32,
  _ padded: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe make(padded, of: array, error) { array throws(Refusal) in
    guard count >= 1 else { throw .argument("the number of paddings is \(count)") }
    guard let padding = unsafe padding else { throw .argument("the padding is NULL") }
    var modes: [Padding.Mode] = []
    for number in 0..<Int(count) {
      // Sound: the caller has so many there.
      modes.append(try unsafe Padding.Mode(padding[number]))
    }
    return array.padded(count == 1 ? Padding(modes[0]) : Padding(axes: modes))
  }
}

/// The array with results in an order.
@c @implementation
public func npycrop_reorder(
  _ array: OpaquePointer?, _ order: Int32, _ ordered: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe make(ordered, of: array, error) { array throws(Refusal) in
    array.ordered(try MemoryOrder(order))
  }
}

extension Padding.Mode {
  fileprivate init(_ padding: npycrop_padding) throws(Refusal) {
    switch unsafe UInt32(bitPattern: padding.mode) {
    case NPYCROP_NO_PADDING.rawValue: self = .none
    case NPYCROP_CONSTANT.rawValue: self = .constant(try unsafe FillValue(padding))
    case NPYCROP_EDGE.rawValue: self = .edge
    case NPYCROP_REFLECT.rawValue: self = .reflect
    case NPYCROP_SYMMETRIC.rawValue: self = .symmetric
    case NPYCROP_WRAP.rawValue: self = .wrap
    default: throw .argument("the padding has mode \(unsafe padding.mode), which is none")
    }
  }
}

extension FillValue {
  fileprivate init(_ padding: npycrop_padding) throws(Refusal) {
    switch unsafe UInt32(bitPattern: padding.fill) {
    case NPYCROP_FILL_ZERO.rawValue: self = .zero
    case NPYCROP_FILL_INTEGER.rawValue: self.init(unsafe padding.integer)
    case NPYCROP_FILL_REAL.rawValue: self.init(unsafe padding.real)
    case NPYCROP_FILL_COMPLEX.rawValue:
      self.init(real: unsafe padding.real, imaginary: unsafe padding.imaginary)
    case NPYCROP_FILL_BYTES.rawValue:
      let count = Int(unsafe padding.byte_count)
      let bytes = unsafe padding.bytes
      guard count >= 0, unsafe bytes != nil || count == 0 else {
        throw .argument("the bytes of the fill value are NULL")
      }
      // Sound: the caller has so many there.
      unsafe self.init(bytes: Array(UnsafeRawBufferPointer(start: bytes, count: count)))
    default: throw .argument("the fill value is of kind \(unsafe padding.fill), which is none")
    }
  }
}
