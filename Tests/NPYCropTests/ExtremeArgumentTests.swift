import Testing

@testable import NPYCrop

/// The command line, called with numbers of any size: it says something, and ends by itself.
@Suite struct ExtremeArgumentTests {
  @Test func `arguments of any numbers give a result or a line that says why not`() throws {
    let folder = try TemporaryFolder()
    let small = try folder.file(
      "a.npy",
      npyBytes(header: headerText(descr: "'|u1'", shape: "(4, 5)"), data: patternBytes(20)))
    let long = try folder.file(
      "b.npy", npyBytes(header: headerText(descr: "'|V0'", shape: "(\(1 << 62), 3)")))
    var calls = PropertyCalls(percent: 100)
    while calls.areLeft {
      // A process is worth many calls, so that as many take about as long.
      calls.add(1000)
      let path = calls.random.one(of: [small, long])
      var random = calls.random
      func text() -> String {
        let numbers = random.numbers(3, near: 5).map { String($0) }
        return numbers.prefix(1 + random.below(3)).joined(separator: ":")
      }
      let region = "\(text()),\(text())"
      var arguments = ["crop", path, region, "--print"]
      if random.below(3) > 0 {
        arguments += [
          "--pad", random.one(of: ["constant", "edge", "reflect", "symmetric", "wrap"]),
        ]
      }
      if random.below(4) == 0 {
        let shape = "\(random.number()),\(random.number())"
        arguments += ["--dtype", "V\(random.number())", "--shape", shape]
      }
      if random.isRare() { arguments += ["--offset=\(random.number())"] }
      if random.isRare() { arguments += ["--max-header-size=\(random.number())"] }
      calls.random = random
      let result = try npycrop(arguments)
      #expect([0, 1, 64].contains(result.status), "\(arguments)")
      #expect(result.status == 0 ? !result.output.isEmpty : !result.errorLines.isEmpty)
    }
  }
}
