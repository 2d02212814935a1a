/// The simplest crop there is: every element found by itself, from the whole data in memory.
struct Oracle {
  let shape: [Int]
  let isFortran: Bool
  let itemSize: Int
  let data: [UInt8]

  /// The indices along one axis, one by one; nil for an axis that the array does not have.
  enum Axis {
    /// The axis is dropped.
    case fixed(Int)
    case taken([Int])
    case new
  }

  /// The elements at the product of the axes' indices, in C order or in Fortran order.
  func crop(_ axes: [Axis], fortranResult: Bool = false) -> (shape: [Int], bytes: [UInt8]) {
    var resultShape: [Int] = []
    // For each axis of the region the places of its indices, were all others 0.
    var places: [[Int]] = []
    var axis = 0
    for selection in axes {
      switch selection {
      case .fixed(let index): places.append([index * distance(ofAxis: axis)])
      case .taken(let indices):
        resultShape.append(indices.count)
        places.append(indices.map { $0 * distance(ofAxis: axis) })
      case .new:
        resultShape.append(1)
        places.append([0])
        continue
      }
      axis += 1
    }
    // The axis that comes last goes fastest.
    var elements = [0]
    for ofAxis in fortranResult ? places.reversed() : places {
      elements = elements.flatMap { place in ofAxis.map { place + $0 } }
    }
    var bytes: [UInt8] = []
    for element in elements { bytes += data[element * itemSize..<(element + 1) * itemSize] }
    return (resultShape, bytes)
  }

  /// The elements of the file from one index of an axis to the next.
  private func distance(ofAxis axis: Int) -> Int {
    (isFortran ? shape[..<axis] : shape[(axis + 1)...]).reduce(1, *)
  }
}
