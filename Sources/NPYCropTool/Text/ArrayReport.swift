import NPYCrop

/// What `npycrop info` says of an array, in NumPy's words.
struct ArrayReport: Encodable {
  let path: String
  let version: String?
  let headerOffset: Int
  let dataOffset: Int
  let descr: String
  let dtype: String
  let itemsize: Int
  let shape: [Int]
  let fortranOrder: Bool
  let strides: [Int]
  let size: Int
  let nbytes: Int
  let fileSize: Int
  let trailingBytes: Int
  let oddities: [String]
  let fields: [FieldReport]

  enum CodingKeys: String, CodingKey {
    case path, version, descr, dtype, itemsize, shape, strides, size, nbytes, oddities, fields
    case headerOffset = "header_offset"
    case dataOffset = "data_offset"
    case fortranOrder = "fortran_order"
    case fileSize = "file_size"
    case trailingBytes = "trailing_bytes"
  }

  init(_ array: NPYArray) {
    let header = array.header
    path = array.path
    version = header.version?.description
    headerOffset = header.headerOffset
    dataOffset = header.dataOffset
    descr = array.elementType.plainDescr
    dtype = array.elementType.name
    itemsize = array.elementType.itemSize
    shape = array.shape
    fortranOrder = header.order == .fortran
    strides = array.strides
    size = header.elementCount
    nbytes = header.dataByteCount
    fileSize = array.fileByteCount
    trailingBytes = array.trailingByteCount
    oddities = header.oddities.map(\.description)
    fields = array.elementType.fields.map { FieldReport($0) }
  }

  /// The report as lines of a name and a value.
  var text: String {
    var rows = [
      ("file", printable(path)),
      ("version", version ?? "no header"),
      ("data offset", String(dataOffset)),
      ("dtype", fields.isEmpty ? "\(descr) (\(dtype))" : "record of \(fields.count) fields"),
      ("shape", tuple(shape)),
      ("order", fortranOrder ? "Fortran" : "C"),
      ("strides", tuple(strides)),
      ("size", "\(size) elements of \(itemsize) bytes"),
      ("nbytes", "\(nbytes)\(approximately(nbytes))"),
      ("file size", "\(fileSize)\(approximately(fileSize))"),
      ("trailing bytes", String(trailingBytes)),
    ]
    if headerOffset > 0 { rows.insert(("array begins at", String(headerOffset)), at: 2) }
    for oddity in oddities { rows.append(("note", oddity)) }
    return (lines(of: rows) + FieldReport.tree(fields)).joined(separator: "\n")
  }
}

/// Lines of a name and a value, the values below each other.
func lines(of rows: [(name: String, value: String)]) -> [String] {
  let width = rows.map(\.name.count).max() ?? 0
  return rows.map { name, value in
    "\(name):" + String(repeating: " ", count: width - name.count + 1) + value
  }
}

/// A number of bytes in a larger unit, in brackets; nothing for a few.
func approximately(_ bytes: Int) -> String {
  var value = Double(bytes)
  var unit = ""
  for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where value >= 1024 {
    value /= 1024
    unit = next
  }
  return unit.isEmpty ? "" : " (\((value * 10).rounded() / 10) \(unit))"
}

/// One field of a record, with those of a record inside it.
struct FieldReport: Encodable {
  let name: String
  let title: String?
  let offset: Int
  let descr: String
  let shape: [Int]
  let fields: [FieldReport]

  init(_ field: ElementType.Field) {
    name = field.name
    title = field.title
    offset = field.offset
    descr = field.elementType.plainDescr
    shape = field.shape
    fields = field.elementType.fields.map { FieldReport($0) }
  }

  /// The fields as an indented tree: offset, name, type, shape of a subarray.
  static func tree(_ fields: [FieldReport], indent: String = "  ") -> [String] {
    let width = fields.map { printable($0.name).count }.max() ?? 0
    return fields.flatMap { field in
      let shown = printable(field.name)
      let name = shown + String(repeating: " ", count: max(width - shown.count, 0))
      let type = field.fields.isEmpty ? field.descr : "record"
      let shape = field.shape.isEmpty ? "" : " \(tuple(field.shape))"
      let title = field.title.map { " titled \(printable($0))" } ?? ""
      return ["\(indent)\(name)  \(type)\(shape) at byte \(field.offset)\(title)"]
        + tree(field.fields, indent: indent + "  ")
    }
  }
}

extension ElementType {
  /// The type string, or for a record its fields as NumPy writes them in a header.
  fileprivate var plainDescr: String { fields.isEmpty ? typeString : descr }
}

/// Lengths as Python prints a tuple.
func tuple(_ lengths: [Int]) -> String {
  let inner = lengths.map { String($0) }.joined(separator: ", ")
  return lengths.count == 1 ? "(\(inner),)" : "(\(inner))"
}
