// Where it is decided whether a file is mapped or read: see `Access` for what callers may ask for.

extension OpenFile {
  /// The file as a source of bytes, which is mapped as far as the way of access has it.
  consuming func source(
    path: String, access: Access, verification: Verification, advice: Advice
  ) throws(FileError) -> any Source {
    let fileSystem = fileSystem
    let source: FileSource
    if let mapping = try mapping(access: access, isRemote: fileSystem.isRemote) {
      source = MappedFileSource(
        path: path, file: self, mapping: mapping, verification: verification,
        cutCheck: fileSystem.cutCheck, isWatched: fileSystem.tellsCached)
    } else {
      // What a positioned read gives is what the file held at that moment: its size is all that is left to
      // check.
      source = FileSource(
        path: path, file: self, verification: verification, cutCheck: .size,
        isWatched: fileSystem.tellsCached)
    }
    if advice != .normal { try source.advise(advice, on: nil) }
    return source
  }

  private borrowing func mapping(
    access: Access, isRemote: Bool
  ) throws(FileError) -> FileMapping? {
    // An empty file has nothing to map.
    guard byteCount > 0 else { return nil }
    switch access {
    case .positionedReads:
      return nil
    case .mapped:
      guard FileMapping.isGuarded else { throw .unguarded }
      return try map()
    case .automatic:
      guard !isRemote, FileMapping.isGuarded else { return nil }
      // Whatever mmap refuses, reading may still do.
      return try? map()
    }
  }
}
