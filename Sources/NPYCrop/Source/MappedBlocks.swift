/// Which parts of a mapping may be in the memory of the process, for a mapping that has a budget.
///
/// The mapping is counted in blocks as large as one page fault maps at most. A block counts from before it is touched
/// until it was given back, so that the process never has more than is counted.
struct MappedBlocks: Sendable {
  private let shift: Int
  /// As many blocks as there may be.
  let capacity: Int
  private let state: ProcessMutex<State>

  private struct State: Sendable {
    /// A bit for each block.
    var words: [UInt64]
    /// The blocks that may be in memory, those of crops under way among them.
    var marked = 0
    /// Those of crops under way.
    var used = 0
    /// The process that these crops are of.
    var process: Int32 = 0
  }

  /// More blocks than this are not told apart: of larger files each is larger.
  private static var mostBlocks: Int { 1 << 20 }

  /// The blocks of a file of which as much may be in memory as a budget has; nil where that is too little for
  /// two of them.
  static func of(byteCount: Int, budget: MemoryBudget) -> MappedBlocks? {
    let tableSpan = SystemCall.bytesOfTable
    var shift = tableSpan.trailingZeroBitCount
    while byteCount >> shift >= mostBlocks { shift += 1 }
    // The mapping may begin within the first.
    let blocks = byteCount >> shift + 2
    let page = SystemCall.pageSize
    // A table of the next level has as many tables as one of the lowest has pages. From Linux 6.14 on those of the
    // lowest are given back with their pages.
    let tablesOfBlock = (1 << shift) / tableSpan
    let tables = byteCount / tableSpan + 2
    let lasting = (SystemCall.givesTablesBack ? 0 : tables) + tables / (page / 8) + 2
    let (lastingBytes, overflow) = lasting.multipliedReportingOverflow(by: page)
    guard !overflow, budget.byteCount > lastingBytes else { return nil }
    let capacity = (budget.byteCount - lastingBytes) / ((1 << shift) + tablesOfBlock * page)
    return capacity > 1 ? MappedBlocks(count: blocks, shift: shift, capacity: capacity) : nil
  }

  private init(count: Int, shift: Int, capacity: Int) {
    self.shift = shift
    self.capacity = capacity
    state = ProcessMutex(State(words: [UInt64](repeating: 0, count: count / 64 + 1)))
  }

  /// Whether a read of some stretches could have room if it were alone.
  func hasRoom(for stretches: SourceStretches, base: Int) -> Bool {
    state.withLock { blockCount(of: stretches, base: base, in: $0.words) } != nil
  }

  /// Counts the blocks of a read that is about to begin.
  ///
  /// - Parameters:
  ///   - stretches: What is read.
  ///   - base: The address that the mapping begins at: blocks are counted as the processor has them.
  ///   - isCheaper: Whether the mapping is cheaper than reading, for a read with blocks that are not in memory.
  ///   - giveBack: Gives all pages of the mapping back.
  /// - Returns: What `leave` is called with; nil where there is no room, and the mapping must not be read.
  func enter(
    _ stretches: SourceStretches, base: Int, isCheaper: () -> Bool, giveBack: () -> Void
  ) -> Int? {
    state.withLock { state in
      let process = SystemCall.processNumber
      // Crops of the parent are not under way in a child of `fork`.
      if state.process != process { (state.process, state.used) = (process, 0) }
      guard let needed = blockCount(of: stretches, base: base, in: state.words),
        needed.new == 0 || isCheaper(), state.used + needed.all <= capacity
      else { return nil }
      state.used += needed.all
      state.marked += needed.new
      if state.marked > capacity {
        giveBack()
        for index in state.words.indices { state.words[index] = 0 }
        // What is under way may have come back since, or will.
        state.marked = state.used
      }
      forEachBlock(of: stretches, base: base) { blocks in
        for block in blocks { state.words[block >> 6] |= 1 << (block & 63) }
        return true
      }
      return needed.all
    }
  }

  /// Ends what `enter` began: the blocks still count.
  func leave(_ needed: Int) {
    state.withLock { state in
      // A room that was made before a fork is none of the child's.
      if state.process == SystemCall.processNumber { state.used -= needed }
    }
  }

  /// The number of blocks that some stretches lie in, and of those that are not marked; nil if it is more than
  /// there may be.
  private func blockCount(
    of stretches: SourceStretches, base: Int, in words: [UInt64]
  ) -> (all: Int, new: Int)? {
    var (all, new) = (0, 0)
    let isLittle = forEachBlock(of: stretches, base: base) { blocks in
      all += blocks.count
      guard all <= capacity else { return false }
      for block in blocks where words[block >> 6] >> (block & 63) & 1 == 0 { new += 1 }
      return true
    }
    return isLittle ? (all, new) : nil
  }

  /// Runs `body` on the blocks of each stretch that the one before it did not lie in, as long as it returns
  /// true.
  @discardableResult
  private func forEachBlock(
    of stretches: SourceStretches, base: Int, _ body: (Range<Int>) -> Bool
  ) -> Bool {
    let start = base & ((1 << shift) - 1)
    var last = 0..<0
    for number in 0..<stretches.count {
      let stretch = stretches[number]
      let first = (start + stretch.lowerBound) >> shift
      let blocks = first..<(start + stretch.upperBound - 1) >> shift + 1
      // Neighbours share blocks.
      let new =
        (last.contains(first) ? min(last.upperBound, blocks.upperBound) : first)..<blocks.upperBound
      last = blocks
      guard new.isEmpty || body(new) else { return false }
    }
    return true
  }
}
