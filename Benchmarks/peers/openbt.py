"""Tree mixing: ours beside OpenBT, the sampler that Taweret calls; called by mixing.sh, prints Markdown.

    openbt.py BENCHMARKS DIRECTORY [--rounds 3] [--divisor 1]

Both get the rows of Taweret's example from one file, the same priors, as many sweeps and two processes or threads, and
take turns; times include what each needs to hand over mean, interval and weights at the 900 points. The divisor shortens
warm-up and draws of both. OpenBT's processes wait for each other by polling: other work on the machine slows it more than ours.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import statistics
import subprocess
import time

# MPI where there is nobody but root, as in a container.
os.environ.update(
    {
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
)

import numpy as np
from openbtmixing import Openbtmix

WORKERS = 2


def openbt(problem):
    """Seconds, E sigma and the mean absolute error of the prediction."""
    columns = lambda name: np.array(problem[name]).T
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        mixing = Openbtmix(
            ntree=problem["trees"], k=problem["k"], nu=problem["degrees"], sighat=problem["sigma"], inform_prior=False
        )
        mixing.train(
            columns("inputs"), np.array(problem["response"]), columns("predictions"), ndpost=problem["draws"],
            nskip=problem["warmup"] // 2, nadapt=problem["warmup"] // 2, adaptevery=problem["warmup"] // 8, tc=WORKERS,
            minnumbot=problem["leastLeafRows"],
        )
        trained = time.perf_counter()
        found = mixing.predict(columns("newInputs"), columns("newPredictions"))
        mixing.predict_weights(columns("newInputs"))
    end = time.perf_counter()
    mean = np.asarray(found["pred"]["mean"])
    sigma = np.asarray(found["sigma"]["mean"])
    shutil.rmtree(mixing.fpath, ignore_errors=True)
    error = float(np.mean(np.abs(mean - np.array(problem["truth"]))))
    return end - start, trained - start, float(sigma.mean()), error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("benchmarks")
    parser.add_argument("directory")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--divisor", type=int, default=1)
    arguments = parser.parse_args()
    path = f"{arguments.directory}/trees.json"
    subprocess.run([arguments.benchmarks, "peer-trees-data", path, str(arguments.divisor)], check=True)
    with open(path) as file:
        problem = json.load(file)
    ours, theirs, ratios = [], [], []
    for round in range(1, arguments.rounds + 1):
        output = subprocess.run(
            [arguments.benchmarks, "peer-trees", str(round), str(WORKERS), str(arguments.divisor)],
            capture_output=True, text=True, check=True,
        )
        ours.append(json.loads(output.stdout))
        theirs.append(openbt(problem))
        ratios.append(theirs[-1][0] / ours[-1]["seconds"])
        load = os.getloadavg()[0]
        print(f"Round {round}: ours {ours[-1]['seconds']:.2f} s, OpenBT {theirs[-1][0]:.1f} s"
              f" ({theirs[-1][1]:.1f} s of it training), ratio {ratios[-1]:.1f}, load average {load:.1f}.", flush=True)
    print("\n| sampler | seconds, least | E σ (truth 0.1) | mean absolute error | OpenBT / ours, median (least to largest) |")
    print("| --- | ---: | ---: | ---: | ---: |")
    mean = statistics.mean
    print(f"| ours, {WORKERS} threads | {min(one['seconds'] for one in ours):.2f} | {mean(one['sigma'] for one in ours):.3f}"
          f" | {mean(one['error'] for one in ours):.3f} | 1 |")
    print(f"| OpenBT, {WORKERS} processes | {min(one[0] for one in theirs):.1f} | {mean(one[2] for one in theirs):.3f}"
          f" | {mean(one[3] for one in theirs):.3f}"
          f" | {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}) |")


if __name__ == "__main__":
    main()
