/// A date or a span of time: an element of type `M8` or `m8`.
public struct TimeValue: Hashable, Sendable {
  /// The number of ticks; for a date, since the beginning of 1970.
  public let ticks: Int64
  /// The unit, and how many of it a tick is.
  public let unit: ElementType.TimeUnit
  /// Whether it is a date, and not a span of time.
  public let isDate: Bool

  /// Whether it is NumPy's `NaT`, which is no time.
  public var isNaT: Bool { ticks == .min }

  /// A number of units of time.
  ///
  /// - Parameters:
  ///   - ticks: The number of units: since the beginning of 1970 for a date.
  ///   - unit: The unit, and how many of it a tick is.
  ///   - isDate: Whether it is a date.
  public init(ticks: Int64, unit: ElementType.TimeUnit, isDate: Bool) {
    self.ticks = ticks
    self.unit = unit
    self.isDate = isDate
  }

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

  /// The number of the base unit.
  ///
  /// Less than 2^94, since the multiple of a type has 32 bits: there is room for the days of as many
  /// years.
  var count: Int128 { Int128(ticks) * Int128(unit.multiple) }

  /// The time in attoseconds; nil where there is no such number.
  private var attoseconds: Int128? {
    let count = count
    let unitLength: Int128
    var units = count
    switch unit.base {
    case .year, .month:
      guard isDate else { return nil }
      units = GregorianDay.first(ofMonth: unit.base == .year ? count * 12 : count)
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
}
