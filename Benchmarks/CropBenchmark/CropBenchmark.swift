import ArgumentParser

@main
struct CropBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crop-benchmark",
    abstract: "Compares cropping a window out of a .npy file with loading all of the file.",
    discussion: """
      Makes files of its own, of 1 MiB to 1 TiB (the last without data), measures, and removes \
      them. With --cold it does so for files that are not in the page cache, in several ways, and \
      tells how much is read from the disk. With --workload it times one task on files that are there, and prints a line of JSON \
      for each way to do it, for comparison with other programs.
      """)

  @Option(
    help: ArgumentHelp(
      "Where to make the files; needs 1.2 GiB. (default: $TMPDIR, or /tmp)",
      valueName: "directory"))
  var directory: String?

  @Flag(help: "Measure crops of files that are not in the page cache, and what they read.")
  var cold = false

  @Flag(help: "Print one JSON object in place of the tables.")
  var json = false

  @OptionGroup(title: "Workload options")
  var task: WorkloadOptions

  func validate() throws {
    try task.validate()
    guard task.workload == nil || (directory == nil && !json && !cold) else {
      throw ValidationError("--directory, --json and --cold are not for --workload")
    }
  }

  func run() async throws {
    if !Build.isRelease {
      warn("This is a debug build, of which no figure says anything: build with -c release.")
    }
    do {
      if let workload = task.workload, let data = task.data {
        try await run(workload, data: data)
      } else {
        try compare()
      }
    } catch .interrupted(let signal) {
      // What a shell reports of a program that the signal has ended.
      throw ExitCode(128 + signal)
    }
  }

  private func compare() throws(BenchmarkError) {
    let parent = directory ?? environmentVariable("TMPDIR") ?? "/tmp"
    let machine = try Machine(directory: parent)
    if cold {
      let report = ColdReport(machine: machine, comparison: try ColdComparison(in: parent))
      print(json ? report.json.description : report.text)
    } else {
      let report = Report(machine: machine, comparison: try Comparison(in: parent))
      print(json ? report.json.description : report.text)
    }
  }

  private func run(_ workload: Workload, data: String) async throws(BenchmarkError) {
    let results = try await workload.results(
      directory: data, repetitions: task.reps, seed: task.seed)
    for result in results { print(result.json) }
  }
}

/// The options of a workload: those that every program of the protocol has.
struct WorkloadOptions: ParsableArguments {
  @Option(
    help: """
      The task: W1, W1s, W2, W2s, W3 to W5, W6a to W6c, W7f, W7b, W8f, W8h, W9, W10, W11a, W11b, W13, W15, W16c, W16r, \
      fields; W12m-K or W12o-K, with K 1M, 64M, 1G, 8G or 1T; W14-A-N or W14h-A-N, for N elements of A bytes.
      """)
  var workload: Workload?

  @Option(help: ArgumentHelp("Where the workload's files are.", valueName: "directory"))
  var data: String?

  @Option(help: "How many crops are timed.")
  var reps = 400

  @Option(help: "Where the random positions begin; 42 is that of the checksum.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (workload == nil) == (data == nil) else {
      throw ValidationError("--workload and --data belong together")
    }
    guard reps > 0 else { throw ValidationError("--reps is 1 or more") }
  }
}

extension Workload: ExpressibleByArgument {
  init?(argument: String) { self.init(name: argument) }
}
