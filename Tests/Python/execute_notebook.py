"""Executes a Jupyter notebook where it lies and keeps its outputs in it.

    execute_notebook.py NOTEBOOK.ipynb
"""
import pathlib
import sys

import nbclient
import nbformat


def execute(path):
    """The notebook with its outputs, nothing in it that depends on when and where it was executed."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    return notebook


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1]).resolve()
    nbformat.write(execute(path), path)
