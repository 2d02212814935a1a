import CAllocationCount
import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// Closing, and what is left behind.
@Suite struct ClosingTests {
  @Test func `a closed array refuses crops, however often it is closed`() throws {
    let array = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"))
    let copy = array
    let plan = try array.plan(.all)
    array.close()
    array.close()
    for array in [array, copy] {
      let error = #expect(throws: NPYError.self) {
        try array.elements(as: Float.self).cropRegion(plan)
      }
      #expect(error?.fault == .file(.closed))
    }
    // Also where nothing would be read.
    let none = try copy.plan([0..<0])
    for crop in [{ try copy.cropRegion(none) }, { try copy.cropRegion([0..<0]) }] {
      let error = #expect(throws: NPYError.self) { try crop() }
      #expect(error?.fault == .file(.closed))
    }
    let batch = #expect(throws: NPYError.self) { try copy.cropRegions([Region]()) }
    #expect(batch?.fault == .file(.closed))
    // What is known without the file stays known.
    #expect(copy.shape == [2, 3])
    #expect(throws: NPYError.self) { try copy.advise(.random) }
    copy.close()
  }

  @Test func `closing frees the mapping and the descriptor at once`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(shape: "()"), data: [1, 2, 3, 4]))
    let array = try NPYArray(path: path)
    _ = try array.cropRegion(.all)
    #expect(try openings(of: path) == [1, 1])
    array.close()
    #expect(try openings(of: path) == [0, 0])
    #expect(array.shape.isEmpty)
  }

  @Test func `closing during crops lets each finish or refuses it`() async throws {
    let path = Fixtures.path("header_aligned_4096.npy")
    let expected = try NPYArray(path: path).cropRegion(.all, as: Double.self)
    let finished = Tally()
    for round in 0..<400 {
      let array = try NPYArray(path: path)
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<2 {
          group.addTask {
            for _ in 0..<20 {
              do {
                let crop = try array.cropRegion(.all, as: Double.self)
                #expect(crop == expected)
                finished.add()
              } catch {
                #expect((error as? NPYError)?.fault == .file(.closed))
              }
            }
          }
        }
        group.addTask {
          for _ in 0..<round % 50 { _ = getppid() }
          array.close()
        }
      }
      let error = #expect(throws: NPYError.self) { try array.cropRegion(.all, as: Double.self) }
      #expect(error?.fault == .file(.closed))
    }
    #expect(finished.count > 0)
    #expect(try openings(of: path) == [0, 0])
  }

  @Test func `ten thousand arrays opened, cropped and closed leave nothing behind`() async {
    // In a process of its own, where nothing else allocates.
    await #expect(processExitsWith: .exitCode(0)) {
      try endProcess {
        let folder = try TemporaryFolder()
        let path = try folder.file(
          "a.npy", npyBytes(header: headerText(shape: "()"), data: [1, 2, 3, 4]))
        let bad = try folder.file("b.npy", npyBytes(header: headerText(shape: "(9,)"), data: [1]))
        func isSound(_ index: Int) throws -> Bool {
          let array = try NPYArray(path: path, access: index % 2 == 0 ? .mapped : .positionedReads)
          guard try array.cropRegion(.all, as: Float.self).elements.count == 1 else { return false }
          if index % 3 == 0 { array.close() }
          return (try? NPYArray(path: bad)) == nil
        }
        for index in 0..<200 { guard try isSound(index) else { return 1 } }
        let before = heap_bytes_in_use()
        for index in 0..<10_000 { guard try isSound(index) else { return 2 } }
        let grown = Int(heap_bytes_in_use()) - Int(before)
        guard try openings(of: path) == [0, 0], try openings(of: bad) == [0, 0] else { return 3 }
        // A block of 16 bytes for each array would be 160,000.
        return grown < 100_000 ? 0 : 4
      }
    }
  }
}
