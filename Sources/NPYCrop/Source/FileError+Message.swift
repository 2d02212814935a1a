extension FileError: CustomStringConvertible {
  /// What was found and what to do.
  public var description: String {
    switch self {
    case .system(let call, let number):
      "\(call.rawValue): \(SystemCall.words(forErrno: number)) (errno \(number))"
    case .notARegularFile(let kind):
      "it is \(kind.rawValue); expected a regular file"
    case .endOfFile(let offset, let wanted, let found):
      "the file ends early: \(wanted) bytes wanted at offset \(offset), \(found) found; "
        + "it was cut short or is still being written, or the offset is wrong"
    case .truncated(let needed, let found):
      "the file was cut short while it was open: the array needs \(needed) bytes of it, "
        + "but \(found) are left; open it again when it is complete"
    case .changed:
      "the file was changed while it was open; open it again"
    case .closed:
      "the array was closed; open the file again"
    case .unguarded:
      "other SIGBUS handlers replace this library's handler again and again, so the file cannot be mapped "
        + "safely; open it with access .automatic or .positionedReads"
    case .nulInPath:
      "the path contains a NUL character, which file names cannot contain"
    }
  }
}
