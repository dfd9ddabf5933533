#!/usr/bin/env bash
# Everything that README.md quotes, as one Markdown text on standard output. Memory has a process of its own, since a
# peak is a process's; all else shares one. Takes about three minutes on a quiet machine, and four more with STAN_PEER and
# PEERS_PYTHON, see peers.sh. Arguments go to the benchmarks: `./run.sh --quick` for a glance.
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release >&2
benchmarks="$(swift build -c release --show-bin-path)/benchmarks"
model="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)"
echo "Measured at commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown) on $(uname -m), ${model:-processor unknown}, $(getconf _NPROCESSORS_ONLN) processors, load average $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown) at the start."
for name in gradient linearity leapfrog nuts tuning memory; do
  printf '\n## %s\n' "$name"
  "$benchmarks" "$@" "$name"
done
printf '\n## command\n\n'
swift build -c release --package-path .. --product eb-tune >&2
program="$(swift build -c release --package-path .. --show-bin-path)/eb-tune"
for threads in 1 2; do
  printf 'Seconds of the whole program, eb-tune --gamma 0.1 --threads %s: ' "$threads"
  TIMEFORMAT='%R (processor %U)'
  { time "$program" --gamma 0.1 --threads "$threads" >/dev/null 2>&1; } 2>&1
done
printf '\n## peers\n\n'
if [[ -n "${PEERS_PYTHON:-}${STAN_PEER:-}" ]]; then
  ./peers.sh
else
  echo "Left out: neither PEERS_PYTHON nor STAN_PEER is set, see ./peers.sh --help."
fi
printf '\n## builds\n\n'
./compare-builds.sh
