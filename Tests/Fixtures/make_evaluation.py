#!/usr/bin/env python3
"""Reference values for the tests of scores, calibration and model comparison, by SciPy and ArviZ.

    python3 -m venv env && env/bin/pip install numpy==2.4.6 scipy==1.17.1 'arviz-stats[xarray]==0.8.0'
    env/bin/python make_evaluation.py > evaluation.json

Leave-one-out values of four models are made here from a fixed seed, rounded to 4 digits, and stored beside what `compare`
of arviz-stats 0.8.0 says of them with stacking (an optimiser of its own: weights agree to its tolerance, 1e-4). PSIS-LOO
with a given relative efficiency is by arviz-stats too. p-values are by scipy.stats.kstwo; scores of Gaussian
mixtures by quadrature of their definition, the integral of (F(x) − 1[x ≥ y])²; bands of the empirical distribution
function of uniform values by the recursion of Säilynoja, Bürkner and Vehtari (2022), algorithm 2, on scipy.stats.binom.
"""

import json
import sys
import warnings

import numpy as np
import xarray as xr
from arviz_stats import compare
from arviz_stats.base import array_stats
from arviz_stats.utils import ELPDData
from scipy import integrate, stats

warnings.simplefilter("ignore")
CORE = array_stats
rng = np.random.default_rng(20250114)


def comparison(rows):
    base = rng.normal(-1.2, 0.8, rows)
    models = {
        "plain": base + rng.normal(-0.25, 0.3, rows),
        "mixture": base + rng.normal(0, 0.2, rows),
        "left": base + np.where(np.arange(rows) % 2 == 0, 0.5, -0.7) + rng.normal(0, 0.1, rows),
        "right": base + np.where(np.arange(rows) % 2 == 1, 0.4, -0.6) + rng.normal(0, 0.1, rows),
    }
    models = {name: np.round(values, 4) for name, values in models.items()}
    data = {}
    for name, values in models.items():
        elpd, error, _, _ = CORE.loo_summary(values, np.zeros(rows))
        data[name] = ELPDData(
            kind="loo", elpd=float(elpd), se=float(error), p=1.0, n_samples=1000, n_data_points=rows,
            scale="log", warning=False, good_k=0.7, elpd_i=xr.DataArray(values, dims="row"),
            pareto_k=xr.DataArray(np.zeros(rows), dims="row"))
    table = compare(data)
    return {
        "models": [{"name": n, "rows": v.tolist()} for n, v in models.items()],
        "ranking": [
            {
                "name": name, "rank": int(row["rank"]), "elpd": row["elpd"], "standardError": row["se"],
                "difference": abs(row["elpd_diff"]), "differenceError": row["dse"], "weight": row["weight"],
            }
            for name, row in table.iterrows()
        ],
    }


def given_efficiency():
    x = np.round(stats.norm.logpdf(rng.standard_normal((5, 1)), 0.4 * rng.standard_normal((1, 200)), 1), 4)
    rows = []
    for row in x:
        elpd, khat, _ = CORE._loo(row, 0.37)
        rows.append({"elpd": float(elpd), "khat": float(khat)})
    return {"relativeEfficiency": 0.37, "draws": 200, "logLikelihood": x.ravel().tolist(), "rows": rows}


def kolmogorov():
    return [
        {"count": n, "statistic": d, "pValue": float(stats.kstwo.sf(d, n))}
        for n, d in [
            (1, 0.7), (2, 0.5), (5, 0.2), (5, 0.6), (10, 0.274), (20, 0.1), (58, 0.12), (100, 0.05), (100, 0.19),
            (250, 0.06), (250, 0.2), (1000, 0.03), (1000, 0.06), (2000, 0.02), (500, 0.3), (5000, 0.012), (20000, 0.01),
        ]
    ]


def mixture_crps():
    made = []
    for weights, means, deviations, y in [
        ([1.0], [0.5], [2.0], -1.0), ([0.4, 0.6], [-2.0, 3.0], [0.4, 0.7], 2.0),
        ([0.2, 0.5, 0.3], [0.0, 0.1, 5.0], [1.0, 0.01, 2.0], 0.3), ([0.5, 0.5], [-1.0, 1.0], [0.1, 0.1], 7.0),
    ]:
        cdf = lambda x: sum(w * stats.norm.cdf(x, m, s) for w, m, s in zip(weights, means, deviations))
        pieces = sorted({y, -40.0, 40.0, *(m + k * s for m, s in zip(means, deviations) for k in (-6, -2, 0, 2, 6))})
        total = sum(
            integrate.quad(lambda x: (cdf(x) - (x >= y)) ** 2, a, b, epsabs=1e-13, epsrel=1e-13)[0]
            for a, b in zip(pieces, pieces[1:]))
        made.append({
            "weights": weights, "means": means, "standardDeviations": deviations, "observed": y, "crps": total})
    return made


def inside(lower, upper, points, count):
    states, place = {0: 1.0}, 0.0
    for a, b, z in zip(lower, upper, points):
        following = {}
        reached = np.arange(a, b + 1)
        for below, weight in states.items():
            mass = stats.binom.pmf(reached - below, count - below, (z - place) / (1 - place))
            for k, m in zip(reached, mass):
                following[k] = following.get(k, 0.0) + weight * m
        states, place = following, z
    return float(sum(states.values()))


def envelope(count, cells, level):
    points = np.arange(1, cells) / cells
    limits = lambda tail: (stats.binom.ppf(tail, count, points), stats.binom.ppf(1 - tail, count, points))
    low, high = 0.5 * (1 - level) / len(points), 0.5 * (1 - level)
    for _ in range(40):
        middle = 0.5 * (low + high)
        if inside(*limits(middle), points, count) >= level:
            low = middle
        else:
            high = middle
    lower, upper = limits(low)
    return {
        "count": count, "points": cells - 1, "level": level, "probability": inside(lower, upper, points, count),
        "lower": (lower / count).tolist(), "upper": (upper / count).tolist()}


def main():
    json.dump({
        "made": "make_evaluation.py with arviz-stats 0.8.0, scipy 1.17.1, numpy 2.4.6",
        "comparison": comparison(60),
        "efficiency": given_efficiency(),
        "kolmogorov": kolmogorov(),
        "mixtures": mixture_crps(),
        "envelopes": [envelope(20, 20, 0.95), envelope(58, 11, 0.9), envelope(250, 21, 0.95)],
    }, sys.stdout)
    sys.stdout.write("\n")


main()
