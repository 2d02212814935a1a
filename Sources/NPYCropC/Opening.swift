public import CNPYCrop
internal import NPYCrop

/// The interface of the library, for callers that were built with another header.
@c @implementation
public func npycrop_interface() -> Int32 { Int32(NPYCROP_INTERFACE) }

/// Opens a file.
@c @implementation
public func npycrop_open(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<npycrop_options>?,
  _ array: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in
    guard let place = unsafe array else { throw .argument("the place for the array is NULL") }
    unsafe place.pointee = nil
    guard let path = unsafe path else { throw .argument("the path is NULL") }
    let opened = try unsafe NPYArray(
      pathBytes(path), options: unsafe options?.pointee ?? npycrop_options())
    unsafe place.pointee = ArrayHandle.make(opened)
  }
}

/// Closes the file.
@c @implementation
public func npycrop_close(
  _ array: OpaquePointer?, _ error: UnsafeMutablePointer<npycrop_error>?
) -> Int32 {
  unsafe answer(error) { () throws(Refusal) in try unsafe ArrayHandle.array(array).array.close() }
}

/// Frees an array.
@c @implementation
public func npycrop_free(_ array: OpaquePointer?) { unsafe ArrayHandle.free(array) }

/// The bytes of a text of C.
private func pathBytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
  var bytes: [UInt8] = []
  var next = unsafe text
  // Sound: the text has a NUL at its end.
  while unsafe next.pointee != 0 {
    bytes.append(UInt8(bitPattern: unsafe next.pointee))
    unsafe next += 1
  }
  return bytes
}

extension NPYArray {
  fileprivate init(_ path: [UInt8], options: npycrop_options) throws(Refusal) {
    let access: Access
    switch unsafe UInt32(bitPattern: options.access) {
    case NPYCROP_AUTOMATIC.rawValue: access = .automatic
    case NPYCROP_MAPPED.rawValue: access = .mapped
    case NPYCROP_POSITIONED_READS.rawValue: access = .positionedReads
    default: throw .argument("the access is \(unsafe options.access), which is none")
    }
    let verification: Verification
    switch unsafe UInt32(bitPattern: options.check) {
    case NPYCROP_CHECK_SIZE.rawValue: verification = .size
    case NPYCROP_CHECK_TIMES.rawValue: verification = .strict
    case NPYCROP_CHECK_NOTHING.rawValue: verification = .none
    default: throw .argument("the check is \(unsafe options.check), which is none")
    }
    let advice = try Advice(unsafe options.advice)
    let offset = Int(unsafe options.offset)
    guard let type = unsafe options.type else {
      let limit = Int(unsafe options.header_limit)
      self = try Refusal.of { () throws(NPYError) in
        try NPYArray(
          path: path, offset: offset, maxHeaderSize: limit == 0 ? Self.defaultMaxHeaderSize : limit,
          access: access, verification: verification, advice: advice)
      }
      return
    }
    let elementType = try unsafe ElementType(text: type)
    let order = try MemoryOrder(unsafe options.order)
    let shape = try unsafe AxisSelection.numbers(options.shape, count: Int(options.rank))
    self = try Refusal.of { () throws(NPYError) in
      try NPYArray(
        path: path, elementType: elementType, shape: shape, order: order, offset: offset,
        access: access, verification: verification, advice: advice)
    }
  }
}

extension Advice {
  init(_ number: Int32) throws(Refusal) {
    switch UInt32(bitPattern: number) {
    case NPYCROP_NORMAL.rawValue: self = .normal
    case NPYCROP_RANDOM.rawValue: self = .random
    case NPYCROP_SEQUENTIAL.rawValue: self = .sequential
    case NPYCROP_WILL_NEED.rawValue: self = .willNeed
    default: throw .argument("the advice is \(number), which is none")
    }
  }
}

extension MemoryOrder {
  init(_ number: Int32) throws(Refusal) {
    switch UInt32(bitPattern: number) {
    case NPYCROP_C.rawValue: self = .c
    case NPYCROP_FORTRAN.rawValue: self = .fortran
    default: throw .argument("the order is \(number), which is none")
    }
  }

  var number: Int32 { Int32((self == .c ? NPYCROP_C : NPYCROP_FORTRAN).rawValue) }
}

extension ElementType {
  /// The type that a text of C names.
  init(text: UnsafePointer<CChar>) throws(Refusal) {
    let text = try unsafe String(refusingInvalid: text, "the type")
    // No header has the names of these.
    let small: [ElementType] = [.bfloat16, .float8E4M3FN, .float8E5M2]
    if let type = small.first(where: { $0.name == text }) {
      self = type
      return
    }
    do {
      self = try ElementType(descrText: text)
    } catch {
      throw .argument("'\(text.prefix(200))' is no type: \(error)")
    }
  }
}

extension String {
  /// A text of C, which must be UTF-8.
  init(refusingInvalid text: UnsafePointer<CChar>, _ name: String) throws(Refusal) {
    // Sound: the text has a NUL at its end.
    guard let text = unsafe String(validatingCString: text) else {
      throw .argument("\(name) is not UTF-8")
    }
    self = text
  }
}
