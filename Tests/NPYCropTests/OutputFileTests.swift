import Foundation
import Testing

@testable import NPYCrop

/// Where the tool writes a crop, and what it leaves behind.
@Suite struct OutputFileTests {
  private func sample(_ folder: TemporaryFolder) throws -> String {
    let header = try NPYHeader(elementType: .uint8, shape: [4, 6])
    return try folder.file("u8.npy", header.serialized + (0..<24).map { UInt8($0) })
  }

  @Test func `a name that promises another format is refused before anything is read`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    for name in ["x.png", "x.csv", "x.npz", "x.NPZ", "x.npy.gz", ".x.txt", "x.npy~"] {
      let out = "\(folder.path)/\(name)"
      let result = try npycrop("crop", "\(folder.path)/none.npy", "0", "-o", out)
      #expect(result.status == 64, "\(name)")
      #expect(result.errorLines.first?.contains("only .npy files are written") == true)
    }
    let names = ["x", "x.npy", "X.NPY", "x.png.npy", "a.b/x", ".hidden", "scan.2", "x."]
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/a.b", withIntermediateDirectories: false)
    for name in names {
      #expect(try npycrop("crop", path, "0", "-o", "\(folder.path)/\(name)").status == 0, "\(name)")
      #expect(try NPYArray(path: "\(folder.path)/\(name)").shape == [6])
    }
    // What is no file promises nothing.
    let pipe = try shell(
      """
      cd '\(folder.path)'; mkfifo x.png; timeout 20 cat x.png & "$npycrop" crop u8.npy 0 -o x.png
      wait
      """)
    #expect(
      try pipe.output == NPYHeader(elementType: .uint8, shape: [6]).serialized + [0, 1, 2, 3, 4, 5])
  }

  @Test(.enabled(if: Machine.hasNobody, "needs a user other than root"))
  func `a file that may not be written is not replaced`() throws {
    let folder = try TemporaryFolder()
    _ = try sample(folder)
    let result = try shell(
      """
      cd '\(folder.path)'; chmod 777 .; printf old >kept.npy; chmod 444 kept.npy; ln -s kept.npy link
      \(Machine.asNobody) "$npycrop" crop u8.npy 0 -o kept.npy
      \(Machine.asNobody) "$npycrop" crop u8.npy 0 -o link
      \(Machine.asNobody) "$npycrop" crop u8.npy 0 -o new.npy || echo failed
      cat kept.npy; ls
      """)
    #expect(result.text == "oldkept.npy\nlink\nnew.npy\nu8.npy\n")
    #expect(
      result.errorLines == [
        "npycrop: kept.npy: this file may not be written: Permission denied",
        "npycrop: link: this file may not be written: Permission denied",
      ])
  }

  @Test(.enabled(if: Machine.canHideProc, "needs a mount namespace and no sanitizer"))
  func `without a mounted proc the tool does all that it does with it`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let result = try shell(
      """
      cd '\(folder.path)'
      exec \(Machine.withoutProc) $npycrop info u8.npy && $npycrop crop u8.npy 1,1 -o new.npy && ls -A"
      """)
    #expect(result.status == 0 && result.errorLines.isEmpty, "\(result.errorLines)")
    #expect(result.text.hasPrefix("file:           u8.npy\n"))
    #expect(result.text.hasSuffix("\nnew.npy\nu8.npy\n"))
    #expect(try npycrop("crop", "\(folder.path)/new.npy", "()", "--raw").output == [7])
    #expect(try npycrop("crop", path, "1,1", "--raw").output == [7])
  }

  @Test(
    .serialized, .enabled(if: Machine.canHideProc, "needs a mount namespace and no sanitizer"),
    arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
  func `a signal that ends the tool leaves no part of a file`(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "u8.npy" }
    }
    // Without /proc a file has a name while it is written. A gibibyte takes longer than to see it,
    // unless this test is not run meanwhile.
    for _ in 0..<10 {
      let process = shellProcess(
        """
        \(Self.withSignals) \(Machine.withoutProc) exec $npycrop crop \(path) \
        :178956970 --pad constant -o \(folder.path)/b.npy"
        """)
      try process.run()
      while try names().isEmpty && process.isRunning { usleep(1000) }
      #expect(kill(process.processIdentifier, signal) == 0)
      process.waitUntilExit()
      if process.terminationReason == .exit, process.terminationStatus == 0 {
        #expect(try names() == ["b.npy"])
        try FileManager.default.removeItem(atPath: "\(folder.path)/b.npy")
        continue
      }
      #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
      #expect(try names() == [])
      return
    }
    Issue.record("each run ended before the signal")
  }

  @Test(
    .enabled(if: Machine.hasCompiler, "needs clang"),
    arguments: Machine.canHideProc ? [true, false] : [true])
  func `a signal that comes just when the file is made leaves no part of it`(hasProc: Bool) throws {
    let folder = try TemporaryFolder()
    _ = try sample(folder)
    let prefix = hasProc ? "" : "unshare -m sh -c 'mount -t tmpfs none /proc && exec \"$@\"' sh"
    // A signal that is sent while it is blocked comes as soon as the tool waits for it.
    let result = try shell(
      """
      cd '\(folder.path)'; mkdir out
      printf '%s\\n' '\(Self.slowCalls)' | clang -w -shared -fPIC -o slow.so -x c - || exit 1
      \(prefix) env --default-signal=TERM --block-signal=TERM \
        sh -c 'kill -TERM $$; LD_PRELOAD=./slow.so exec "$0" crop u8.npy 0 -o out/b.npy' "$npycrop"
      echo $?; ls -A out
      """)
    #expect(result.text == "\(128 + SIGTERM)\n")
  }

  /// Calls that are slower for a file with a temporary name: one that removes it comes before one
  /// that makes it, if nothing keeps them apart, and the program ends after both.
  private static let slowCalls = """
    #include <fcntl.h>
    #include <stdio.h>
    #include <stdarg.h>
    #include <string.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static void wait_for(const char *path, int time) { if (strstr(path, ".part")) usleep(time); }
    int open(const char *path, int flags, ...) {
      va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest);
      wait_for(path, 100000);
      return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    }
    int open64(const char *path, int flags, int mode) { return open(path, flags, mode); }
    int linkat(int from, const char *old, int to, const char *path, int flags) {
      wait_for(path, 100000);
      return syscall(SYS_linkat, from, old, to, path, flags);
    }
    int unlink(const char *path) {
      int answer = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
      wait_for(path, 300000);
      return answer;
    }
    int rename(const char *old, const char *path) {
      wait_for(old, 600000);
      return syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, path, 0);
    }
    """

  /// What begins a script that does not ignore signals, as what is started by nohup would.
  private static let withSignals = "exec env --default-signal=HUP,INT,QUIT,TERM"

  @Test(.enabled(if: Machine.isPlain, "not with a sanitizer, which has large files of its own"))
  func `a file that grows beyond its limit is an error, and is not left behind`() throws {
    let folder = try TemporaryFolder()
    _ = try sample(folder)
    let result = try shell(
      "cd '\(folder.path)'; ulimit -f 1; \"$npycrop\" crop u8.npy :9999 --pad constant -o b.npy; ls -A"
    )
    #expect(result.errorLines == ["npycrop: b.npy: write: File too large"])
    #expect(result.text == "u8.npy\n")
  }
}
