"""Writes load.csv, the rows of the guide Docs/EBTune.docc/OwnData.md: a simulated load, one hour of every day of 2004.

Heating below some 15 degrees, cooling above, less demand at weekends; the standard library's generator with seed 1.
"""

import datetime
import math
import random

random.seed(1)
with open("load.csv", "w") as file:
    file.write("time,hour,day,temperature,load\n")
    for number in range(366):
        date = datetime.date(2004, 1, 1) + datetime.timedelta(days=number)
        hour = random.randrange(24)
        day = {5: "saturday", 6: "sunday"}.get(date.weekday(), "workday")
        season = -math.cos(2 * math.pi * (number - 20) / 366)
        temperature = 13 + 11 * season + 3 * math.sin(2 * math.pi * (hour - 9) / 24) + random.gauss(0, 3)
        cools = random.random() < 1 / (1 + math.exp(-0.8 * (temperature - 16)))
        mean = 300 + 9 * (temperature - 16) if cools else 290 - 5 * (temperature - 16)
        mean += (35 if cools else 20) * math.sin(2 * math.pi * (hour - 8) / 24)
        mean -= {"workday": 0, "saturday": 25, "sunday": 45}[day]
        load = random.gauss(mean, 12)
        file.write(f"{date}T{hour:02d}:00,{hour},{day},{temperature:.1f},{load:.1f}\n")
