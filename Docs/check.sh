#!/usr/bin/env bash
# Builds the guides with DocC and fails on every warning. An argument names where the pages go; without, they are thrown away.
#
# In the repository guides link to each other as Markdown files, which a forge follows. DocC knows its own links only, so it
# is given a copy with those, and says which of them lead nowhere.
set -euo pipefail
cd "$(dirname "$0")"

docc=${DOCC:-$(command -v docc || true)}
if [ -z "$docc" ]; then
  # Beside the real compiler, which a version manager may only point to.
  docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
fi
[ -x "$docc" ] || { echo "There is no docc beside swift; set DOCC to one." >&2; exit 69; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r EBTune.docc "$scratch/EBTune.docc"
sed -i.before -E 's/\]\(([A-Za-z]+)\.md\)/](doc:\1)/g' "$scratch"/EBTune.docc/*.md
rm "$scratch"/EBTune.docc/*.before
"$docc" convert "$scratch/EBTune.docc" --output-path "${1:-$scratch/pages}" \
  --fallback-display-name EBTune --fallback-bundle-identifier EBTune --warnings-as-errors
