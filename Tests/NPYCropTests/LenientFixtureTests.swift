import Testing

@testable import NPYCrop

/// Files that a reader may accept or refuse: what this one does with each is a decision, and stays.
@Suite struct LenientFixtureTests {
  /// What becomes of a file: it is read, or refused for a reason.
  enum Verdict: Hashable {
    case read
    case syntax
    case composite
    case unknownType
    case shape
    case limit
    case size
    case other(String)

    init(opening path: String) {
      do {
        _ = try NPYArray(path: path)
        self = .read
      } catch {
        self =
          switch error.fault {
          case .header(.syntax): .syntax
          case .header(.unsupportedDescr(_, _, reason: .compositeString)): .composite
          case .header(.unsupportedDescr(_, _, reason: .unknownType)): .unknownType
          case .header(.invalidShape): .shape
          case .header(.headerTooLong): .limit
          case .header(.tooBig): .size
          default: .other("\(error)")
          }
      }
    }
  }

  static let verdicts: [String: Verdict] = [
    // What NumPy reads.
    "descr_i4_f8.npy": .composite,
    "header_comment.npy": .syntax,
    "header_hex_shape.npy": .syntax,
    "header_paren_nest.npy": .read,
    "header_plus_shape.npy": .read,
    "header_string_concat.npy": .syntax,
    "header_triple_quotes.npy": .syntax,
    "header_underscore_shape.npy": .syntax,
    // What NumPy refuses.
    "descr_3f4.npy": .composite,
    "descr_Lf8_.npy": .unknownType,
    "descr_x2_3xLf4.npy": .composite,
    "dtype_float8_f1.npy": .read,
    "header_b_prefix.npy": .syntax,
    "header_bool_shape.npy": .shape,
    "header_length_10001.npy": .limit,
    "header_length_65535.npy": .limit,
    "header_long_suffix_v3.npy": .syntax,
    "header_zero_times_huge.npy": .size,
    "struct_700_fields_over_limit.npy": .limit,
  ]

  @Test func `each file at the edge of the format is read, or refused for its reason`() throws {
    let fixtures = try Fixture.all().filter { $0.policy.hasPrefix("may-") }
    #expect(Set(fixtures.map(\.name)) == Set(Self.verdicts.keys))
    for fixture in fixtures {
      let path = Fixtures.path(fixture.name)
      #expect(Verdict(opening: path) == Self.verdicts[fixture.name], "\(fixture)")
    }
  }

  @Test func `of those that are read every crop is NumPy's, where NumPy reads them`() throws {
    var crops = 0
    for fixture in try Fixture.all() where Self.verdicts[fixture.name] == .read {
      let array = try NPYArray(path: Fixtures.path(fixture.name))
      crops += try compareCrops(of: array, with: fixture)
    }
    #expect(crops >= 8)
  }
}
