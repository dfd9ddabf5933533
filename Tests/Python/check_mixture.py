"""Opens what `eb-tune export --to zarr` or `--to cmdstan` wrote of a run of mix, and compares every number with the run's files.

    check_mixture.py zarr|cmdstan EXPORT RUN

ends with status 0 and a line that says what was read, or with an assertion. Packages are those of check_export.py.
"""
import csv
import glob
import json
import pathlib
import sys
import warnings


def columns_of(path):
    import numpy as np

    with open(path, newline="") as file:
        header, *rows = list(csv.reader(file))
    values = np.array([[float(cell) for cell in row] for row in rows])
    return {name: values[:, place] for place, name in enumerate(header)}


def draws_of(run):
    """The parameters of draws.csv by name, chains by draws."""
    columns = columns_of(pathlib.Path(run) / "draws.csv")
    chains = int(columns["chain"].max())
    names = list(columns)
    first = names.index("energy") + 1
    return {name: columns[name].reshape(chains, -1) for name in names[first:]}, columns["energy"].reshape(chains, -1)


def check_zarr(export, run):
    import arviz
    import numpy as np
    import xarray
    import zarr

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert zarr.open_group(export, mode="r").metadata.consolidated_metadata is not None
        tree = xarray.open_datatree(export, engine="zarr", chunks=None)
    configuration = json.loads((pathlib.Path(run) / "config.json").read_text())
    isDrawn = configuration["method"] != "precision"
    groups = ["observed_data", "constant_data", "predictions", "predictions_constant_data"]
    groups += ["posterior", "sample_stats"] if isDrawn else []
    groups += ["tuning"] if "schedule" in configuration else []
    assert sorted(tree.children) == sorted(groups), sorted(tree.children)
    if isDrawn:
        parameters, energy = draws_of(run)
        posterior, seen = tree["posterior"].to_dataset(), 0
        for name, values in parameters.items():
            base, _, label = name.rstrip("]").partition("[")
            variable = posterior["".join(c if c.isalnum() else "_" for c in base)]
            found = variable.sel({variable.dims[2]: label}) if label else variable
            assert found.dims[:2] == ("chain", "draw") and np.array_equal(found.values, values), name
            seen += 1
        assert seen == sum(int(np.prod(array.shape[2:])) for array in posterior.data_vars.values())
        assert np.array_equal(tree["sample_stats"]["energy"].values, energy)
    table = columns_of(pathlib.Path(run) / "predictions.csv")
    found, known = tree["predictions"].to_dataset(), tree["predictions_constant_data"].to_dataset()
    assert np.array_equal(found["mixture_mean"].values, table["mixture_mean"])
    assert np.array_equal(found["mixture_sd"].values, table["mixture_sd"])
    assert np.array_equal(found["mixture_quantile"].sel(quantile=0.05).values, table["mixture_q5"])
    for name in configuration["models"]:
        weight = found.sel(model=name)
        assert np.array_equal(weight["weight_mean"].values, table[f"weight[{name}]_mean"])
        assert np.array_equal(weight["weight_sd"].values, table[f"weight[{name}]_sd"])
        assert np.array_equal(weight["weight_quantile"].sel(quantile=0.95).values, table[f"weight[{name}]_q95"])
        assert np.array_equal(known["model_mean"].sel(model=name).values, table[f"model[{name}]_mean"])
        assert np.array_equal(known["model_sd"].sel(model=name).values, table[f"model[{name}]_sd"])
    for name in configuration["inputs"]:
        assert np.array_equal(known["inputs"].sel(input=name).values, table[name])
    if "truth" in table:
        assert np.array_equal(known["truth"].values, table["truth"])
    rows = configuration["data"]["rows"]
    assert tree["observed_data"]["y"].shape == tree["constant_data"]["y_error"].shape == (rows,)
    assert tree["constant_data"]["inputs"].shape == (rows, len(configuration["inputs"]))
    if "tuning" in groups:
        trace = [json.loads(line) for line in (pathlib.Path(run) / "trace.jsonl").read_text().splitlines()]
        tuning = tree["tuning"].to_dataset()
        assert np.array_equal(tuning["lambda"].values, [line["info"]["lambda"] for line in trace])
        assert [str(name) for name in tuning["hyperparameter"].values] == trace[0]["coordinates"]
    data = arviz.InferenceData(**{name: tree[name].to_dataset() for name in groups if name != "tuning"})
    if isDrawn:
        assert len(arviz.summary(data)) == len(parameters)
    return f"xarray {xarray.__version__} and ArviZ {arviz.__version__} read {len(groups)} groups"


def check_cmdstan(export, run):
    import arviz
    import cmdstanpy
    import numpy as np

    parameters, energy = draws_of(run)
    files = sorted(glob.glob(f"{export}/*.csv"), key=lambda name: int(name.split("-")[-1][:-4]))
    fit = cmdstanpy.from_csv(files)
    data = arviz.from_cmdstanpy(fit)
    assert np.array_equal(data.sample_stats["energy"].values, energy)
    bases = {}
    for name, values in parameters.items():
        bases.setdefault("".join(c if c.isalnum() else "_" for c in name.partition("[")[0]), []).append(values)
    for base, values in bases.items():
        found = data.posterior[base].values.reshape(*energy.shape, -1)
        assert np.array_equal(found, np.stack(values, axis=-1)), base
    return f"cmdstanpy {cmdstanpy.__version__} and ArviZ {arviz.__version__} read {len(parameters)} parameters"


if __name__ == "__main__":
    print({"zarr": check_zarr, "cmdstan": check_cmdstan}[sys.argv[1]](sys.argv[2], sys.argv[3]))
