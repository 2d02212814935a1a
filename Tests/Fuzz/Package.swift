// swift-tools-version: 6.2
import PackageDescription

// A package of its own: a fuzz target links only with `--sanitize=fuzzer`.
//
//   swift build --package-path Tests/Fuzz -c release --sanitize=fuzzer --sanitize=address \
//     -Xswiftc -sanitize=fuzzer,address
//   SWIFT_BACKTRACE=enable=no Tests/Fuzz/.build/release/HeaderFuzzer -max_total_time=60 CORPUS

let package = Package(
  name: "npy-crop-fuzz",
  dependencies: [.package(name: "npy-crop", path: "../..")],
  targets: [
    .target(name: "CFuzzer", path: "CFuzzer"),
    .executableTarget(
      name: "HeaderFuzzer",
      dependencies: ["CFuzzer", .product(name: "NPYCrop", package: "npy-crop")],
      path: "HeaderFuzzer",
      swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
  ]
)
