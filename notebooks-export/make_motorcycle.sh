#!/bin/sh
# Tunes the motorcycle readings, writes the run as a notebook and executes it. EB_TUNE_PYTHON names a Python with what the notebook
# needs and with Jupyter's nbclient and ipykernel; without it, Tests/Python/make_environment.sh makes one.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${EB_TUNE_PYTHON:-}" ]; then
  EB_TUNE_PYTHON=.build/python/bin/python
  [ -x "$EB_TUNE_PYTHON" ] || Tests/Python/make_environment.sh
fi
rm -rf notebooks-export/motorcycle
swift run eb-tune --problem motorcycle --gamma 0.1 --final-draws 500 --out notebooks-export/motorcycle
swift run eb-tune notebook notebooks-export/motorcycle --out notebooks-export/motorcycle.ipynb --overwrite
"$EB_TUNE_PYTHON" Tests/Python/execute_notebook.py notebooks-export/motorcycle.ipynb
