import Synchronization

/// A file that is read with `pread(2)`: opened once, shared by all arrays in it, closed with the last of
/// them or when it is asked to.
class FileSource: Source, @unchecked Sendable {
  // Sendable, and free of exclusivity checks: what is variable changes once, in `release`, which
  // runs when no read is under way and none can begin.
  final let path: String
  /// The file's size when it was opened.
  final let byteCount: Int
  /// The path as the file system knows it.
  private final let openedPath: [UInt8]
  /// The file when it was opened.
  private final let opened: FileStatus
  final let verification: Verification
  final let cutCheck: CutCheck
  @exclusivity(unchecked) private final var file: OpenFile?

  private final let reads = ReadCount()
  private final let isReleased = Atomic<Bool>(false)
  /// Whether something was read before, so that the witness page is worth having in memory.
  final let wasRead = Atomic<Bool>(false)
  /// How much of the file may be in memory.
  final let budget: MemoryBudget?
  /// The bytes that were read since the file was taken out of the page cache, where it is to be.
  private let readBytes = Atomic<Int>(0)
  final let mayBlock: Bool
  /// What of the file is in the page cache.
  private let residency: Residency
  /// Whether the kernel tells what of the file is in the page cache, as far as is known.
  private let tellsCached: Atomic<Bool>
  /// Whether that is looked at before reads: not where the caller has given advice.
  private let isWatched: Atomic<Bool>
  /// How often it was looked at what is at hand without knowing.
  private let questions = Atomic<Int>(0)
  private static let firstQuestions = 4

  /// Takes an open file over.
  init(
    path: String, file: consuming OpenFile, verification: Verification, cutCheck: CutCheck,
    fileSystem: FileSystem, budget: MemoryBudget?
  ) {
    self.budget = budget
    self.path = path
    mayBlock = !fileSystem.isInMemory
    isWatched = Atomic(fileSystem.tellsCached)
    tellsCached = Atomic(fileSystem.tellsCached)
    residency = Residency(byteCount: file.byteCount)
    self.verification = verification
    self.cutCheck = cutCheck
    byteCount = file.byteCount
    openedPath = file.path
    opened = file.opened
    unsafe self.file = consume file
  }

  // Another `pread` takes 1.6 µs, 8 KiB more in the same one 0.3 µs (Linux 6.18, an Intel Xeon, the file in
  // the page cache). Not as much as would pay there: where it is not, each page is a wait for the disk.
  final var smallGap: Int { 8 << 10 }

  // MARK: - Reading

  final func lookingTime() -> UInt64? {
    guard isWatched.load(ordering: .relaxed) else { return nil }
    return Residency.ticks(nanoseconds: SystemCall.coarseTime)
  }

  final func mayWait(for range: Range<Int>, at time: UInt64) -> Bool {
    guard !range.isEmpty else { return false }
    let blocks = residency.blocks(of: range)
    if blocks.count <= Residency.mostBlocks, residency.isWhole(blocks, at: time) { return false }
    return residency.knowledge(of: range, at: time) == nil && !hasWhole(blocks, at: time)
  }

  @inline(__always)
  final func isKnownAtHand(_ range: Range<Int>, at time: UInt64) -> Bool {
    let blocks = residency.blocks(of: range)
    return blocks.count <= Residency.mostBlocks && residency.isWhole(blocks, at: time)
      || residency.knowledge(of: range, at: time) == .whole
  }

  /// Asks the kernel about the blocks of which nothing is known; true if all are cached.
  @inline(never)
  private final func hasWhole(_ blocks: Range<Int>, at time: UInt64) -> Bool {
    // Not for the first questions about a file, which is often opened for one crop; and not for many blocks, where
    // it is cheaper to ask about some of the bytes that are wanted.
    guard blocks.count <= Residency.mostAskedBlocks,
      questions.wrappingAdd(1, ordering: .relaxed).oldValue >= Self.firstQuestions
    else { return false }
    for block in blocks {
      guard (residency.knowledge(ofBlock: block, at: time) ?? ask(about: block, at: time)) == .whole
      else { return false }
    }
    return true
  }

  /// Asks the kernel about a block, and remembers the answer.
  private final func ask(about block: Int, at time: UInt64) -> Residency.Knowledge {
    let knowledge: Residency.Knowledge =
      isAtHand(residency.bytes(ofBlock: block)) ? .whole : .partial
    residency.note(knowledge, ofBlock: block, at: time)
    return knowledge
  }

  final func cachedPageCount(in range: Range<Int>) -> Int? {
    guard tellsCached.load(ordering: .relaxed) else { return nil }
    switch unsafe file {
    case .some(let file):
      do {
        return try file.cachedPageCount(in: range.clamped(to: 0..<byteCount))
      } catch {
        // Before Linux 6.5, for files that this process may not write, and where a filter of system calls
        // refuses it: nothing is fetched then.
        tellsCached.store(false, ordering: .relaxed)
        isWatched.store(false, ordering: .relaxed)
        return nil
      }
    case .none: return nil
    }
  }

  final func isReadableNow(at offset: Int) -> Bool? {
    switch unsafe file {
    case .some(let file): file.isReadableNow(at: offset)
    case .none: nil
    }
  }

  func way(of read: ReadOutline?, _ stretches: SourceStretches?) -> Access { .positionedReads }

  final func noteAtHand(_ range: Range<Int>, isFetched: Bool, at time: UInt64) {
    // What the first crop finds is not kept: of a file that is opened for it no one asks again.
    guard isFetched || wasRead.load(ordering: .relaxed) else { return }
    residency.note(isFetched ? .fetched : .whole, of: range, at: time)
  }

  final func fetch(_ range: Range<Int>) {
    switch unsafe file {
    // Whatever is not fetched is read when it is needed.
    case .some(let file): try? file.willNeed(range.clamped(to: 0..<byteCount))
    case .none: break
    }
  }

  var lendsNothing: Bool { true }
  var loanTerms: LoanTerms { .none }
  func makeRoom(for stretches: SourceStretches) -> Int? { nil }
  func giveUpRoom(_ room: Int) {}

  func lendAtHand(_ range: Range<Int>, in scope: LoanScope) -> OpenLoan? { nil }

  func lend(in scope: LoanScope, outline: ReadOutline?) -> UnsafeRawPointer? { nil }

  func takeBack(_ scope: LoanScope, after extent: ReadExtent?) -> LoanResult { .lost }

  final func read(_ requests: [ReadRequest]) throws(FileError) {
    switch unsafe file {
    case .some(let file):
      for request in requests { try unsafe file.read(at: request.offset, into: request.buffer) }
    case .none: throw .closed
    }
    guard let budget, budget.dropsPageCache else { return }
    let byteCount = requests.reduce(0) { unsafe $0 + $1.buffer.count }
    if readBytes.add(byteCount, ordering: .relaxed).newValue > budget.byteCount {
      dropFromPageCache()
    }
  }

  /// Takes the file out of the page cache, as far as nobody has it mapped.
  final func dropFromPageCache() {
    readBytes.store(0, ordering: .relaxed)
    switch unsafe file {
    case .some(let file): file.dropFromPageCache()
    case .none: break
    }
  }

  func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError) {
    // As for a mapped file, an error where it was closed.
    leave(try enter())
    watch(advice, on: range)
  }

  /// Looks at the page cache unless the caller has said how the file is going to be used.
  final func watch(_ advice: Advice, on range: Range<Int>?) {
    if range == nil {
      isWatched.store(
        tellsCached.load(ordering: .relaxed) && advice == .normal, ordering: .relaxed)
    }
  }

  /// Makes sure that what was read was the file's.
  final func verify(_ extent: ReadExtent) throws(FileError) {
    switch unsafe file {
    case .some(let file): try verify(file, end: extent.arrayEnd, reach: extent.reach)
    case .none: throw .closed
    }
    // Not stored again, which would take the line from the other processors.
    if !wasRead.load(ordering: .relaxed) { wasRead.store(true, ordering: .relaxed) }
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
      guard status.isUnchanged(since: opened) else { throw .changed }
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

  final func isCurrent() throws(FileError) -> Bool {
    do throws(FileError) {
      return try SystemCall.status(ofPath: openedPath) == opened
    } catch {
      guard SystemCall.isOfMissingFile(error) else { throw error }
      return false
    }
  }

  /// A mapping of the file; nil where the system refuses one.
  final func mapped() -> FileMapping? {
    switch unsafe file {
    case .some(let file): try? file.map()
    case .none: nil
    }
  }

  /// Whether the page cache has the file in small folios around a byte.
  final func isInSmallFolios(at offset: Int) -> Bool {
    guard isWatched.load(ordering: .relaxed) else { return false }
    switch unsafe file {
    case .some(let file): return file.isInSmallFolios(at: offset)
    case .none: return false
    }
  }

  // MARK: - Closing

  final func close() {
    if reads.close() { release() }
  }

  final func enter() throws(FileError) -> Int {
    guard let visit = begin() else { throw .closed }
    return visit
  }

  /// As `enter`: nil where the source is closed.
  @inline(__always)
  final func begin() -> Int? {
    guard let visit = reads.begin() else {
      endLateRead()
      return nil
    }
    return visit
  }

  @inline(never)
  private final func endLateRead() {
    if reads.end(nil) { release() }
  }

  final func leave(_ visit: Int) {
    if reads.end(visit) { release() }
  }

  /// Once: a read that comes too late can find no others, too, and come here again.
  private final func release() {
    guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
    unmap()
    unsafe file = nil
  }

  /// Gives a mapping back that is held beside the file.
  func unmap() {}
}
