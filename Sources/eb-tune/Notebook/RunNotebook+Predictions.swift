import TuningIO

extension RunNotebook {
  /// Predictions beside the data, and which expert makes them.
  var predictions: [NotebookExport.Cell] {
    [
      .text(
        "## Predictions\n\nFor every training row its response, the predictive mean, and bars that hold 80 % (dark) and 95 % (light) of the"
          + " posterior predictive draws, against each column that features are made of. All in the data's own units."),
      .code(
        """
        columns, response = data.constant_data["columns"], data.observed_data["y"]
        predicted = \(averaged).posterior_predictive["y"]
        levels = predicted.quantile([0.025, 0.1, 0.9, 0.975], ["chain", "draw"])
        names = columns["column"].values[:8]
        figure, axes = plt.subplots(len(names), 1, figsize=(9, 3.6 * len(names)), squeeze=False)
        for ax, name in zip(axes.flat, names):
            x = columns.sel(column=name)
            ax.vlines(x, levels[0], levels[3], color="C0", alpha=0.25, linewidth=3)
            ax.vlines(x, levels[1], levels[2], color="C0", alpha=0.5, linewidth=3)
            ax.plot(x, predicted.mean(["chain", "draw"]), "_", color="C0", label="predictive mean")
            ax.plot(x, response, ".", color="black", label="data")
            ax.set(xlabel=name, ylabel=response.attrs["long_name"])
            ax.legend()
        """),
    ] + allocation
  }

  private var allocation: [NotebookExport.Cell] {
    guard run.architecture.experts > 1 else { return [] }
    var cells: [NotebookExport.Cell] = [
      .text(
        "The share of each expert: a softmax of the gate's features, in which the last expert is the reference. Look for regions that one"
          + " expert has to itself."),
      .code(
        """
        gate, features = \(averaged).posterior["gate"].rename(gate_expert="expert"), data.constant_data["Z"]
        logits = xr.dot(gate, features, dim="gate_feature")
        reference = xr.zeros_like(logits.isel(expert=[0])).assign_coords(expert=[logits.sizes["expert"] + 1])
        logits = xr.concat([logits, reference], "expert")
        share = np.exp(logits - logits.max("expert"))
        share = share / share.sum("expert")
        """),
      .code(
        """
        def shares(ax, x, values, label, color):
            ax.vlines(x, *values.quantile([0.025, 0.975], ["chain", "draw"]), color=color, alpha=0.25, linewidth=3)
            ax.plot(x, values.mean(["chain", "draw"]), ".", color=color, label=label)


        figure, axes = plt.subplots(len(names), 1, figsize=(9, 3 * len(names)), squeeze=False)
        for ax, name in zip(axes.flat, names):
            for expert in share["expert"].values:
                shares(ax, columns.sel(column=name), share.sel(expert=expert), f"expert {expert}", f"C{expert - 1}")
            ax.set(xlabel=name, ylabel="share", ylim=(-0.03, 1.03))
            ax.legend()
        """),
    ]
    if run.architecture.combination == .cocoafuse {
      cells += [
        .text(
          "How far experts collaborate: near 1 the row is predicted by a blend of the experts, near 0 by a mixture of them."
        ),
        .code(
          """
          competition = 1 / (1 + np.exp(-xr.dot(\(averaged).posterior["behaviour"], features, dim="gate_feature")))
          figure, axes = plt.subplots(len(names), 1, figsize=(9, 3 * len(names)), squeeze=False)
          for ax, name in zip(axes.flat, names):
              shares(ax, columns.sel(column=name), 1 - competition, "collaboration", "C4")
              ax.set(xlabel=name, ylabel="1 − β", ylim=(-0.03, 1.03))
          """),
      ]
    }
    return cells
  }

  /// Probability integral transforms of training rows, and of held-out rows where there are any.
  var calibration: [NotebookExport.Cell] {
    let heldOut =
      hasHeldOutRows
      ? "\npit[\"held-out rows\"] = (data.predictions[\"y\"] <= data.predictions_constant_data[\"y\"]).mean([\"chain\", \"draw\"]).values"
      : ""
    return [
      .text(
        "## Calibration\n\nThe probability integral transform of a row is the predictive probability of what lies below its response."
          + " Where the model is right it is uniform, and the difference of distribution functions stays in the band."
          + (hasHeldOutRows ? " Held-out rows are the fair judge; training" : " Training")
          + " rows crowd the centre a little even where the model is right."
          + (isWeighted && hasHeldOutRows ? " Predictions of held-out rows are not weighted here." : "")),
      .code(
        """
        pit = {"training rows": (predicted <= response).mean(["chain", "draw"]).values}\(heldOut)
        figure, axes = plt.subplots(1, len(pit), figsize=(5.5 * len(pit), 3.4), squeeze=False)
        for ax, (rows, values) in zip(axes.flat, pit.items()):
            az.plot_ecdf(
                values, cdf=stats.uniform.cdf, difference=True, eval_points=np.linspace(0, 1, 101), confidence_bands="optimized",
                ci_prob=0.95, ax=ax,
            )
            ax.set(title=rows, xlabel="probability integral transform", ylabel="ECDF − uniform")
        """),
      .text("How many rows lie inside central predictive intervals."),
      .code(
        """
        levels = [0.5, 0.8, 0.9, 0.95]
        pd.DataFrame(
            {rows: [np.mean(np.abs(values - 0.5) <= level / 2) for level in levels] for rows, values in pit.items()},
            index=pd.Index(levels, name="level"),
        ).round(3)
        """),
    ]
  }

  /// PSIS-LOO as ArviZ computes it.
  var leaveOneOut: [NotebookExport.Cell] {
    let comparison =
      report.consequences.leaveOneOut == nil
      ? "loo"
      : """
      ours = report["consequences"]["leaveOneOut"]
      pd.DataFrame(
          {
              "ArviZ": [loo.elpd_loo, loo.se, loo.p_loo],
              "eb-tune": [ours["elpd"], ours.get("standardError", np.nan), ours["effectiveParameters"]],
          },
          index=["elpd", "standard error", "p_loo"],
      ).round(3)
      """
    return [
      .text(
        "## Leave-one-out\n\nPSIS-LOO by ArviZ beside that of the run. The two differ in how they count the effective draws of each tail,"
          + " and agree far within the standard error."
          + (isWeighted ? " Here ArviZ has the draws that were chosen anew." : "")
          + " Leave-one-out did not choose the priors."),
      .code("loo = az.loo(\(averaged), pointwise=True)\n" + comparison),
      .text("Pareto k of every row: above the line a row's term is not to be believed."),
      .code(
        """
        ax = az.plot_khat(loo, figsize=(8, 3.2))
        ax.axhline(loo.good_k, linestyle="--", color="gray")
        labels = ax.set(xlabel="row", ylabel="Pareto k")
        """),
    ]
  }

  /// How to go on from here.
  var ownModel: [NotebookExport.Cell] {
    let scale = report.coordinates.map(\.name).first { $0.hasSuffix("scale") }
    return [
      .text(
        "## A model of your own\n\nThe tuned priors as distributions. Parameters are on the model's scale: unless the run says otherwise, the"
          + " target and bare columns have mean 0 and standard deviation 1 there."),
      .code(
        """
        tuned_priors = {entry["parameter"]: prior(entry, "tuned") for entry in priors}
        pd.DataFrame(
            {name: [law.ppf(0.05), law.median(), law.ppf(0.95)] for name, law in tuned_priors.items()},
            index=["5 %", "median", "95 %"],
        ).T.round(4)
        """),
      .text(
        (scale.map {
          "In a PyMC model of your own they are plain numbers: `pm.Laplace(\"weight\", mu=0, b=tuned.loc[\"\($0)\", \"tuned\"])`. "
        } ?? "")
          + "`eb-tune export \(ShellWord.quoted(run.finished.path)) --to pymc` (or `stan`, `numpyro`) writes this model as a program with its"
          + " data, `--to brms` the priors as calls of `set_prior`, and `--to json` the priors alone."),
      .text("Scales carry over to another data set only if its target and features are on the same scale."),
    ]
  }
}
