import Experts
import LogDensities
import Priors

/// The tuned model for NumPyro: `export --to numpyro`.
struct NumPyroExport: ExportedProgram {
  private let source: PythonExport

  init(_ source: PythonExport) { self.source = source }

  var data: ExportedData { source.data }

  var text: String {
    var lines = ["numpyro.enable_x64()", "", "", "def model(X=X, Z=Z, y=y):"]
    lines += source.run.blocks.flatMap(prior).map { "    \($0)" }
    lines += likelihood.map { "    \($0)" }
    lines += [
      "", "", "if __name__ == \"__main__\":",
      "    mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=1000, num_samples=1000, num_chains=4)",
      "    mcmc.run(jax.random.PRNGKey(1))", "    mcmc.print_summary()",
    ]
    return source.head(
      imports: [
        "import jax", "import jax.numpy as jnp", "import numpyro", "import numpyro.distributions as dist",
        "import numpyro.infer",
      ])
      + "\n" + lines.joined(separator: "\n") + "\n"
  }

  private func prior(_ block: ExportedBlock) -> [String] {
    if let group = block.groups.first, block.groups.count == 1 {
      return [Self.sample(block.name, group, shape: block.shape)]
    }
    let parts = block.groups.map { Self.sample(block.name(of: $0), $0, shape: [$0.members.count]) }
    let joined = "jnp.concatenate([\(block.groups.map(block.name(of:)).joined(separator: ", "))])"
    return parts + [
      "\(block.name) = numpyro.deterministic(\"\(block.name)\","
        + " \(joined)[jnp.array(\(PythonExport.places(of: block)))].reshape(\(PythonExport.tuple(block.shape))))"
    ]
  }

  private static func sample(_ name: String, _ group: ExportedBlock.Group, shape: [Int]) -> String {
    var values = group.values.map { PythonExport.literal($0, shape: shape, array: "jnp.array") }
    let family: String
    switch group.family {
    case .laplace: family = "Laplace"
    case .normal: family = "Normal"
    case .studentT:
      family = "StudentT"
      values = [values[2], values[0], values[1]]
    case .logNormal: family = "LogNormal"
    case .halfNormal: family = "HalfNormal"
    case .halfCauchy: family = "HalfCauchy"
    case .gamma: family = "Gamma"
    case .exponential: family = "Exponential"
    case .uniform: family = "Uniform"
    case .truncatedNormal:
      family = "TruncatedNormal"
      values = [values[0], values[1], "low=\(values[2])", "high=\(values[3])"]
    }
    let distribution = "dist.\(family)(\(values.joined(separator: ", ")))"
    return "\(name) = numpyro.sample(\"\(name)\","
      + " \(distribution).expand(\(PythonExport.tuple(shape))).to_event(\(shape.count)))"
  }

  private var likelihood: [String] {
    let shape = source.run.architecture
    var lines = [
      "rows = X.shape[0]",
      "mu = intercept" + (shape.expertFeatures > 0 ? " + X @ slope.T" : " + jnp.zeros((rows, M))"),
      shape.experts > 1
        ? "logits = jnp.concatenate([Z @ gate.T, jnp.zeros((rows, 1))], axis=1)" : "logits = jnp.zeros((rows, 1))",
    ]
    if shape.combination != .moe {
      lines += [
        "allocation = jax.nn.softmax(logits, axis=1)", "blend = (allocation * mu).sum(axis=1, keepdims=True)",
        "blend_variance = (allocation * sigma**2).sum(axis=1, keepdims=True)",
      ]
    }
    switch shape.combination {
    case .moe: lines.append("components = dist.Normal(mu, sigma)")
    case .boe: lines.append("components = dist.Normal(blend[:, 0], jnp.sqrt(blend_variance[:, 0]))")
    case .cocoafuse:
      lines += [
        "competition = jax.nn.sigmoid(Z @ behaviour)[:, None]",
        "fused_variance = competition * sigma**2 + (1 - competition) * blend_variance",
        "components = dist.Normal(competition * mu + (1 - competition) * blend, jnp.sqrt(fused_variance))",
      ]
    }
    let outcome =
      shape.combination == .boe
      ? "components" : "dist.MixtureSameFamily(dist.Categorical(logits=logits), components)"
    return lines + ["with numpyro.plate(\"row\", rows):", "    numpyro.sample(\"y\", \(outcome), obs=y)"]
  }
}
