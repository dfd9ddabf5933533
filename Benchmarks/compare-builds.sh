#!/usr/bin/env bash
# Debug and release builds must compute the same bits, and debug must not be much slower: both fingerprints and times.
set -euo pipefail
cd "$(dirname "$0")"
for build in debug release; do
  swift build -c "$build" >/dev/null
  swift run --skip-build -c "$build" benchmarks fingerprint >".build/fingerprint-$build.txt"
done
if diff ".build/fingerprint-debug.txt" ".build/fingerprint-release.txt"; then
  echo "debug and release agree to the last bit"
else
  echo "debug and release differ" >&2
  exit 1
fi
for build in debug release; do
  echo "$build:"
  swift run --skip-build -c "$build" benchmarks --quick gradient | grep -E "combination|cocoafuse, 3, 1000"
done
