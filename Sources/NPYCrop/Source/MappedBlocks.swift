internal import CFileSystem
import Synchronization

/// Which parts of a mapping may be in the memory of the process, for a mapping that has a budget.
///
/// The mapping is counted in blocks of 2 MiB, which is as much as one page fault maps. A block counts from before
/// it is touched until it was given back, so that the process never has more than is counted.
@safe
struct MappedBlocks: ~Copyable, @unchecked Sendable {
  // Sendable: the words are read and written whole. Sound: each block that is asked for lies within the file.
  private let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private let shift: Int
  /// As many blocks as there may be.
  let capacity: Int
  /// Those that may be in memory, of crops that are under way among others.
  private let marked = Atomic<Int>(0)
  /// Those of crops that are under way.
  private let used = Atomic<Int>(0)

  /// More blocks than this are not told apart: of larger files each is larger.
  private static var mostBlocks: Int { 1 << 20 }

  /// The blocks of a file of which as much may be in memory as a budget has; nil where that is too little for
  /// two of them.
  static func of(byteCount: Int, budget: MemoryBudget) -> MappedBlocks? {
    var shift = 21
    while byteCount >> shift >= mostBlocks { shift += 1 }
    let blocks = byteCount >> shift + 1
    let page = SystemCall.pageSize
    // A table of the lowest level has the pages of 2 MiB, and one of the next level those of 1 GiB. From Linux 6.14
    // on those of the lowest level are given back with their pages.
    let tablesOfBlock = (1 << shift) >> 21
    let lasting = (SystemCall.givesTablesBack ? 0 : blocks * tablesOfBlock) + byteCount >> 30 + 2
    let (lastingBytes, overflow) = lasting.multipliedReportingOverflow(by: page)
    guard !overflow, budget.byteCount > lastingBytes else { return nil }
    let capacity = (budget.byteCount - lastingBytes) / ((1 << shift) + tablesOfBlock * page)
    return capacity > 1 ? MappedBlocks(count: blocks, shift: shift, capacity: capacity) : nil
  }

  private init(count: Int, shift: Int, capacity: Int) {
    self.shift = shift
    self.capacity = capacity
    wordCount = count / 64 + 1
    unsafe words = .allocate(capacity: wordCount)
    unsafe words.initialize(repeating: 0, count: wordCount)
  }

  deinit { unsafe words.deallocate() }

  /// Counts the blocks of a read that is about to begin.
  ///
  /// - Parameters:
  ///   - stretches: What is read.
  ///   - isCheaper: Whether the mapping is cheaper than reading, for a read with blocks that are not in memory.
  ///   - giveBack: Gives all pages of the mapping back.
  /// - Returns: What `leave` is called with; nil where there is no room, and the mapping must not be read.
  borrowing func enter(
    _ stretches: SourceStretches, isCheaper: () -> Bool, giveBack: () -> Void
  ) -> Int? {
    guard let needed = blockCount(of: stretches) else { return nil }
    guard needed.new == 0 || isCheaper() else { return nil }
    guard used.add(needed.all, ordering: .sequentiallyConsistent).newValue <= capacity else {
      leave(needed.all)
      return nil
    }
    let new = mark(stretches)
    if marked.add(new, ordering: .sequentiallyConsistent).newValue > capacity {
      for index in 0..<wordCount { unsafe npy_shared_store(words + index, 0) }
      // Those under way may come back after this: so all of them count. And whatever is marked meanwhile is of
      // one of them, or is given back.
      marked.store(used.load(ordering: .sequentiallyConsistent), ordering: .sequentiallyConsistent)
      giveBack()
      _ = mark(stretches)
    }
    return needed.all
  }

  /// Ends what `enter` began: the blocks still count.
  borrowing func leave(_ needed: Int) {
    used.subtract(needed, ordering: .sequentiallyConsistent)
  }

  /// The number of blocks that some stretches lie in, and of those that are not marked; nil if it is more than
  /// there may be.
  private borrowing func blockCount(of stretches: SourceStretches) -> (all: Int, new: Int)? {
    var (all, new) = (0, 0)
    let isLittle = forEachBlock(of: stretches) { blocks in
      all += blocks.count
      guard all <= capacity else { return false }
      for block in blocks {
        let word = unsafe npy_shared_load(words + block >> 6)
        if word >> (block & 63) & 1 == 0 { new += 1 }
      }
      return true
    }
    return isLittle ? (all, new) : nil
  }

  /// Marks the blocks of some stretches.
  ///
  /// - Returns: How many were not.
  private borrowing func mark(_ stretches: SourceStretches) -> Int {
    var new = 0
    _ = forEachBlock(of: stretches) { blocks in
      for block in blocks {
        let bit: UInt64 = 1 << (block & 63)
        if unsafe npy_shared_set(words + block >> 6, bit) & bit == 0 { new += 1 }
      }
      return true
    }
    return new
  }

  /// Runs `body` on the blocks of each stretch that the one before it did not lie in, as long as it returns
  /// true.
  private borrowing func forEachBlock(
    of stretches: SourceStretches, _ body: (Range<Int>) -> Bool
  ) -> Bool {
    var last = 0..<0
    for number in 0..<stretches.count {
      let stretch = stretches[number]
      let first = stretch.lowerBound >> shift
      let blocks = first..<(stretch.upperBound - 1) >> shift + 1
      // Neighbours share blocks.
      let new =
        (last.contains(first) ? min(last.upperBound, blocks.upperBound) : first)..<blocks.upperBound
      last = blocks
      guard new.isEmpty || body(new) else { return false }
    }
    return true
  }
}
