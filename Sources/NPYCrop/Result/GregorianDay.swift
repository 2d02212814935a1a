/// A day of the Gregorian calendar, which goes on before it was there, as ISO 8601 has it.
///
/// Days, months and years are those of a ``TimeValue``, so that nothing overflows.
struct GregorianDay {
  let year: Int128
  /// From 1 on.
  let month: Int128
  /// From 1 on.
  let day: Int128

  /// The day so many days after 1970-01-01.
  init(daysSince1970 days: Int128) {
    let (era, dayOfEra) = Self.divided(days + Self.daysToMarch0, Self.daysOfEra)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - Self.daysBefore(monthFromMarch) + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The days from 1970-01-01 to the first day of the month that is so many months after January 1970.
  static func first(ofMonth months: Int128) -> Int128 {
    let (year, month) = divided(months + 1970 * 12 - 2, 12)
    let leapDays = divided(year, 4).0 - divided(year, 100).0 + divided(year, 400).0
    return year * 365 + leapDays + daysBefore(month) - daysToMarch0
  }

  /// The quotient that is not greater than the exact one, and what remains.
  static func divided(_ value: Int128, _ divisor: Int128) -> (Int128, Int128) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }

  // Years begin in March here, so that the day that is sometimes there is their last; four hundred
  // of them are an era.
  private static let daysOfEra: Int128 = 146_097
  /// From the first day of March in the year 0 to 1970-01-01.
  private static let daysToMarch0: Int128 = 719_468

  /// The days of a year before a month, counted from March: the months have 31 and 30 days in turn, but
  /// for the pairs July and August, and December and January.
  private static func daysBefore(_ monthFromMarch: Int128) -> Int128 {
    (153 * monthFromMarch + 2) / 5
  }
}
