/// What a comparison found, as text for people.
struct Report {
  let machine: Machine
  let comparison: Comparison

  private var files: [FileFigures] { comparison.files }

  var text: String {
    var text = """
      A crop of 64 × 64 float32 against a full load of the same file

      \(machine)

      \(figures)

      """
    for omission in comparison.omissions { text += "\(omission)\n" }
    text += "\n\(growth)\n\n\(notes)"
    return text
  }

  // MARK: - The figures

  private var figures: Table {
    var table = Table(columns: ["samples"] + files.map { bytesText($0.sample.byteCount) })
    table.addHeading("One crop through a new mapping, the window in the page cache")
    addCounts(to: &table)
    table.addHeading("Warm: the file, or its windows, in the page cache")
    add(to: &table, "crop, array kept open") { $0.keptOpen }
    add(to: &table, "isCurrent() + crop, kept open") { $0.checked }
    add(to: &table, "open + crop + close") { $0.reopened }
    add(to: &table, "full load: read") { $0.fullLoads?.read }
    add(to: &table, "full load: map and copy") { $0.fullLoads?.copyMapped }
    add(to: &table, "full load: Data(contentsOf:)") { $0.fullLoads?.data }
    addRatio(to: &table, "faster full load / crop") { $0.warmRatio }
    table.addHeading("Cold: the file dropped from the page cache, opening included")
    add(to: &table, "crop") { $0.cold.samples }
    addDiskBytes(to: &table) { $0.cold }
    add(to: &table, "crop, advice .random") { $0.coldRandom.samples }
    addDiskBytes(to: &table) { $0.coldRandom }
    add(to: &table, "full load: read") { $0.fullLoads?.cold.samples }
    addDiskBytes(to: &table) { $0.fullLoads?.cold }
    addRatio(to: &table, "full load / crop") { $0.coldRatio }
    return table
  }

  private func addCounts(to table: inout Table) {
    func add(_ label: String, _ cell: (CropCost) -> String?) {
      table.addRow(label, ["1"] + files.map { cell($0.cost) })
    }
    add("size of the result") { bytesText($0.resultBytes) }
    add("size of the file's pages under it") { bytesText($0.touchedBytes) }
    add("page faults") { countText($0.pageFaults) }
    add("peak memory of the process") { $0.peakMemory.map { bytesText($0) } }
    add("its memory before the crop") { $0.memoryBefore.map { bytesText($0) } }
  }

  private func add(
    to table: inout Table, _ label: String, _ samples: (FileFigures) -> Samples?
  ) {
    let samples = files.map(samples)
    // A slow disk or a slow machine takes fewer of the large files than of the small ones.
    let counts = samples.compactMap { $0?.count }
    let (fewest, most) = (counts.min() ?? 0, counts.max() ?? 0)
    let count = fewest == most ? countText(most) : "\(countText(fewest))–\(countText(most))"
    table.addRow(label, [count] + samples.map { $0.map { timeText($0.median) } })
  }

  private func addDiskBytes(to table: inout Table, _ cold: (FileFigures) -> ColdSamples?) {
    table.addRow(
      "  read from disk",
      [""]
        + files.map { file in
          guard machine.hasDisk, !file.sample.isSparse else { return nil }
          return cold(file)?.diskBytes.map { bytesText($0) }
        })
  }

  private func addRatio(
    to table: inout Table, _ label: String, _ ratio: (FileFigures) -> Double?
  ) {
    table.addRow(label, [""] + files.map { ratio($0).map { ratioText($0) } })
  }

  // MARK: - The size of the file

  private var growth: Table {
    let reference = comparison.reference
    var table = Table(columns: [""] + files.map { bytesText($0.sample.byteCount) })
    table.addHeading("The size of the file does not matter")
    table.addRow(
      "crop / crop from \(bytesText(reference.sample.byteCount)), kept open",
      [""] + files.map { ratioText($0.ratio(to: reference)) })
    return table
  }

  private var notes: String {
    var notes = """
      Times are medians (of the medians of 5 rounds, where there are more than 9 samples). Crops are
      at one of 32 random windows a file, into memory that is used again; making the region is part
      of a crop. Full loads are into memory from malloc, each anew; freeing it is not timed.
      The page cache is dropped with fsync and posix_fadvise, as well as a program can: a disk may
      have a cache of its own. Advice .random reads single pages, without reading ahead.
      """
    if files.contains(where: \.sample.isSparse) {
      notes += """

        The 1 TiB file is one hole and has no data: it shows what its size costs, not what a disk
        does. A crop from it may take up to 2.5 times that from 64 MiB: its windows lie so far apart
        that each row needs page tables of its own.
        """
    }
    if !machine.hasDisk {
      notes += "\nThe file system has no disk: its cold figures are warm ones."
    }
    return notes
  }
}
