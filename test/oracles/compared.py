"""DeLong's and McNemar's tests: python3 test/oracles/compared.py > test/oracles/compared.json

McNemar from statsmodels and SciPy. DeLong is written here by its definition, over all pairs of a positive and a
negative row: no ranks, nothing shared with the code that is tested. The case "iris" is that of the test of
yandexdataschool/roc_comparison, whose own code gives the variance 0.0015359814789736538.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy.stats import binom, norm
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from statsmodels.stats.contingency_tables import mcnemar


def components(labels, scores):
    ours, others = scores[labels == 1], scores[labels == 0]
    wins = (ours[:, None] > others[None, :]) + 0.5 * (ours[:, None] == others[None, :])
    return wins.mean(axis=1), wins.mean(axis=0)


def one(labels, scores, confidence=0.95):
    v10, v01 = components(labels, scores)
    area, variance = v10.mean(), v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01)
    ends = [None, None]
    if 0 < area < 1:
        half = norm.ppf(0.5 + confidence / 2) * np.sqrt(variance) / (area * (1 - area))
        center = scipy.special.logit(area)
        ends = [scipy.special.expit(center - half), scipy.special.expit(center + half)]
    return {"area": area, "variance": variance, "low": ends[0], "high": ends[1]}


def two(labels, first, second):
    (a10, a01), (b10, b01) = components(labels, first), components(labels, second)
    s10, s01 = np.cov(a10, b10), np.cov(a01, b01)
    s = s10 / len(a10) + s01 / len(a01)
    difference = a10.mean() - b10.mean()
    variance = s[0, 0] + s[1, 1] - 2 * s[0, 1]
    return {"difference": difference, "variance": variance, "p": 2 * norm.sf(abs(difference) / np.sqrt(variance))}


rng = np.random.default_rng(6)


def drawn(positives, negatives, apart, decimals=None):
    labels = rng.permutation(np.r_[np.ones(positives), np.zeros(negatives)])
    common = rng.normal(size=positives + negatives)
    both = [common + rng.normal(size=len(common)) + a * labels for a in apart]
    return labels, *(np.round(s, decimals) if decimals is not None else s for s in both)


def iris():
    data = load_iris()
    x, held_x, y, held_y = train_test_split(data.data, data.target == 1, test_size=0.8, random_state=42)
    scores = LogisticRegression().fit(x, y).decision_function(held_x)
    return held_y.astype(float), scores, held_x[:, 1]


cases = {
    "iris": iris(),
    "five rows": (np.array([0, 0, 1, 1, 1]), np.array([0.1, 0.2, 0.6, 0.7, 0.8]), np.array([0.5, 0.3, 0.6, 0.1, 0.9])),
    "small": drawn(5, 7, (1, 0.5)),
    "two of each": drawn(2, 2, (0, 0.5)),
    "one class rare": drawn(3, 200, (2, 1)),
    "balanced": drawn(150, 150, (1.5, 1.4)),
    "ties": drawn(60, 90, (1, 1.2), 0),
    "far apart": drawn(40, 60, (4.5, 1)),
    "upside down": drawn(30, 30, (-1, 1)),
}

assert abs(one(*cases["iris"][:2])["variance"] - 0.0015359814789736538) < 1e-16
delong = [
    {"name": name, "labels": l.tolist(), "first": a.tolist(), "second": b.tolist(), "one": one(l, a), "two": two(l, a, b)}
    for name, (l, a, b) in cases.items()
]

tables = [(0, 0), (1, 0), (1, 5), (5, 1), (3, 3), (10, 25), (0, 12), (40, 41), (300, 350), (5000, 5300), (20, 900)]
json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__},
        "delong": delong,
        "mcnemar": [
            {
                "candidate": b,
                "baseline": c,
                "exact": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue) if b + c else 1,
                "mid": float(2 * binom.cdf(min(b, c), b + c, 0.5) - binom.pmf(min(b, c), b + c, 0.5)) if b + c else 1,
                "corrected": float(mcnemar([[0, b], [c, 0]], exact=False, correction=True).pvalue) if b + c else 1,
            }
            for b, c in tables
        ],
        "normal": [{"z": z, "both": float(2 * norm.sf(abs(z))), "below": float(norm.cdf(z))} for z in (-30, -8, -2.5, -1e-9, 0, 0.3, 1, 5, 9, 37)],
    },
    sys.stdout,
)
