#!/usr/bin/env python3
"""Reference values for the tests of Gaussian processes, by scikit-learn.

    python3 -m venv env && env/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    env/bin/python make_gaussian_process.py > gaussian_process.json

Data are made here from a fixed seed, rounded to 4 digits, and stored beside the values. Kernels are named as our parser reads
them. Gradients are in the logarithms of the hyperparameters, in our order: of one term first the length scales, then alpha or
the period (scikit-learn sorts alpha before length_scale). ExpSineSquared is no covariance on several columns, so its cases use
the first column alone. Standard deviations are those of scikit-learn, which counts a white
kernel, but not alpha, into what it predicts. Fits are scikit-learn's own with 20 restarts.
"""

import json
import sys
import warnings

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (
    RBF, ConstantKernel, ExpSineSquared, Matern, RationalQuadratic, WhiteKernel)

rng = np.random.default_rng(20240917)


def data(rows, features, f, noise):
    x = np.round(rng.uniform(-2, 2, (rows, features)), 4)
    y = np.round(f(x) + noise * rng.standard_normal(rows), 4)
    return x, y


def surface(x):
    return np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 - 1


def wave(x):
    return np.sin(2 * np.pi * x[:, 0] / 1.3) + 0.4 * x[:, 0]


X, Y = data(40, 3, surface, 0.2)
NEW = np.round(rng.uniform(-2.5, 2.5, (7, 3)), 4)

KERNELS = [
    ("constant(1.7) * rbf(0.8) + white(0.05)", ConstantKernel(1.7) * RBF(0.8) + WhiteKernel(0.05)),
    ("constant(1.7) * rbf(ard) + white(0.05)", ConstantKernel(1.7) * RBF([0.7, 1.3, 4.0]) + WhiteKernel(0.05)),
    ("matern12(0.9) + white(0.1)", Matern(0.9, nu=0.5) + WhiteKernel(0.1)),
    ("matern32(0.9) + white(0.1)", Matern(0.9, nu=1.5) + WhiteKernel(0.1)),
    ("matern52(0.9) + white(0.1)", Matern(0.9, nu=2.5) + WhiteKernel(0.1)),
    ("matern12(ard) + white(0.1)", Matern([0.7, 1.3, 4.0], nu=0.5) + WhiteKernel(0.1)),
    ("matern32(ard) + white(0.1)", Matern([0.7, 1.3, 4.0], nu=1.5) + WhiteKernel(0.1)),
    ("matern52(ard) + white(0.1)", Matern([0.7, 1.3, 4.0], nu=2.5) + WhiteKernel(0.1)),
    ("periodic(3.1, 1.4) + white(0.1)", ExpSineSquared(1.4, 3.1) + WhiteKernel(0.1)),
    ("rational_quadratic(0.9, 1.6) + white(0.1)", RationalQuadratic(0.9, 1.6) + WhiteKernel(0.1)),
    ("constant(1.2) * rbf(0.8) + periodic(3.1, 1.4) * matern52(2.5) + white(0.07)",
     ConstantKernel(1.2) * RBF(0.8) + ExpSineSquared(1.4, 3.1) * Matern(2.5, nu=2.5) + WhiteKernel(0.07)),
    ("(rbf(0.8) + matern32(1.9)) * (constant(0.6) + rational_quadratic(3.0, 0.7)) + white(0.07)",
     (RBF(0.8) + Matern(1.9, nu=1.5)) * (ConstantKernel(0.6) + RationalQuadratic(3.0, 0.7)) + WhiteKernel(0.07)),
]


def ours(names, values):
    """Swaps alpha and length scale of rational quadratics."""
    values = list(values)
    for i, name in enumerate(names):
        if name.endswith("alpha"):
            values[i], values[i + 1] = values[i + 1], values[i]
    return values


def theta_names(kernel):
    names = []
    for h in kernel.hyperparameters:
        names += [h.name] * h.n_elements
    return names


def value(text, kernel, alpha):
    columns = 1 if "periodic" in text else 3
    gp = GaussianProcessRegressor(kernel, alpha=alpha, optimizer=None).fit(X[:, :columns], Y)
    lml, gradient = gp.log_marginal_likelihood(gp.kernel_.theta, eval_gradient=True)
    mean, sd = gp.predict(NEW[:, :columns], return_std=True)
    names = theta_names(gp.kernel_)
    return {
        "kernel": text, "alpha": alpha, "columns": columns,
        "parameters": ours(names, np.exp(gp.kernel_.theta)),
        "logMarginalLikelihood": lml, "gradient": ours(names, gradient),
        "mean": mean.tolist(), "deviation": sd.tolist()}


def fit(text, kernel, x, y):
    gp = GaussianProcessRegressor(kernel, alpha=0, n_restarts_optimizer=20, random_state=1).fit(x, y)
    names = theta_names(gp.kernel_)
    return {
        "kernel": text, "inputs": x.T.tolist(), "response": y.tolist(),
        "logMarginalLikelihood": gp.log_marginal_likelihood_value_,
        "parameters": ours(names, np.exp(gp.kernel_.theta))}


warnings.simplefilter("ignore")
LINE = data(60, 1, wave, 0.3)
json.dump({
    "inputs": X.T.tolist(), "response": Y.tolist(), "new": NEW.T.tolist(),
    "cases": [value(text, kernel, 0.01 if i % 2 else 0) for i, (text, kernel) in enumerate(KERNELS)],
    "fits": [
        fit("constant * rbf(ard) + white",
            ConstantKernel(1) * RBF([1, 1, 1]) + WhiteKernel(1), X, Y),
        fit("constant * rbf(2) + periodic(1.2) + white",
            ConstantKernel(1) * RBF(2) + ExpSineSquared(1, 1.2) + WhiteKernel(1), *LINE),
    ]}, sys.stdout, indent=1)
sys.stdout.write("\n")
