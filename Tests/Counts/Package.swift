// swift-tools-version: 6.2
import PackageDescription

// A package of its own: no client and no other build of the library needs the program. See counts.py.

let package = Package(
  name: "npy-crop-counts",
  dependencies: [.package(name: "npy-crop", path: "../..")],
  targets: [
    // A link to the one of the tests, since no target may lie outside its package.
    .target(name: "CAllocationCount", path: "CAllocationCount"),
    .target(name: "CCounts", path: "CCounts"),
    .executableTarget(
      name: "CropCounts",
      dependencies: [
        "CAllocationCount", "CCounts", .product(name: "NPYCrop", package: "npy-crop"),
      ],
      path: "CropCounts",
      swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)],
      // Older releases of Valgrind end where they do not know the form of the debug information.
      linkerSettings: [.unsafeFlags(["-Xlinker", "--strip-debug"])]),
  ]
)
