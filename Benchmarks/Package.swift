// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that what benchmarks need never burdens a user. The dependency is named, because a path's own
// name is whatever folder the clone is in.
let package = Package(
  name: "benchmarks",
  dependencies: [
    .package(name: "eb-tune", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "benchmarks",
      dependencies: [.product(name: "EmpiricalBayesTuning", package: "eb-tune")])
  ],
  swiftLanguageModes: [.v6]
)
