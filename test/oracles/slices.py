"""Slices and the tests that confirm them: python3 test/oracles/slices.py > test/oracles/slices.json

sliceline finds them (the same score and pruning, written by others); SciPy and statsmodels test them.
"""

import json
import sys
import warnings

import numpy as np
import scipy
import statsmodels
from scipy import stats
from sliceline.slicefinder import Slicefinder
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

warnings.simplefilter("ignore")
rng = np.random.default_rng(2021)


def search(title, x, e, alpha, k, depth, support):
    x, e = np.asarray(x), np.asarray(e, dtype=float)
    finder = Slicefinder(alpha=alpha, k=k, max_l=depth, min_sup=support, verbose=False).fit(x, e)
    found = [
        {
            "parts": [[c, int(v)] for c, v in enumerate(row) if v is not None],
            "size": int(s["slice_size"]), "loss": float(s["sum_slice_error"]), "score": float(s["slice_score"]),
        }
        for row, s in zip(finder.top_slices_, finder.top_slices_statistics_)
    ]
    return {"title": title, "columns": x.T.tolist(), "losses": e.tolist(), "alpha": alpha, "k": k, "depth": depth, "support": support, "found": found}


def table(n, cards):
    return np.column_stack([rng.integers(0, c, n) for c in cards])


searches = []
x = table(300, [3, 4, 5, 2])
searches.append(search("noise of errors", x, rng.random(300) < 0.2, 0.95, 5, 3, 10))
searches.append(search("noise of numbers", x, rng.exponential(1, 300), 0.99, 8, 3, 10))
searches.append(search("size counts", x, rng.exponential(1, 300) * (1 + 2 * (x[:, 3] == 1)), 0.6, 4, 2, 20))
e = (rng.random(300) < np.where((x[:, 0] == 1) & (x[:, 2] == 3), 0.9, 0.1)).astype(float)
searches.append(search("planted pair", x, e, 0.95, 3, 3, 5))
x = table(500, [4, 4, 4, 3, 3])
e = (rng.random(500) < np.where((x[:, 0] == 1) & (x[:, 1] == 2) & (x[:, 4] == 0), 0.95, 0.08)).astype(float)
searches.append(search("planted triple", x, e, 0.98, 6, 3, 5))
searches.append(search("one condition at most", x, e, 0.95, 3, 1, 5))
searches.append(search("all wrong", table(60, [2, 3]), np.ones(60), 0.95, 3, 2, 5))
searches.append(search("one row wrong", table(60, [2, 3]), np.eye(1, 60, 7)[0], 0.95, 3, 2, 5))

fisher = []
for a, n, b, m in [(31, 100, 12, 200), (0, 5, 0, 5), (5, 5, 0, 5), (1, 1, 40, 400), (3, 30, 300, 3000), (80, 200, 9000, 90000), (10, 10, 10, 10), (0, 9, 4, 12)]:
    p = stats.fisher_exact([[a, n - a], [b, m - b]], alternative="greater").pvalue
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=0.05)
    fisher.append({"counts": [a, n, b, m], "p": float(p), "low": float(low), "high": float(high)})

welch = []
for n, m, shift in [(12, 50, 0.0), (30, 200, 0.5), (5, 400, 1.0), (3, 3, 0.2), (100, 1000, 0.4)]:
    a, b = rng.exponential(1, n) + shift, rng.exponential(1, m)
    test = stats.ttest_ind(a, b, equal_var=False, alternative="greater")
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    welch.append({"slice": a.tolist(), "rest": b.tolist(), "p": float(test.pvalue), "low": float(interval.low), "high": float(interval.high)})

paired = []
for n, shift in [(12, 0.0), (40, 0.3), (3, 0.5), (200, 0.1)]:
    d = rng.normal(shift, 1, n)
    test = stats.ttest_1samp(d, 0, alternative="greater")
    interval = stats.ttest_1samp(d, 0).confidence_interval(0.95)
    paired.append({"differences": d.tolist(), "p": float(test.pvalue), "low": float(interval.low), "high": float(interval.high)})

discordant = []
for worse, better, n in [(0, 0, 20), (8, 1, 50), (1, 8, 50), (5, 0, 5), (300, 240, 5000)]:
    p = 1.0 if worse + better == 0 else stats.binomtest(worse, worse + better, 0.5, alternative="greater").pvalue
    # D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a difference of binomial proportions based on paired data" (2012)
    up, down = (worse + 1) / (n + 2), (better + 1) / (n + 2)
    half = stats.norm.ppf(0.975) * np.sqrt((up + down - (up - down) ** 2) / (n + 2))
    low, high = max(-1, up - down - half), min(1, up - down + half)
    discordant.append({"counts": [worse, better, n], "p": float(p), "low": float(low), "high": float(high)})

holm = []
for p in [[0.01, 0.04, 0.03, 0.005], [0.5], [], [0.2, 0.2, 1.0], list(rng.random(12) / 20)]:
    adjusted = [] if len(p) == 0 else multipletests(p, method="holm")[1].tolist()
    holm.append({"p": [float(v) for v in p], "adjusted": adjusted})

student = [{"t": t, "df": df, "p": float(stats.t.sf(t, df))} for t in [-3.0, 0.0, 0.5, 2.0, 8.0, 40.0] for df in [1, 2.5, 10, 300.7, 1e6]]
quantiles = [{"share": s, "df": df, "t": float(stats.t.ppf(s, df))} for s in [0.5, 0.9, 0.975, 0.9995] for df in [1, 2.5, 10, 300.7, 1e6]]

# losses that do not differ: within the slice, within the rest, within both; and rises that do not
alike = []
for a, b in [([0.5] * 5, [0.1, 0.2, 0.4, 0.0, 0.9, 0.3]), ([0.1, 0.2, 0.4, 0.7], [0.1] * 40)]:
    test = stats.ttest_ind(a, b, alternative="greater")
    interval = stats.ttest_ind(a, b).confidence_interval(0.95)
    alike.append({"slice": a, "rest": b, "p": float(test.pvalue), "low": float(interval.low), "high": float(interval.high)})
for a, b in [([3.0] * 2, [1.0] * 2), ([0.3] * 5, [0.1] * 30), ([0.1] * 5, [0.3] * 30)]:
    counts = [[len(a), 0], [0, len(b)]] if a[0] > b[0] else [[0, len(a)], [len(b), 0]]
    alike.append({"slice": a, "rest": b, "p": float(stats.fisher_exact(counts, alternative="greater").pvalue), "low": None, "high": None})
rises = [{"differences": [d] * n, "p": float(stats.binomtest(n if d > 0 else 0, n, 0.5, alternative="greater").pvalue), "low": None, "high": None} for d, n in [(0.5, 5), (0.1, 30), (-0.5, 5)]]

json.dump(
    {
        "versions": {"sliceline": "0.3.0", "scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
        "searches": searches, "fisher": fisher, "welch": welch, "paired": paired, "discordant": discordant, "holm": holm,
        "student": student, "quantiles": quantiles, "alike": alike, "rises": rises,
    },
    sys.stdout,
)
sys.stdout.write("\n")
