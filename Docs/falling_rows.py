"""Makes falling.csv and falling-new.csv: the speed of a ball that falls through air, and what two models say of it.

Free fall is right at first and says that its error grows with the third power of time; a drag proportional to the speed is right
to about a tenth everywhere. The truth, which neither knows, is a drag that grows with the square of the speed.
"""

import math
import os
import random

GRAVITY, TERMINAL, NOISE = 9.81, 20.0, 0.3
HERE = os.path.dirname(os.path.abspath(__file__))


def models(t):
    drag = -24 * math.expm1(-GRAVITY * t / 24)
    return [GRAVITY * t, 0.8 * t**3, drag, 0.1 * drag]


def write(name, columns, rows):
    with open(os.path.join(HERE, name), "w") as file:
        file.write(",".join(columns) + "\n")
        for row in rows:
            file.write(",".join(f"{value:.4g}" for value in row) + "\n")


def main():
    draw = random.Random(1)
    said = ["free", "free_sd", "drag", "drag_sd"]
    rows = []
    for index in range(20):
        t = 0.2 + 0.15 * index
        speed = TERMINAL * math.tanh(GRAVITY * t / TERMINAL) + draw.gauss(0, NOISE)
        rows.append([t, speed, NOISE] + models(t))
    write("falling.csv", ["time", "speed", "error"] + said, rows)
    write("falling-new.csv", ["time"] + said, [[t] + models(t) for t in (0.1 + 0.05 * i for i in range(67))])


main()
