import Foundation

/// Tuned against untuned priors of `eb-tune mix`: held-out log predictive density on simulated sets, one a seed.
struct MixingSets {
  /// What is mixed, and from which priors.
  struct Setting {
    let name: String
    let arguments: [String]
  }

  /// What one run says; all else of its report is left out.
  struct Report: Decodable {
    struct Estimate: Decodable {
      let value: Double
      let standardError: Double
    }
    struct Comparison: Decodable {
      let difference: Estimate
    }
    struct HeldOut: Decodable {
      let comparison: Comparison?
    }
    let heldOut: HeldOut?
  }

  static let settings: [Setting] = {
    let problems = [
      ("coleman", ["--problem", "coleman"], ["cdf", "sigmoid", "softmax"]),
      ("samba, order 3", ["--problem", "samba", "--order", "3"], ["switchcos", "sigmoid", "softmax"]),
    ]
    var settings: [Setting] = []
    for (name, problem, weights) in problems {
      for weight in weights {
        for rule in ["density", "mean"] {
          settings.append(
            Setting(name: "\(name), \(weight), \(rule)", arguments: problem + ["--weights", weight, "--rule", rule]))
        }
      }
      for prior in ["normal(0,0.1)", "normal(0,100)"] {
        settings.append(
          Setting(
            name: "\(name), softmax, density, from \(prior)",
            arguments: problem + ["--weights", "softmax", "--rule", "density", "--prior", "weights=\(prior)"]))
      }
    }
    return settings
  }()

  let program: MixingProgram
  let seeds: ClosedRange<Int>

  func printTable() throws {
    print(
      "\nTuned less untuned: nats of held-out log predictive density (LPPD) over 50 rows, the mean over \(seeds.count) simulated"
        + " sets with its standard error. A set counts as better or worse where its own difference is beyond two standard errors"
        + " over rows.\n")
    printHead(["problem, weights, rule", "tuned − untuned", "better", "worse", "least", "largest"])
    for setting in Self.settings {
      var differences: [Report.Estimate] = []
      for seed in seeds {
        let output = try program.run(setting.arguments + ["--seed", "\(seed)", "--test-rows", "50", "--json"])
        let report = try JSONDecoder().decode(Report.self, from: output)
        guard let difference = report.heldOut?.comparison?.difference else {
          throw BenchmarkError.failed("eb-tune mix compared nothing for \(setting.name), seed \(seed)")
        }
        differences.append(difference)
      }
      let count = Double(seeds.count)
      let values = differences.map(\.value)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
      printRow([
        setting.name,
        "\(format(mean, decimals: 2)) ± \(format((variance / count).squareRoot(), decimals: 2))",
        "\(differences.count { $0.value > 2 * $0.standardError })",
        "\(differences.count { $0.value < -2 * $0.standardError })",
        format(values.min() ?? .nan, decimals: 2), format(values.max() ?? .nan, decimals: 2),
      ])
    }
  }
}
