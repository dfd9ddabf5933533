/// A date, or a date with a time, as ISO 8601 writes them: `2004-06`, `2004-06-01`, `2004-06-01T12:30`,
/// `2004-06-01 12:30:15.25+02:00`; `/` may stand for `-`. A date is its first instant.
struct TableTime: Equatable {
  /// Seconds since 1970 began, in UTC where an offset is given, else on a clock of unknown place.
  let seconds: Double
  /// Whether an offset from UTC, or Z, is given. Times with and without one cannot be compared.
  let hasOffset: Bool

  /// nil where the text is no such date or time; blanks around it are ignored.
  init?(_ text: String) {
    var scanner = DigitScanner(text)
    scanner.skipBlanks()
    guard let year = scanner.digits(4), year > 0, let separator = scanner.either("-/"), let month = scanner.digits(2),
      (1...12).contains(month)
    else { return nil }
    var day = 1
    if scanner.take(separator) {
      guard let given = scanner.digits(2), given >= 1, given <= Self.days(in: month, of: year) else { return nil }
      day = given
    }
    var seconds = 86_400 * Double(Self.daysSince1970(year, month, day))
    var hasOffset = false
    if scanner.takeTimeMark() {
      guard let time = Self.clock(&scanner) else { return nil }
      seconds += time
      if scanner.take("Z") || scanner.take("z") {
        hasOffset = true
      } else if let sign = scanner.either("+-−") {
        guard let offset = Self.offset(&scanner) else { return nil }
        seconds += sign == "+" ? -offset : offset
        hasOffset = true
      }
    }
    scanner.skipBlanks()
    guard scanner.isAtEnd else { return nil }
    self.seconds = seconds
    self.hasOffset = hasOffset
  }

  /// HH:MM, HH:MM:SS or HH:MM:SS.fff; 24:00 and leap seconds are allowed.
  private static func clock(_ scanner: inout DigitScanner) -> Double? {
    guard let hour = scanner.digits(2), hour <= 24, scanner.take(":"), let minute = scanner.digits(2), minute < 60
    else { return nil }
    var seconds = 3600 * Double(hour) + 60 * Double(minute)
    if scanner.take(":") {
      guard let whole = scanner.digits(2), whole <= 60 else { return nil }
      seconds += Double(whole)
      if scanner.either(".,") != nil {
        guard let fraction = scanner.fraction() else { return nil }
        seconds += fraction
      }
    }
    return seconds <= 86_400 ? seconds : nil
  }

  /// HH, HHMM or HH:MM.
  private static func offset(_ scanner: inout DigitScanner) -> Double? {
    guard let hours = scanner.digits(2), hours <= 23 else { return nil }
    let hasColon = scanner.take(":")
    guard hasColon || !scanner.isAtEnd else { return 3600 * Double(hours) }
    guard let minutes = scanner.digits(2), minutes < 60 else { return nil }
    return 3600 * Double(hours) + 60 * Double(minutes)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Of the Gregorian calendar, also before it was in use.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let before = year - 1
    let toYear = 365 * before + before / 4 - before / 100 + before / 400
    let toMonth = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
    return toYear + toMonth + day - 1 - 719_162
  }
}

/// Takes digits and signs from the start of a text.
private struct DigitScanner {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }

  mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  mutating func either(_ characters: String) -> Character? {
    guard let first = rest.first, characters.contains(first) else { return nil }
    return rest.removeFirst()
  }

  mutating func digits(_ count: Int) -> Int? {
    let taken = rest.prefix(count)
    guard taken.count == count, taken.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
    rest.removeFirst(count)
    return Int(taken)
  }

  /// The digits behind a decimal point.
  mutating func fraction() -> Double? {
    let taken = rest.prefix { ("0"..."9").contains($0) }
    rest.removeFirst(taken.count)
    return taken.isEmpty ? nil : Double("0." + taken)
  }

  /// Takes the T or the blank between a date and the time that follows; false where none follows.
  mutating func takeTimeMark() -> Bool {
    guard let first = rest.first, "Tt ".contains(first), let next = rest.dropFirst().first, ("0"..."9").contains(next)
    else { return false }
    rest.removeFirst()
    return true
  }
}
