import Glibc
import Testing

@testable import NPYCrop

#if DEBUG
  /// Every system call made to fail, at the first time and later.
  @Suite struct SystemCallTests {
    private let path = Fixtures.path("shape_200x3_F.npy")

    private func fault(
      _ failure: ForcedFailure, _ body: () throws -> Void
    ) -> NPYError.Fault? {
      #expect(throws: NPYError.self) { try forcing(failure) { try body() } }?
        .fault
    }

    @Test(arguments: [EACCES, EMFILE, ENFILE, ENOMEM, ELOOP, EIO, EOVERFLOW, ESTALE])
    func `open that fails is an error of opening`(number: Int32) {
      let error = fault(ForcedFailure(.open, .errno(number))) { _ = try NPYArray(path: path) }
      #expect(error == .file(.system(call: .open, errno: number)))
    }

    @Test func `open that is interrupted is tried again`() throws {
      let interrupted = ForcedFailure(.open, .errno(EINTR), at: 0..<3)
      let array = try forcing(interrupted) { try NPYArray(path: path) }
      #expect(array.shape == [200, 3])
    }

    @Test(arguments: [EIO, ENOMEM, EOVERFLOW, ESTALE])
    func
      `fstat that fails is an error of opening, and of the crop that asks whether all is unchanged`(
        number: Int32
      )
    {
      let expected = NPYError.Fault.file(.system(call: .fstat, errno: number))
      #expect(
        fault(ForcedFailure(.fstat, .errno(number))) { _ = try NPYArray(path: path) } == expected)
      // Once the header was read.
      #expect(
        fault(ForcedFailure(.fstat, .errno(number), at: 1..<2)) { _ = try NPYArray(path: path) }
          == expected)
      let later = ForcedFailure(.fstat, .errno(number), at: 3..<4)
      #expect(
        fault(later) {
          let array = try NPYArray(path: path, verification: .strict)
          _ = try array.cropRegion([0])
          _ = try array.cropRegion([0])
        } == expected)
    }

    @Test(arguments: [EIO, ESTALE, EOVERFLOW])
    func `a size that cannot be had is an error of the crop, at the first and at a later one`(
      number: Int32
    ) throws {
      let expected = NPYError.Fault.file(.system(call: .lseek, errno: number))
      for strike in [0, 2] {
        let array = try NPYArray(path: path)
        #expect(
          fault(ForcedFailure(.lseek, .errno(number), at: strike..<strike + 1)) {
            for _ in 0...strike { _ = try array.cropRegion([0]) }
          } == expected)
        #expect(try array.cropRegion([0]).shape == [3])
      }
      // Who asks for no verification asks nothing.
      let failure = ForcedFailure(.lseek, .errno(number))
      let crop = try forcing(failure) {
        try NPYArray(path: path, verification: .none).cropRegion([0])
      }
      #expect(crop.shape == [3] && failure.calls == 0)
    }

    @Test(arguments: [EIO, ESTALE, EISDIR, EINVAL, ENXIO])
    func `pread that fails is an error of the header, and of a crop by reads`(number: Int32) throws
    {
      let expected = NPYError.Fault.file(.system(call: .pread, errno: number))
      #expect(
        fault(ForcedFailure(.pread, .errno(number))) { _ = try NPYArray(path: path) } == expected)
      #expect(
        fault(ForcedFailure(.pread, .errno(number), at: 1..<2)) { _ = try NPYArray(path: path) }
          == expected)
      let region: Region = [.slice(by: 2)]
      for strike in [1, 2] {
        let array = try NPYArray(path: path, access: .positionedReads)
        let calls = ForcedFailure(.pread, .errno(number), at: strike - 1..<strike)
        #expect(
          fault(calls) {
            _ = try array.cropRegion(region)
            _ = try array.cropRegion(region)
          } == expected)
        // The array is not spoilt by it.
        #expect(try array.cropRegion(region) == NPYArray(path: path).cropRegion(region))
      }
    }

    @Test(arguments: [ENODEV, ENOMEM, EACCES, EPERM, EAGAIN, EINVAL])
    func `mmap that fails is an error where a mapping was asked for, and reads elsewhere`(
      number: Int32
    ) throws {
      let failure = ForcedFailure(.mmap, .errno(number))
      #expect(
        fault(failure) { _ = try NPYArray(path: path, access: .mapped) }
          == .file(.system(call: .mmap, errno: number)))
      let expected = try NPYArray(path: path).cropRegion(.all)
      for access in [Access.automatic, .positionedReads] {
        let crop = try forcing(failure) {
          try NPYArray(path: path, access: access).cropRegion(.all)
        }
        #expect(crop == expected)
      }
    }

    @Test func `advice that is refused is an error`() {
      let failure = ForcedFailure(.madvise, .errno(EINVAL))
      #expect(
        fault(failure) { _ = try NPYArray(path: path, advice: .random) }
          == .file(.system(call: .madvise, errno: EINVAL)))
    }
  }
#endif
