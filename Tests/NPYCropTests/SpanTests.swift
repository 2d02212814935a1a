import Glibc
import Testing

@testable import NPYCrop

/// Elements that are lent as they lie in the file, and not copied.
@Suite struct SpanTests {
  private struct Refusal: Error, Equatable { let number: Int }

  private func array(
    _ folder: TemporaryFolder, descr: String = "'<f4'", order: String = "False",
    shape: String = "(6, 8)", byteCount: Int = 6 * 8 * 4, access: Access = .automatic,
    verification: Verification = .size
  ) throws -> NPYArray {
    let data = patternBytes(byteCount)
    return try NPYArray(
      path: folder.file(
        "a.npy", aligned(headerText(descr: descr, order: order, shape: shape), data: data)),
      access: access, verification: verification)
  }

  /// A file whose data begins at a multiple of 64 bytes.
  private func aligned(_ text: String, data: [UInt8]) -> [UInt8] {
    let padding = String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    return npyBytes(header: text + padding, data: data)
  }

  /// The elements of a span.
  private func copied<Element: BitwiseCopyable>(_ span: Span<Element>) -> [Element] {
    span.indices.map { span[$0] }
  }

  private func obstacle(_ body: () throws -> Void) -> CropError.LoanObstacle? {
    do {
      try body()
    } catch let error as SpanError<Never> {
      if case .array(let error) = error, case .crop(.notLent(let obstacle)) = error.fault {
        return obstacle
      }
    } catch {}
    return nil
  }

  @Test func `what is lent of each fixture are the bytes of the crop`() throws {
    var lent = 0
    for fixture in try Fixture.all() {
      guard let array = try? NPYArray(path: Fixtures.path(fixture.name)) else { continue }
      for expected in fixture.crops ?? [] {
        for array in [array, array.ordered(.fortran)] {
          let region = try Region(numpy: expected.slice)
          let crop = try array.cropRegion(region)
          do throws(SpanError<Never>) {
            let bytes = try array.withSpan(of: region) { copied($0) }
            #expect(bytes == crop.bytes, "\(fixture) \(expected.slice)")
            lent += 1
          } catch {
            guard case .array(let inner) = error else { continue }
            #expect(inner.fault == .crop(.notLent(.notContiguous)), "\(fixture) \(error)")
          }
        }
      }
    }
    #expect(lent > 100)
  }

  @Test func `rows, single elements, whole arrays and nothing at all are lent`() throws {
    let folder = try TemporaryFolder()
    let array = try array(folder)
    let regions: [Region] = [
      .all, [2], [2..<5], [3, 2..<7], [4, 5], [0..<0], [1..<2, .newAxis, 3..<8],
    ]
    for region in regions {
      let crop = try array.cropRegion(region, as: Float.self)
      let lent = try array.withSpan(of: region, as: Float.self) { copied($0).map(\.bitPattern) }
      #expect(lent == crop.elements.map(\.bitPattern), "\(region)")
      let bytes = try array.withSpan(of: region) { copied($0) }
      #expect(try bytes == array.cropRegion(region).bytes, "\(region)")
    }
    // A slice is an array as any other, and so is one that could pad but need not.
    let part = try array.elements(as: Float.self)[2..<4].padded(.edge)
    let sum = try part.withSpan(of: [1]) { $0.count }
    #expect(sum == 8)
  }

  @Test func `an array in Fortran order is lent in that order`() throws {
    let folder = try TemporaryFolder()
    let array = try array(folder, order: "True")
    #expect(
      obstacle { try array.withSpan(of: .all, as: Float.self) { _ in } } == .notContiguous)
    let fortran = try array.elements(as: Float.self).ordered(.fortran)
    let crop = try fortran.cropRegion([.all, 2..<5])
    #expect(try fortran.withSpan(of: [.all, 2..<5]) { copied($0) } == crop.elements)
  }

  @Test func `what cannot be lent as it lies is an error that says why, and never a copy`() throws {
    let folder = try TemporaryFolder()
    let array = try array(folder)
    let scattered: [Region] = [
      [.all, 0..<7], [.all, 1], [.slice(by: -1)], [0, .slice(by: 2)], [.indices([0, 2])],
    ]
    for region in scattered {
      #expect(
        obstacle { try array.withSpan(of: region, as: Float.self) { _ in } } == .notContiguous,
        "\(region)")
    }
    let padded = try array.elements(as: Float.self).padded(.edge)
    #expect(obstacle { try padded.withSpan(of: [-1..<2]) { _ in } } == .padded)
    #expect(obstacle { try padded.padded(.zeros).withSpan(of: [-1]) { _ in } } == .padded)
    // Also where elements of the array stand for it.
    #expect(obstacle { try padded.withSpan(of: [-1]) { _ in } } == .padded)
    let other = try array.converted(to: ElementType(">f4"))
    #expect(obstacle { try other.withSpan(of: [0]) { _ in } } == .converted)
    let converted = try array.converted(to: Double.self)
    #expect(obstacle { try converted.withSpan(of: [0]) { _ in } } == .converted)

    let swapped = try self.array(folder, descr: "'>f4'")
    #expect(obstacle { try swapped.withSpan(of: [0], as: Float.self) { _ in } } == .byteOrder)
    // Its bytes are what they are.
    #expect(try swapped.withSpan(of: [0]) { copied($0) } == swapped.cropRegion([0]).bytes)

    let truths = try self.array(folder, descr: "'|b1'", byteCount: 48)
    #expect(obstacle { try truths.withSpan(of: [0], as: Bool.self) { _ in } } == .bool)

    let odd = try NPYArray(
      path: folder.file("odd.npy", [0] + patternBytes(64)), elementType: .float32, shape: [16],
      offset: 1)
    #expect(
      obstacle { try odd.withSpan(of: [3..<9], as: Float.self) { _ in } }
        == .misaligned(offset: 13, alignment: 4))
    #expect(try odd.withSpan(of: [3..<9]) { $0.count } == 24)
  }

  @Test func `without a mapping nothing is lent, and the error names that`() throws {
    let folder = try TemporaryFolder()
    let array = try array(folder, access: .positionedReads)
    #expect(obstacle { try array.withSpan(of: [0], as: Float.self) { _ in } } == .notMapped)
    #expect(try array.withSpan(of: [0..<0], as: Float.self) { $0.count } == 0)
  }

  @Test func `an error of the array and one of the caller are told apart`() throws {
    let folder = try TemporaryFolder()
    let array = try array(folder)
    do throws(SpanError<Refusal>) {
      try array.withSpan(of: [0], as: Float.self) { span throws(Refusal) in
        throw Refusal(number: span.count)
      }
      Issue.record("the caller's error was lost")
    } catch {
      guard case .body(let refusal) = error else { throw error }
      #expect(refusal.number == 8)
    }
    do throws(SpanError<Refusal>) {
      try array.withSpan(of: [9], as: Float.self) { _ throws(Refusal) in throw Refusal(number: 0) }
      Issue.record("the region is outside")
    } catch {
      guard case .array(let error) = error, case .region = error.fault else { throw error }
    }
    do throws(SpanError<Never>) {
      try array.withSpan(of: [0], as: Int32.self) { _ in }
      Issue.record("the type is another one")
    } catch {
      guard case .array(let error) = error, case .crop(.elementType) = error.fault else {
        throw error
      }
    }
  }

  @Test(arguments: [Verification.size, .strict, .none])
  func `a file cut while its elements are lent is an error, whatever the caller made of them`(
    verification: Verification
  ) throws {
    let folder = try TemporaryFolder()
    let array = try array(
      folder, descr: "'|u1'", shape: "(64, 4096)", byteCount: 64 * 4096,
      verification: verification)
    for isThrowing in [false, true] {
      let path = array.path
      #expect(unsafe truncate(path, 8192) == 0)
      do throws(SpanError<Refusal>) {
        try array.withSpan(of: [8..<64], as: UInt8.self) { span throws(Refusal) in
          // The pages are gone.
          var sum = 0
          for index in span.indices { sum += Int(span[index]) }
          if isThrowing { throw Refusal(number: sum) }
        }
        Issue.record("zeros were taken for data")
      } catch {
        guard case .array(let error) = error else {
          throw error
        }
        switch error.fault {
        case .file(.truncated), .file(.changed), .crop(.notLent(.lost)),
          .crop(.notLent(.notMapped)):
          break
        default: throw error
        }
      }
    }
  }

  @Test func `crops are made, and the array is closed, while elements are lent`() throws {
    let folder = try TemporaryFolder()
    let array = try array(folder)
    let row = try array.cropRegion([2], as: Float.self)
    let lent = try array.withSpan(of: [2], as: Float.self) { span in
      let nested = try array.cropRegion([2], as: Float.self)
      let again = try array.withSpan(of: [2], as: Float.self) { copied($0) }
      array.close()
      return [copied(span), nested.elements, again]
    }
    #expect(lent.allSatisfy { $0 == row.elements })
    for region in [Region.all, [0..<0]] {
      do throws(SpanError<Never>) {
        try array.withSpan(of: region) { _ in _ = Issue.record("closed") }
      } catch {
        guard case .array(let error) = error else { continue }
        #expect(error.fault == .file(.closed))
      }
    }
  }
}
