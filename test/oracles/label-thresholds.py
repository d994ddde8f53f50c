"""Thresholds chosen for each label: python3 test/oracles/label-thresholds.py > test/oracles/label-thresholds.json

Each distinct score of a label is tried as the lowest that is decided on, and none at all; scikit-learn says how good the
decisions are. A label of one class among the rows that count has no threshold to choose.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(31)
METRICS = {
    "f1": lambda t, p, w: m.f1_score(t, p, sample_weight=w, zero_division=0),
    "f2": lambda t, p, w: m.fbeta_score(t, p, beta=2, sample_weight=w, zero_division=0),
    "precision": lambda t, p, w: m.precision_score(t, p, sample_weight=w, zero_division=0),
    "recall": lambda t, p, w: m.recall_score(t, p, sample_weight=w, zero_division=0),
    "accuracy": lambda t, p, w: m.accuracy_score(t, p, sample_weight=w),
    "balanced_accuracy": lambda t, p, w: m.balanced_accuracy_score(t, p, sample_weight=w),
    "mcc": lambda t, p, w: m.matthews_corrcoef(t, p, sample_weight=w),
    "jaccard": lambda t, p, w: m.jaccard_score(t, p, sample_weight=w, zero_division=0),
}


def best(t, s, w, of):
    counted = t if w is None else t[w > 0]
    if len(np.unique(counted)) < 2:
        return None
    cuts = [float("inf"), *sorted(np.unique(s), reverse=True)]
    values = [float(of(t, (s >= cut).astype(int), w)) for cut in cuts]
    return {"value": max(values), "cuts": [None if np.isinf(cut) else float(cut) for cut in cuts], "values": values}


def case(title, y, s, w=None):
    y, s = np.asarray(y, int), np.asarray(s, float)
    w = None if w is None else np.asarray(w, float)
    expected = {name: [best(y[:, k], s[:, k], w, of) for k in range(y.shape[1])] for name, of in METRICS.items()}
    return {"title": title, "truth": y.tolist(), "scores": s.tolist(), "weights": None if w is None else w.tolist(), "expected": expected}


y = (rng.uniform(size=(40, 3)) < [0.1, 0.4, 0.8]).astype(int)
s = np.clip(0.3 + 0.4 * y + rng.normal(0, 0.3, y.shape), 0, 1)
one = y.copy()
one[:, 1] = 0
one[:, 2] = 1
hidden = np.where(y[:, 0] == 1, 0.0, rng.gamma(2, 1, len(y)))
cases = [
    case("three labels, of which one is rare and one common", y, s),
    case("unequal weights", y, s, rng.gamma(2, 1, len(y))),
    case("weights, some of them 0", y, s, rng.integers(0, 3, len(y))),
    case("all rows of one label count nothing", y, s, hidden),
    case("ties everywhere", y, np.round(s * 4) / 4),
    case("all scores equal", y, np.full(y.shape, 0.5)),
    case("labels of one class", one, s),
    case("the wrong way round", y, 1 - s),
    case("two rows", [[0, 1], [1, 1]], [[0.2, 0.9], [0.1, 0.3]]),
    case("one row", [[0, 1]], [[0.2, 0.9]]),
]
json.dump({"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "cases": cases}, sys.stdout)
