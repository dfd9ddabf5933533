// swift-tools-version: 6.1
import PackageDescription

// The user's command is a plain `swift run`, which builds in debug; unoptimised numerics are up to 150 times slower.
// So debug builds are optimised too, but only where this package is the root: SwiftPM refuses unsafe flags in a
// versioned dependency. Dependencies are checked out below a build folder, whose path is what is matched here.
let directory = Context.packageDirectory
let isRoot =
  !directory.contains("/.build/checkouts/") && !directory.contains("/SourcePackages/checkouts/")
  && !directory.contains("/registry/downloads/")
let swiftSettings: [SwiftSetting] = isRoot ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []
let cSettings: [CSetting] = isRoot ? [.unsafeFlags(["-O2"], .when(configuration: .debug))] : []

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["_TestSupport"], swiftSettings: swiftSettings)
}

let package = Package(
  name: "eb-tune",
  products: [
    .executable(name: "eb-tune", targets: ["eb-tune"]),
    .library(
      name: "EmpiricalBayesTuning",
      targets: [
        "LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "Evaluation",
        "AnalyticModels", "GaussianProcesses", "NeuralNetworks", "ModelMixing", "Experiments", "TuningIO",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CExpertKernels", cSettings: cSettings),
    module("RowBlocks", ["CExpertKernels"]),
    module("LogDensities"),
    module("Sampling", ["LogDensities", "COpenBLAS"]),
    module("Diagnostics", ["LogDensities", "Sampling"]),
    module("Priors", ["LogDensities"]),
    module("Experts", ["LogDensities", "Priors", "CExpertKernels", "RowBlocks"]),
    module("NeuralNetworks", ["LogDensities", "Priors", "CExpertKernels", "RowBlocks"]),
    module("EmpiricalBayes", ["LogDensities", "Sampling", "Diagnostics"]),
    module("Evaluation", ["LogDensities", "Diagnostics"]),
    module("GaussianProcesses", ["LogDensities", "Sampling", "COpenBLAS"]),
    module(
      "ModelMixing",
      ["LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "GaussianProcesses"]),
    module("AnalyticModels", ["LogDensities", "Sampling", "COpenBLAS"]),
    module(
      "Experiments",
      [
        "LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "Evaluation",
        "GaussianProcesses", "NeuralNetworks",
      ]),
    module(
      "TuningIO",
      ["LogDensities", "Sampling", "Diagnostics", "EmpiricalBayes", .product(name: "Yams", package: "Yams")]),
    .executableTarget(
      name: "eb-tune",
      dependencies: [
        "LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "Evaluation",
        "AnalyticModels", "GaussianProcesses", "NeuralNetworks", "ModelMixing", "Experiments", "TuningIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "_TestSupport", dependencies: ["LogDensities"], path: "Tests/_TestSupport", swiftSettings: swiftSettings),
    tests("LogDensitiesTests", ["LogDensities"]),
    tests("SamplingTests", ["LogDensities", "Sampling", "Diagnostics"]),
    tests("DiagnosticsTests", ["LogDensities", "Sampling", "Diagnostics"]),
    tests("PriorsTests", ["LogDensities", "Priors"]),
    tests("ExpertsTests", ["LogDensities", "Priors", "Experts", "CExpertKernels"]),
    tests(
      "NeuralNetworksTests",
      ["LogDensities", "Priors", "Sampling", "Diagnostics", "EmpiricalBayes", "CExpertKernels", "NeuralNetworks"]),
    tests("EmpiricalBayesTests", ["LogDensities", "Sampling", "Diagnostics", "EmpiricalBayes"]),
    tests("EvaluationTests", ["LogDensities", "Diagnostics", "Evaluation"]),
    tests("GaussianProcessesTests", ["LogDensities", "Sampling", "GaussianProcesses"]),
    tests(
      "ModelMixingTests",
      [
        "LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "GaussianProcesses",
        "ModelMixing",
      ]),
    tests("AnalyticModelsTests", ["LogDensities", "Sampling", "Diagnostics", "EmpiricalBayes", "AnalyticModels"]),
    tests(
      "ExperimentsTests",
      [
        "LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "Evaluation",
        "GaussianProcesses", "NeuralNetworks", "Experiments", "TuningIO",
      ]),
    tests("TuningIOTests", ["LogDensities", "Sampling", "Diagnostics", "EmpiricalBayes", "TuningIO"]),
    tests(
      "ReferenceTests",
      [
        "LogDensities", "Sampling", "Diagnostics", "Priors", "Experts", "EmpiricalBayes", "AnalyticModels", "TuningIO",
      ]),
    tests("ProgramTests", ["eb-tune"]),
  ],
  swiftLanguageModes: [.v6]
)
