/// Crops in one way many times, so that callgrind can count, and counts what needs no emulator.
///
///     CropCounts FOLDER                 prints the names of the cases, one a line
///     CropCounts FOLDER NAME            prints the allocations and page faults of a round, and its crops
///     CropCounts FOLDER NAME twice      the same, with each crop made twice
@main
struct CropCounts {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else { throw UsageError(expected: "a folder") }
    let cases = Case.all(in: arguments[1])
    guard arguments.count > 2 else {
      for each in cases { print(each.name) }
      return
    }
    guard let chosen = cases.first(where: { $0.name == arguments[2] }) else {
      throw UsageError(expected: "the name of a case")
    }
    let counts = try chosen.count(arguments.dropFirst(3).first == "twice" ? 2 : 1)
    print(counts.allocations, counts.faults, Counts.crops)
  }
}

/// What the program was not called with.
struct UsageError: Error {
  let expected: String
}
