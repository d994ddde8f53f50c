"""What rows that belong together tell of a rate, by statsmodels' cluster-robust variance:
python3 test/oracles/effective.py > test/oracles/effective.json

The rate is a weighted regression on a constant, so that its cluster-robust variance is that of the ratio estimator.
n / design effect, capped at n, is the effective number of rows; with Korn and Graubard's degrees of freedom
it goes into Wilson's interval. Also without any variance, where clusters count by Kish's formula; with every
row on its own; with one cluster; and where rows of a cluster are less alike than strangers.
"""

import json
import sys
import warnings
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

warnings.simplefilter("ignore")
rng = np.random.default_rng(1998)
RATES = {
    "selection_rate": (lambda y, d: np.ones(len(y), bool), lambda y, d: d == 1),
    "true_positive_rate": (lambda y, d: y == 1, lambda y, d: d == 1),
    "precision": (lambda y, d: d == 1, lambda y, d: y == 1),
    "accuracy": (lambda y, d: np.ones(len(y), bool), lambda y, d: y == d),
}
PAIRED = ["selection_rate", "true_positive_rate", "accuracy"]


def worth(values, weights, clusters, of, variance):
    """n / design effect of a mean."""
    sizes = np.array([weights[clusters == c].sum() for c in np.unique(clusters)])
    if len(sizes) == 1:
        return 1.0
    if variance < 1e-12:
        return float(min(of, sizes.sum() ** 2 / (sizes**2).sum()))
    model = sm.WLS(values, np.ones(len(values)), weights=weights)
    robust = model.fit(cov_type="cluster", cov_kwds={"groups": clusters}).cov_params()[0, 0]
    return float(max(1, min(of, variance / (of - 1) / robust * of)))


def case(title, y, d, b, clusters, weights=None):
    y, d, b, clusters = (np.asarray(a, dtype=int) for a in (y, d, b, clusters))
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    share = w.sum() / (w**2).sum()
    rates = {}
    for name, (among, counts) in RATES.items():
        rows = among(y, d)
        if rows.sum() == 0:
            continue
        value = counts(y, d)[rows].astype(float)
        of = float(w[rows].sum() * share)
        p = np.average(value, weights=w[rows])
        units = len(np.unique(clusters[rows]))
        effective = worth(value, w[rows], clusters[rows], of, p * (1 - p))
        adjusted = effective
        if 1 < units < of:
            adjusted = max(1.0, effective * (t.ppf(0.975, of - 1) / t.ppf(0.975, units - 1)) ** 2)
        low, high = proportion_confint(adjusted * p, adjusted, method="wilson")
        rates[name] = {"of": of, "units": units, "rows": effective, "value": float(p), "low": float(low), "high": float(high)}
        if name in PAIRED:
            change = value - counts(y, b)[rows].astype(float)
            mean = np.average(change, weights=w[rows])
            rates[name]["paired"] = worth(change, w[rows], clusters[rows], of, np.average((change - mean) ** 2, weights=w[rows]))
    return {"title": title, "labels": y.tolist(), "decisions": d.tolist(), "baseline": b.tolist(), "clusters": clusters.tolist(), "weights": None if weights is None else w.tolist(), "rates": rates}


def drawn(people, most, alike):
    sizes = rng.integers(1, most + 1, people)
    clusters = np.repeat(np.arange(people), sizes)
    y = (rng.random(len(clusters)) < 0.5).astype(int)
    def model(p):
        common = (rng.random(people) < p).astype(int)[clusters]
        own = (rng.random(len(clusters)) < p).astype(int)
        return np.where(rng.random(len(clusters)) < alike, common, own)
    return y, model(0.4), model(0.5), clusters


cases = [case(f"{people} clusters of at most {most}, {alike} alike", *drawn(people, most, alike)) for people, most, alike in [(40, 6, 0.5), (12, 20, 0.9), (200, 2, 0.2), (5, 9, 0.4)]]
y, d, b, clusters = drawn(30, 5, 0.6)
cases.append(case("unequal weights", y, d, b, clusters, rng.gamma(2, size=len(y))))
y = (np.arange(300) % 2).tolist()
same = np.repeat((rng.random(30) < 0.5).astype(int), 10)
cases.append(case("rows of a cluster are the same", y, same, np.repeat((rng.random(30) < 0.5).astype(int), 10), np.repeat(np.arange(30), 10)))
cases.append(case("every row on its own", y[:40], rng.integers(0, 2, 40), rng.integers(0, 2, 40), np.arange(40)))
cases.append(case("one cluster", y[:20], rng.integers(0, 2, 20), rng.integers(0, 2, 20), np.zeros(20)))
uneven = np.repeat(np.arange(6), [1, 2, 3, 4, 10, 20])
cases.append(case("all are selected", np.arange(40) % 2, np.ones(40), np.ones(40), uneven))
cases.append(case("nobody is selected", np.arange(40) % 2, np.zeros(40), np.zeros(40), uneven))
cases.append(case("as many of each cluster", np.tile([0, 1], 30), np.tile([1, 0], 30), np.tile([1, 1], 30), np.repeat(np.arange(30), 2)))

json.dump(
    {
        "versions": {"python": sys.version.split()[0], **{name: version(name) for name in ["numpy", "scipy", "statsmodels"]}},
        "cases": cases,
    },
    sys.stdout,
    separators=(",", ":"),
)
