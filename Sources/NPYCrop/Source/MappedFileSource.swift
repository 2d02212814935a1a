import Synchronization

/// A file that is mapped when it is first worth it, and read with `pread(2)` until then, where pages of the
/// mapping were lost, and where SIGBUS goes to another handler.
final class MappedFileSource: FileSource, @unchecked Sendable {
  // Written by the one thread that sets `mappingState` to `.making`, before it is `.made`.
  @exclusivity(unchecked) private var mapping: FileMapping?
  private let mappingState: Atomic<MappingState>
  /// Whether it may be read where that is cheaper.
  private let mayRead: Bool
  /// What of the mapping may be in memory, where it has a budget.
  private let blocks: MappedBlocks?

  private enum MappingState: UInt8, AtomicRepresentable {
    case none
    case making
    /// There is a mapping, or the system refused one.
    case made
  }

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
    budget: MemoryBudget?, blocks: consuming MappedBlocks?
  ) {
    mayRead = mapping == nil
    self.blocks = consume blocks
    mappingState = Atomic(mayRead ? .none : .made)
    unsafe self.mapping = consume mapping
    super.init(
      path: path, file: file, verification: verification, cutCheck: cutCheck,
      fileSystem: fileSystem, budget: budget)
  }

  override var loanTerms: LoanTerms {
    if budget != nil { return .stretches }
    return mayRead && !wasRead.load(ordering: .relaxed) ? .outline : .none
  }

  override func makeRoom(for stretches: SourceStretches) -> Int? {
    switch blocks {
    case .some(let blocks):
      blocks.enter(
        stretches,
        isCheaper: { !(ReadOutline(stretches).map(isCheaperToRead) ?? false) }
      ) {
        switch unsafe mapping {
        case .some(let mapping): mapping.giveBack()
        case .none: break
        }
        if budget?.dropsPageCache == true { dropFromPageCache() }
      }
    case .none: nil
    }
  }

  override func giveUpRoom(_ room: Int) {
    switch blocks {
    case .some(let blocks): blocks.leave(room)
    case .none: break
    }
  }

  override func way(of outline: ReadOutline?) -> Access {
    if loanTerms == .outline, let outline, isCheaperToRead(outline) { return .positionedReads }
    guard mappingState.load(ordering: .acquiring) == .made else { return .mapped }
    return switch unsafe mapping {
    case .some(let mapping): mapping.isPoisoned ? .positionedReads : .mapped
    case .none: .positionedReads
    }
  }

  override func lend(in scope: LoanScope, outline: ReadOutline?) -> UnsafeRawPointer? {
    if mappingState.load(ordering: .acquiring) != .made {
      if let outline, isCheaperToRead(outline) { return nil }
      guard makeMapping() else { return nil }
    }
    switch unsafe mapping {
    case .some(let mapping):
      guard let start = unsafe mapping.lend(in: scope) else { return nil }
      if let outline, mapping.isDearer(toTouch: outline) {
        _ = mapping.takeBack(scope, witness: nil)
        return nil
      }
      return unsafe start
    case .none: return nil
    }
  }

  /// Maps the file, if nobody has; false where another thread is still at it, as it may be for ever in a
  /// child of `fork`.
  @inline(never)
  private func makeMapping() -> Bool {
    let (mine, _) = mappingState.compareExchange(
      expected: .none, desired: .making, ordering: .acquiringAndReleasing)
    if mine {
      unsafe mapping = mapped()
      mappingState.store(.made, ordering: .releasing)
      return true
    }
    for _ in 0..<1000 {
      if mappingState.load(ordering: .acquiring) == .made { return true }
      SystemCall.yield()
    }
    return false
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
    let witness = (extent.arrayEnd - 1) & ~(SystemCall.pageSize - 1)
    guard extent.reach <= witness, wasRead.load(ordering: .relaxed) else { return nil }
    return witness
  }

  override func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError) {
    try enter()
    defer { leave() }
    _ = mappingState.load(ordering: .acquiring) == .made || makeMapping()
    switch unsafe mapping {
    case .some(let mapping): try mapping.advise(advice, on: range)
    case .none: break
    }
    watch(advice, on: range)
  }

  override func unmap() { unsafe mapping = nil }
}
