#!/usr/bin/env bash
# Ours beside Stan, nutpie, numpyro and JAX, measured in one run with one thread each, as Markdown on standard output; then
# the default command from a cold start with two threads. About five minutes on a quiet machine.
#
#   STAN_PEER=DIRECTORY PEERS_PYTHON=PYTHON ./peers.sh [--seeds 3] [--rounds 5]
#
# STAN_PEER holds the program stan_cocoafuse: CoCoAFusE in Stan, compiled with a driver that knows
#   grad   DATA.json CALLS SEED                     prints {"us_per_grad_min": …}
#   lp     DATA.json POINT.txt                      prints log density and gradient, without and with Jacobian, a line each
#   sample DATA.json SEED CHAIN WARMUP DRAWS OUT    NUTS with a diagonal metric; prints {"wall_s": …}, writes CmdStan's CSV
# DATA.json is what `benchmarks peer-data DIRECTORY` writes. Stan's headers, compiler and libraries come with the public
# wheel of httpstan (`pip install httpstan`). A file power_cocoafuse.json there is measured, too.
#
# PEERS_PYTHON (default: python3) is a Python with numpy, and with as many of these as are to be compared:
#   pip install arviz nutpie pymc numba numpyro jax
# What is missing is left out with a line that says so. Nothing is installed, and nothing is kept.
set -euo pipefail
cd "$(dirname "$0")"
if [[ "${1:-}" == --help || "${1:-}" == -h ]]; then sed -n 's/^# \{0,1\}//p' "$0" | tail -n +2; exit 0; fi
python="${PEERS_PYTHON:-python3}"
if ! "$python" -c 'import numpy' 2>/dev/null; then
  echo "The peers are not installed: PEERS_PYTHON names no Python with numpy. See ./peers.sh --help."
  exit 0
fi
swift build -c release >&2
benchmarks="$(swift build -c release --show-bin-path)/benchmarks"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"$benchmarks" peer-data "$scratch"
echo "Load average $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown) at the start."
STAN_PEER="${STAN_PEER:-}" PYTHONDONTWRITEBYTECODE=1 "$python" -W ignore peers/peers.py "$benchmarks" "$scratch" "$@"
if [[ -f "$scratch/power_real.json" ]]; then
  printf '\n### Whole tuning of the real rows\n'
  "$benchmarks" peer-tuning "$scratch/power_real.json" 2
fi
