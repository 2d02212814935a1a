import Glibc

/// A descriptor that the program was started with.
enum StandardDescriptor: Int32 {
  case standardOutput = 1
  case standardError = 2
}

/// Whether a person reads what is written to a descriptor.
func isTerminal(_ descriptor: StandardDescriptor) -> Bool {
  isatty(descriptor.rawValue) == 1
}

/// Writes a text to standard error, where nothing can be done about a failure.
func standardError(_ text: String) {
  var text = text
  // Sound: write reads only the bytes that the buffer has.
  text.withUTF8 { buffer in
    unsafe _ = write(StandardDescriptor.standardError.rawValue, buffer.baseAddress, buffer.count)
  }
}
