"""ln p of truncated normals to 50 digits: for TruncatedNormalTests.swift. The places are fractions of the interval."""

from mpmath import erfc, exp, log, mp, mpf, pi, sqrt

mp.dps = 60


def mass(alpha, beta):
    if alpha < 0 and beta <= 0:
        alpha, beta = -beta, -alpha
    return (erfc(alpha / sqrt(mpf(2))) - erfc(beta / sqrt(mpf(2)))) / 2


cases = [
    (0.4, 1.2, 0, 2),
    (-50, 1, 0, 3),
    (5, 0.05, -2, 4),
    (0.5, 0.001, 0, 1),
    (0, 1000, 0.125, 0.25),
    (-150, 1, 0, 1),
    (3, 2, -100, 2.5),
]
for m, s, a, b in cases:
    m, s, a, b = map(mpf, (m, s, a, b))
    for share in (0.015625, 0.5, 0.9375):
        theta = a + (b - a) * mpf(share)
        value = -((theta - m) / s) ** 2 / 2 - log(2 * pi) / 2 - log(s) - log(mass((a - m) / s, (b - m) / s))
        print(f"    ({float(m)}, {float(s)}, {float(a)}, {float(b)}, {share}, {mp.nstr(value, 17)}),")
