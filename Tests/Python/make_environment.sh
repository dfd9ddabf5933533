#!/bin/sh
# Makes a virtual environment with the tools that the tests read exports with, and says how to use it:
#   Tests/Python/make_environment.sh [DIRECTORY]        (default: .build/python; Python 3.11 to 3.13, tried with 3.11)
# Then:
#   EB_TUNE_PYTHON=DIRECTORY/bin/python swift test --filter 'CmdStanCSVTests|ZarrStoreTests|ExportTests|NotebookTests'
# The same environment executes notebooks that eb-tune writes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=${1:-$here/../../.build/python}
python3 -m venv "$directory"
"$directory/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
echo "EB_TUNE_PYTHON=$directory/bin/python"
