"""How often a gate is undecided between two equally good models, by drawing them: python3 test/oracles/power.py > test/oracles/power.json

Both models' scores are normal with an area of 0.8 and noise that is partly common; each draw is judged by DeLong's
interval of the difference. 4,000 draws each, so that a share is known to 0.8 hundredths. `planned` has the margin
that a power of 0.8 asks for, and what drawing says of it; `more` how often a share is told from a limit, by Wilson's
interval, with the rows that a power of 0.8 asks for, and with those at which the interval would just end at the limit.
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
planned = []
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
    half = Z * difference.std()
    margin = (Z + norm.ppf(0.8)) * difference.std()
    low, high = difference - Z * error, difference + Z * error
    planned.append(
        {
            "classes": [m, n],
            "half_width": float(half),
            "margin": float(margin),
            "undecided": float(((low < -margin) & (high >= -margin)).mean()),
            "undecided_at_half_width": float(((low < -half) & (high >= -half)).mean()),
        }
    )

more = []
rng = np.random.default_rng(12)
for share, limit, rows in [(0.82, 0.8, 500), (0.6, 0.65, 200), (0.9, 0.885, 400)]:
    deviation, distance = np.sqrt(share * (1 - share)), abs(share - limit)

    def decided(wanted):
        found = rng.binomial(wanted, share, 20_000) / wanted
        center = (found + Z**2 / (2 * wanted)) / (1 + Z**2 / wanted)
        half = Z / (1 + Z**2 / wanted) * np.sqrt(found * (1 - found) / wanted + Z**2 / (4 * wanted**2))
        return float(((center - half >= limit) | (center + half < limit)).mean())

    planned_rows = int(np.ceil(((Z + norm.ppf(0.8)) * deviation / distance) ** 2))
    just = int(np.ceil((Z * deviation / distance) ** 2))
    more.append(
        {
            "share": share,
            "limit": limit,
            "rows": rows,
            "half_width": float(Z * deviation / np.sqrt(rows)),
            "wanted": planned_rows,
            "decided": decided(planned_rows),
            "decided_at_the_limit": decided(just),
        }
    )

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "confidence": 0.95,
        "cases": cases,
        "planned": planned,
        "more": more,
    },
    sys.stdout,
    indent=2,
)
