#!/usr/bin/env python3
"""Reference values for the PSIS-LOO tests, by ArviZ.

    python3 -m venv env && env/bin/pip install numpy==2.4.6 scipy==1.17.1 arviz-stats==0.8.0
    env/bin/python make_psis_loo.py > psis_loo.json

Pointwise log-likelihoods are made here from a fixed seed, rounded to 4 digits, and stored beside the values: rows ×
chains × draws. Each row is by arviz-stats 0.8.0 with its own relative efficiency, the effective sample size of the mean of
exp(log-likelihood) over the number of draws, as the R package loo has it (ArviZ itself takes one efficiency for all rows,
from the parameters). Sums and standard errors are by ArviZ too.
"""

import json
import sys

import numpy as np
from arviz_stats.base import array_stats
from scipy import stats

CORE = array_stats
rng = np.random.default_rng(20240917)


def ar1(chains, draws, phi):
    x = np.empty((chains, draws))
    x[:, 0] = rng.standard_normal(chains)
    for t in range(1, draws):
        x[:, t] = phi * x[:, t - 1] + np.sqrt(1 - phi**2) * rng.standard_normal(chains)
    return x


def normal_rows(rows, chains, draws, phi, spread):
    """Rows of a normal model whose location and log scale are drawn; the last row is an outlier."""
    location = spread * ar1(chains, draws, phi)
    scale = np.exp(0.5 * spread * ar1(chains, draws, phi))
    y = rng.standard_normal(rows)
    y[-1] = 6
    return stats.norm.logpdf(y[:, None, None], location, scale)


def random_effects(rows, chains, draws):
    """Rows with an effect of their own: some k above 0.7."""
    return np.stack([
        stats.norm.logpdf(rng.standard_normal() * 2, ar1(chains, draws, 0.3), np.exp(-0.8 + 0.3 * i))
        for i in range(rows)])


def values(x):
    per_row = []
    for row in x:
        efficiency = float(CORE._ess_mean(np.exp(row))) / row.size
        elpd, khat, optimism = CORE._loo(row, efficiency)
        per_row.append({
            "elpd": float(elpd), "khat": float(khat), "optimism": float(optimism), "relativeEfficiency": efficiency})
    elpd, error, parameters, _ = CORE.loo_summary(
        np.array([r["elpd"] for r in per_row]), np.array([r["optimism"] for r in per_row]))
    return {
        "rows": per_row, "elpd": float(elpd), "standardError": float(error), "effectiveParameters": float(parameters)}


def main():
    made = [
        ("independent", normal_rows(8, 4, 100, 0.0, 0.2)),
        ("autocorrelated", normal_rows(8, 4, 100, 0.8, 0.3)),
        ("single chain", normal_rows(6, 1, 300, 0.3, 0.3)),
        ("effects", random_effects(6, 2, 150)),
    ]
    cases = []
    for name, x in made:
        x = np.round(x, 4)
        cases.append({
            "name": name, "chains": x.shape[1], "drawsPerChain": x.shape[2], "logLikelihood": x.ravel().tolist(),
            **values(x)})
    a, b = (np.array([r["elpd"] for r in cases[i]["rows"]]) for i in (0, 1))
    json.dump({
        "made": "make_psis_loo.py with arviz-stats 0.8.0, scipy 1.17.1, numpy 2.4.6",
        "cases": cases,
        "difference": float(np.sum(a - b)),
        "differenceError": float(np.sqrt(len(a) * np.var(a - b))),
    }, sys.stdout)
    sys.stdout.write("\n")


main()
