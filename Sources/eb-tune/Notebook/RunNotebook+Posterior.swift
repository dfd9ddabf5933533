import Priors
import TuningIO

extension RunNotebook {
  /// Priors before and after tuning beside the posterior.
  var priors: [NotebookExport.Cell] {
    let most = 12
    let share = run.parameterNames.count <= most ? most : 3
    return [
      .text("## Prior against posterior\n\nThe families of the priors, as scipy knows them."),
      .code(
        """
        families = {
        \(families.map { "    \"\($0.rawValue)\": \($0.inSciPy)," }.joined(separator: "\n"))
        }


        def prior(entry, when):
            return families[entry["family"]]({value["name"]: value[when] for value in entry["hyperparameters"]})
        """),
      .text(
        "The first \(share) parameters of each block on the model's scale. Where the tuned prior is narrower than the initial one, tuning"
          + " draws parameters together; a posterior that follows its prior tells that the data say little."),
      .code(
        """
        shown = [entry for place, entry in enumerate(priors) if place < \(share) or entry["block"] != priors[place - \(share)]["block"]]
        rows = -(-len(shown) // 4)
        figure, axes = plt.subplots(rows, 4, figsize=(11, 2.3 * rows), squeeze=False)
        for ax in axes.flat[len(shown):]:
            ax.remove()
        for ax, entry in zip(axes.flat, shown):
            grid, posterior = az.kde(\(isWeighted ? "weighted_parameters" : "parameters")[entry["parameter"]].ravel())
            wide = np.linspace(grid[0] - 0.5 * np.ptp(grid), grid[-1] + 0.5 * np.ptp(grid), 300)
            ax.fill_between(grid, posterior, alpha=0.3, label="posterior")
            ax.plot(wide, prior(entry, "initial").pdf(wide), "--", color="gray", label="initial prior")
            ax.plot(wide, prior(entry, "tuned").pdf(wide), color="C1", label="tuned prior")
            ax.set(title=entry["parameter"], ylim=(0, 1.5 * posterior.max()), yticks=[])
        handles, labels = axes[0, 0].get_legend_handles_labels()
        legend = figure.legend(handles, labels, loc="outside upper center", ncols=3)
        """),
      .text(
        "Tuned hyperparameters are plugged in, which understates standard deviations. `posterior.csv` has them plug-in and corrected for"
          + " the uncertainty of the hyperparameters."),
      .code("pd.read_csv(run / \"posterior.csv\", index_col=0).head(12)"),
    ]
  }

  /// The families that occur.
  private var families: [PriorFamily] {
    PriorFamily.allCases.filter { family in
      run.blocks.contains { $0.groups.contains { $0.family == family } }
    }
  }

  /// Diagnostics of the chains.
  var sampler: [NotebookExport.Cell] {
    [
      .text(
        "## Sampler\n\nThe parameters whose chains agree least. R-hat below 1.01 is good; effective sample sizes want a few hundred."
      ),
      .code(
        """
        summary = az.summary(parameters, round_to=3)
        summary.nlargest(8, "r_hat")[["mean", "sd", "ess_bulk", "ess_tail", "r_hat"]]
        """),
      .text("Ranks of each chain's draws among all draws: chains that agree are level."),
      .code(
        """
        worst = summary["r_hat"].nlargest(4).index
        axes = az.plot_rank({name: parameters[name] for name in worst}, kind="vlines", figsize=(11, 3))
        """),
      .text(
        "Where the changes of the energy are much narrower than the energy itself (BFMI below 0.3), tails are explored slowly."
      ),
      .code("ax = az.plot_energy(data, figsize=(7, 3.2))"),
      .text(
        "Divergent transitions, along the parameter that tells them best from the others. A cluster shows which part of the posterior may be missing."
      ),
      .code(
        """
        diverging = data.sample_stats["diverging"].values
        apart = max(
            parameters,
            key=lambda name: abs(parameters[name][diverging].mean() - parameters[name].mean()) / parameters[name].std() if diverging.any() else 0,
        )
        figure, ax = plt.subplots(figsize=(7, 3.2))
        ax.plot(parameters[apart].ravel(), data.sample_stats["lp"].values.ravel(), ".", color="gray", alpha=0.3, label="draws")
        ax.plot(parameters[apart][diverging], data.sample_stats["lp"].values[diverging], "^", color="C1", label="divergent")
        ax.set(title=f"{diverging.sum()} of {diverging.size} transitions diverged", xlabel=apart, ylabel="log density")
        legend = ax.legend()
        """),
    ]
  }
}

extension PriorFamily {
  /// The distribution with the hyperparameters of a dictionary, in Python.
  var inSciPy: String {
    switch self {
    case .laplace: #"lambda v: stats.laplace(v["location"], v["scale"])"#
    case .normal: #"lambda v: stats.norm(v["location"], v["scale"])"#
    case .studentT: #"lambda v: stats.t(v["degreesOfFreedom"], v["location"], v["scale"])"#
    case .logNormal: #"lambda v: stats.lognorm(v["scale"], scale=np.exp(v["location"]))"#
    case .halfNormal: #"lambda v: stats.halfnorm(scale=v["scale"])"#
    case .halfCauchy: #"lambda v: stats.halfcauchy(scale=v["scale"])"#
    case .gamma: #"lambda v: stats.gamma(v["shape"], scale=1 / v["rate"])"#
    case .exponential: #"lambda v: stats.expon(scale=1 / v["rate"])"#
    case .uniform: #"lambda v: stats.uniform(v["lower"], v["upper"] - v["lower"])"#
    case .truncatedNormal:
      #"lambda v: stats.truncnorm((v["lower"] - v["location"]) / v["scale"], (v["upper"] - v["location"]) / v["scale"], v["location"], v["scale"])"#
    }
  }
}
