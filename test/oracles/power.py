"""How often a gate is undecided between two equally good models, by drawing them: python3 test/oracles/power.py > test/oracles/power.json

Both models' scores are normal with an area of 0.8 and noise that is partly common; each draw is judged by DeLong's
interval of the difference. 4,000 draws each, so that a share is known to 0.8 hundredths. `planned` has the margin
that a power of 0.8 asks for, and what drawing says of it; `more` how often a share is told from a limit, by Wilson's
interval, with the rows that a power of 0.8 asks for, and with those at which the interval would just end at the limit.
`weighted` draws rows with lognormal weights: how far weighted figures scatter, and those of as many equal rows.
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

def area(positives, negatives, own, other):
    """The weighted area: pairs count by the product of their weights, and ties a half."""
    order = np.argsort(negatives)
    below = np.r_[0, np.cumsum(other[order])]
    left, right = (np.searchsorted(negatives[order], positives, side) for side in ("left", "right"))
    return (own * (below[left] + below[right]) / 2).sum() / (own.sum() * other.sum())


def kish(w):
    return w.sum() ** 2 / (w**2).sum()


weighted = []
rng = np.random.default_rng(13)
for rows, sigma in [(200, 0.5), (600, 1.0), (2000, 1.2)]:
    found = {name: ([], []) for name in ("roc_auc", "accuracy")}
    worth = {name: [] for name in found}
    for _ in range(DRAWS):
        m = rows // 2
        w, ones = rng.lognormal(0, sigma, rows), np.ones(rows)
        scores = rng.normal(size=rows) + SHIFT * (np.arange(rows) < m)
        right = rng.uniform(size=rows) < 0.8
        worth["roc_auc"].append((kish(w[:m]), kish(w[m:])))
        worth["accuracy"].append((kish(w),))
        for place, own in enumerate((w, ones)):
            found["roc_auc"][place].append(area(scores[:m], scores[m:], own[:m], own[m:]))
            found["accuracy"][place].append(np.average(right, weights=own))
    for name, (own, plain) in found.items():
        # the variance is inverse to what rows are worth, so that is averaged inversely
        effective = 1 / np.mean(1 / np.array(worth[name]), axis=0)
        weighted.append({"metric": name, "rows": rows, "sigma": sigma, "effective": effective.tolist(), "deviation": float(np.std(own)), "plain": float(np.std(plain))})

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
        "weighted": weighted,
        "more": more,
    },
    sys.stdout,
    indent=2,
)
