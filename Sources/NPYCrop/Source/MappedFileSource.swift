import Synchronization

/// A file that is mapped, and read with `pread(2)` where pages of the mapping were lost, or where SIGBUS
/// goes to another handler.
final class MappedFileSource: FileSource, @unchecked Sendable {
  @exclusivity(unchecked) private var mapping: FileMapping?

  init(
    path: String, file: consuming OpenFile, mapping: consuming FileMapping,
    verification: Verification, cutCheck: CutCheck, isWatched: Bool
  ) {
    unsafe self.mapping = consume mapping
    super.init(
      path: path, file: file, verification: verification, cutCheck: cutCheck, isWatched: isWatched)
  }

  override func lend(in scope: LoanScope) -> UnsafeRawPointer? {
    switch unsafe mapping {
    case .some(let mapping): unsafe mapping.lend(in: scope)
    case .none: nil
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
    let witness = (extent.arrayEnd - 1) & ~(SystemCall.pageSize - 1)
    guard extent.reach <= witness, wasRead.load(ordering: .relaxed) else { return nil }
    return witness
  }

  override func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError) {
    try enter()
    defer { leave() }
    switch unsafe mapping {
    case .some(let mapping): try mapping.advise(advice, on: range)
    case .none: break
    }
    watch(advice, on: range)
  }

  override func unmap() { unsafe mapping = nil }
}
