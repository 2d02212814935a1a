import Testing

@testable import NPYCrop

@Suite struct FieldPathTests {
  @Test func `of two fields that a path can mean, the one with the longer name comes first`() throws
  {
    let folder = try TemporaryFolder()
    let descr =
      "[('a', [('b.c', '|u1'), ('b', [('c', '|u1')])]), ('a.b', [('c', '|u1')]), ('x.y', '|u1'), "
      + "('x', [('y', '|u1'), ('z', '|u1')])]"
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(descr: descr, shape: "(1,)"), data: [1, 2, 3, 4, 5, 6])))
    for (name, value) in [("a.b.c", 3), ("x.y", 4), ("x.z", 6)] as [(String, UInt8)] {
      #expect(try array.field(name).cropRegion(.all).bytes == [value], "\(name)")
    }
    // Without the longer one, the next.
    #expect(try array.field("a").field("b.c").cropRegion(.all).bytes == [1])
  }
}
