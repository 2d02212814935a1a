internal import CFileSystem
import Synchronization

/// What was found to be in the page cache a short while ago, so that the kernel need not be asked for each crop.
///
/// It is believed for a second: then the kernel may have dropped pages that nobody used. What is wrong until then
/// costs time and never bytes. Two things are kept, each in a table in which a later one replaces an earlier
/// one: blocks of the file, whole or not, for windows anywhere in them; and single ranges, for windows that come
/// again.
@safe
struct Residency: ~Copyable, @unchecked Sendable {
  /// What is known of a block or a range.
  enum Knowledge: UInt64 {
    /// All of its pages were cached.
    case whole = 1
    /// Some were not.
    case partial = 2
    /// Those that were not were asked for.
    case fetched = 3
  }

  /// More blocks than this are not looked at one by one.
  static var mostBlocks: Int { 64 }
  /// The kernel is not asked about more blocks than this for one range.
  static var mostAskedBlocks: Int { 32 }
  /// How long something is believed, in units of the tables' time.
  private static var ticksOfTrust: UInt64 { 15 }
  private static var slotCount: Int { 512 }

  // Sendable: slots are read and written whole. Sound: each index is less than the number of slots.
  // Each slot: the time in the upper half; of the lower half two bits of knowledge, the rest tells what of.
  // First those of blocks, then as many of ranges; nil until something is known, which of a file that is opened
  // for one crop nothing is.
  private let slots = unsafe Atomic<UnsafeMutablePointer<UInt64>?>(nil)

  /// The bytes of a block, as a power of two: 2 MiB, as the largest pages of the cache, which the kernel counts in
  /// one step; of large files more, up to 16 MiB, so that there is a slot for each.
  private let blockShift: Int
  private let byteCount: Int

  /// - Parameter byteCount: The size of the file.
  init(byteCount: Int) {
    var shift = 21
    while shift < 24, byteCount >> shift >= Self.slotCount { shift += 1 }
    blockShift = shift
    self.byteCount = byteCount
  }

  deinit { unsafe slots.load(ordering: .acquiring)?.deallocate() }

  /// The slots, which are made now if nobody has.
  private func madeSlots() -> UnsafeMutablePointer<UInt64> {
    if let slots = unsafe slots.load(ordering: .acquiring) { return unsafe slots }
    let new = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * Self.slotCount)
    unsafe new.initialize(repeating: 0, count: 2 * Self.slotCount)
    let (isMine, found) = unsafe slots.compareExchange(
      expected: nil, desired: new, ordering: .acquiringAndReleasing)
    guard !isMine, let found = unsafe found else { return unsafe new }
    unsafe new.deallocate()
    return unsafe found
  }

  /// A time of the tables: 67 ms a tick.
  static func ticks(nanoseconds: UInt64) -> UInt64 { (nanoseconds >> 26) & 0xFFFF_FFFF }

  /// The blocks that a range lies in.
  @inline(__always)
  func blocks(of range: Range<Int>) -> Range<Int> {
    range.lowerBound >> blockShift..<((range.upperBound - 1) >> blockShift) + 1
  }

  /// The bytes of a block that the file has.
  func bytes(ofBlock block: Int) -> Range<Int> {
    let start = block << blockShift
    return start..<start + min(1 << blockShift, max(byteCount - start, 1))
  }

  // MARK: - Blocks

  /// Whether all blocks of a range are known to be cached.
  @inline(__always)
  func isWhole(_ blocks: Range<Int>, at now: UInt64) -> Bool {
    for block in blocks where knowledge(ofBlock: block, at: now) != .whole { return false }
    return true
  }

  /// What is known of a block; nil for nothing.
  @inline(__always)
  func knowledge(ofBlock block: Int, at now: UInt64) -> Knowledge? {
    guard let slots = unsafe slots.load(ordering: .acquiring) else { return nil }
    let slot = unsafe npy_shared_load(slots + (block & (Self.slotCount - 1)))
    return Self.knowledge(in: slot, of: UInt64(block), at: now)
  }

  func note(_ knowledge: Knowledge, ofBlock block: Int, at now: UInt64) {
    unsafe npy_shared_store(
      madeSlots() + (block & (Self.slotCount - 1)), Self.slot(knowledge, of: UInt64(block), at: now)
    )
  }

  // MARK: - Ranges

  /// What is known of what a crop needs of a range: cached or asked for; nil for nothing.
  func knowledge(of range: Range<Int>, at now: UInt64) -> Knowledge? {
    let key = Self.key(of: range)
    guard let slots = unsafe slots.load(ordering: .acquiring) else { return nil }
    let slot = unsafe npy_shared_load(slots + Self.place(ofKey: key))
    return Self.knowledge(in: slot, of: key, at: now)
  }

  func note(_ knowledge: Knowledge, of range: Range<Int>, at now: UInt64) {
    let key = Self.key(of: range)
    unsafe npy_shared_store(
      madeSlots() + Self.place(ofKey: key), Self.slot(knowledge, of: key, at: now))
  }

  private static func key(of range: Range<Int>) -> UInt64 {
    var key = UInt64(bitPattern: Int64(range.lowerBound)) &* 0x9E37_79B9_7F4A_7C15
    key ^= UInt64(bitPattern: Int64(range.upperBound))
    key &*= 0x9E37_79B9_7F4A_7C15
    return key >> 34
  }

  // MARK: - Slots

  private static func place(ofKey key: UInt64) -> Int {
    slotCount + Int(key & UInt64(slotCount - 1))
  }

  @inline(__always)
  private static func slot(_ knowledge: Knowledge, of key: UInt64, at now: UInt64) -> UInt64 {
    now << 32 | (key & 0x3FFF_FFFF) << 2 | knowledge.rawValue
  }

  @inline(__always)
  private static func knowledge(in slot: UInt64, of key: UInt64, at now: UInt64) -> Knowledge? {
    guard (slot >> 2) & 0x3FFF_FFFF == key & 0x3FFF_FFFF, now &- slot >> 32 <= ticksOfTrust else {
      return nil
    }
    return Knowledge(rawValue: slot & 3)
  }
}
