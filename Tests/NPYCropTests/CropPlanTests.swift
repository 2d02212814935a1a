import Testing

@testable import NPYCrop

/// Plans are values: all of this runs without a file.
@Suite struct CropPlanTests {
  private func layout(
    _ shape: [Int], itemSize: Int = 4, order: MemoryOrder = .c
  ) throws -> ArrayLayout {
    ArrayLayout(
      try NPYHeader(
        version: nil, headerOffset: 0, dataOffset: 100,
        elementType: ElementType(.void, itemSize: itemSize), shape: shape, order: order))
  }

  private func boxes(_ plan: CropPlan) -> [CropBox] {
    var boxes: [CropBox] = []
    plan.forEachBox(in: 0..<plan.placeCount, ofSource: 0) { box, place in
      var box = copy box
      box.sourceOffset += place.sourceOffset
      boxes.append(box)
    }
    return boxes
  }

  @Test func `strides follow the order, and an axis of no elements counts as one`() throws {
    #expect(try layout([2, 3, 4]).strides == [48, 16, 4])
    #expect(try layout([2, 3, 4], order: .fortran).strides == [4, 8, 24])
    #expect(try layout([5, 0, 3]).strides == [12, 12, 4])
    #expect(try layout([]).strides == [])
  }

  @Test func `a whole array is one run, whatever its rank`() throws {
    for shape in [[], [7], [3, 4], [2, 3, 4, 5]] {
      let plan = try CropPlan(.all, of: layout(shape), order: .c)
      let box = try #require(boxes(plan).first)
      #expect(boxes(plan).count == 1)
      #expect(box.loops.count == (shape.isEmpty ? 0 : 1))
      #expect(box.sourceOffset == 100)
    }
  }

  @Test func `a window is as many loops as it has axes that do not join`() throws {
    let plan = try CropPlan([1..<3, 0..<4, 0..<5], of: layout([6, 4, 5]), order: .c)
    #expect(boxes(plan)[0].loops.count == 1)
    let inner = try CropPlan([1..<3, 1..<3, 0..<5], of: layout([6, 4, 5]), order: .c)
    #expect(boxes(inner)[0].loops.count == 2)
    #expect(boxes(inner)[0].loops[1] == BoxLoop(count: 10, sourceStride: 4, outputStride: 4))
  }

  @Test func `a slice is one segment, and an index list one for each run of even step`() throws {
    let plan = try CropPlan(
      [.slice(from: 9, to: 1, by: -3), .indices([2, 4, 6, 5, 5])], of: layout([10, 8]), order: .c)
    #expect(
      plan.segments(ofAxis: 0) == [
        AxisSegment(outputStart: 0, count: 3, sourceStart: 9, sourceStep: -3)
      ])
    #expect(
      plan.segments(ofAxis: 1) == [
        AxisSegment(outputStart: 0, count: 3, sourceStart: 2, sourceStep: 2),
        AxisSegment(outputStart: 3, count: 2, sourceStart: 5, sourceStep: 0),
      ])
    #expect(plan.segments(ofAxis: 2).isEmpty)
    #expect(boxes(plan).count == 2)
    #expect(plan.shape == [3, 5])
  }

  @Test func `slabs are the plan in order, none larger than asked unless one element is`() throws {
    for order in [MemoryOrder.c, .fortran] {
      let layout = try layout([4, 5, 6], itemSize: 2)
      let plan = try CropPlan(
        [0..<4, .indices([0, 4, 1]), .slice(by: -1)], of: layout, order: order)
      for limit in [1, 2, 5, 12, 24, 36, 71, 72, 143, 144] {
        let slabs = Array(plan.slabs(ofAtMost: limit))
        #expect(slabs.allSatisfy { $0.byteCount <= max(limit, 2) })
        #expect(slabs.reduce(0) { $0 + $1.byteCount } == plan.byteCount)
      }
      #expect(Array(plan.slabs(ofAtMost: 144)) == [plan])
    }
    let empty = try CropPlan([2..<2], of: layout([4, 5]), order: .c)
    #expect(Array(empty.slabs(ofAtMost: 10)).isEmpty)
  }

  @Test func `slabs one after the other are the crop`() throws {
    let folder = try TemporaryFolder()
    let data = patternBytes(4 * 5 * 6 * 2)
    let file = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'<u2'", shape: "(4, 5, 6)"), data: data))
    let array = try NPYArray(path: file)
    for order in [MemoryOrder.c, .fortran] {
      let plan = try array.plan([0..<4, .indices([0, 4, 1, 1]), .slice(by: -2)], order: order)
      let whole = try array.elements(as: UInt16.self).cropRegion(plan).elements
      for limit in [1, 7, 24, 50, 96] {
        let parts = try plan.slabs(ofAtMost: limit).flatMap {
          try array.elements(as: UInt16.self).cropRegion($0).elements
        }
        #expect(parts == whole, "\(order) \(limit)")
      }
    }
  }

  @Test func `a limit of nothing or less makes slabs of one element, each when it is asked for`()
    throws
  {
    let small = try CropPlan(.all, of: layout([2, 3]), order: .c)
    for limit in [0, -5, .min] {
      #expect(small.slabs(ofAtMost: limit).map(\.elementCount) == [1, 1, 1, 1, 1, 1])
    }
    var slabs = try CropPlan(.all, of: layout([1 << 30, 1 << 20]), order: .c).slabs(ofAtMost: 1)
    #expect(slabs.next()?.elementCount == 1)
    // Elements of no bytes are one piece, however many they are.
    let nothing = try CropPlan(.all, of: layout([1 << 60], itemSize: 0), order: .c)
    #expect(nothing.slabs(ofAtMost: -1).map(\.elementCount) == [1 << 60])
    let single = try CropPlan(.all, of: layout([]), order: .c)
    #expect(Array(single.slabs(ofAtMost: 1)) == [single])
  }

  @Test func `a plan tells its runs and pages before it runs`() throws {
    let window = try CropPlan([10..<74, 20..<84], of: layout([4096, 4096]), order: .c)
    #expect(window.runCount == 64)
    #expect(window.pageCount() == 64)
    #expect(try CropPlan(.all, of: layout([64, 1024]), order: .c).runCount == 1)
    // 100 bytes of header, then 64 pages of data.
    #expect(try CropPlan(.all, of: layout([64, 1024]), order: .c).pageCount() == 65)
    let fortran = try layout([1024, 64], order: .fortran)
    #expect(try CropPlan([0..<512], of: fortran, order: .c).runCount == 64)
    #expect(try CropPlan([.slice(by: -1), 3], of: fortran, order: .c).runCount == 1)
    #expect(try CropPlan([.slice(by: -1), 3], of: fortran, order: .c).pageCount() == 2)
    #expect(try CropPlan([.slice(by: 2), 3], of: fortran, order: .c).runCount == 512)
    #expect(try CropPlan([.slice(by: 2), 3], of: fortran, order: .c).pageCount() == 2)
    #expect(try CropPlan([0..<0], of: fortran, order: .c).pageCount() == 0)
    // A run that ends where a page does is not on the next; the header is 100 bytes.
    let bytes = try layout([10_000], itemSize: 1)
    #expect(try CropPlan([0..<3996], of: bytes, order: .c).pageCount() == 1)
    #expect(try CropPlan([0..<3997], of: bytes, order: .c).pageCount() == 2)
    #expect(try CropPlan([3996..<8092], of: bytes, order: .c).pageCount() == 1)
    #expect(try CropPlan([3995..<8092], of: bytes, order: .c).pageCount() == 2)
  }

  @Test func `equal regions of equal layouts give equal plans`() throws {
    let one = try CropPlan([1..<3, 2], of: layout([4, 5]), order: .c)
    let two = try CropPlan([.slice(from: 1, to: 3), 2], of: layout([4, 5]), order: .c)
    #expect(one == two)
    #expect(one.hashValue == two.hashValue)
    #expect(one != (try CropPlan([1..<3, 3], of: layout([4, 5]), order: .c)))
  }

  @Test func `a list beyond its place in the vector spills and stays in order`() {
    var vector = InlineVector(filler: 0)
    for value in 0..<20 { vector.append(value) }
    #expect(vector.count == 20)
    #expect((0..<20).allSatisfy { vector[$0] == $0 })
    vector[3] = -1
    vector[13] = -2
    #expect(vector[3] == -1 && vector[13] == -2 && vector[12] == 12)
  }
}
