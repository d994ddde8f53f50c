"""How far ROC AUC, accuracy and R² scatter on holdouts of several sizes, by drawing them: margins.json.

The drafted margins rest on closed forms; these are what the forms are about. 20,000 draws each, so that a
standard deviation is known to about half a percent.
"""

import json
import sys

import numpy as np
from scipy.stats import norm, rankdata
import scipy
import sklearn
from sklearn.metrics import roc_auc_score

DRAWS = 20_000
rng = np.random.default_rng(7)
SHIFT = np.sqrt(2) * norm.ppf(0.8)  # two normals so far apart have an area of 0.8


def areas(positives, negatives):
    scores = np.hstack([rng.normal(SHIFT, 1, (DRAWS, positives)), rng.normal(0, 1, (DRAWS, negatives))])
    ranks = rankdata(scores, axis=1)[:, :positives].sum(axis=1)
    found = (ranks - positives * (positives + 1) / 2) / (positives * negatives)
    labels = np.r_[np.ones(positives), np.zeros(negatives)]
    assert abs(found[0] - roc_auc_score(labels, scores[0])) < 1e-12
    return found


def squared(rows):
    x = rng.normal(size=(DRAWS, rows))
    y = np.sqrt(0.5) * x + np.sqrt(0.5) * rng.normal(size=(DRAWS, rows))
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    return (x * y).sum(axis=1) ** 2 / ((x * x).sum(axis=1) * (y * y).sum(axis=1))


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "roc_auc": [{"positives": p, "negatives": n, "deviation": areas(p, n).std()} for p, n in [(54, 53), (20, 400), (300, 200), (1000, 1000)]],
        "accuracy": [{"rows": n, "deviation": (rng.binomial(n, 0.8, DRAWS) / n).std()} for n in [50, 107, 2000]],
        "r2": [{"rows": n, "deviation": squared(n).std()} for n in [50, 107, 2000]],
    },
    sys.stdout,
    indent=2,
)
