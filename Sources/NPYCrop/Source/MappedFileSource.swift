import Synchronization

/// A file that is mapped when it is first worth it, and read with `pread(2)` until then, where pages of the
/// mapping were lost, and where SIGBUS goes to another handler.
final class MappedFileSource: FileSource, @unchecked Sendable {
  // Written once, under the lock, before `isMapped` is set; read after that.
  @exclusivity(unchecked) private var mapping: FileMapping?
  /// One for all files: it is held for a single system call, and once for each of them.
  private static let mappingLock = ProcessMutex(0)
  /// Whether there is a mapping, or the system refused one.
  private let isMapped: Atomic<Bool>
  /// Whether it may be read where that is cheaper.
  private let mayRead: Bool
  private let pageMask = ~(SystemCall.pageSize - 1)
  /// What of the mapping may be in memory, where it has a budget.
  private let blocks: MappedBlocks?

  /// - Parameters:
  ///   - path: Its name in errors.
  ///   - file: The open file.
  ///   - mapping: A mapping of it, which alone is used; nil if one is to be made, or not, as it pays.
  ///   - verification: What is checked after each crop.
  ///   - cutCheck: How it is found out that the file was cut.
  ///   - fileSystem: What it lies on.
  ///   - budget: How much of the file may be in memory.
  ///   - blocks: The same for its mapping.
  init(
    path: String, file: consuming OpenFile, mapping: consuming FileMapping?,
    verification: Verification, cutCheck: CutCheck, fileSystem: FileSystem,
    budget: MemoryBudget?, blocks: MappedBlocks?
  ) {
    mayRead = mapping == nil
    self.blocks = blocks
    isMapped = Atomic(!mayRead)
    unsafe self.mapping = consume mapping
    super.init(
      path: path, file: file, verification: verification, cutCheck: cutCheck,
      fileSystem: fileSystem, budget: budget)
  }

  override var lendsNothing: Bool { false }

  override var loanTerms: LoanTerms {
    if budget != nil { return .stretches }
    guard mayRead, !wasRead.load(ordering: .relaxed) else { return .none }
    return isMapped.load(ordering: .relaxed) ? .none : .outline
  }

  // MARK: - Budgets

  override func makeRoom(for stretches: SourceStretches) -> Int? {
    makeMapping()
    switch unsafe mapping {
    case .some(let mapping):
      return blocks?.enter(
        stretches, base: mapping.base,
        isCheaper: { !(mayRead && ReadOutline(stretches).map(isCheaperToRead) ?? false) }
      ) {
        mapping.giveBack()
        if budget?.dropsPageCache == true { dropFromPageCache() }
      }
    case .none: return nil
    }
  }

  override func giveUpRoom(_ room: Int) {
    blocks?.leave(room)
  }

  override func way(of outline: ReadOutline?, _ stretches: SourceStretches?) -> Access {
    if let outline, mayRead, blocks == nil, loanTerms == .outline || outline.isFetched,
      isCheaperToRead(outline)
    {
      return .positionedReads
    }
    makeMapping()
    switch unsafe mapping {
    case .some(let mapping):
      if mapping.isPoisoned { return .positionedReads }
      guard let blocks, let stretches else { return .mapped }
      return blocks.hasRoom(for: stretches, base: mapping.base) ? .mapped : .positionedReads
    case .none: return .positionedReads
    }
  }

  // MARK: - Loans

  override func lendAtHand(_ range: Range<Int>, in scope: LoanScope) -> OpenLoan? {
    guard budget == nil, isMapped.load(ordering: .acquiring) else { return nil }
    if let time = lookingTime(), !isKnownAtHand(range, at: time) { return nil }
    guard let visit = begin() else { return nil }
    switch unsafe mapping {
    case .some(let mapping):
      if let start = unsafe mapping.lend(in: scope) {
        return unsafe OpenLoan(start: start, visit: visit)
      }
    case .none: break
    }
    leave(visit)
    return nil
  }

  override func lend(in scope: LoanScope, outline: ReadOutline?) -> UnsafeRawPointer? {
    if let outline, mayRead, isCheaperToRead(outline) { return nil }
    makeMapping()
    switch unsafe mapping {
    case .some(let mapping):
      guard let start = unsafe mapping.lend(in: scope) else { return nil }
      if let outline, mayRead, mapping.isDearer(toTouch: outline) {
        _ = mapping.takeBack(scope, witness: nil)
        return nil
      }
      return unsafe start
    case .none: return nil
    }
  }

  /// Maps the file, if nobody has.
  @inline(__always)
  private func makeMapping() {
    if !isMapped.load(ordering: .acquiring) { makeFirstMapping() }
  }

  @inline(never)
  private func makeFirstMapping() {
    Self.mappingLock.withLock { _ in
      guard !isMapped.load(ordering: .relaxed) else { return }
      // Not assigned: a thread of the parent of this process may have been at it, and what it left is not to be
      // given back.
      unsafe withUnsafeMutablePointer(to: &mapping) { unsafe $0.initialize(to: mapped()) }
      isMapped.store(true, ordering: .releasing)
    }
  }

  override func takeBack(_ scope: LoanScope, after extent: ReadExtent?) -> LoanResult {
    let witness = witness(extent)
    return switch unsafe mapping {
    case .some(let mapping):
      mapping.takeBack(scope, witness: witness)
        ? witness == nil ? .unverified : .verified
        : .lost
    case .none: .lost
    }
  }

  /// The byte that shows, at the cost of a load in place of a system call, that what was read through
  /// the mapping was the file's, on file systems where ``CutCheck/page`` does: the first of the page
  /// that the array ends in.
  ///
  /// A cut within the witness' own page leaves all before it as it was. So a read that does not reach
  /// into that page needs nothing else. Not for the first read, which is to touch no page but its own.
  @inline(__always)
  private func witness(_ extent: ReadExtent?) -> Int? {
    guard let extent, cutCheck == .page, verification == .size else { return nil }
    let witness = (extent.arrayEnd &- 1) & pageMask
    guard extent.reach <= witness, wasRead.load(ordering: .relaxed) else { return nil }
    return witness
  }

  override func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError) {
    let visit = try enter()
    defer { leave(visit) }
    makeMapping()
    switch unsafe mapping {
    case .some(let mapping): try mapping.advise(advice, on: range)
    case .none: break
    }
    watch(advice, on: range)
  }

  override func unmap() { unsafe mapping = nil }
}
