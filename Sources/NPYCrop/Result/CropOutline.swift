/// What is known of a crop beside its elements.
public struct CropOutline: Sendable {
  /// What the elements were converted to; nil for what they are.
  let target: ElementType?
  let shape: [Int]
  let order: MemoryOrder
  let validity: Validity

  @usableFromInline
  init(_ window: borrowing PlanBuilder) {
    target = window.plan.conversion?.target
    shape = window.plan.windowShape
    order = window.plan.order
    validity = window.validity
  }

  @usableFromInline
  init(_ plan: CropPlan) {
    target = plan.conversion?.target
    shape = plan.windowShape
    order = plan.order
    validity = plan.validity
  }
}

/// What is known of a batch beside its elements.
public struct BatchOutline: Sendable {
  /// What the elements were converted to; nil for what they are.
  let target: ElementType?
  let windowShape: [Int]
  let count: Int
  let order: MemoryOrder
  let padded: PaddedWindows

  @usableFromInline
  init(_ plan: CropPlan) {
    target = plan.conversion?.target
    windowShape = plan.windowShape
    order = plan.order
    if let windowCount = plan.windowCount {
      count = windowCount
      padded = plan.parts?.padded ?? PaddedWindows()
    } else {
      count = 1
      padded = PaddedWindows(ofOne: plan.validity)
    }
  }
}
