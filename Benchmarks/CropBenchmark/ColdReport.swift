/// What a cold comparison found, as text for people.
struct ColdReport {
  let machine: Machine
  let comparison: ColdComparison

  var text: String {
    var text = """
      Crops of float32 files that are not in the page cache: open + crop + close

      \(machine)


      """
    for file in comparison.files { text += "\(table(of: file))\n\n" }
    for omission in comparison.omissions { text += "\(omission)\n" }
    guard !comparison.files.isEmpty else { return text }
    return text + (comparison.omissions.isEmpty ? "" : "\n") + notes
  }

  private func table(of file: ColdFileFigures) -> Table {
    let count = file.fullLoad.samples.count
    var table = Table(
      title: "\(bytesText(file.sample.byteCount)), medians of \(count)",
      columns: ["time", "read", "read/needed"])
    for figures in file.tasks {
      table.addHeading(
        "\(figures.task.title(in: file.sample)): \(bytesText(figures.byteCount)) needed")
      let rows = zip(ColdWay.allCases.map(\.label), figures.samples)
      for (label, cold) in rows + [("full load: read", file.fullLoad)] {
        table.addRow(
          label,
          [
            timeText(cold.samples.median), cold.diskBytes.map { bytesText($0) },
            cold.amplification(of: figures.byteCount).map { ratioText($0) },
          ])
      }
    }
    return table
  }

  private var notes: String {
    """
    Each sample is of another place, drawn anew; the ways take turns, and every result is checked.
    Before each sample the file is dropped from the page cache with fsync and posix_fadvise, and
    mincore finds no page of it there; a disk may have a cache of its own. What was read is the
    process' read_bytes in /proc/self/io, the header included. It is less than what is needed where
    windows overlap, and more where a page has other bytes, too, or the kernel reads ahead: as
    much as the machine is set to, above. A full load is into memory from malloc, which is not freed in
    the time. The sparse file of the other report is left out: nothing of a hole is on a disk.
    """
  }
}
