extension TimeValue: CustomStringConvertible {
  /// The time as NumPy's `str` writes it: `1970-01-01T00:00` as precisely as the unit is, `50 seconds`,
  /// or `NaT`.
  public var description: String {
    guard !isNaT else { return "NaT" }
    let count = count
    guard isDate else { return "\(count) \(unit.base.plural)" }
    switch unit.base {
    case .generic: return "\(count) \(unit.base.plural)"
    case .year: return Self.padded(count + 1970, 4)
    case .month:
      let (year, month) = GregorianDay.divided(count, 12)
      return "\(Self.padded(year + 1970, 4))-\(Self.padded(month + 1, 2))"
    default: break
    }
    let (days, time) =
      unit.base == .week ? (count * 7, 0) : GregorianDay.divided(count, unit.base.perDay)
    let date = GregorianDay(daysSince1970: days)
    let text =
      "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
    return text + clock(time)
  }

  /// The time of day, in units.
  private func clock(_ time: Int128) -> String {
    switch unit.base {
    case .week, .day: return ""
    case .hour: return "T\(Self.padded(time, 2))"
    case .minute: return "T\(Self.padded(time / 60, 2)):\(Self.padded(time % 60, 2))"
    default: break
    }
    let perSecond = unit.base.perDay / 86_400
    let (seconds, rest) = time.quotientAndRemainder(dividingBy: perSecond)
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }
    let fraction = perSecond > 1 ? "." + Self.padded(rest, String(perSecond).count - 1) : ""
    return "T" + parts.joined(separator: ":") + fraction
  }

  /// A number with zeros before it, its sign included in the width.
  private static func padded(_ value: Int128, _ width: Int) -> String {
    let (sign, digits) = (value < 0 ? "-" : "", String(value.magnitude))
    return sign + String(repeating: "0", count: max(width - digits.count - sign.count, 0)) + digits
  }
}

extension ElementType.TimeUnit.Base {
  /// How many there are in a day, of those that are no longer.
  fileprivate var perDay: Int128 {
    switch self {
    case .hour: 24
    case .minute: 1_440
    case .second: 86_400
    case .millisecond: 86_400_000
    case .microsecond: 86_400_000_000
    case .nanosecond: 86_400_000_000_000
    case .picosecond: 86_400_000_000_000_000
    case .femtosecond: 86_400_000_000_000_000_000
    case .attosecond: 86_400_000_000_000_000_000_000
    case .generic, .year, .month, .week, .day: 1
    }
  }

  fileprivate var plural: String {
    switch self {
    case .year: "years"
    case .month: "months"
    case .week: "weeks"
    case .day: "days"
    case .hour: "hours"
    case .minute: "minutes"
    case .second: "seconds"
    case .millisecond: "milliseconds"
    case .microsecond: "microseconds"
    case .nanosecond: "nanoseconds"
    case .picosecond: "picoseconds"
    case .femtosecond: "femtoseconds"
    case .attosecond: "attoseconds"
    case .generic: "generic time units"
    }
  }
}
