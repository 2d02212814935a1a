import Glibc

@testable import NPYCrop

/// A source that lives in memory, and counts what it is asked for.
final class MemorySource: Source {
  let path = "in memory"
  let byteCount: Int
  let smallGap = 0
  var lendsNothing: Bool { !isLent }
  private let bytes: [UInt8]
  /// Whether it lends its bytes, or has to be read.
  private let isLent: Bool
  /// What it says of each loan.
  private let loanResult: LoanResult
  /// Whether bytes have to be waited for; nil where the source has none to wait for.
  private let isAtHand: Bool?
  /// Is called by each task that is about to copy some places.
  private let onUse: @Sendable () -> Void
  // Not the standard library's: the thread sanitizer does not see all of what it does.
  private let state = ProcessMutex(Asked())

  /// What was asked for since it was last taken.
  struct Asked: Equatable, Sendable {
    var uses = 0
    var ends = 0
    var loans = 0
    var verified = 0
    /// The bytes that were read, in the order of the requests.
    var ranges: [Range<Int>] = []
    /// How many lists of requests they came in.
    var reads = 0
    /// What was to be fetched ahead.
    var fetched: [Range<Int>] = []
    /// What was remembered to be at hand.
    var noted: [Range<Int>] = []
  }

  init(
    _ bytes: [UInt8], isLent: Bool, loanResult: LoanResult = .unverified,
    isAtHand: Bool? = nil, onUse: @escaping @Sendable () -> Void = {}
  ) {
    self.isAtHand = isAtHand
    self.bytes = bytes
    self.isLent = isLent
    self.loanResult = loanResult
    self.onUse = onUse
    byteCount = bytes.count
  }

  /// What was asked for since the last time.
  func taken() -> Asked {
    state.withLock { asked in
      defer { asked = Asked() }
      return asked
    }
  }

  var mayBlock: Bool { isAtHand != nil }
  func isReadableNow(at offset: Int) -> Bool? { isAtHand }
  func lookingTime() -> UInt64? { isAtHand == nil ? nil : 0 }
  func mayWait(for range: Range<Int>, at time: UInt64) -> Bool { true }
  func cachedPageCount(in range: Range<Int>) -> Int? { isAtHand.map { $0 ? .max : 0 } }
  func noteAtHand(_ range: Range<Int>, isFetched: Bool, at time: UInt64) {
    state.withLock { $0.noted.append(range) }
  }
  func fetch(_ range: Range<Int>) { state.withLock { $0.fetched.append(range) } }

  func enter() throws(FileError) -> Int {
    state.withLock { state in
      state.uses += 1
      return state.uses
    }
  }
  func leave(_: Int) { state.withLock { $0.ends += 1 } }

  func lend(in scope: LoanScope, outline: ReadOutline?) -> UnsafeRawPointer? {
    onUse()
    guard isLent else { return nil }
    state.withLock { $0.loans += 1 }
    // Sound: the array is never changed and stays where it is.
    return unsafe bytes.withUnsafeBytes { $0.baseAddress }
  }

  func takeBack(_ scope: LoanScope, after extent: ReadExtent?) -> LoanResult { loanResult }

  func read(_ requests: [ReadRequest]) throws(FileError) {
    state.withLock { $0.reads += 1 }
    for request in requests {
      let buffer = unsafe request.buffer
      let range = request.offset..<request.offset + buffer.count
      state.withLock { $0.ranges.append(range) }
      guard range.upperBound <= bytes.count else {
        throw .endOfFile(offset: range.lowerBound, wanted: range.count, found: 0)
      }
      unsafe buffer.copyBytes(from: bytes[range])
    }
  }

  func verify(_ extent: ReadExtent) throws(FileError) { state.withLock { $0.verified += 1 } }
  func isCurrent() throws(FileError) -> Bool { true }
  func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError) {}
  func close() {}
}
