/// Text in aligned columns: labels on the left, right-aligned cells.
struct Table {
  private enum Line {
    case heading(String)
    case row(String, [String])
  }

  private static let labelWidth = 37
  private static let cellWidth = 12

  private let title: String
  private let columns: [String]
  private var lines: [Line] = []

  /// A table whose columns have these headings, with a title above the labels.
  init(title: String = "", columns: [String]) {
    self.title = title
    self.columns = columns
  }

  mutating func addHeading(_ text: String) {
    lines.append(.heading(text))
  }

  /// Adds a row of as many cells as there are columns; nil where there is no figure.
  mutating func addRow(_ label: String, _ cells: [String?]) {
    lines.append(.row(label, cells.map { $0 ?? "–" }))
  }
}

extension Table: CustomStringConvertible {
  var description: String {
    var text = Self.line(title, columns)
    for line in lines {
      switch line {
      case .heading(let heading): text += "\n\(heading)"
      case .row(let label, let cells): text += "\n\(Self.line("  \(label)", cells))"
      }
    }
    return text
  }

  private static func line(_ label: String, _ cells: [String]) -> String {
    cells.reduce(label + spaces(labelWidth - label.count)) { line, cell in
      line + spaces(cellWidth - cell.count) + cell
    }
  }

  private static func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(count, 0))
  }
}
