import NPYCrop

/// Crops of one field of large records, through a fresh mapping each: what they touch of the file.
///
/// The file has 4 GiB of records of 64 bytes and no data; it is made where it is not there.
struct FieldRun {
  private static let side = 8192
  private static let recordSize = 64

  private let workload: Workload
  private let path: String
  private let window: [Int]
  private let positions: Positions
  private var output: [Float]

  init(_ workload: Workload, path: String) throws(BenchmarkError) {
    self.workload = workload
    self.path = path
    window = workload.window ?? []
    positions = Positions(
      shape: [Self.side, Self.side], window: window, isPooled: true)
    output = [Float](repeating: 0, count: window.reduce(1, *))
    if (try? File(path, for: .reading)) == nil { try Self.makeFile(path) }
  }

  private static func makeFile(_ path: String) throws(BenchmarkError) {
    var text =
      "{'descr': [('id', '<u8'), ('', '|V40'), ('x', '<f4'), ('', '|V12')], "
      + "'fortran_order': False, 'shape': (\(side), \(side)), }"
    text += String(repeating: " ", count: 245 - text.utf8.count) + "\n"
    let head: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(text.utf8.count), 0]
    let bytes = head + Array(text.utf8)
    let file = try File(path, for: .creating)
    try file.append(unsafe bytes.span.bytes)
    try file.extend(to: bytes.count + side * side * recordSize)
  }

  /// Opens, crops and closes so many times, and counts the page faults.
  mutating func results(
    repetitions: Int, seed: UInt64
  ) throws(BenchmarkError) -> [WorkloadResult] {
    var random = SplitMix64(seed: seed)
    var position = window
    var result = WorkloadResult(
      workload: workload.name, variant: .openCropClose, checksum: 0)
    var pages = 0
    var times: [Int] = []
    for _ in 0..<repetitions {
      try checkInterruption()
      positions.draw(&position, from: &random)
      let region = Region(origin: position, size: window)
      do {
        let field = try NPYArray(path: path, advice: .random).field("x")
        pages += try field.plan(region).pageCount(pageSize: pageSize)
        let before = ResourceUsage.now
        let start = monotonicNanoseconds()
        try field.cropRegion(region, as: Float.self, into: &output)
        times.append(monotonicNanoseconds() - start)
        let used = ResourceUsage.now - before
        result.minorFaults += used.minorFaults + used.majorFaults
      } catch {
        throw .array(error)
      }
    }
    result.samples.append(round: times)
    result.pages = pages
    return [result]
  }
}
