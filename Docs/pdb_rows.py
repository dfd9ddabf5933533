"""Draws the rows of the electric load example from the public file PDB_Load_History.csv ("PDB Electric Power Load
History", CC0): 1000 random rows of the first 80 % to pdb_train.csv, 250 equispaced rows of the rest to pdb_test.csv.

    python3 pdb_rows.py PDB_Load_History.csv
"""
import csv
import sys

import numpy as np

with open(sys.argv[1], newline="") as file:
    header, *rows = csv.reader(file)
border = int(0.8 * len(rows))
train = np.sort(np.random.default_rng(20240502).choice(border, 1000, replace=False))
test = np.round(np.linspace(border, len(rows) - 1, 250)).astype(int)
for name, indices in (("pdb_train.csv", train), ("pdb_test.csv", test)):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row"] + header)
        writer.writerows([i + 1] + rows[i] for i in indices)
