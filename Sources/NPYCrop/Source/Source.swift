/// Where the bytes of arrays come from, as whoever runs a plan sees it.
///
/// A new source conforms to this, and `NPYArray(source:header:)` makes an array of it.
///
/// A source lends all of its bytes at an address, or reads those that it is asked for; it decides each
/// time. Offsets count from its byte 0.
///
/// A read is enclosed by `enter` and `leave`, and ends with `verify`, unless a loan was verified when it
/// was taken back. A class: whatever runs plans calls it once for many pieces, and knows no other type.
protocol Source: AnyObject, Sendable {
  /// Its name in errors: of a file, the path.
  var path: String { get }
  /// How many bytes it has.
  var byteCount: Int { get }
  /// So many bytes that are not wanted are read along with their neighbours: that costs less than another
  /// request.
  var smallGap: Int { get }

  /// Keeps the source open until `leave`.
  ///
  /// - Returns: What `leave` is called with.
  /// - Throws: ``FileError/closed``.
  func enter() throws(FileError) -> Int

  /// Ends what `enter` began.
  func leave(_ visit: Int)

  /// Whether reads may have to wait for bytes: not where all of them are in memory.
  var mayBlock: Bool { get }

  /// Whether a byte can be read without waiting; nil where that is not known.
  func isReadableNow(at offset: Int) -> Bool?

  /// The time at which it is looked at what is at hand; nil where there is nothing to wait for.
  func lookingTime() -> UInt64?

  /// Whether bytes of a range may have to be waited for: asked before each read, and so cheap.
  func mayWait(for range: Range<Int>, at time: UInt64) -> Bool

  /// The pages of a range that need not be waited for; nil where that is not known.
  func cachedPageCount(in range: Range<Int>) -> Int?

  /// Whether all bytes that a read needs of a range were at hand a short while ago: without asking for them.
  func isKnownAtHand(_ range: Range<Int>, at time: UInt64) -> Bool

  /// Remembers for a while that what a read needs of a range is at hand, or was fetched.
  func noteAtHand(_ range: Range<Int>, isFetched: Bool, at time: UInt64)

  /// Has bytes that are going to be read fetched, without waiting for them.
  func fetch(_ range: Range<Int>)

  /// How a read would go now: by a mapping, or by positioned reads.
  ///
  /// - Parameters:
  ///   - outline: How the read goes.
  ///   - stretches: What the first loan of it would be for.
  /// - Returns: ``Access/mapped`` or ``Access/positionedReads``.
  func way(of outline: ReadOutline?, _ stretches: SourceStretches?) -> Access

  /// Whether bytes always have to be asked for with `read`.
  var lendsNothing: Bool { get }

  /// What has to be known of the next read before it is lent the bytes.
  var loanTerms: LoanTerms { get }

  /// Makes room for the bytes of a read, before each loan where the terms are `.stretches`.
  ///
  /// - Parameter stretches: All that is read in the loan.
  /// - Returns: What `giveUpRoom` is called with after the loan; nil where there is no room, and the bytes
  ///   have to be asked for with `read`.
  func makeRoom(for stretches: SourceStretches) -> Int?

  /// Ends what `makeRoom` began.
  func giveUpRoom(_ room: Int)

  /// Lends all bytes to this thread, under a guard, until `takeBack` is called with the same scope.
  ///
  /// - Parameters:
  ///   - scope: What `takeBack` is called with.
  ///   - outline: How the read goes, where the terms are `.outline` or its bytes were fetched; nil for any other, and
  ///     for one that cannot ask for the bytes instead.
  /// - Returns: The address of byte 0; nil where bytes have to be asked for with `read`.
  func lend(in scope: LoanScope, outline: ReadOutline?) -> UnsafeRawPointer?

  /// Lends all bytes to this thread, as `lend` does, where a range is known to be at hand and nothing else has to
  /// be found out before: as most crops of an array find it that is kept open.
  ///
  /// - Parameters:
  ///   - range: What is read.
  ///   - scope: What `takeBack` is called with.
  /// - Returns: The loan, after whose `takeBack` the source is left; nil where it is to be entered, and asked.
  func lendAtHand(_ range: Range<Int>, in scope: LoanScope) -> OpenLoan?

  /// Ends a loan, in the thread that it was made to.
  ///
  /// - Parameters:
  ///   - scope: That of the loan.
  ///   - extent: What was read, if this loan was the whole read; nil if others follow before `verify`.
  /// - Returns: What the bytes were worth.
  func takeBack(_ scope: LoanScope, after extent: ReadExtent?) -> LoanResult

  /// Reads bytes to where they are asked for: all of them, or an error.
  func read(_ requests: [ReadRequest]) throws(FileError)

  /// Makes sure that what was read since `enter` was the source's.
  func verify(_ extent: ReadExtent) throws(FileError)

  /// Whether its name still leads to it, unchanged since it was opened.
  func isCurrent() throws(FileError) -> Bool

  /// Tells how bytes are going to be used, such as those that are wanted soon; nil for all of them.
  func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError)

  /// Closes the source, now or with the last read that is under way; no other begins.
  func close()
}

/// What a source has to know of a read before it lends its bytes.
enum LoanTerms {
  case none
  /// How it goes.
  case outline
  /// All that it touches, for which room is made.
  case stretches
}

/// What was read of a source.
struct ReadExtent: BitwiseCopyable, Sendable {
  /// The byte before which the array ends.
  let arrayEnd: Int
  /// The byte before which all lies that was read.
  let reach: Int
}

/// A loan of a source that was entered for it.
@safe
struct OpenLoan {
  /// The address of byte 0.
  let start: UnsafeRawPointer
  /// What `leave` is called with.
  let visit: Int

  init(start: UnsafeRawPointer, visit: Int) {
    unsafe self.start = start
    self.visit = visit
  }
}

/// What bytes were worth that a source had lent.
enum LoanResult: Sendable {
  /// Nothing: they, or some of them, were not there. They have to be read.
  case lost
  /// They were there, and `verify` tells whether they were the source's.
  case unverified
  /// They were the source's.
  case verified
}

/// Bytes that are read from a source, and where they go.
@safe
struct ReadRequest {
  /// The first byte.
  let offset: Int
  /// Where they go: as many as there is room.
  let buffer: UnsafeMutableRawBufferPointer

  init(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
    self.offset = offset
    unsafe self.buffer = buffer
  }
}

extension Source {
  /// Whether all bytes of a range are at hand, as far as is known.
  func isAtHand(_ range: Range<Int>) -> Bool {
    (cachedPageCount(in: range) ?? .max) >= SystemCall.pageCount(of: range)
  }

  func lendAtHand(_ range: Range<Int>, in scope: LoanScope) -> OpenLoan? { nil }

  // Sources that have nothing to wait for.

  var lendsNothing: Bool { false }
  var loanTerms: LoanTerms { .none }
  func makeRoom(for stretches: SourceStretches) -> Int? { nil }
  func giveUpRoom(_ room: Int) {}
  func way(of outline: ReadOutline?, _ stretches: SourceStretches?) -> Access { .positionedReads }
  func isReadableNow(at offset: Int) -> Bool? { true }
  var mayBlock: Bool { false }
  func lookingTime() -> UInt64? { nil }
  func mayWait(for range: Range<Int>, at time: UInt64) -> Bool { false }
  func cachedPageCount(in range: Range<Int>) -> Int? { nil }
  func isKnownAtHand(_ range: Range<Int>, at time: UInt64) -> Bool { false }
  func noteAtHand(_ range: Range<Int>, isFetched: Bool, at time: UInt64) {}
  func fetch(_ range: Range<Int>) {}
}
