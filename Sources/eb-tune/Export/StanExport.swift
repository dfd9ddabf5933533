import Experts
import LogDensities
import Priors

/// The tuned model as a Stan program: `export --to stan`. Its parameters have the names and shapes of the exported draws.
struct StanExport: ExportedProgram {
  private let run: ExportedRun
  private let rebuilt: EvidenceRun

  init(_ run: ExportedRun, _ rebuilt: EvidenceRun) {
    self.run = run
    self.rebuilt = rebuilt
  }

  private var combination: Combination { run.architecture.combination }

  var data: ExportedData {
    var data = ExportedData(rebuilt)
    for block in run.blocks {
      for group in block.groups {
        let name = block.name(of: group)
        if block.groups.count > 1 { data[name] = .counts(group.members.map { $0 + 1 }) }
        for (kind, values) in zip(group.family.hyperparameters, group.values) {
          data["\(name)_\(kind.quantityInStan)"] = .vector(values)
        }
      }
    }
    return data
  }

  var text: String {
    let study = rebuilt.run.study
    var text = run.comment("//")
    text += "// \(study.scalingRemark)\n"
    text +=
      "// Columns of X: \(Self.listed(study.training.expertNames)); of Z: \(Self.listed(study.training.gateNames)).\n"
    text += "// Densities are normalised in every parameter, so that lp__ is that of the run's own draws.\n"
    text += functions + dataBlock + parameters
    text +=
      "model {\n" + priors + likelihood(indent: "  ") + "  target += sum(log_density(y, weight, mean_, variance));\n}\n"
    return text + generatedQuantities
  }

  private static func listed(_ names: [String]) -> String {
    names.joined(separator: ", ").map { $0.isNewline ? " " : String($0) }.joined()
  }

  private var dataBlock: String {
    var lines = [
      "int<lower=1> N;  // rows", "int<lower=0> F;  // features of the experts",
      "int<lower=1> G;  // features of the gate",
      "int<lower=1> M;  // experts", "matrix[N, F] X;", "matrix[N, G] Z;", "vector[N] y;",
    ]
    for block in run.blocks {
      for group in block.groups {
        let name = block.name(of: group)
        if block.groups.count > 1 { lines.append("array[\(group.members.count)] int \(name);") }
        for kind in group.family.hyperparameters {
          let bound = kind.isLogarithm ? "<lower=0>" : ""
          lines.append("vector\(bound)[\(group.members.count)] \(name)_\(kind.quantityInStan);")
        }
      }
    }
    return "data {\n" + lines.map { "  \($0)\n" }.joined() + "}\n"
  }

  private var parameters: String {
    let order = run.configuration.order
    var lines = [
      order == Ordering.intercepts.rawValue ? "ordered[M] intercept;" : "vector[M] intercept;", "matrix[M, F] slope;",
      "matrix[M - 1, G] gate;  // the last expert is the reference",
    ]
    if combination == .cocoafuse { lines.append("vector[G] behaviour;") }
    lines.append(
      order == Ordering.standardErrors.rawValue ? "positive_ordered[M] sigma;" : "vector<lower=0>[M] sigma;")
    return "parameters {\n" + lines.map { "  \($0)\n" }.joined() + "}\n"
  }

  private var priors: String {
    run.blocks.flatMap { block in
      block.groups.map { group in
        let name = block.name(of: group)
        var values = block.shape.count == 2 ? "to_vector(\(block.name)')" : block.name
        if block.groups.count > 1 { values += "[\(name)]" }
        let arguments = group.family.stanArguments(name)
        let half = group.family.isHalf ? " + \(group.members.count) * log2()" : ""
        return "  target += \(group.family.inStan)_lpdf(\(values) | \(arguments))\(half);\n"
          + (group.family == .truncatedNormal ? Self.truncation(name, group.members.count) : "")
      }
    }.joined()
  }

  /// The normalisers of truncated normal densities.
  private static func truncation(_ name: String, _ count: Int) -> String {
    func mass(_ bound: String) -> String { "normal_lcdf(\(name)_\(bound)[i] | \(name)_location[i], \(name)_scale[i])" }
    return "  for (i in 1:\(count)) target += -log_diff_exp(\(mass("upper")), \(mass("lower")));\n"
  }

  /// The components of every row: log weights, means and variances.
  private func likelihood(indent: String) -> String {
    var lines = [
      "matrix[N, M] mu = rep_matrix(intercept', N) + X * slope';", "matrix[N, M] allocation = log_allocation(Z, gate);",
    ]
    switch combination {
    case .moe:
      lines += [
        "matrix[N, M] weight = allocation;", "matrix[N, M] mean_ = mu;",
        "matrix[N, M] variance = rep_matrix(square(sigma)', N);",
      ]
    case .boe:
      lines += [
        "matrix[N, 1] weight = rep_matrix(0, N, 1);",
        "matrix[N, 1] mean_ = to_matrix(rows_dot_product(exp(allocation), mu), N, 1);",
        "matrix[N, 1] variance = to_matrix(exp(allocation) * square(sigma), N, 1);",
      ]
    case .cocoafuse:
      lines += [
        "vector[N] competition = inv_logit(Z * behaviour);", "matrix[N, M] weight = allocation;",
        "matrix[N, M] mean_ = fused(competition, mu, rows_dot_product(exp(allocation), mu));",
        "matrix[N, M] variance = fused(competition, rep_matrix(square(sigma)', N), exp(allocation) * square(sigma));",
      ]
    }
    return lines.map { "\(indent)\($0)\n" }.joined()
  }

  private var generatedQuantities: String {
    """
    generated quantities {
      vector[N] log_lik;
      array[N] real y_rep;
      {
    \(likelihood(indent: "    "))    log_lik = log_density(y, weight, mean_, variance);
        for (n in 1:N) {
          int i = categorical_logit_rng(weight[n]');
          y_rep[n] = normal_rng(mean_[n, i], sqrt(variance[n, i]));
        }
      }
    }

    """
  }

  private var functions: String {
    let fused =
      """
        // Every expert moved towards the blend: beta x + (1 - beta) blend.
        matrix fused(vector beta_, matrix own, vector blend) {
          matrix[rows(own), cols(own)] result;
          for (i in 1:cols(own)) result[, i] = beta_ .* own[, i] + (1 - beta_) .* blend;
          return result;
        }

      """
    return """
      functions {
        vector log_sum_exp_of_rows(matrix x) {
          vector[rows(x)] total = x[, 1];
          for (i in 2:cols(x)) total = log_sum_exp(total, x[, i]);
          return total;
        }
        // The logarithms of the experts' shares: a softmax in which the last expert has the logit 0.
        matrix log_allocation(matrix Z, matrix gate) {
          int N = rows(Z);
          int M = rows(gate) + 1;
          matrix[N, M] logits = append_col(Z * gate', rep_matrix(0, N, 1));
          return logits - rep_matrix(log_sum_exp_of_rows(logits), M);
        }
      \(combination == .cocoafuse ? fused : "")  // The log density of every row under its mixture of normal components.
        vector log_density(vector y, matrix weight, matrix mean_, matrix variance) {
          matrix[rows(weight), cols(weight)] terms;
          for (i in 1:cols(weight)) {
            terms[, i] = weight[, i] - 0.5 * (log(2 * pi()) + log(variance[, i]) + square(y - mean_[, i]) ./ variance[, i]);
          }
          return log_sum_exp_of_rows(terms);
        }
      }

      """
  }
}

extension Hyperparameters.Kind {
  /// The quantity's name as part of a name in a program.
  var quantityInStan: String { self == .logDegreesOfFreedom ? "degrees_of_freedom" : quantity }
}

extension PriorFamily {
  /// Stan's name.
  var inStan: String {
    switch self {
    case .laplace: "double_exponential"
    case .normal, .halfNormal, .truncatedNormal: "normal"
    case .studentT: "student_t"
    case .logNormal: "lognormal"
    case .halfCauchy: "cauchy"
    case .gamma: "gamma"
    case .exponential: "exponential"
    case .uniform: "uniform"
    }
  }

  /// Whether Stan has it as a symmetric density of which half is left.
  var isHalf: Bool { self == .halfNormal || self == .halfCauchy }

  /// Stan's arguments, taken from data whose names begin with `name`.
  func stanArguments(_ name: String) -> String {
    switch self {
    case .laplace, .normal, .logNormal, .truncatedNormal: "\(name)_location, \(name)_scale"
    case .studentT: "\(name)_degrees_of_freedom, \(name)_location, \(name)_scale"
    case .halfNormal, .halfCauchy: "0, \(name)_scale"
    case .gamma: "\(name)_shape, \(name)_rate"
    case .exponential: "\(name)_rate"
    case .uniform: "\(name)_lower, \(name)_upper"
    }
  }
}
