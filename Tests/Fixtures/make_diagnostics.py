#!/usr/bin/env python3
"""Reference values for the diagnostics tests, by ArviZ.

    python3 -m venv env && env/bin/pip install numpy==2.4.6 scipy==1.17.1 arviz-stats==0.8.0
    env/bin/python make_diagnostics.py > diagnostics.json

Every number is by arviz-stats 0.8.0 (the formulas of ArviZ 1.x, and of the R package posterior where these agree), on
chains made here from a fixed seed and stored to 17 digits beside the values. Two departures: R-hat of a single chain,
which ArviZ declines, is by ArviZ's own steps (split, normal scores, R-hat) as in posterior; the normal quantiles are by
scipy. Means, standard deviations and quantiles of summaries are by numpy.
"""

import json
import sys

import numpy as np
from arviz_stats.base import array_stats
from scipy import stats

CORE = array_stats
rng = np.random.default_rng(20240611)


def ar1(chains, draws, phi):
    x = np.empty((chains, draws))
    x[:, 0] = rng.standard_normal(chains) / np.sqrt(1 - phi**2)
    for t in range(1, draws):
        x[:, t] = phi * x[:, t - 1] + rng.standard_normal(chains)
    return x


def rhat(x):
    split = CORE._split_chains(x)
    bulk = CORE._rhat(CORE._z_scale(split))
    folded = CORE._rhat(CORE._z_scale(abs(split - np.median(split))))
    if len(x) > 1:
        assert max(bulk, folded) == CORE._rhat_rank(x)
    return float(bulk), float(folded)


def values(x):
    bulk, folded = rhat(x)
    probabilities = [0.05, 0.25, 0.5, 0.9]
    return {
        "rhatBulk": bulk,
        "rhatFolded": folded,
        "essBulk": float(CORE._ess_bulk(x)),
        "essTail": float(CORE._ess_tail(x, prob=(0.05, 0.95))),
        "essMean": float(CORE._ess_mean(x)),
        "essQuantile": [float(CORE._ess_quantile(x, p)) for p in probabilities],
        "mcseMean": float(CORE._mcse_mean(x)),
        "mcseSD": float(CORE._mcse_sd(x)),
        "mcseQuantile": [float(CORE._mcse_quantile(x, p)) for p in probabilities],
        "bfmi": [float(v) for v in CORE._bfmi(x)],
        "mean": float(np.mean(x)),
        "sd": float(np.std(x, ddof=1)),
        "median": float(np.median(x)),
        "interval": [float(v) for v in np.quantile(x, [0.05, 0.95])],
    }


def chains():
    yield "iid", rng.standard_normal((4, 250))
    yield "odd", rng.standard_normal((3, 101))
    yield "ar1", ar1(4, 250, 0.9)
    yield "antithetic", ar1(4, 250, -0.6)
    yield "slow", ar1(4, 200, 0.995)
    yield "means", rng.standard_normal((4, 200)) + np.array([[0.0], [0.3], [1.0], [0.0]])
    yield "spreads", rng.standard_normal((4, 200)) * np.array([[1.0], [3.0], [1.0], [1.0]])
    yield "cauchy", rng.standard_cauchy((4, 250))
    yield "ties", np.round(ar1(4, 150, 0.7))
    yield "short", rng.standard_normal((4, 4))
    yield "five", rng.standard_normal((4, 5))
    yield "ten", rng.standard_normal((2, 10))
    yield "single", ar1(1, 300, 0.5)


def pareto():
    for name, size, df, efficiency in [
        ("t2", 1000, 2.0, 1.0), ("t5", 1000, 5.0, 0.6), ("t30", 400, 30.0, 1.0), ("few", 100, 3.0, 1.0),
        ("t1", 500, 1.0, 1.0),
    ]:
        # Log ratios of a Student-t target under a normal proposal, by their own scale.
        draws = rng.standard_normal(size)
        ratios = stats.t.logpdf(draws, df) - stats.norm.logpdf(draws)
        yield name, ratios, efficiency
    yield "studentLogRatios", rng.standard_t(3.0, size=800), 1.0


def smoothed(ratios, efficiency):
    weights, khat = CORE._psislw(-ratios[None, :], efficiency)
    return {"logWeights": [float(v) for v in np.ravel(weights)], "khat": float(khat)}


def main():
    probabilities = [1e-300, 1e-20, 1e-5, 0.01, 0.074, 0.076, 0.3, 0.5, 0.9, 0.99999]
    beta = [(0.3, 5.0, 2.0), (0.1586553, 101.0, 901.0), (0.8413447, 1.5, 300.0), (0.5, 2000.0, 40.0)]
    json.dump({
        "made": "make_diagnostics.py with arviz-stats 0.8.0, scipy 1.17.1, numpy 2.4.6",
        "probabilities": [0.05, 0.25, 0.5, 0.9],
        "normalQuantiles": [{"p": p, "value": float(stats.norm.ppf(p))} for p in probabilities],
        "betaQuantiles": [
            {"p": p, "alpha": a, "beta": b, "value": float(stats.beta.ppf(p, a, b))} for p, a, b in beta],
        "chains": [{"name": n, "draws": x.tolist(), **values(x)} for n, x in chains()],
        "pareto": [
            {"name": n, "logRatios": r.tolist(), "relativeEfficiency": e, **smoothed(r, e)} for n, r, e in pareto()],
    }, sys.stdout)
    sys.stdout.write("\n")


main()
