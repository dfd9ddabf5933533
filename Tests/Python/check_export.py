"""Opens what `eb-tune export` wrote with the tools that it was written for, and compares every number with draws.csv.

    check_export.py cmdstan|zarr|stan|pymc|numpyro EXPORT RUN

ends with status 0 and a line that says what was read, or with an assertion. `check_export.py available FORMAT` ends with
status 0 where the packages are there.
"""
import asyncio
import csv
import glob
import importlib
import importlib.util
import json
import math
import pathlib
import sys
import warnings

PACKAGES = {
    "cmdstan": ["cmdstanpy", "arviz"],
    "zarr": ["xarray", "zarr", "arviz"],
    "stan": ["httpstan", "setuptools"],
    "pymc": ["pymc"],
    "numpyro": ["numpyro"],
    "notebook": ["arviz", "ipykernel", "matplotlib", "nbclient", "nbformat", "pandas", "xarray", "zarr"],
}
STATISTICS = {
    "log_density": ("lp__", "lp"),
    "acceptance": ("accept_stat__", "acceptance_rate"),
    "step_size": ("stepsize__", "step_size"),
    "tree_depth": ("treedepth__", "tree_depth"),
    "leapfrog_steps": ("n_leapfrog__", "n_steps"),
    "divergent": ("divergent__", "diverging"),
    "energy": ("energy__", "energy"),
}
BLOCKS = ["intercept", "slope", "gate", "behaviour", "sigma"]


class Draws:
    """draws.csv: statistics by name and parameters by block, chains by draws by elements as they stand in the file."""

    def __init__(self, run):
        import numpy as np

        with open(pathlib.Path(run) / "draws.csv", newline="") as file:
            header, *rows = list(csv.reader(file))
        values = np.array([[float(cell) for cell in row] for row in rows])
        self.chains = int(values[-1, 0])
        self.length = len(rows) // self.chains
        self.columns = {name: values[:, place].reshape(self.chains, self.length) for place, name in enumerate(header)}
        self.blocks = {}
        for block in BLOCKS:
            places = [place for place, name in enumerate(header) if name.startswith(block + "[")]
            if places:
                self.blocks[block] = values[:, places].reshape(self.chains, self.length, len(places))

    def shaped(self, block, experts):
        values = self.blocks[block]
        lead = {"slope": experts, "gate": experts - 1}.get(block)
        return values if lead is None else values.reshape(self.chains, self.length, lead, -1)

    def first(self, count=20):
        """The flat indices of draws that spread over all chains."""
        total = self.chains * self.length
        return [place * total // count for place in range(count)]


def experts_of(run):
    return json.loads((pathlib.Path(run) / "config.json").read_text())["experts"]


def check_cmdstan(export, run):
    import arviz
    import cmdstanpy
    import numpy as np

    draws, experts = Draws(run), experts_of(run)
    files = sorted(glob.glob(f"{export}/*.csv"), key=lambda name: int(name.split("-")[-1][:-4]))
    assert len(files) == draws.chains
    fit = cmdstanpy.from_csv(files)
    assert fit.chains == draws.chains and fit.num_draws_sampling == draws.length and fit.metric_type == "diag_e"
    assert np.all(np.asarray(fit.inv_metric) > 0) and np.all(np.asarray(fit.step_size) > 0)
    assert list(fit.divergences) == draws.columns["divergent"].sum(axis=1).astype(int).tolist()
    methods = fit.method_variables()
    for name, (column, _) in STATISTICS.items():
        assert np.array_equal(methods[column].T, draws.columns[name]), name
    for block in draws.blocks:
        expected = draws.shaped(block, experts)
        found = fit.stan_variable(block).reshape(expected.shape)
        assert np.array_equal(found, expected), block
    for data in (arviz.from_cmdstanpy(fit), arviz.from_cmdstan(files)):
        for block in draws.blocks:
            assert np.array_equal(data.posterior[block].values, draws.shaped(block, experts)), block
        assert np.array_equal(data.sample_stats["lp"].values, draws.columns["log_density"])
        assert np.array_equal(data.sample_stats["diverging"].values, draws.columns["divergent"] != 0)
        assert np.array_equal(data.sample_stats["energy"].values, draws.columns["energy"])
    return f"cmdstanpy {cmdstanpy.__version__} and ArviZ {arviz.__version__} read {draws.chains} x {draws.length} draws"


def check_zarr(export, run):
    import arviz
    import numpy as np
    import xarray
    import zarr

    draws, experts = Draws(run), experts_of(run)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        root = zarr.open_group(export, mode="r")
        assert root.metadata.consolidated_metadata is not None
        tree = xarray.open_datatree(export, engine="zarr", chunks=None)
    groups = [
        "posterior", "sample_stats", "log_likelihood", "posterior_predictive", "observed_data", "constant_data", "tuning",
    ]
    configured = json.loads((pathlib.Path(run) / "config.json").read_text())["data"]
    if configured["testRows"] > 0:
        groups += ["predictions", "predictions_constant_data"]
        held_out = tree["predictions_constant_data"]["y"].values
        assert held_out.shape == (configured["testRows"],)
        assert tree["predictions"]["y"].shape == (draws.chains, draws.length, configured["testRows"])
        assert abs(tree["predictions"]["y"].values.mean() - held_out.mean()) < held_out.std()
    assert sorted(tree.children) == sorted(groups)
    # What is known without the consolidated copy is the same.
    assert sorted(zarr.open_group(export, mode="r", use_consolidated=False).group_keys()) == sorted(groups)
    posterior = tree["posterior"].to_dataset()
    for block in draws.blocks:
        assert posterior[block].dims[:2] == ("chain", "draw")
        assert np.array_equal(posterior[block].values, draws.shaped(block, experts)), block
    header = list(draws.columns)
    names = [str(name) for name in tree["constant_data"]["gate_feature"].values]
    if "gate" in draws.blocks:
        assert [name for name in header if name.startswith("gate[1,")] == [f"gate[1,{name}]" for name in names]
        element = posterior["gate"].sel(gate_expert=1, gate_feature=names[-1])
        assert np.array_equal(element.values, draws.columns[f"gate[1,{names[-1]}]"])
    if "slope" in draws.blocks:
        name = str(posterior["expert_feature"].values[0])
        element = posterior["slope"].sel(expert=experts, expert_feature=name)
        assert np.array_equal(element.values, draws.columns[f"slope[{experts},{name}]"])
    statistics = tree["sample_stats"].to_dataset()
    for name, (_, variable) in STATISTICS.items():
        assert np.array_equal(statistics[variable].values.astype(float), draws.columns[name]), name
    assert statistics["diverging"].dtype == bool
    rows = configured["rows"]
    observed = tree["observed_data"]["y"].values
    predicted = tree["posterior_predictive"]["y"].values
    densities = tree["log_likelihood"]["y"].values
    assert tree["constant_data"]["columns"].dims == ("row", "column") and len(tree["constant_data"]["columns"]) == rows
    assert observed.shape == (rows,) and predicted.shape == densities.shape == (draws.chains, draws.length, rows)
    assert np.all(np.isfinite(predicted)) and np.all(np.isfinite(densities))
    # Predictions of the rows that were fitted are in their units.
    assert abs(predicted.mean() - observed.mean()) < 0.5 * observed.std()
    assert 0.5 < predicted.std() / observed.std() < 2
    trace = [json.loads(line) for line in (pathlib.Path(run) / "trace.jsonl").read_text().splitlines()]
    tuning = tree["tuning"].to_dataset()
    assert np.array_equal(tuning["lambda"].values, [line["info"]["lambda"] for line in trace])
    assert np.array_equal(
        tuning["gradient"].values, [[entry["value"] for entry in line["info"]["gradient"]] for line in trace])
    assert np.array_equal(
        tuning["gradient_error"].values, [[entry["standardError"] for entry in line["info"]["gradient"]] for line in trace])
    for line, value, error in zip(trace, tuning["objective"].values, tuning["objective_error"].values):
        surrogate, hyperprior = line["info"]["surrogate"], line["info"].get("logHyperprior") or 0
        assert math.isclose(value, surrogate["value"] + hyperprior, rel_tol=1e-12) and error == surrogate["standardError"]
    # Scales are tuned as logarithms.
    assert tuning["is_logarithm"].values.all()
    assert [str(name) for name in tuning["hyperparameter"].values] == trace[0]["coordinates"]
    data = arviz.InferenceData(**{name: tree[name].to_dataset() for name in groups if name != "tuning"})
    text = f"xarray {xarray.__version__} and zarr {zarr.__version__} read {len(groups)} groups"
    loo = arviz.loo(data)
    report = json.loads((pathlib.Path(run) / "report.json").read_text())
    recorded = find_loo(report)
    if recorded is not None and "log_weight" not in statistics:
        # The two smooth the tails alike, but count the effective draws of the tail each in its own way.
        assert math.isclose(loo.elpd_loo, recorded, abs_tol=0.1 * loo.se), (loo.elpd_loo, recorded)
        text += f"; the elpd of ArviZ {arviz.__version__}, {loo.elpd_loo:.4f}, is the run's, {recorded:.4f}"
    assert len(arviz.summary(data)) > 0
    return text


def find_loo(report):
    return (report.get("consequences") or {}).get("leaveOneOut", {}).get("elpd")


def constrained(run):
    """Twenty draws as dictionaries of arrays, and their log densities as the run recorded them."""
    draws, experts = Draws(run), experts_of(run)
    points = []
    for place in draws.first():
        chain, draw = divmod(place, draws.length)
        points.append({block: draws.shaped(block, experts)[chain, draw] for block in draws.blocks})
    densities = [draws.columns["log_density"].reshape(-1)[place] for place in draws.first()]
    return points, densities


def compare(name, found, expected):
    """Equal up to a constant; the programs promise that it is 0."""
    differences = [a - b for a, b in zip(found, expected)]
    spread = max(differences) - min(differences)
    scale = max(1.0, max(abs(value) for value in expected))
    assert all(math.isfinite(value) for value in found), found
    assert spread < 1e-9 * scale and abs(differences[0]) < 1e-9 * scale, differences
    return f"{name}: the log density at {len(found)} draws is the run's, to {max(map(abs, differences)):.1e}"


def check_stan(export, run):
    import httpstan.models
    import numpy as np

    program = (pathlib.Path(export) / "model.stan").read_text()
    data = json.loads((pathlib.Path(export) / "data.json").read_text())
    name = httpstan.models.calculate_model_name(program)
    try:
        module = httpstan.models.import_services_extension_module(name)
    except KeyError:
        # A minute or more; httpstan keeps what it has compiled.
        options = ["-O0", "-std=c++14", "-w"]
        asyncio.run(httpstan.models.build_services_extension_module(program, extra_compile_args=options))
        module = httpstan.models.import_services_extension_module(name)
    points, densities = constrained(run)
    found = []
    for point in points:
        free = [np.log(value) if name == "sigma" else value for name, value in point.items()]
        unconstrained = np.concatenate([np.ravel(value, order="F") for value in free])
        found.append(module.log_prob(data, unconstrained.tolist(), True))
    return compare(f"Stan of httpstan {httpstan.__version__}", found, densities)


def imported(export):
    path = pathlib.Path(export) / "model.py"
    specification = importlib.util.spec_from_file_location("exported_model", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def check_pymc(export, run):
    import numpy as np
    import pymc

    model = imported(export).model
    density = model.compile_logp()
    points, densities = constrained(run)
    groups = families(run)
    found = []
    for point in points:
        values = {}
        for variable in model.free_RVs:
            value = value_of(variable.name, point, groups)
            transformed = model.rvs_to_values[variable].name
            values[transformed] = np.log(value) if transformed.endswith("_log__") else np.asarray(value)
        found.append(float(density(values)))
    return compare(f"PyMC {pymc.__version__}", found, densities)


def check_numpyro(export, run):
    import jax
    import numpy as np
    import numpyro

    model = imported(export).model
    points, densities = constrained(run)
    groups = families(run)
    trace = numpyro.handlers.trace(numpyro.handlers.seed(model, jax.random.PRNGKey(0))).get_trace()
    names = [name for name, site in trace.items() if site["type"] == "sample" and not site["is_observed"]]
    found = []
    for point in points:
        values = {name: jax.numpy.asarray(value_of(name, point, groups)) for name in names}
        density, _ = numpyro.infer.util.log_density(model, (), {}, values)
        # The run's densities are those of ln sigma.
        found.append(float(density) + float(np.sum(np.log(point["sigma"]))))
    return compare(f"NumPyro {numpyro.__version__}", found, densities)


def families(run):
    """The members of every block by family, counted from 0."""
    entries = json.loads((pathlib.Path(run) / "priors.json").read_text())["priors"]
    names = {"intercepts": "intercept", "slopes": "slope", "gate": "gate", "behaviour": "behaviour", "noise": "sigma"}
    groups, seen = {}, {}
    for entry in entries:
        block = names[entry["block"]]
        place = seen.get(block, 0)
        seen[block] = place + 1
        groups.setdefault(f"{block}_{entry['family'].replace('-', '_')}", (block, []))[1].append(place)
    return groups


def value_of(name, point, groups):
    if name in point:
        return point[name]
    block, members = groups[name]
    return point[block].reshape(-1)[members]


def main():
    if sys.argv[1] == "available":
        missing = [name for name in PACKAGES[sys.argv[2]] if importlib.util.find_spec(name) is None]
        sys.exit(f"missing: {', '.join(missing)}" if missing else 0)
    check = {
        "cmdstan": check_cmdstan, "zarr": check_zarr, "stan": check_stan, "pymc": check_pymc, "numpyro": check_numpyro,
    }[sys.argv[1]]
    print(check(sys.argv[2], sys.argv[3]))


if __name__ == "__main__":
    main()
