"""Tests that confirm slices of weighted rows: python3 test/oracles/weighted-slices.py > test/oracles/weighted-slices.json

Weighted means are statsmodels' DescrStatsW, their linearised variances those of its weighted least squares of a
constant with HC1, Newcombe's interval is statsmodels', and tails of Student's distribution are SciPy's.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import DescrStatsW

rng = np.random.default_rng(1965)


def kish(w):
    return w.sum() ** 2 / (w**2).sum()


def moments(x, w):
    n = kish(w)
    described = DescrStatsW(x, weights=w)
    # statsmodels turns a fit without residuals into rounding: there the variance is 0
    linear = 0.0 if np.ptp(x) == 0 else sm.WLS(x, np.ones_like(x), weights=w).fit(cov_type="HC1").bse[0] ** 2
    return {"count": len(x), "effective": n, "mean": described.mean, "variance": described.var * n / (n - 1), "linearised": float(linear)}


def worth(m):
    return min(m["effective"], m["variance"] / m["linearised"]) if m["variance"] > 0 and m["linearised"] > 0 else m["effective"]


def against_rest(title, a, wa, b, wb, errors):
    a, wa, b, wb = (np.asarray(v, dtype=float) for v in (a, wa, b, wb))
    own, rest, whole = moments(a, wa), moments(b, wb), moments(np.r_[a, b], np.r_[wa, wb])
    va, vb = (max(side["linearised"], whole["variance"] / side["effective"]) for side in (own, rest))
    df = (va + vb) ** 2 / (va**2 / (own["effective"] - 1) + vb**2 / (rest["effective"] - 1))
    difference, error = own["mean"] - rest["mean"], np.sqrt(va + vb)
    if errors:
        n, m = worth(own), worth(rest)
        low, high = confint_proportions_2indep(own["mean"] * n, n, rest["mean"] * m, m, method="newcomb", compare="diff", alpha=0.05)
    else:
        low, high = difference + np.array([-1, 1]) * stats.t.ppf(0.975, df) * error
    return {
        "title": title, "errors": errors, "slice": a.tolist(), "weights": wa.tolist(), "rest": b.tolist(), "weights_rest": wb.tolist(),
        "moments": own, "difference": float(difference), "p": float(stats.t.sf(difference / error, df)), "low": float(low), "high": float(high),
    }


def against_baseline(title, d, w, errors):
    d, w = np.asarray(d, dtype=float), np.asarray(w, dtype=float)
    m, changed = moments(d, w), d != 0
    if kish(w[changed]) < 2:
        p = 1.0
    elif np.ptp(w * d) == 0:  # SciPy's t is infinite where all amounts are the same
        p = float(stats.t.sf(np.sqrt(len(d)) * np.sign(d[0]), kish(w) - 1))
    else:
        t = stats.ttest_1samp((w * d)[changed], 0).statistic
        n = changed.sum()
        p = float(stats.t.sf(t * np.sqrt(n / (n - 1 + t**2)), kish(w[changed]) - 1))
    if errors:
        n = worth(m)
        # D. G. Bonett and R. M. Price (2012)
        up, down = ((np.average(d == sign, weights=w) * n + 1) / (n + 2) for sign in (1, -1))
        half = stats.norm.ppf(0.975) * np.sqrt((up + down - (up - down) ** 2) / (n + 2))
        low, high = max(-1, up - down - half), min(1, up - down + half)
    elif np.ptp(d) == 0:
        low = high = None
    else:
        error = np.sqrt(max(m["linearised"], m["variance"] / m["effective"]))
        low, high = (m["mean"] + np.array([-1, 1]) * stats.t.ppf(0.975, m["effective"] - 1) * error).tolist()
    number = lambda v: None if v is None else float(v)
    return {"title": title, "errors": errors, "changes": d.tolist(), "weights": w.tolist(), "difference": float(m["mean"]), "p": p, "low": number(low), "high": number(high)}


rest = []
for n, m, sigma in [(12, 80, 0.3), (40, 200, 1.0), (9, 60, 2.0), (60, 60, 1.0)]:
    wa, wb = rng.lognormal(0, sigma, n), rng.lognormal(0, sigma, m)
    rest.append(against_rest(f"long tails, {n}, {sigma}", rng.exponential(1.5, n), wa, rng.exponential(1, m), wb, False))
    rest.append(against_rest(f"errors, {n}, {sigma}", rng.random(n) < 0.4, wa, rng.random(m) < 0.15, wb, True))
    rest.append(against_rest(f"errors that go with weights, {n}, {sigma}", wa > np.median(wa), wa, rng.random(m) < 0.15, wb, True))
rest.append(against_rest("equal weights", [3, 5, 4], [2, 2, 2], [0, 2, 1, 4], [2, 2, 2, 2], False))
rest.append(against_rest("all wrong", [1] * 6, rng.lognormal(0, 1, 6), rng.random(50) < 0.3, rng.lognormal(0, 1, 50), True))
rest.append(against_rest("wrong but for a light row", [1, 1, 1, 1, 1, 0], [9, 8, 9, 7, 9, 0.01], rng.random(50) < 0.3, np.ones(50), True))
rest.append(against_rest("one row for all", [1, 0, 0, 0], [1000, 600, 500, 1], rng.random(30) < 0.3, rng.lognormal(0, 1, 30), True))
rest.append(against_rest("all right elsewhere", [1, 0, 1, 0], [1, 2, 3, 4], np.zeros(30), rng.lognormal(0, 1, 30), True))
rest.append(against_rest("tiny weights", [3, 5, 4], [1e-9, 2e-9, 1e-9], [0, 2, 1, 4], [1e-9, 2e-9, 1e-9, 1e-9], False))

baseline = []
for n, sigma in [(12, 0.3), (40, 1.0), (9, 2.0), (200, 1.0)]:
    w = rng.lognormal(0, sigma, n)
    baseline.append(against_baseline(f"changes, {n}, {sigma}", rng.normal(0.3, 1, n), w, False))
    baseline.append(against_baseline(f"errors, {n}, {sigma}", rng.choice([-1, 0, 0, 1, 1], n), w, True))
baseline.append(against_baseline("rises by the same", [0.5] * 5, [2] * 5, False))
baseline.append(against_baseline("rises by the same, weights differ", [0.5] * 5, [1, 2, 3, 4, 5], False))
baseline.append(against_baseline("few changes", [1, 1, 1] + [0] * 17, rng.lognormal(0, 0.5, 20), True))
baseline.append(against_baseline("one change", [1] + [0] * 17, rng.lognormal(0, 0.5, 18), True))
baseline.append(against_baseline("more right than wrong", [-1, -1, 1, -1, 0, 0, 0, 0], [1, 2, 1, 3, 1, 1, 2, 2], True))

json.dump({"versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__}, "rest": rest, "baseline": baseline}, sys.stdout)
sys.stdout.write("\n")
