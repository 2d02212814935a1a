// Where it is decided whether a file is mapped or read: see `Access` for what callers may ask for.

extension OpenFile {
  /// The file as a source of bytes, which is mapped as far as the way of access has it.
  consuming func source(
    path: String, access: Access, verification: Verification, advice: Advice,
    budget: MemoryBudget?
  ) throws(FileError) -> any Source {
    let fileSystem = fileSystem
    let size = byteCount
    let blocks = budget.flatMap { MappedBlocks.of(byteCount: size, budget: $0) }
    let way = try way(of: access, isRemote: fileSystem.isRemote)
    let source: FileSource
    if way == .positionedReads || budget != nil && blocks == nil {
      // What a positioned read gives is what the file held at that moment: its size is all that is left to
      // check.
      source = FileSource(
        path: path, file: self, verification: verification, cutCheck: .size,
        fileSystem: fileSystem, budget: budget)
    } else {
      let mapping = way == .mapped ? try map() : nil
      source = MappedFileSource(
        path: path, file: self, mapping: mapping, verification: verification,
        cutCheck: fileSystem.cutCheck, fileSystem: fileSystem, budget: budget,
        blocks: blocks)
    }
    if advice != .normal { try source.advise(advice, on: nil) }
    return source
  }

  /// What a way of access comes to for this file.
  private borrowing func way(of access: Access, isRemote: Bool) throws(FileError) -> Access {
    // An empty file has nothing to map.
    guard byteCount > 0 else { return .positionedReads }
    switch access {
    case .positionedReads: return .positionedReads
    case .mapped:
      guard FileMapping.isGuarded else { throw .unguarded }
      return .mapped
    case .automatic:
      return isRemote || !FileMapping.isGuarded ? .positionedReads : .automatic
    }
  }
}

// MARK: - The first read
//
// An array that stays open pays for its pages once, so that later reads go by the mapping. Files are often
// opened for one window, though. A page fault takes 2 to 5 µs, and `pread` of a row less than 1 µs; the fault
// maps 2 MiB where the page cache has large folios, and 64 KiB or less where it has small ones. 64 rows of 256
// bytes that lie 64 KiB apart take 15 to 22 µs by the mapping and 40 µs by `pread` in the first case, 203 µs and
// 53 µs in the second (Linux 6.18, an Intel Xeon, opening and closing included).

/// How a read goes through a source, for which reading may be cheaper.
struct ReadOutline: BitwiseCopyable, Sendable {
  /// Where the first two stretches of bytes begin, which lie more than a page apart.
  let first: Int
  let second: Int
  /// Whether the stretches were fetched a moment ago, one by one.
  var isFetched = false

  static var mostStretches: Int { 4096 }

  /// - Parameters:
  ///   - stretchCount: How many stretches the read takes. Nil for a few, where the difference is not worth a
  ///     question, and for very many, which come to the same pages again.
  ///   - first: Where the first begins.
  ///   - second: Where the second begins.
  init?(stretchCount: Int, first: Int, second: Int) {
    guard (8...Self.mostStretches).contains(stretchCount) else { return nil }
    (self.first, self.second) = (first, second)
  }

  /// That of one box.
  init?(_ stretches: SourceStretches) {
    guard stretches.count > 1 else { return nil }
    self.init(
      stretchCount: stretches.count, first: stretches[0].lowerBound,
      second: stretches[1].lowerBound)
  }

  /// Whether no page fault maps both.
  var isFarApart: Bool { (second - first).magnitude >= SystemCall.bytesOfTable }
}

extension MappedFileSource {
  /// Whether a first read is known to cost more through a mapping, before there is one.
  func isCheaperToRead(_ outline: ReadOutline) -> Bool {
    // What is fetched by the page lies in folios of a page.
    outline.isFetched || outline.isFarApart || isInSmallFolios(at: outline.first)
  }
}

extension FileMapping {
  /// Whether it costs more to touch what the first read takes than to read it, found out by touching two
  /// places, in a loan: one fault is needed, and a second shows that the folios are smaller than the distance.
  borrowing func isDearer(toTouch outline: ReadOutline) -> Bool {
    touch(outline.first)
    let before = SystemCall.preciseTime
    touch(outline.second)
    // A fault takes 500 ns or more, and a load of a mapped page less than 200: two clocks tell that at a tenth of
    // the cost of two counts of faults. What is wrong now and then costs time, and nothing else.
    return SystemCall.preciseTime &- before > 400
  }
}

extension OpenFile {
  /// Whether the page cache has the file in the smallest folios around a byte.
  ///
  /// The kernel tells nobody, but it counts cached pages a folio at a time: 128 pages take 0.2 µs in one folio and
  /// 1.4 µs to 3.5 µs in 128. What is wrong now and then costs time, and nothing else.
  borrowing func isInSmallFolios(at offset: Int) -> Bool {
    let range = offset..<offset + min(128 * SystemCall.pageSize, byteCount - offset)
    do {
      let start = SystemCall.preciseTime
      _ = try cachedPageCount(in: offset..<offset + 1)
      let middle = SystemCall.preciseTime
      _ = try cachedPageCount(in: range)
      let end = SystemCall.preciseTime
      return end &- middle > middle &- start &+ UInt64(range.count / SystemCall.pageSize) * 4
    } catch {
      return false
    }
  }
}
