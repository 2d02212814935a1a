/// What a region has where it reaches outside the array: NumPy's modes of `numpy.pad`.
///
/// ```swift
/// let tile = try scan.cropRegion([-8..<56, 500..<564], as: Float.self, padding: .reflect)
/// let frame = try scan.cropRegion(region, as: Float.self, padding: .constant(-1))
/// ```
///
/// On an axis whose mode is not ``Mode/none``, coordinates continue past both ends: -1 is the coordinate before the
/// first element, never the last element. The result is that of `numpy.pad`, then the slice. No padded array
/// is made, the width is not limited by the length of the axis, and only pages with elements of the result
/// are touched.
public struct Padding: Hashable, Sendable {
  /// What is outside one axis, by the example of an axis that holds `a b c d`.
  @nonexhaustive
  public enum Mode: Hashable, Sendable {
    /// Nothing: a region that reaches outside is an error.
    case none
    /// `x x | a b c d | x x`: a value of the result's type.
    case constant(FillValue)
    /// `a a | a b c d | d d`: the nearest element; torch's `replicate`, scipy's `nearest`.
    case edge
    /// `c b | a b c d | c b`: a mirror image that does not repeat the end elements; torch's
    /// `reflect`, scipy's `mirror`, OpenCV's `BORDER_REFLECT_101`.
    case reflect
    /// `b a | a b c d | d c`: a mirror image that repeats the end elements; what scipy and
    /// dask call `reflect`.
    case symmetric
    /// `c d | a b c d | a b`: the axis again; torch's `circular`, scipy's `grid-wrap`.
    case wrap

    /// `0 0 | a b c d | 0 0`: zeros, the default value of NumPy's `constant`.
    public static var zeros: Mode { .constant(.zero) }
  }

  /// One mode for all axes, or one an axis.
  let modes: [Mode]
  let isUniform: Bool
  /// Whether it stands for that of the array that is cropped.
  let isOfArray: Bool

  private init(modes: [Mode], isUniform: Bool, isOfArray: Bool = false) {
    self.modes = modes
    self.isUniform = isUniform
    self.isOfArray = isOfArray
  }

  /// The padding of the array that is cropped: see ``CroppableArray/padded(_:)``.
  public static var ofArray: Padding { Padding(modes: [], isUniform: true, isOfArray: true) }

  /// The same mode for every axis.
  public init(_ mode: Mode) {
    self.init(modes: mode == .none ? [] : [mode], isUniform: true)
  }

  /// A mode for each axis.
  ///
  /// - Parameter modes: As many as the array has axes, in the order of its shape; another number is
  ///   an error of the crop. In a slice or a field of a padded array each mode follows its axis, and new
  ///   axes have none.
  public init(axes modes: some Sequence<Mode>) {
    self.init(modes: Array(modes), isUniform: false)
  }

  /// None: a region that reaches outside is an error.
  public static var none: Padding { Padding(modes: [], isUniform: true) }
  /// Zeros: NumPy's `constant` with its default value, the same as ``zeros``.
  public static var constant: Padding { zeros }
  /// Zeros.
  public static var zeros: Padding { Padding(.zeros) }
  /// The nearest element.
  ///
  /// See ``Mode/edge``.
  public static var edge: Padding { Padding(.edge) }
  /// The mirror image, without repeating the end elements.
  ///
  /// See ``Mode/reflect``.
  public static var reflect: Padding { Padding(.reflect) }
  /// The mirror image, repeating the end elements.
  ///
  /// See ``Mode/symmetric``.
  public static var symmetric: Padding { Padding(.symmetric) }
  /// The axis again.
  ///
  /// See ``Mode/wrap``.
  public static var wrap: Padding { Padding(.wrap) }

  /// The same value everywhere.
  ///
  /// See ``Mode/constant(_:)``.
  public static func constant(_ value: FillValue) -> Padding { Padding(.constant(value)) }
}

extension Padding: ExpressibleByArrayLiteral {
  /// A mode for each axis of the array, in the order of its shape.
  public init(arrayLiteral modes: Mode...) { self.init(axes: modes) }
}

extension Padding {
  /// Whether there is none for any axis.
  var isNone: Bool { isUniform && modes.isEmpty }

  /// The padding of a view whose axes are these of an array of a rank: each mode follows its axis, and axes
  /// that are new have none.
  func following(_ axes: [Int?], ofRank rank: Int) -> Padding {
    guard !isUniform, modes.count == rank else { return self }
    return Padding(axes: axes.map { axis in axis.map { modes[$0] } ?? .none })
  }

  func mode(ofAxis axis: Int) -> Mode { isUniform ? modes.first ?? .none : modes[axis] }

  /// Checks that there is a mode for each axis.
  func check(rank: Int) throws(RegionError) {
    guard isUniform || modes.count == rank else {
      throw .paddingRank(modes: modes.count, axes: rank)
    }
  }
}

extension Padding.Mode: CustomStringConvertible {
  /// NumPy's name.
  public var description: String {
    switch self {
    case .none: "none"
    case .constant: "constant"
    case .edge: "edge"
    case .reflect: "reflect"
    case .symmetric: "symmetric"
    case .wrap: "wrap"
    }
  }
}
