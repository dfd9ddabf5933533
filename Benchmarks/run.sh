#!/usr/bin/env bash
# Everything that README.md quotes, as one Markdown text on standard output. Memory has a process of its own, since a
# peak is a process's; all else shares one. Takes about three minutes on a quiet machine. Arguments go to the benchmarks:
# `./run.sh --quick` for a glance.
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
printf '\n## builds\n\n'
./compare-builds.sh
