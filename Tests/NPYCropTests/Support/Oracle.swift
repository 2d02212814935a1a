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
    for axis in axes {
      switch axis {
      case .fixed: break
      case .taken(let indices): resultShape.append(indices.count)
      case .new: resultShape.append(1)
      }
    }
    var bytes: [UInt8] = []
    for place in 0..<resultShape.reduce(1, *) {
      var index = indexTuple(place, of: resultShape, fortran: fortranResult)[...]
      var source: [Int] = []
      for axis in axes {
        switch axis {
        case .fixed(let fixed): source.append(fixed)
        case .taken(let indices): source.append(indices[index.removeFirst()])
        case .new: index.removeFirst()
        }
      }
      let start = placeInFile(source) * itemSize
      bytes += data[start..<start + itemSize]
    }
    return (resultShape, bytes)
  }

  /// The place of an element in the file.
  private func placeInFile(_ index: [Int]) -> Int {
    var place = 0
    for axis in isFortran ? Array(shape.indices.reversed()) : Array(shape.indices) {
      place = place * shape[axis] + index[axis]
    }
    return place
  }

  private func indexTuple(_ place: Int, of shape: [Int], fortran: Bool) -> [Int] {
    var rest = place
    var index = [Int](repeating: 0, count: shape.count)
    for axis in fortran ? Array(shape.indices) : Array(shape.indices.reversed()) {
      index[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return index
  }
}
