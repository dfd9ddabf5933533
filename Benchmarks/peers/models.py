"""CoCoAFusE as JAX and PyMC users would write it, on the unconstrained position that Benchmarks/ uses throughout:
intercepts, slopes by expert, gate by column, behaviour gate, ln sigma. Priors are Laplace, and normal on ln sigma."""

import json

import numpy as np


class Problem:
    """Data and priors of one JSON file."""

    def __init__(self, path):
        with open(path) as file:
            data = json.load(file)
        self.path = path
        self.N, self.n, self.q, self.M = (data[key] for key in "NnqM")
        array = lambda key: np.asarray(data[key], dtype=float)
        self.X, self.Phi, self.y = array("X1")[:, 1:], array("Phi"), array("y")
        flat = lambda kind: np.concatenate(
            [array("B_" + kind)[0], array("B_" + kind)[1:].T.ravel(), array("G_" + kind).T.ravel(), array("bB_" + kind)]
        )
        self.location, self.scale = flat("loc"), flat("scale")
        self.log_sigma = array("s_loc"), array("s_scale")
        self.dimension = self.location.size + self.M

    def to_stan(self, position):
        """Stan keeps ln sigma between the slopes and the gate."""
        split = self.M * (1 + self.n)
        return np.concatenate([position[..., :split], position[..., -self.M :], position[..., split : -self.M]], axis=-1)


def jax_log_density(problem):
    import jax.numpy as jnp
    from jax.scipy.special import logsumexp
    from jax.nn import log_softmax, sigmoid

    p = problem
    M, n, q = p.M, p.n, p.q
    X, Phi, y = jnp.asarray(p.X), jnp.asarray(p.Phi), jnp.asarray(p.y)
    location, scale = jnp.asarray(p.location), jnp.asarray(p.scale)
    s_location, s_scale = (jnp.asarray(values) for values in p.log_sigma)
    gate, behaviour, noise = M * (1 + n), M * (1 + n) + (M - 1) * q, M * (1 + n) + M * q

    def log_density(position):
        means = position[:M] + X @ position[M:gate].reshape(M, n).T
        scores = Phi @ position[gate:behaviour].reshape(M - 1, q).T
        log_weights = log_softmax(jnp.concatenate([scores, jnp.zeros((p.N, 1))], axis=1), axis=1)
        weights = jnp.exp(log_weights)
        fusion = sigmoid(Phi @ position[behaviour:noise])[:, None]
        variances = jnp.exp(2 * position[noise:])
        mean = jnp.sum(weights * means, axis=1, keepdims=True)
        variance = (weights @ variances)[:, None]
        residual = (y[:, None] - mean) - fusion * (means - mean)
        spread = variance + fusion * (variances - variance)
        rows = logsumexp(log_weights - 0.5 * (jnp.log(spread) + residual**2 / spread), axis=1)
        prior = -jnp.sum(jnp.abs(position[:noise] - location) / scale)
        prior -= 0.5 * jnp.sum(((position[noise:] - s_location) / s_scale) ** 2)
        return jnp.sum(rows) + prior

    return log_density


def pymc_model(problem):
    """One vector of N a variable, which PyTensor fuses into few loops."""
    import pymc as pm
    import pytensor.tensor as pt

    p = problem
    M, n, q = p.M, p.n, p.q
    gate, behaviour = M * (1 + n), M * (1 + n) + (M - 1) * q
    part = lambda values, first, last, *shape: values[first:last].reshape(shape)
    with pm.Model() as model:
        laplace = lambda name, first, last, *shape: pm.Laplace(
            name, part(p.location, first, last, *shape), part(p.scale, first, last, *shape), shape=shape
        )
        a = laplace("a", 0, M, M)
        b = laplace("b", M, gate, M, n)
        G = laplace("G", gate, behaviour, M - 1, q)
        g = laplace("g", behaviour, behaviour + q, q)
        log_sigma = pm.Normal("log_sigma", p.log_sigma[0], p.log_sigma[1], shape=M)
        means = [a[k] + pt.dot(p.X, b[k]) for k in range(M)]
        scores = [pt.dot(p.Phi, G[k]) for k in range(M - 1)] + [pt.zeros(p.N)]
        norm = pt.log1p(sum(pt.exp(score) for score in scores[:-1])) if M == 2 else log_sum_exp(pt, scores)
        weights = [pt.exp(score - norm) for score in scores]
        fusion = pt.sigmoid(pt.dot(p.Phi, g))
        variances = [pt.exp(2 * log_sigma[k]) for k in range(M)]
        mean = sum(weights[k] * means[k] for k in range(M))
        variance = sum(weights[k] * variances[k] for k in range(M))
        terms = []
        for k in range(M):
            spread = variance + fusion * (variances[k] - variance)
            residual = p.y - mean - fusion * (means[k] - mean)
            terms.append(scores[k] - norm - 0.5 * (pt.log(spread) + residual**2 / spread))
        pm.Potential("likelihood", pt.sum(log_sum_exp(pt, terms)))
    return model


def log_sum_exp(pt, terms):
    largest = terms[0]
    for term in terms[1:]:
        largest = pt.maximum(largest, term)
    return largest + pt.log(sum(pt.exp(term - largest) for term in terms))


def pymc_positions(posterior):
    """Chains x draws x dimension from a nutpie trace."""
    return np.concatenate(
        [
            np.asarray(posterior[name]).reshape(posterior.sizes["chain"], posterior.sizes["draw"], -1)
            for name in ["a", "b", "G", "g", "log_sigma"]
        ],
        axis=-1,
    )
