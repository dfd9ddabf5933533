"""Executes a notebook that `eb-tune notebook` wrote, from start to end, and looks at what it made.

    check_notebook.py NOTEBOOK.ipynb      as Jupyter does, in a kernel
    check_notebook.py NOTEBOOK.qmd        the code between its fences, in order

ends with status 0 and a line that says what was executed, or with an assertion.
"""
import os
import pathlib
import re
import sys

# The fewest that any model has.
FEWEST_FIGURES = 9


def check_jupyter(path):
    from execute_notebook import execute

    notebook = execute(path)
    assert notebook.nbformat == 4 and notebook.cells[0].source.startswith("# ")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    figures = sum("image/png" in output.get("data", {}) for output in outputs)
    assert figures >= FEWEST_FIGURES, figures
    return f"{len(cells)} cells made {figures} figures"


def check_quarto(path):
    import matplotlib

    matplotlib.use("Agg")
    import arviz
    import matplotlib.pyplot
    import numpy as np

    text = path.read_text()
    assert text.startswith("---\ntitle: ")
    codes = re.findall(r"^```\{python\}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    os.chdir(path.parent)
    names = {}
    for code in codes:
        exec(compile(code, str(path), "exec"), names)
    figures = len(matplotlib.pyplot.get_fignums())
    assert figures >= FEWEST_FIGURES, figures
    # Parameters by name are those of the run, in its order.
    header = (names["run"] / "draws.csv").read_text().splitlines()[0]
    assert header.endswith(list(names["parameters"])[-1])
    first = np.genfromtxt(names["run"] / "draws.csv", delimiter=",", skip_header=1)[:, -len(names["parameters"]):]
    assert np.array_equal(np.array([values.ravel() for values in names["parameters"].values()]).T, first)
    if "share" in names:
        assert np.allclose(names["share"].sum("expert"), 1)
        assert names["share"].dims == ("chain", "draw", "expert", "row")
    assert all(0 <= values.min() and values.max() <= 1 for values in names["pit"].values())
    for entry in names["priors"]:
        for when in ("initial", "tuned"):
            assert np.all(np.isfinite(names["prior"](entry, when).logpdf([0.3, 1.1])))
    ours = names["report"]["consequences"]["leaveOneOut"]
    if "weighted" in names:
        # What was chosen anew has the weighted means, within 5 standard errors of the choice (once in a million runs by chance).
        weight = names["weight"] / names["weight"].sum()
        for name, values in names["parameters"].items():
            error = values.std() / np.sqrt(weight.size)
            assert abs(names["weighted_parameters"][name].mean() - (weight * values).sum()) < 5 * error + 1e-12, name
    else:
        # The two count the effective draws of a tail each in its own way, which matters where there are few.
        assert abs(names["loo"].elpd_loo - ours["elpd"]) < 0.1 * ours["standardError"]
    return f"{len(codes)} cells made {figures} figures; ArviZ {arviz.__version__}"


def main():
    path = pathlib.Path(sys.argv[1]).resolve()
    print({".ipynb": check_jupyter, ".qmd": check_quarto}[path.suffix](path))


if __name__ == "__main__":
    main()
