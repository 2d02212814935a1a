import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// The descriptor of an open array: the process' own.
@Suite struct DescriptorTests {
  @Test func `a program that the process starts does not get the descriptor`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(shape: "()"), data: [1, 2, 3, 4]))
    let array = try NPYArray(path: path)
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
    }
    #expect(descriptors.count == 1)
    for descriptor in descriptors.compactMap({ Int32($0) }) {
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }
    array.close()
  }
}
