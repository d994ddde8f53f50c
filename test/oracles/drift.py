"""PSI, Jensen-Shannon and chi-square from SciPy and Evidently: python3 test/oracles/drift.py > test/oracles/drift.json"""

import json
import sys

import evidently
import numpy as np
import pandas as pd
import scipy
from evidently.legacy.calculations.stattests.psi import psi_stat_test
from scipy.spatial.distance import jensenshannon
from scipy.special import gammaincc, gammaln
from scipy.stats import chi2, entropy

rng = np.random.default_rng(20261121)


def counts(rows, shares):
    return rng.multinomial(rows, np.asarray(shares) / np.sum(shares)).tolist()


zipf = [1 / i for i in range(1, 51)]
pairs = {
    "equal": ([50, 50], [5, 5]),
    "unequal sizes": ([300, 200, 500], [7, 90, 3]),
    "ten bins": (counts(10_000, [1] * 10), counts(237, [1, 2, 3, 4, 5, 5, 4, 3, 2, 1])),
    "fifty categories": (counts(1_000_000, zipf), counts(40_000, zipf[::-1])),
    "a millionth apart": ([500_000, 500_000], [500_001, 499_999]),
    "one cell": ([10], [3]),
    "one row": ([99, 1], [1, 0]),
    "an empty cell now": ([50, 30, 20], [90, 10, 0]),
    "an empty cell before": ([90, 10, 0], [50, 30, 20]),
    "nothing in common": ([100, 0], [0, 7]),
    "empty in both": ([60, 0, 40], [50, 0, 50]),
    "no rows now": ([60, 40], [0, 0]),
    "no rows before": ([0, 0], [60, 40]),
}


def psi(before, now):
    """Jeffreys' divergence, as two relative entropies; an empty cell counts as half a row of its sample."""
    before, now = np.array(before, float), np.array(now, float)
    n, m = before.sum(), now.sum()
    if n == 0 or m == 0:
        return None
    used = (before > 0) | (now > 0)
    p = np.where(before[used] == 0, 0.5, before[used]) / n
    q = np.where(now[used] == 0, 0.5, now[used]) / m
    return float(np.sum(scipy.special.rel_entr(p, q)) + np.sum(scipy.special.rel_entr(q, p)))


def evidently_psi(before, now):
    """Evidently's own, on rows; only where no cell is empty, as it fills them otherwise."""
    if 0 in before or 0 in now:
        return None
    rows = [pd.Series(np.repeat([f"c{i:02}" for i in range(len(side))], side)) for side in (before, now)]
    result = psi_stat_test.func(rows[0], rows[1], "cat", 0.1)
    return float(result[0] if isinstance(result, tuple) else result.drift_score)


def js(before, now):
    if sum(before) == 0 or sum(now) == 0:
        return None
    return float(jensenshannon(before, now, 2))


json.dump(
    {
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "evidently": evidently.__version__,
            "pandas": pd.__version__,
        },
        "distances": [
            {
                "name": name,
                "reference": before,
                "current": now,
                "psi": psi(before, now),
                "evidently": evidently_psi(before, now),
                "js": js(before, now),
            }
            for name, (before, now) in pairs.items()
        ],
        "beyond": [
            {"tail": tail, "freedom": freedom, "value": float(chi2.isf(tail, freedom))}
            for tail in (0.9, 0.5, 0.05, 0.01, 1e-3, 5e-4, 1e-6, 1e-9)
            for freedom in (1, 2, 3, 9, 12, 49, 100, 1000)
        ],
        "log_gamma": [{"x": x, "value": float(gammaln(x))} for x in (0.01, 0.3, 0.5, 1, 1.5, 2, 4.5, 24.5, 500, 1e5)],
        "gamma_tail": [
            {"a": a, "x": x, "value": float(gammaincc(a, x))}
            for a in (0.5, 1, 4.5, 24.5, 500)
            for x in (1e-6, 0.1, 1, 4, 5.5, 20, 26, 60, 480, 520, 700)
        ],
    },
    sys.stdout,
)
