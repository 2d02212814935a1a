/// The measurements of the cold report: crops of files that are not in the page cache.
///
/// The sparse file of the other report has no part in it: nothing of a hole is read from a disk.
struct ColdComparison {
  private(set) var files: [ColdFileFigures] = []
  /// What is missing and why, in words.
  private(set) var omissions: [String] = []

  /// Makes a directory in the parent, and in it one file after the other, each of which is measured
  /// before the next is made; removes them all.
  init(in parent: String) throws(BenchmarkError) {
    var directory = try SampleDirectory(in: parent)
    defer { directory.remove() }
    let sizes = try SampleSizes(in: parent)
    if let omission = sizes.omission { omissions.append(omission) }
    for byteCount in sizes.byteCounts {
      let sample = try directory.makeSamples(byteCounts: [byteCount])[0]
      showProgress("cold crops of \(bytesText(byteCount))")
      do {
        if files.isEmpty {
          // Counted nowhere: the first crop of a process pays for loading its code.
          _ = try ColdFileFigures(of: sample, rounds: 1)
        }
        files.append(try ColdFileFigures(of: sample, rounds: 5))
      } catch {
        // No file system has larger files more willing to go.
        guard case .stillCached(_, let pages) = error else { throw error }
        omissions.append(
          """
          No figures of \(bytesText(byteCount)) or more: the file does not leave the page cache, where \
          \(countText(pages)) of its pages are after posix_fadvise, by mincore.
          """)
        return
      }
    }
  }
}
