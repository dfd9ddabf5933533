"""Ours beside Stan, nutpie, numpyro and JAX in one run; called by peers.sh, prints Markdown.

    peers.py BENCHMARKS DIRECTORY [--seeds 3] [--rounds 5]

BENCHMARKS is the program of this package, DIRECTORY a scratch one. What is not installed is left out with a line saying so.
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time

# One thread for everybody, before anybody starts a pool.
for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"]:
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
# No C compiler: nutpie uses numba, and the one check of densities plain Python.
os.environ["PYTENSOR_FLAGS"] = "cxx="

import numpy as np

from models import Problem, jax_log_density, pymc_model, pymc_positions

CHAINS, WARMUP, DRAWS = 4, 1000, 1000


def has(*modules):
    return all(importlib.util.find_spec(module) for module in modules)


def run_json(*command, env=None):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=env)
    if result.returncode != 0:
        raise RuntimeError(f"{os.path.basename(command[0])} failed: {result.stderr.strip()[-300:]}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def processor_seconds():
    """Of this process and of those it has run."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


class Clock:
    """The smaller of wall-clock and processor time: on a quiet machine they agree, on a busy one waiting does not count."""

    def __init__(self):
        self.wall, self.processor = time.perf_counter(), processor_seconds()

    def seconds(self, wall=None):
        return min(wall or time.perf_counter() - self.wall, processor_seconds() - self.processor)


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(cells):
    row(cells)
    row(["---"] + ["---:"] * (len(cells) - 1))


class Ours:
    def __init__(self, program):
        self.program = program

    def gradient(self, problem):
        return run_json(self.program, "peer-gradient", problem.path)

    def densities(self, problem, points, directory):
        path = f"{directory}/points.txt"
        np.savetxt(path, points, fmt="%.17g")
        return np.asarray(run_json(self.program, "peer-density", problem.path, path))

    def sample(self, problem, metric, seed, directory):
        path = f"{directory}/draws.bin"
        clock = Clock()
        result = run_json(self.program, "peer-nuts", problem.path, metric, seed, WARMUP, DRAWS, path)
        seconds = clock.seconds(result["seconds"])
        draws = np.fromfile(path).reshape(CHAINS, DRAWS, problem.dimension)
        return draws, seconds, result["gradients"], result["divergences"]


class Stan:
    """The program stan_cocoafuse of the directory STAN_PEER."""

    def __init__(self, directory):
        self.program = f"{directory}/stan_cocoafuse"

    def gradient(self, problem):
        """The minimum over 28 batches of about 10 ms, as many as ours has."""
        call = lambda calls: run_json(self.program, "grad", problem.path, calls, 1)["us_per_grad_min"]
        calls = max(10, int(1e4 / call(20)))
        return min(call(calls) for _ in range(4))

    def densities(self, problem, points, directory):
        values = []
        for point in points:
            path = f"{directory}/point.txt"
            np.savetxt(path, problem.to_stan(point), fmt="%.17g")
            lines = subprocess.run(
                [self.program, "lp", problem.path, path], capture_output=True, text=True, check=True
            ).stdout.splitlines()
            values.append(float(lines[1].split()[0]))
        return np.asarray(values)

    def sample(self, problem, seed, directory):
        chains, seconds, gradients, divergences = [], 0.0, 0, 0
        for chain in range(1, CHAINS + 1):
            path = f"{directory}/stan.csv"
            # Warmup is saved, which costs less than a hundredth, to count its gradients.
            clock = Clock()
            result = run_json(
                self.program, "sample", problem.path, seed, chain, WARMUP, DRAWS, path,
                env={**os.environ, "SAVEW": "1"},
            )
            seconds += clock.seconds(result["wall_s"])
            with open(path) as file:
                lines = [line for line in file if not line.startswith("#") and line.strip()]
            names = lines[0].strip().split(",")
            values = np.loadtxt(lines[1:], delimiter=",")
            gradients += int(values[:, names.index("n_leapfrog__")].sum())
            divergences += int(values[WARMUP:, names.index("divergent__")].sum())
            chains.append(self.positions(problem, names, values[WARMUP:]))
        return np.stack(chains), seconds, gradients, divergences

    @staticmethod
    def positions(problem, names, values):
        """Columns are written with the first index fastest: B.f.i is feature f of expert i."""
        column = lambda name: values[:, names.index(name)]
        M, n, q = problem.M, problem.n, problem.q
        order = [f"a_free.{i + 1}" for i in range(M)]
        order += [f"B.{f + 1}.{i + 1}" for i in range(M) for f in range(n)]
        order += [f"G.{f + 1}.{i + 1}" for i in range(M - 1) for f in range(q)]
        order += [f"bB.{f + 1}" for f in range(q)]
        sigma = [np.log(column(f"s_free.{i + 1}")) for i in range(M)]
        return np.stack([column(name) for name in order] + sigma, axis=1)


class Nutpie:
    """nutpie with PyMC's numba functions, its own recommendation; compilation is not counted."""

    def __init__(self):
        self.compiled = {}

    def model(self, problem):
        import nutpie

        if problem.path not in self.compiled:
            self.compiled[problem.path] = nutpie.compile_pymc_model(pymc_model(problem), backend="numba")
            self.draw(problem, 1, tune=5, draws=5)
        return self.compiled[problem.path]

    def draw(self, problem, seed, tune=WARMUP, draws=DRAWS):
        import nutpie

        return nutpie.sample(
            self.compiled[problem.path], draws=draws, tune=tune, chains=CHAINS, cores=1, seed=seed, progress_bar=False
        )

    def sample(self, problem, seed, directory):
        self.model(problem)
        clock = Clock()
        trace = self.draw(problem, seed)
        seconds = clock.seconds()
        steps = lambda group: int(np.asarray(group["n_steps"]).sum())
        gradients = steps(trace.sample_stats) + steps(trace.warmup_sample_stats)
        divergences = int(np.asarray(trace.sample_stats["diverging"]).sum())
        return pymc_positions(trace.posterior), seconds, gradients, divergences


class Numpyro:
    """numpyro with the JAX log density; the second of two equal runs, which finds the code compiled, is timed."""

    def run(self, problem, seed, warmup, draws):
        import jax
        from numpyro.infer import MCMC, NUTS

        density = jax_log_density(problem)
        kernel = NUTS(potential_fn=lambda position: -density(position))
        mcmc = MCMC(
            kernel, num_warmup=warmup, num_samples=draws, num_chains=CHAINS, chain_method="sequential",
            progress_bar=False,
        )
        key, start = jax.random.split(jax.random.PRNGKey(seed))
        initial = jax.random.uniform(start, (CHAINS, problem.dimension), minval=-2, maxval=2)
        clock = Clock()
        mcmc.warmup(key, init_params=initial, collect_warmup=True, extra_fields=("num_steps",))
        steps = int(np.asarray(mcmc.get_extra_fields()["num_steps"]).sum())
        mcmc.run(key, extra_fields=("num_steps", "diverging"))
        samples = np.asarray(mcmc.get_samples(group_by_chain=True))
        seconds = clock.seconds()
        fields = mcmc.get_extra_fields()
        return samples, seconds, steps + int(np.asarray(fields["num_steps"]).sum()), int(np.asarray(fields["diverging"]).sum())

    def sample(self, problem, seed, directory):
        import jax

        jax.config.update("jax_compilation_cache_dir", f"{directory}/jax")
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
        self.run(problem, seed, WARMUP, DRAWS)
        return self.run(problem, seed, WARMUP, DRAWS)


def jax_gradient(problem):
    """Microseconds of the compiled value and gradient, called from Python."""
    import jax

    function = jax.jit(jax.value_and_grad(jax_log_density(problem)))
    position = np.random.default_rng(1).normal(size=problem.dimension) * 0.5
    jax.block_until_ready(function(position))
    position = jax.device_put(position)

    def measure():
        calls = 100
        clock = time.perf_counter()
        for _ in range(calls):
            result = function(position)
            result[0].block_until_ready()
        return (time.perf_counter() - clock) / calls * 1e6

    return measure


def problems(directory):
    found = [("power, simulated", f"{directory}/power.json"), ("motorcycle", f"{directory}/motorcycle.json"),
             ("switch", f"{directory}/switch.json")]
    real = f"{os.environ.get('STAN_PEER', '')}/power_cocoafuse.json"
    if os.path.exists(real):
        with open(real) as file:
            data = json.load(file)
        data["order"] = 0
        with open(f"{directory}/power_real.json", "w") as file:
            json.dump(data, file)
        found.insert(0, ("power, real rows", f"{directory}/power_real.json"))
    return [(name, Problem(path)) for name, path in found]


def gradient_table(ours, stan, listed, rounds):
    print("\n### Gradients\n")
    print(
        f"Microseconds for log density and gradient, prior included, one thread: minima over {rounds} rounds in which the"
        " programs take turns. As sampled: with the sum over numberings of the experts, where their priors differ. JAX is the"
        " compiled function called from Python.\n"
    )
    with_jax = has("jax")
    head(["problem, N, M, parameters", "ours", "as sampled"] + (["Stan", "Stan / ours"] if stan else []) + (["JAX", "JAX / ours"] if with_jax else []))
    times = {}
    for name, problem in listed:
        jax_time = jax_gradient(problem) if with_jax else None
        best = {"ours": np.inf, "sampled": np.inf, "stan": np.inf, "jax": np.inf}
        for _ in range(rounds):
            own = ours.gradient(problem)
            best["ours"] = min(best["ours"], own["us"])
            best["sampled"] = min(best["sampled"], own["us_symmetrised"])
            if stan:
                best["stan"] = min(best["stan"], stan.gradient(problem))
            if jax_time:
                best["jax"] = min(best["jax"], min(jax_time() for _ in range(5)))
        cells = [f"{name}, {problem.N}, {problem.M}, {problem.dimension}", f"{best['ours']:.2f}",
                 f"{best['sampled']:.2f}"]
        for key in (["stan"] if stan else []) + (["jax"] if with_jax else []):
            cells += [f"{best[key]:.1f}", f"{best[key] / best['ours']:.1f}"]
        row(cells)
        times[name] = best["stan"]
    return times


def check_densities(ours, stan, problem, directory):
    """The largest difference between log densities at random points, after the constant is taken off; relative."""
    points = np.random.default_rng(2).normal(size=(5, problem.dimension)) * 0.5
    mine = ours.densities(problem, points, directory)
    texts = []
    others = [("Stan's", stan.densities(problem, points, directory))] if stan else []
    if has("jax"):
        density = jax_log_density(problem)
        others.append(("JAX's", np.asarray([float(density(point)) for point in points])))
    if has("pymc"):
        model = pymc_model(problem)
        function = model.compile_logp(mode="FAST_COMPILE")
        values = []
        M, n, q = problem.M, problem.n, problem.q
        for point in points:
            parts = np.split(point, np.cumsum([M, M * n, (M - 1) * q, q]))
            values.append(float(function({
                "a": parts[0], "b": parts[1].reshape(M, n), "G": parts[2].reshape(M - 1, q), "g": parts[3],
                "log_sigma": parts[4],
            })))
        others.append(("PyMC's", np.asarray(values)))
    for name, values in others:
        difference = (values - values[0]) - (mine - mine[0])
        texts.append(f"{name} {np.max(np.abs(difference) / np.maximum(1, np.abs(mine - mine[0]))):.0e}")
    return ", ".join(texts)


def nuts_table(ours, stan, stan_time, problem, seeds, directory):
    import arviz

    runs = {
        "ours, diagonal": (lambda seed: ours.sample(problem, "diagonal", seed, directory), seeds),
        "ours, lowRank": (lambda seed: ours.sample(problem, "lowRank", seed, directory), seeds),
    }
    if stan:
        runs["Stan"] = (lambda seed: stan.sample(problem, seed, directory), seeds)
    if has("nutpie", "pymc", "numba"):
        nutpie = Nutpie()
        runs["nutpie"] = (lambda seed: nutpie.sample(problem, seed, directory), seeds)
    if has("numpyro"):
        runs["numpyro"] = (lambda seed: Numpyro().sample(problem, seed, directory), 1)
    print("\n### The whole sampler\n")
    print(
        f"Motorcycle, {problem.N} rows, {problem.dimension} parameters, the priors of the paper's Table 9: {CHAINS} chains of"
        f" {WARMUP} warm-up transitions and {DRAWS} draws, one after another, one thread, default starts, target acceptance"
        f" 0.8. The ESS is ArviZ's rank-normalised bulk ESS, the smallest over all parameters (ln of the standard deviations;"
        f" the priors identify every one of them). Medians over seeds, and the range of ESS a second. Seconds include warm-up"
        f" and our search for starts, not compilation, and are the smaller of wall-clock and processor time. Agreement: the largest difference of a posterior mean from ours in"
        f" standard errors, over {problem.dimension} parameters and seeds.\n"
    )
    print("Largest relative difference from our log density at five points: " + check_densities(ours, stan, problem, directory) + ".\n")
    results = {}
    for seed in range(1, seeds + 1):
        for name, (sample, count) in runs.items():
            if seed > count:
                continue
            draws, seconds, gradients, divergences = sample(seed)
            sets = arviz.convert_to_dataset({"q": draws})
            ess = arviz.ess(sets, method="bulk")["q"].values
            results.setdefault(name, []).append({
                "seconds": seconds, "gradients": gradients, "divergences": divergences, "ess": float(ess.min()),
                "rhat": float(arviz.rhat(sets)["q"].values.max()), "mean": draws.mean(axis=(0, 1)),
                "error": arviz.mcse(sets)["q"].values,
            })
    if stan and "nutpie" in results:
        # As if its gradients came from Stan, and nothing but gradients took time: a bound on nutpie with a Stan program.
        results["nutpie at Stan's µs a gradient, computed"] = [
            {**one, "seconds": one["gradients"] * stan_time * 1e-6} for one in results["nutpie"]
        ]
    rates = {name: [one["ess"] / one["seconds"] for one in runs] for name, runs in results.items()}
    reference = results["ours, diagonal"][0]
    head(["sampler, runs", "seconds", "gradients", "µs a gradient", "R-hat", "divergences", "min ESS", "ESS a second", "range",
          "agreement", "ours, diagonal / it", "ours, lowRank / it"])
    for name, all_runs in results.items():
        median = lambda key: float(np.median([one[key] for one in all_runs]))
        agreement = max(
            np.max(np.abs(one["mean"] - reference["mean"]) / np.hypot(one["error"], reference["error"])) for one in all_runs
        )
        rate = np.median(rates[name])
        row([
            f"{name}, {len(all_runs)}", f"{median('seconds'):.2f}", f"{median('gradients'):.0f}",
            f"{1e6 * median('seconds') / median('gradients'):.2f}", f"{max(one['rhat'] for one in all_runs):.3f}",
            f"{sum(one['divergences'] for one in all_runs)}", f"{median('ess'):.0f}", f"{rate:.0f}",
            f"{min(rates[name]):.0f} to {max(rates[name]):.0f}", f"{agreement:.1f}",
            f"{np.median(rates['ours, diagonal']) / rate:.1f}", f"{np.median(rates['ours, lowRank']) / rate:.1f}",
        ])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("benchmarks")
    parser.add_argument("directory")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ours = Ours(options.benchmarks)
    peer = os.environ.get("STAN_PEER", "")
    stan = Stan(peer) if os.access(f"{peer}/stan_cocoafuse", os.X_OK) else None
    if not stan:
        print("Stan is left out: STAN_PEER names no directory with stan_cocoafuse.")
    missing = [name for name in ["nutpie", "pymc", "numpyro", "jax"] if not has(name)]
    if missing:
        print(f"Left out, since it is not installed: {', '.join(missing)}.")
    listed = problems(options.directory)
    stan_times = gradient_table(ours, stan, listed, options.rounds)
    if has("arviz"):
        nuts_table(ours, stan, stan_times["motorcycle"], dict(listed)["motorcycle"], options.seeds, options.directory)
    else:
        print("\nThe samplers are not compared: arviz, which computes everybody's ESS, is not installed.")


main()
