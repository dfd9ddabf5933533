import Experts
import LogDensities
import Priors

/// The tuned model for PyMC: `export --to pymc`.
struct PyMCExport: ExportedProgram {
  private let source: PythonExport

  init(_ source: PythonExport) { self.source = source }

  var data: ExportedData { source.data }

  var text: String {
    let rows = source.study.training
    var lines = [
      "coords = {", "    \"expert\": list(range(1, M + 1)),", "    \"gate_expert\": list(range(1, M)),",
      "    \"expert_feature\": \(PythonExport.strings(rows.expertNames)),",
      "    \"gate_feature\": \(PythonExport.strings(rows.gateNames)),", "}", "",
      "with pm.Model(coords=coords) as model:",
    ]
    lines += source.run.blocks.flatMap(prior).map { "    \($0)" }
    lines += likelihood.map { "    \($0)" }
    lines += ["", "if __name__ == \"__main__\":", "    with model:", "        print(pm.sample())"]
    return source.head(imports: ["import pymc as pm", "import pytensor.tensor as pt"])
      + "\n" + lines.joined(separator: "\n") + "\n"
  }

  private func prior(_ block: ExportedBlock) -> [String] {
    let names = "dims=(\(block.dimensions.map { "\"\($0)\", " }.joined()))"
    if let group = block.groups.first, block.groups.count == 1 {
      return ["\(block.name) = \(Self.distribution(block.name, group, shape: block.shape)), \(names))"]
    }
    let parts = block.groups.map { group in
      let name = block.name(of: group)
      return "\(name) = \(Self.distribution(name, group, shape: [group.members.count])), shape=\(group.members.count))"
    }
    let joined = "pt.concatenate([\(block.groups.map(block.name(of:)).joined(separator: ", "))])"
    return parts + [
      "\(block.name) = pm.Deterministic(\"\(block.name)\","
        + " \(joined)[\(PythonExport.places(of: block))].reshape(\(PythonExport.tuple(block.shape))), \(names))"
    ]
  }

  /// A distribution without its closing bracket.
  private static func distribution(_ name: String, _ group: ExportedBlock.Group, shape: [Int]) -> String {
    let (family, arguments): (String, [String])
    switch group.family {
    case .laplace: (family, arguments) = ("Laplace", ["mu", "b"])
    case .normal: (family, arguments) = ("Normal", ["mu", "sigma"])
    case .studentT: (family, arguments) = ("StudentT", ["mu", "sigma", "nu"])
    case .logNormal: (family, arguments) = ("LogNormal", ["mu", "sigma"])
    case .halfNormal: (family, arguments) = ("HalfNormal", ["sigma"])
    case .halfCauchy: (family, arguments) = ("HalfCauchy", ["beta"])
    case .gamma: (family, arguments) = ("Gamma", ["alpha", "beta"])
    case .exponential: (family, arguments) = ("Exponential", ["lam"])
    case .uniform: (family, arguments) = ("Uniform", ["lower", "upper"])
    case .truncatedNormal: (family, arguments) = ("TruncatedNormal", ["mu", "sigma", "lower", "upper"])
    }
    let values = zip(arguments, group.values).map {
      "\($0)=\(PythonExport.literal($1, shape: shape, array: "np.array"))"
    }
    return "pm.\(family)(\"\(name)\", \(values.joined(separator: ", "))"
  }

  private var likelihood: [String] {
    let shape = source.run.architecture
    var lines = ["mu = intercept" + (shape.expertFeatures > 0 ? " + pt.dot(X, slope.T)" : " + np.zeros((N, M))")]
    lines.append(
      shape.experts > 1
        ? "logits = pt.concatenate([pt.dot(Z, gate.T), np.zeros((N, 1))], axis=1)" : "logits = pt.zeros((N, 1))")
    lines.append("allocation = pm.math.softmax(logits, axis=1)")
    if shape.combination != .moe {
      lines += [
        "blend = pt.sum(allocation * mu, axis=1, keepdims=True)",
        "blend_variance = pt.sum(allocation * sigma**2, axis=1, keepdims=True)",
      ]
    }
    switch shape.combination {
    case .moe: lines.append("pm.NormalMixture(\"y\", w=allocation, mu=mu, sigma=sigma + np.zeros((N, M)), observed=y)")
    case .boe: lines.append("pm.Normal(\"y\", mu=blend[:, 0], sigma=pt.sqrt(blend_variance[:, 0]), observed=y)")
    case .cocoafuse:
      lines += [
        "competition = pm.math.invlogit(pt.dot(Z, behaviour))[:, None]",
        "fused = competition * mu + (1 - competition) * blend",
        "fused_variance = competition * sigma**2 + (1 - competition) * blend_variance",
        "pm.NormalMixture(\"y\", w=allocation, mu=fused, sigma=pt.sqrt(fused_variance), observed=y)",
      ]
    }
    return lines
  }
}
