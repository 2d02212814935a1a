import Synchronization

/// A file that arrays are cropped from: opened once, shared by all of them, closed with the last or
/// when it is asked to.
final class ArrayFile: @unchecked Sendable {
  // Sendable, and free of exclusivity checks: what is variable changes once, in `release`, which
  // runs when no crop is under way and none can begin.
  let path: String
  /// The file's size when it was opened.
  let byteCount: Int
  private let verification: Verification
  private let cutCheck: CutCheck
  @exclusivity(unchecked) private var file: OpenFile?
  @exclusivity(unchecked) private var mapping: FileMapping?

  /// The crops under way, with the flag that no more may begin.
  private let users = Atomic<Int>(0)
  private let isReleased = Atomic<Bool>(false)
  /// Whether something was read before, so that the witness page is worth having in memory.
  private let wasRead = Atomic<Bool>(false)
  private static let closing = 1 << 62

  /// Takes an open file over, and maps it as far as the way of access has it.
  init(
    path: String, file: consuming OpenFile, access: Access, verification: Verification,
    advice: Advice
  ) throws(FileError) {
    self.path = path
    self.verification = verification
    byteCount = file.byteCount
    let fileSystem = file.fileSystem
    let mapping = try Self.mapping(of: file, access: access, isRemote: fileSystem.isRemote)
    // What a positioned read gives is what the file held at that moment: its size is all that is left to
    // check.
    cutCheck = mapping == nil ? .size : fileSystem.cutCheck
    unsafe self.mapping = consume mapping
    unsafe self.file = consume file
    if advice != .normal { try advise(advice) }
  }

  private static func mapping(
    of file: borrowing OpenFile, access: Access, isRemote: Bool
  ) throws(FileError) -> FileMapping? {
    // An empty file has nothing to map.
    guard file.byteCount > 0 else { return nil }
    switch access {
    case .positionedReads:
      return nil
    case .mapped:
      guard FileMapping.isGuarded else { throw .unguarded }
      return try file.map()
    case .automatic:
      guard !isRemote, FileMapping.isGuarded else { return nil }
      // Whatever mmap refuses, reading may still do.
      return try? file.map()
    }
  }

  /// Tells the kernel how the pages will be used from now on; without a mapping, nothing.
  func advise(_ advice: Advice) throws(FileError) {
    try enter()
    defer { leave() }
    switch unsafe mapping {
    case .some(let mapping): try mapping.advise(advice)
    case .none: break
    }
  }

  // MARK: - Reading

  /// Reads bytes of the file, and makes sure that they were the file's.
  ///
  /// - Parameters:
  ///   - end: The byte of the file before which the array ends.
  ///   - reach: The byte of the file before which all lies that is read.
  ///   - mapped: Reads from the start of the mapped file. It may run in vain.
  ///   - positioned: Reads with `pread`, where there is no mapping or it was lost.
  /// - Throws: ``FileError`` where the bytes cannot be had, or are no longer the file's.
  @inline(__always)
  func read(
    upTo end: Int, reach: Int, mapped: (UnsafeRawPointer) -> Void,
    positioned: (borrowing OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    try enter()
    defer { leave() }
    let witness = witness(end: end, reach: reach)
    let isRead = unsafe readMapped(witness: witness, mapped)
    if isRead && witness != nil { return }
    if !isRead { try readPositioned(positioned) }
    try verify(upTo: end, reach: reach)
  }

  // A read in parts, by several tasks at once: each part by `readPart`, between `enter` and `leave`,
  // and at the end `verify` for all of them.

  /// Reads a part of what is read together.
  func readPart(
    mapped: (UnsafeRawPointer) -> Void,
    positioned: (borrowing OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    if unsafe !readMapped(witness: nil, mapped) { try readPositioned(positioned) }
  }

  /// Whether there is a mapping and all that `body` touched of it was there.
  @inline(__always)
  private func readMapped(witness: Int?, _ body: (UnsafeRawPointer) -> Void) -> Bool {
    switch unsafe mapping {
    case .some(let mapping):
      unsafe !mapping.isPoisoned && FileMapping.isGuarded && mapping.read(witness: witness, body)
    case .none: false
    }
  }

  private func readPositioned(
    _ body: (borrowing OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    switch unsafe file {
    case .some(let file): try body(file)
    case .none: throw .closed
    }
  }

  /// Makes sure that what was read was the file's.
  func verify(upTo end: Int, reach: Int) throws(FileError) {
    switch unsafe file {
    case .some(let file): try verify(file, end: end, reach: reach)
    case .none: throw .closed
    }
    wasRead.store(true, ordering: .relaxed)
  }

  /// The byte that shows, at the cost of a load in place of a system call, that what was read through
  /// the mapping was the file's, on file systems where ``CutCheck/page`` does: the first of the page
  /// that the array ends in.
  ///
  /// A cut within the witness' own page leaves all before it as it was. So a crop that does not reach
  /// into that page needs nothing else. Not for the first crop, which is to touch no page but its own.
  @inline(__always)
  private func witness(end: Int, reach: Int) -> Int? {
    let witness = (end - 1) & ~(FileMapping.pageSize - 1)
    guard cutCheck == .page, verification == .size, reach <= witness,
      wasRead.load(ordering: .relaxed)
    else { return nil }
    return witness
  }

  private func verify(_ file: borrowing OpenFile, end: Int, reach: Int) throws(FileError) {
    guard verification != .none else { return }
    if cutCheck == .byte {
      // First, since it waits until the file's size and times are true. The first crop touches no page
      // but its own; later ones learn from the array's last byte about the size, too.
      let isFirst = !wasRead.load(ordering: .relaxed)
      let last = (isFirst ? min(reach, end) : end) - 1
      if last >= 0 {
        guard try file.hasByte(at: last) else { throw try cut(file, end: end) }
        if !isFirst, verification == .size { return }
      }
    }
    if verification == .strict {
      let status = try file.status()
      guard status.byteCount >= end else {
        throw .truncated(needed: end, found: status.byteCount)
      }
      guard status == file.opened else { throw .changed }
    } else if try file.currentByteCount() < end {
      throw try cut(file, end: end)
    }
  }

  /// What is wrong with a file that was found to be too short a moment ago.
  private func cut(_ file: borrowing OpenFile, end: Int) throws(FileError) -> FileError {
    let byteCount = try file.currentByteCount()
    // It may have been made longer again meanwhile.
    return byteCount < end ? .truncated(needed: end, found: byteCount) : .changed
  }

  // MARK: - Closing

  /// Closes the file, now or with the last crop that is under way; no other begins.
  func close() {
    let old = users.bitwiseOr(Self.closing, ordering: .sequentiallyConsistent).oldValue
    if old == 0 { release() }
  }

  /// Keeps the file open until `leave`.
  @inline(__always)
  func enter() throws(FileError) {
    let old = users.wrappingAdd(1, ordering: .acquiring).oldValue
    guard old < Self.closing else {
      leave()
      throw .closed
    }
  }

  @inline(__always)
  func leave() {
    let new = users.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue
    if new == Self.closing { release() }
  }

  /// Once: a crop that comes too late can find no others, too, and come here again.
  private func release() {
    guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
    unsafe mapping = nil
    unsafe file = nil
  }
}
