/// How much of a long copy is done, told on a terminal and nowhere else.
struct Progress {
  private let byteCount: Int
  private var done = 0
  private var percent = -1
  private let isShown: Bool

  init(byteCount: Int) {
    self.byteCount = byteCount
    // Less than this is over before it can be read.
    isShown = byteCount > 256 << 20 && isTerminal(.standardError)
  }

  mutating func advance(by count: Int) {
    guard isShown else { return }
    done += count
    let now = Int(Double(done) / Double(byteCount) * 100)
    guard now != percent else { return }
    percent = now
    standardError(done == byteCount ? "\r\u{1B}[K" : "\r\(now) %")
  }
}
