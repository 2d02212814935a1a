import Glibc
import Synchronization
import Testing

@testable import NPYCrop

@Suite struct BatchTests {
  /// An array of 61 × 67 elements of two bytes.
  private func sample(
    _ folder: TemporaryFolder, access: Access = .automatic, descr: String = "'<u2'",
    order: String = "False"
  ) throws -> NPYArray {
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: descr, order: order, shape: "(61, 67)"),
        data: patternBytes(61 * 67 * 2)))
    return try NPYArray(path: path, access: access)
  }

  /// Windows of 7 × 9 at places in no order: inside, across every border and far outside.
  private static let origins = [
    [30, 30], [-3, 5], [58, 60], [0, 0], [54, 58], [-20, -20], [10, -4], [30, 30], [200, 3],
    [53, 0], [12, 62],
  ]

  private static let windows = origins.map { Region(origin: $0, size: [7, 9]) }

  @Test(arguments: [Access.automatic, .mapped, .positionedReads], ["False", "True"])
  func `a batch is its windows one after the other, in the order asked`(
    access: Access, fileOrder: String
  ) async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder, access: access, order: fileOrder)
    for order in [MemoryOrder.c, .fortran] {
      for padding in [Padding.constant(7), .edge, .reflect, .symmetric, .wrap] {
        var expected: [UInt16] = []
        for window in Self.windows {
          expected += try array.cropRegion(window, as: UInt16.self, padding: padding, order: order)
            .elements
        }
        let batch = try array.elements(as: UInt16.self).padded(padding).ordered(order).cropRegions(
          Self.windows)
        #expect(batch.elements == expected)
        #expect(batch.shape == [Self.windows.count, 7, 9])
        #expect(Array(batch[1]) == Array(expected[63..<126]))
        for parallelism in [.automatic, 1, 2, 5, 100] as [Parallelism] {
          let parallel = try await array.elements(as: UInt16.self).padded(padding).ordered(order)
            .cropRegions(Self.windows, parallelism: parallelism)
          #expect(parallel == batch)
        }
        var output = [UInt16](repeating: 0, count: expected.count)
        try array.elements(as: UInt16.self).padded(padding).ordered(order).cropRegions(
          Region.windows(at: Self.origins, size: [7, 9]), into: &output)
        #expect(output == expected)
        let raw = try array.padded(padding).ordered(order).cropRegions(
          origins: Self.origins, size: [7, 9])
        #expect(
          try await array.padded(padding).ordered(order).cropRegions(
            Self.windows, parallelism: 2) == raw)
        let own = try array.cropRegion(
          Self.windows[2], as: UInt16.self, padding: padding, order: order)
        #expect(batch.crop(ofWindow: 2) == own)
        #expect(raw.elementType == array.elementType)
        #expect(raw.bytes.count == 2 * expected.count)
        #expect(
          try Array(raw[2])
            == array.cropRegion(Self.windows[2], padding: padding, order: order).bytes)
      }
    }
  }

  @Test func `a large batch is the same however many tasks copy it`() async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder)
    // Every window, some of which leave: thousands of them, with few elements each.
    let grid = try Region.grid(over: [61, 67], size: [5, 5], step: [1, 1], edge: .padded)
    let whole = try Region.grid(over: [61, 67], size: [5, 5], step: [2, 3], edge: .shifted)
    for windows in [grid, whole] {
      let batch = try array.elements(as: UInt16.self).padded(.reflect).cropRegions(windows)
      for (number, window) in windows.enumerated() where number % 97 == 0 {
        let crop = try array.cropRegion(window, as: UInt16.self, padding: .reflect)
        #expect(Array(batch[number]) == crop.elements)
        #expect(batch.validRegion(ofWindow: number) == crop.validRegion)
        #expect(try batch.validMask(ofWindow: number) == crop.validMask())
      }
      for parallelism in [1, 3, 8] {
        let parallel = try await array.elements(as: UInt16.self).padded(.reflect).cropRegions(
          windows, parallelism: .tasks(parallelism))
        #expect(parallel == batch)
      }
      var output = [UInt16](repeating: 0, count: batch.elements.count)
      var span = output.mutableSpan
      try await array.elements(as: UInt16.self).padded(.reflect).cropRegions(
        windows, parallelism: 4, into: &span)
      #expect(output == batch.elements)
    }
  }

  @Test func `windows may be any regions of one shape`() async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder, descr: "'>u2'")
    let regions: [Region] = [
      [0..<3, .newAxis, .slice(from: 60, to: 50, by: -3)], [5..<8, .newAxis, 20..<24],
      [.indices([9, 0, 9]), .newAxis, .indices([1, 1, 60, 2])],
      try Region(numpy: "-3:, None, :4"),
    ]
    let batch = try array.elements(as: UInt16.self).cropRegions(regions)
    #expect(batch.shape == [4, 3, 1, 4])
    for (number, region) in regions.enumerated() {
      #expect(try Array(batch[number]) == array.cropRegion(region, as: UInt16.self).elements)
    }
    #expect(try await array.elements(as: UInt16.self).cropRegions(regions, parallelism: 3) == batch)
    // Trailing axes that boxes leave out are whole.
    let rows = try array.elements(as: UInt16.self).cropRegions(origins: [[3], [60]], size: [1])
    #expect(rows.shape == [2, 1, 67])
    #expect(try Array(rows[1]) == array.cropRegion([60], as: UInt16.self).elements)
  }

  @Test func `a batch of none is empty, and one of empty windows has no elements`() async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder)
    let none = try array.elements(as: UInt16.self).cropRegions([Region]())
    #expect(none.count == 0 && none.elements.isEmpty && none.windowShape.isEmpty)
    let converted = try array.converted(to: Double.self).cropRegions([Region]())
    #expect(converted.shape == [0])
    #expect(
      try await array.converted(to: Double.self).cropRegions([Region](), parallelism: .automatic)
        == converted)
    #expect(
      try await array.elements(as: UInt16.self).cropRegions([Region](), parallelism: .automatic)
        == none)
    // What is known of windows that are none.
    let boxes = try array.elements(as: UInt16.self).cropRegions(origins: [], size: [5])
    #expect(boxes.shape == [0, 5, 67])
    let empty = try await array.elements(as: UInt16.self).cropRegions(
      [[3..<3], [61..<61]] as [Region], parallelism: .automatic)
    #expect(empty.shape == [2, 0, 67] && empty.elements.isEmpty)
  }

  // MARK: - Errors

  private func fault(_ body: () async throws -> Void) async -> NPYError.Fault? {
    await #expect(throws: NPYError.self) { try await body() }?.fault
  }

  @Test func `what is wrong with any window is found before anything is copied`() async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder)
    let good = Region(origin: [0, 0], size: [2, 2])
    let cases: [([Region], RegionError)] = [
      (
        [good, Region(origin: [60, 0], size: [2, 2])],
        .inWindow(1, .sliceOutOfRange(axis: 0, from: 60, to: 62, step: 1, size: 61))
      ),
      ([good, good, [0..<2, 0..<3]], .shapesDiffer(window: 2, shape: [2, 3], first: [2, 2])),
      ([good, [0..<2, 5]], .shapesDiffer(window: 1, shape: [2], first: [2, 2])),
      (
        [good, Region(origin: [0], size: [-1])],
        .inWindow(1, .invalidSize(axis: 0, origin: 0, size: -1))
      ),
    ]
    for (regions, error) in cases {
      var output = [UInt16](repeating: 1, count: 4 * regions.count)
      let found = await fault {
        var span = output.mutableSpan
        try await array.elements(as: UInt16.self).cropRegions(regions, parallelism: 2, into: &span)
      }
      #expect(found == .region(error))
      #expect(output.allSatisfy { $0 == 1 })
      let alone = await fault {
        _ = try array.elements(as: UInt16.self).cropRegions(regions)
      }
      #expect(alone == .region(error))
    }
    #expect(
      await fault {
        _ = try await array.elements(as: Float.self).cropRegions([good], parallelism: .automatic)
      }
        == .crop(.elementType(found: .uint16, requested: .float32)))
    var small = [UInt16](repeating: 0, count: 3)
    #expect(
      await fault {
        var span = small.mutableSpan
        try await array.elements(as: UInt16.self).cropRegions(
          [good], parallelism: .automatic, into: &span)
      } == .crop(.outputSize(needed: 8, available: 6)))
    small = []
  }

  @Test func `text that is clamped is as large as what it takes, and writes nowhere else`()
    async throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(header: headerText(descr: "'|u1'", shape: "(10,)"), data: Array(1...10)))
    for access in [Access.mapped, .positionedReads] {
      let array = try NPYArray(path: path, access: access)
      var output = [UInt8](repeating: 0xEE, count: 64)
      let differing = [try Region(numpy: "8:12"), try Region(numpy: "0:4")]
      let found = await fault {
        try unsafe output.withUnsafeMutableBufferPointer { buffer in
          var part = unsafe MutableSpan(
            _unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[..<4]))
          try array.elements(as: UInt8.self).cropRegions(differing, into: &part)
        }
      }
      #expect(found == .region(.shapesDiffer(window: 1, shape: [4], first: [2])))
      #expect(output.allSatisfy { $0 == 0xEE })
      let alike = [try Region(numpy: "8:12"), try Region(numpy: "-2:"), [3..<5]]
      let batch = try await array.elements(as: UInt8.self).cropRegions(
        alike, parallelism: .automatic)
      #expect(batch.elements == [9, 10, 9, 10, 4, 5])
      output = []
    }
  }

  @Test func `more windows than memory holds are an error`() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|V0'", shape: "(1099511627776,)")))
    let array = try NPYArray(path: path)
    let grid = try Region.grid(over: array.shape, size: [1])
    guard
      case .crop(.outOfMemory) = await fault({
        _ = try await array.cropRegions(grid, parallelism: .automatic)
      })
    else {
      Issue.record("no error")
      return
    }
  }

  #if DEBUG
    @Test func `a batch asks about the file once`() throws {
      let folder = try TemporaryFolder()
      let array = try sample(folder)
      let counter = ForcedFailure(.lseek, .errno(EIO), at: 0..<0)
      let windows = (0..<50).map { Region(origin: [$0, $0], size: [3, 3]) }
      _ = try forcing(counter) { try array.elements(as: UInt16.self).cropRegions(windows) }
      #expect(counter.calls == 1)
    }
  #endif

  @Test(arguments: [Access.automatic, .positionedReads])
  func `a file that was cut is an error of the batch`(access: Access) async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder, access: access)
    #expect(unsafe truncate(array.path, 4000) == 0)
    for windows in [[Region(origin: [0, 0], size: [9, 9])], [[40..<60], [2..<22]]] {
      for parallelism in [1, 3] {
        let found = await fault {
          _ = try await array.elements(as: UInt16.self).cropRegions(
            windows, parallelism: .tasks(parallelism))
        }
        switch found {
        case .file(.truncated), .file(.endOfFile): break
        default: Issue.record("\(String(describing: found))")
        }
      }
    }
    array.close()
    #expect(
      await fault {
        _ = try await array.elements(as: UInt16.self).cropRegions(
          [[0..<1]] as [Region], parallelism: .automatic)
      }
        == .file(.closed))
  }

  // MARK: - Cancellation

  /// Strided windows that call back at one of them.
  private final class Trap: RandomAccessCollection, Sendable {
    typealias Index = Int
    typealias Element = Region
    let asked = Tally()
    let turn: Int
    let action: Mutex<(@Sendable () -> Void)?> = Mutex(nil)

    init(turn: Int) { self.turn = turn }

    var startIndex: Int { 0 }
    var endIndex: Int { 3000 }
    subscript(position: Int) -> Region {
      if asked.add() == turn { action.withLock { $0?() } }
      return [.slice(from: position % 50, to: position % 50 + 9, by: 2), 0..<60]
    }
  }

  @Test(arguments: [1, 4], [1, 3, 40])
  func `a batch that is cancelled while it is copied stops after the parts that tasks are at`(
    parallelism: Int, turn: Int
  ) async throws {
    let text = headerText(descr: "'|u1'", shape: "(60, 70)")
    let bytes = npyBytes(header: text, data: patternBytes(60 * 70))
    let folder = try TemporaryFolder()
    let header = try NPYArray(path: folder.file("a.npy", bytes)).header
    let uses = Tally()
    let canceller = Trap(turn: 0)
    let source = MemorySource(bytes, isLent: true) {
      if uses.add() == turn { canceller.action.withLock { $0?() } }
    }
    let array = NPYArray(source: source, header: header)
    let windows = Trap(turn: 0)
    let (started, begin) = AsyncStream<Void>.makeStream()
    let task = Task {
      for await _ in started { break }
      return try await array.elements(as: UInt8.self).cropRegions(
        windows, parallelism: .tasks(parallelism))
    }
    canceller.action.withLock { $0 = { task.cancel() } }
    begin.yield()
    let error = await #expect(throws: NPYError.self) { try await task.value }
    #expect(error?.fault == .crop(.cancelled))
    // Each other task may have been copying.
    #expect(uses.count <= turn + parallelism)
  }

  @Test(arguments: [1, 4], [Access.mapped, .positionedReads])
  func `a cancelled batch stops between windows and leaves nothing behind`(
    parallelism: Int, access: Access
  ) async throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder).path
    let before = try openings(of: path)
    do {
      let array = try NPYArray(path: path, access: access)
      let opened = try openings(of: path)
      #expect(opened == [1, access == .mapped ? 1 : 0])
      for turn in [100, 2500] {
        let regions = Trap(turn: turn)
        let (started, begin) = AsyncStream<Void>.makeStream()
        let task = Task {
          for await _ in started { break }
          return try await array.elements(as: UInt16.self).cropRegions(
            regions, parallelism: .tasks(parallelism))
        }
        regions.action.withLock { $0 = { task.cancel() } }
        begin.yield()
        let error = await #expect(throws: NPYError.self) { try await task.value }
        #expect(error?.fault == .crop(.cancelled))
        // Planning looks now and then.
        #expect(regions.asked.count <= turn + 1024)
        #expect(try openings(of: path) == opened)
      }
      // The array goes on.
      #expect(
        try await array.elements(as: UInt16.self).cropRegions(
          Trap(turn: 0), parallelism: .automatic
        ).count == 3000)
    }
    #expect(try openings(of: path) == before)
  }

  @Test func `a task that is cancelled before it begins copies nothing`() async throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder)
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await array.elements(as: UInt16.self).padded(.edge).cropRegions(
        Self.windows, parallelism: .automatic)
    }
    let error = await #expect(throws: NPYError.self) { try await task.value }
    #expect(error?.fault == .crop(.cancelled))
  }

  // MARK: - One by one

  @Test func `regions of any shapes are cropped one by one, each when its turn comes`() throws {
    let folder = try TemporaryFolder()
    let array = try sample(folder)
    let grid = try Region.grid(over: [61, 67], size: [40, 50], edge: .partial)
    let crops = try array.elements(as: UInt16.self).crops(of: grid).map { try $0.get() }
    #expect(crops.map(\.shape) == [[40, 50], [40, 17], [21, 50], [21, 17]])
    #expect(crops[3] == (try array.cropRegion([40..<61, 50..<67], as: UInt16.self)))
    let mixed = try Array(array.elements(as: UInt16.self).crops(of: [[0], [99], [1]] as [Region]))
    for (place, row) in [(0, 0), (2, 1)] {
      #expect(try mixed[place].get() == array.cropRegion([row], as: UInt16.self))
    }
    let error = #expect(throws: NPYError.self) { try mixed[1].get() }
    #expect(error?.fault == .region(.indexOutOfRange(axis: 0, index: 99, size: 61)))
    let raw = Array(array.ordered(.fortran).crops(of: [[.all, 1..<3]] as [Region]))
    #expect(try raw[0].get() == array.cropRegion([.all, 1..<3], order: .fortran))
  }
}
