"""How often a gate is undecided between two equally good models, by drawing them: python3 test/oracles/power.py > test/oracles/power.json

Both models' scores are normal with an area of 0.8 and noise that is partly common; each draw is judged by DeLong's
interval of the difference. 4,000 draws each, so that a share is known to 0.8 hundredths.
"""

import json
import sys

import numpy as np
import scipy
from scipy.stats import norm, rankdata

DRAWS = 4000
Z = norm.ppf(0.975)
SHIFT = np.sqrt(2) * norm.ppf(0.8)
rng = np.random.default_rng(11)


def placements(ours, others):
    """Of each row the share of the other side that it beats, by midranks."""
    m, n = len(ours), len(others)
    whole = rankdata(np.r_[ours, others])
    return (whole[:m] - rankdata(ours)) / n, 1 - (whole[m:] - rankdata(others)) / m


def drawn(m, n, common):
    areas, differences, errors = [], [], []
    for _ in range(DRAWS):
        shared, own, other = rng.normal(size=(3, m + n))
        first, second = (np.sqrt(common) * shared + np.sqrt(1 - common) * noise for noise in (own, other))
        a, b = placements(first[:m] + SHIFT, first[m:]), placements(second[:m] + SHIFT, second[m:])
        apart = a[0] - b[0], a[1] - b[1]
        areas.append((a[0].mean(), b[0].mean()))
        differences.append(apart[0].mean())
        errors.append(np.sqrt(apart[0].var(ddof=1) / m + apart[1].var(ddof=1) / n))
    return np.array(areas), np.array(differences), np.array(errors)


cases = []
for m, n, common in [(54, 53, 0.5), (54, 53, 0.9), (300, 700, 0.9), (1000, 1000, 0.9)]:
    areas, difference, error = drawn(m, n, common)
    for margin in (0, 0.01, 0.03, 0.05):
        low, high = difference - Z * error, difference + Z * error
        cases.append(
            {
                "classes": [m, n],
                "correlation": float(np.corrcoef(areas.T)[0, 1]),
                "deviation": float(difference.std()),
                "margin": margin,
                "undecided": float(((low < -margin) & (high >= -margin)).mean()),
            }
        )

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "confidence": 0.95,
        "cases": cases,
    },
    sys.stdout,
    indent=2,
)
