/// A date or a span of time: an element of type `M8` or `m8`.
public struct TimeValue: Hashable, Sendable {
  /// The number of units: since the beginning of 1970 for a date.
  public let ticks: Int64
  /// The unit, and how many of it a tick is.
  public let unit: ElementType.TimeUnit
  /// Whether it is a date, and not a span of time.
  public let isDate: Bool

  /// Whether it is NumPy's `NaT`, which is no time.
  public var isNaT: Bool { ticks == .min }

  /// The span of time, or that from 1970-01-01T00:00:00 to the date, exactly.
  ///
  /// - Throws: ``CropError/inexactTime(_:)`` for `NaT`, for a unit that is none, for spans of years or
  ///   months, which have no length of their own, and for times that a `Duration` cannot hold.
  public func duration() throws(CropError) -> Duration {
    guard !isNaT, let exact = attoseconds else { throw .inexactTime(self) }
    let (seconds, rest) = exact.quotientAndRemainder(dividingBy: Self.attosecondsOfSecond)
    guard let seconds = Int64(exactly: seconds) else { throw .inexactTime(self) }
    return Duration(secondsComponent: seconds, attosecondsComponent: Int64(rest))
  }

  private static let attosecondsOfSecond: Int128 = 1_000_000_000_000_000_000

  /// The time in attoseconds; nil where there is no such number.
  private var attoseconds: Int128? {
    let (count, _) = Int128(ticks).multipliedReportingOverflow(by: Int128(unit.multiple))
    let unitLength: Int128
    var units = count
    switch unit.base {
    case .year, .month:
      guard isDate, let days = Self.days(ofMonths: unit.base == .year ? count * 12 : count) else {
        return nil
      }
      units = days
      unitLength = 86_400 * Self.attosecondsOfSecond
    case .week: unitLength = 604_800 * Self.attosecondsOfSecond
    case .day: unitLength = 86_400 * Self.attosecondsOfSecond
    case .hour: unitLength = 3_600 * Self.attosecondsOfSecond
    case .minute: unitLength = 60 * Self.attosecondsOfSecond
    case .second: unitLength = Self.attosecondsOfSecond
    case .millisecond: unitLength = 1_000_000_000_000_000
    case .microsecond: unitLength = 1_000_000_000_000
    case .nanosecond: unitLength = 1_000_000_000
    case .picosecond: unitLength = 1_000_000
    case .femtosecond: unitLength = 1_000
    case .attosecond: unitLength = 1
    case .generic: return nil
    }
    let (length, overflow) = units.multipliedReportingOverflow(by: unitLength)
    return overflow ? nil : length
  }

  /// The days from 1970-01-01 to the first of a month, so many months later, in the Gregorian calendar.
  private static func days(ofMonths months: Int128) -> Int128? {
    // Years begin in March here, so that the day that is sometimes there is their last.
    let monthsSinceMarch0 = months + 1970 * 12 - 2
    let year = floorDivision(monthsSinceMarch0, 12)
    let month = monthsSinceMarch0 - year * 12
    let leapDays =
      floorDivision(year, 4) - floorDivision(year, 100) + floorDivision(year, 400)
    // The months from March on have 31 and 30 days in turn, but for the pairs July and August,
    // and December and January.
    let dayOfYear = (153 * month + 2) / 5
    return year * 365 + leapDays + dayOfYear - 719_468
  }

  private static func floorDivision(_ value: Int128, _ divisor: Int128) -> Int128 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}

extension RawCrop {
  /// The elements of type `M8` or `m8` as times.
  ///
  /// - Returns: One time an element, in the order of the crop.
  /// - Throws: ``CropError/notTime(elementType:)`` or ``CropError/outOfMemory(byteCount:)``.
  public func times() throws(CropError) -> [TimeValue] {
    let (unit, isDate): (ElementType.TimeUnit, Bool)
    switch elementType.kind {
    case .datetime64(let ofDate): (unit, isDate) = (ofDate, true)
    case .timedelta64(let ofSpan): (unit, isDate) = (ofSpan, false)
    default: throw .notTime(elementType: elementType)
    }
    let isBig = elementType.byteOrder == .big
    return (0..<(try elementCount(listedAs: TimeValue.self))).map { element in
      var ticks: UInt64 = 0
      for place in 0..<8 {
        let shift = UInt64(8 * (isBig ? 7 - place : place))
        ticks |= UInt64(bytes[element * 8 + place]) << shift
      }
      return TimeValue(ticks: Int64(bitPattern: ticks), unit: unit, isDate: isDate)
    }
  }
}
