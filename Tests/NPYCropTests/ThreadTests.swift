import Glibc
import Testing

@testable import NPYCrop

/// Crops on threads that are made and joined within the call, for callers without tasks.
@Suite struct ThreadTests {
  private let side = 1200

  /// An array of 1200 × 1200 numbers, each of which is its place, over a new file.
  private func makeArray(in folder: TemporaryFolder) throws -> NPYArray {
    var data: [UInt8] = []
    data.reserveCapacity(4 * side * side)
    for number in 0..<UInt32(side * side) {
      for shift: UInt32 in [0, 8, 16, 24] {
        data.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    let header = headerText(descr: "'<u4'", shape: "(\(side), \(side))")
    return try NPYArray(path: try folder.file("a.npy", npyBytes(header: header, data: data)))
  }

  private func copy(
    _ plan: CropPlan, of array: NPYArray, threads: Int?, isCancelled: () -> Bool = { false }
  ) throws(NPYError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xFF, count: plan.byteCount)
    var span = bytes.mutableSpan
    var output = unsafe span.mutableBytes
    try array.copyOnThreads(plan, into: &output, threads: threads, isCancelled: isCancelled)
    return bytes
  }

  @Test(arguments: [nil, 1, 2, 5]) func `threads copy what one call does`(threads: Int?) throws {
    let folder = try TemporaryFolder()
    let array = try makeArray(in: folder)
    let origins = (0..<70).map { [$0 * 13, (70 - $0) * 11] }
    let padded = array.padded(.reflect)
    let plans = [
      try array.plan(.all),
      try array.plan([.slice(by: -3), .indices([1, 1, 5, 1199])]),
      try array.plan([0..<0]),
      try array.plan(.windows(at: origins, size: [100, 200])),
      try padded.plan(.windows(at: [[-50, -50], [1150, 1100]], size: [100, 200])),
    ]
    for plan in plans {
      let expected =
        plan.windowCount == nil
        ? try array.cropRegion(plan).bytes : try array.cropRegions(plan).bytes
      #expect(try copy(plan, of: array, threads: threads) == expected)
    }
  }

  @Test(arguments: [1, 3]) func `a crop stops when it is told to`(threads: Int) throws {
    let folder = try TemporaryFolder()
    let array = try makeArray(in: folder)
    let plan = try array.plan(.windows(at: [[0, 0], [9, 9]], size: [1000, 1000]))
    var questions = 0
    let error = #expect(throws: NPYError.self) {
      try copy(plan, of: array, threads: threads) {
        questions += 1
        return true
      }
    }
    #expect(error?.isCancellation == true || (threads > 1 && questions == 0))
    #expect(questions <= 1)
  }

  @Test(arguments: [1, 3]) func `a file that was cut is an error on every number of threads`(
    threads: Int
  ) throws {
    let folder = try TemporaryFolder()
    let array = try makeArray(in: folder)
    let plan = try array.plan(.windows(at: [[0, 0], [9, 9], [199, 199]], size: [1000, 1000]))
    _ = try copy(plan, of: array, threads: threads)
    #expect(unsafe truncate(array.path, 4096) == 0)
    let error = #expect(throws: NPYError.self) { try copy(plan, of: array, threads: threads) }
    switch error?.fault {
    case .file(.truncated), .file(.endOfFile): break
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test func `memory of another size and plans of other arrays are refused`() throws {
    let folder = try TemporaryFolder()
    let array = try makeArray(in: folder)
    let plan = try array.plan([0..<2])
    var bytes = [UInt8](repeating: 0, count: plan.byteCount + 1)
    let size = #expect(throws: NPYError.self) {
      var span = bytes.mutableSpan
      var output = unsafe span.mutableBytes
      try array.copyOnThreads(plan, into: &output, threads: 2) { false }
    }
    #expect(
      size?.fault
        == .crop(.outputSize(needed: plan.byteCount, available: plan.byteCount + 1)))
    let other = try array[0..<5]
    #expect(throws: NPYError.self) { try copy(plan, of: other, threads: 2) }
    array.close()
    let closed = #expect(throws: NPYError.self) { try copy(plan, of: array, threads: 2) }
    #expect(closed?.fault == .file(.closed))
  }

  @Test(arguments: [
    ("<f4", "'<f4'"), ("float32", "'<f4'"), ("'>i2'", "'>i2'"), ("\"S3\"", "'|S3'"),
    ("[('a', '<i2'), ('', '|V2'), ('b', '<f8', (2,))]", nil),
  ])
  func `a type is named by a type string or as in a header`(text: String, descr: String?) throws {
    #expect(try ElementType(descrText: text).descr == descr ?? text)
  }

  @Test(arguments: ["", "x", "[", "'<f4", "{}", "('<f4', 2)", "O", "[('a', 'O')]"])
  func `a text that names no type is refused`(text: String) {
    #expect(throws: HeaderError.self) { try ElementType(descrText: text) }
  }
}
