// swift-tools-version: 6.2
import PackageDescription

/// Language settings of every Swift target: the strictest this compiler has, warnings included.
let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
]

let package = Package(
  name: "npy-crop",
  products: [
    .library(name: "NPYCrop", targets: ["NPYCrop"]),
    // The C interface: libNPYCropC.so, which is installed as libnpycrop.so.
    .library(name: "NPYCropC", type: .dynamic, targets: ["NPYCropC"]),
    .executable(name: "npycrop", targets: ["NPYCropTool"]),
    .executable(name: "crop-benchmark", targets: ["CropBenchmark"]),
  ],
  dependencies: [
    // The executables alone use it: a client of the library never builds it.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // MARK: - The library
    .target(name: "CKernels"),
    .target(name: "CFaultGuard"),
    .target(name: "CFileSystem"),
    .target(
      name: "NPYCrop", dependencies: ["CFaultGuard", "CFileSystem", "CKernels"],
      swiftSettings: settings),

    // MARK: - The C interface
    // The header, which has all the declarations; the functions are in Swift.
    .target(name: "CNPYCrop"),
    .target(
      name: "NPYCropC", dependencies: ["CNPYCrop", "NPYCrop"], exclude: ["npycrop.map"],
      swiftSettings: settings,
      linkerSettings: [
        // Programs in other languages have no Swift runtime: it is a part of the library, and no symbol but those
        // of the header is seen. The code stays, since the handler of SIGBUS is in it.
        .unsafeFlags([
          "-static-stdlib",
          "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/NPYCropC/npycrop.map",
          "-Xlinker", "-soname=libnpycrop.so",
          "-Xlinker", "-z", "-Xlinker", "nodelete",
          "-Xlinker", "--gc-sections",
        ])
      ]),

    // MARK: - The programs
    .target(name: "CArguments"),
    // The target is not called `npycrop`: a file system that folds case would mix its build
    // products up with the library's.
    .executableTarget(
      name: "NPYCropTool",
      dependencies: [
        "CArguments",
        "NPYCrop",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "CropBenchmark",
      dependencies: [
        "NPYCrop",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/CropBenchmark",
      swiftSettings: settings),

    // MARK: - The tests
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    .testTarget(
      name: "NPYCropTests",
      dependencies: ["NPYCrop", "CAllocationCount", "CKernels"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    // Sees the library as a client does: no `@testable`.
    .testTarget(name: "PublicAPITests", dependencies: ["NPYCrop"], swiftSettings: settings),
  ]
)

// The Python package builds the C interface without the rest, which would have to be downloaded.
if Context.environment["NPYCROP_C_INTERFACE_ALONE"] != nil {
  let kept: Set = ["CKernels", "CFaultGuard", "CFileSystem", "NPYCrop", "CNPYCrop", "NPYCropC"]
  package.dependencies = []
  package.products.removeAll { $0.name != "NPYCropC" }
  package.targets.removeAll { !kept.contains($0.name) }
}
