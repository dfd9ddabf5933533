import EmpiricalBayes
import Experts
import LogDensities
import Priors
import TuningIO

/// The notebook of a finished run: cells that draw the figures of its report with ArviZ and matplotlib.
struct RunNotebook {
  /// The Zarr store that it reads, below the run's directory.
  static let store = "export/run.zarr"

  let run: ExportedRun
  let report: RunReport
  /// The run's directory as seen from the notebook.
  let place: String
  let isWeighted: Bool
  let hasHeldOutRows: Bool

  init(_ run: ExportedRun, _ report: RunReport, place: String, isWeighted: Bool, hasHeldOutRows: Bool) {
    self.run = run
    self.report = report
    self.place = place
    self.isWeighted = isWeighted
    self.hasHeldOutRows = hasHeldOutRows
  }

  var export: NotebookExport {
    NotebookExport(
      title: "Tuned priors of \(Self.line(run.configuration.target))",
      cells: opening + tuning + priors + sampler + predictions + calibration + leaveOneOut + ownModel)
  }

  /// The name of the data that means, predictions and comparisons are taken from.
  var averaged: String { isWeighted ? "weighted" : "data" }

  /// The verdict in words, and everything that later cells read.
  private var opening: [NotebookExport.Cell] {
    let verdict = ReportVerdict(report)
    let findings = verdict.findings.map { finding in
      let mark =
        switch finding.status {
        case .warning: "**Doubt:** "
        case .good: "OK: "
        case .note: ""
        }
      return "- \(mark)\(Self.markdown(finding.sentence))"
    }
    return [
      .text(Self.markdown(report.headline)),
      .text("## Verdict\n\n**\(Self.markdown(verdict.sentence))**\n\n\(Self.markdown(report.reason))"),
      .text(findings.joined(separator: "\n")),
      .code(
        """
        import json
        import pathlib

        import arviz as az
        import matplotlib.pyplot as plt
        import numpy as np
        import pandas as pd
        import scipy.stats as stats
        import xarray as xr

        plt.rcParams.update({"figure.dpi": 72, "figure.constrained_layout.use": True, "axes.grid": True, "grid.alpha": 0.3})
        """),
      .text(
        "## The run\n\nThe directory of the run has the verdict and the priors as JSON. `eb-tune notebook` wrote the draws beside"
          + " them as a Zarr store with ArviZ's groups; `tuning` is a group of its own."),
      .code(
        """
        run = pathlib.Path(\(PythonExport.string(place)))
        report = json.loads((run / "report.json").read_text())
        priors = json.loads((run / "priors.json").read_text())["priors"]
        """),
      .code(
        """
        tree = xr.open_datatree(run / "\(Self.store)", engine="zarr").load()
        data = az.InferenceData.from_datatree(tree)
        print(data)
        """),
      .text("The same draws by the names of the parameters, in the order of `priors.json`."),
      .code(
        """
        blocks = \(PythonExport.strings(run.blocks.map(\.name)))
        draws = [data.posterior[block].values.reshape(*data.posterior[block].shape[:2], -1) for block in blocks]
        parameters = dict(zip([entry["parameter"] for entry in priors], np.moveaxis(np.concatenate(draws, axis=-1), -1, 0)))
        """),
    ] + resampling
  }

  /// Draws of unequal weight, drawn anew so that they count alike.
  private var resampling: [NotebookExport.Cell] {
    guard isWeighted else { return [] }
    return [
      .text(
        "The draws of this run have importance weights, which ArviZ does not know. What is averaged over draws below is taken"
          + " from draws chosen anew in proportion to their weights; what judges the sampler is taken from the draws as they are."
      ),
      .code(
        """
        log_weight = data.sample_stats["log_weight"]
        weight = np.exp(log_weight - log_weight.max()).values
        chosen = np.random.default_rng(1).choice(weight.size, size=weight.shape, p=weight.ravel() / weight.sum())
        pick = dict(zip(["chain", "draw"], [(("chain", "draw"), place) for place in np.unravel_index(chosen, weight.shape)]))
        names = [name for name in data.groups() if {"chain", "draw"} <= set(data[name].dims)]
        redrawn = {name: data[name].drop_vars(["chain", "draw"]).isel(pick) for name in names}
        weighted = az.InferenceData(**redrawn, observed_data=data.observed_data, constant_data=data.constant_data)
        draws = [weighted.posterior[block].values.reshape(*weight.shape, -1) for block in blocks]
        weighted_parameters = dict(zip(parameters, np.moveaxis(np.concatenate(draws, axis=-1), -1, 0)))
        """),
    ]
  }

  /// What was tuned: the table, the objective, the paths.
  private var tuning: [NotebookExport.Cell] {
    [
      .text(
        "## What was tuned\n\nScales as scales, on the model's scale. `low` and `high` end the 95 % interval; they are missing where"
          + " the data fix none."),
      .code(
        """
        tuned = pd.DataFrame(report["coordinates"]).set_index("name")
        if "interval" in tuned:
            ends = [ends if isinstance(ends, list) else [np.nan, np.nan] for ends in tuned.pop("interval")]
            tuned[["low", "high"]] = ends
        tuned.rename(columns={"members": "shared by"})
        """),
      .text(
        "Look for a curve that has become level within its band. The diamond is what was kept, scored on fresh draws where the"
          + " schedule makes a last proposal."),
      .code(
        """
        def over_iterations(ax, name, kept, title):
            series, error = data.tuning[name], 2 * data.tuning[f"{name}_error"]
            ax.plot(series["iteration"], series, marker=".", label="estimate ± 2 standard errors")
            ax.fill_between(series["iteration"], series - error, series + error, alpha=0.25)
            ax.plot(report["bestIteration"], kept, "D", color="C1", label="kept")
            ax.set(title=title, xlabel="outer iteration", ylabel="nats")
            ax.legend()


        figure, axes = plt.subplots(1, 2, figsize=(11, 3.6))
        kept = [c["iterate"]["info"] for c in report["candidates"] if c["iterate"]["info"]["iteration"] == report["bestIteration"]]
        gain = (kept[0].get("logEvidenceGain") if kept else None) or {"value": np.nan}
        over_iterations(axes[0], "log_evidence_gain", gain["value"], "Log evidence along the path, from the end of burn-in")
        kept = report["surrogate"]["value"] + (report.get("logHyperprior") or 0)
        over_iterations(axes[1], "objective", kept, "Expected log-likelihood + γ ln H + ln p(λ)")
        """),
      .text("The paths of the hyperparameters. The dot at the end is the tuned value with its 95 % interval."),
      .code(
        """
        paths = data.tuning["lambda"].where(~data.tuning["is_logarithm"], np.exp(data.tuning["lambda"]))
        rows = -(-len(tuned) // 3)
        figure, axes = plt.subplots(rows, 3, figsize=(11, 2.7 * rows), squeeze=False)
        for ax in axes.flat[len(tuned):]:
            ax.remove()
        for ax, (name, ends) in zip(axes.flat, tuned.iterrows()):
            path = paths.sel(hyperparameter=name)
            ax.plot(path["iteration"], path, marker=".")
            ax.plot(path.sizes["iteration"], ends["tuned"], "o", color="C1")
            ax.vlines(path.sizes["iteration"], ends.get("low", np.nan), ends.get("high", np.nan), color="C1")
            ax.set(title=name, xlabel="outer iteration")
            if data.tuning["is_logarithm"].sel(hyperparameter=name):
                ax.set_yscale("log")
        """),
    ]
  }

  /// Text of the run as markdown that shows it as it is.
  static func markdown(_ text: String) -> String {
    line(text).reduce(into: "") { result, character in
      if "\\`*_<$|#".contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  private static func line(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}
