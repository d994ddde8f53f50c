"""Rows that carry any of several labels: python3 test/oracles/multilabel.py > test/oracles/multilabel.json

All of it is scikit-learn's. Where it warns of a label that no row carries, or of a row without labels, and puts a number
in place of the ranking that is not there, the expected value is none (`null`), or the mean over the rows that have one.
Log loss and Brier score are those of each label as a question of two classes, averaged.
"""

import json
import math
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(23)
AVERAGES = ("macro", "micro", "weighted", "samples")


def number(value):
    return None if value is None or math.isnan(value) else float(value)


def binary_loss(y, s, w, of):
    return np.mean([of(y[:, k], s[:, k], w) for k in range(y.shape[1])])


def ranked(function, y, s, w, average, area):
    """None where a label defines no ranking; of rows, the mean over those that define one."""
    on = y.sum(axis=0)
    if average == "samples":
        own = (y.sum(axis=1) > 0) & ((y.sum(axis=1) < y.shape[1]) if area else True)
        return function(y[own], s[own], average="samples", sample_weight=None if w is None else w[own]) if own.any() else None
    if average == "micro":
        flat = y.sum()
        return None if flat == 0 or (area and flat == y.size) else function(y, s, average="micro", sample_weight=w)
    asked = on > 0 if average == "weighted" else np.ones(y.shape[1], bool)
    bad = (on == 0) | ((on == len(y)) if area else False)
    if not asked.any() or (bad & asked).any():
        return None
    return function(y[:, asked], s[:, asked], average=average, sample_weight=w)


def case(title, y, s, w=None, threshold=0.5, empty=0, scored=True):
    y, s = np.asarray(y, int), np.asarray(s, float)
    w = None if w is None else np.asarray(w, float)
    p = (s >= np.asarray(threshold)).astype(int)  # one for all, or one a label
    zero = {"no data": np.nan}.get(empty, empty)
    out = {"accuracy": m.accuracy_score(y, p, sample_weight=w), "hamming_loss": m.hamming_loss(y, p, sample_weight=w)}
    for average in AVERAGES:
        options = {"average": average, "sample_weight": w, "zero_division": zero}
        out[f"precision_{average}"] = m.precision_score(y, p, **options)
        out[f"recall_{average}"] = m.recall_score(y, p, **options)
        out[f"f1_{average}"] = m.f1_score(y, p, **options)
        out[f"f2_{average}"] = m.fbeta_score(y, p, beta=2, **options)
        out[f"f0_5_{average}"] = m.fbeta_score(y, p, beta=0.5, **options)
        if empty != "no data":  # jaccard_score takes 0 and 1 alone
            out[f"jaccard_{average}"] = m.jaccard_score(y, p, **options)
        if scored:
            out[f"roc_auc_{average}"] = ranked(m.roc_auc_score, y, s, w, average, True)
            out[f"average_precision_{average}"] = ranked(m.average_precision_score, y, s, w, average, False)
    if scored:
        out["coverage_error"] = m.coverage_error(y, s, sample_weight=w)
        out["label_ranking_average_precision"] = m.label_ranking_average_precision_score(y, s, sample_weight=w)
        out["label_ranking_loss"] = m.label_ranking_loss(y, s, sample_weight=w)
        if s.min() >= 0 and s.max() <= 1:
            out["log_loss"] = binary_loss(y, s, w, lambda a, b, c: m.log_loss(a, b, sample_weight=c, labels=[0, 1]))
            out["brier"] = binary_loss(y, s, w, lambda a, b, c: m.brier_score_loss(a, b, sample_weight=c))
    by_label = m.precision_recall_fscore_support(y, p, average=None, sample_weight=w, zero_division=zero)
    each = [
        {
            "precision": number(by_label[0][k]), "recall": number(by_label[1][k]), "f1": number(by_label[2][k]),
            "roc_auc": number(m.roc_auc_score(y[:, k], s[:, k], sample_weight=w)) if scored and 0 < y[:, k].sum() < len(y) else None,
            "average_precision": number(m.average_precision_score(y[:, k], s[:, k], sample_weight=w)) if scored and y[:, k].sum() > 0 else None,
        }
        for k in range(y.shape[1])
    ]
    return {
        "title": title, "truth": y.tolist(), "scores": s.tolist() if scored else None, "decisions": None if scored else p.tolist(),
        "weights": None if w is None else w.tolist(), "threshold": threshold, "empty": empty,
        "expected": {k: number(v) for k, v in out.items()}, "labels": each,
    }


def drawn(rows, labels, share=0.3, noise=0.35):
    y = (rng.uniform(size=(rows, labels)) < share * rng.uniform(0.4, 1.6, labels)).astype(int)
    return y, np.clip(0.25 + 0.45 * y + rng.normal(0, noise, (rows, labels)), 0, 1)


y, s = drawn(120, 4)
y2, s2 = drawn(40, 3)
absent = y2.copy()
absent[:, 1] = 0
full = y2.copy()
full[:, 1] = 1
wide, wide_s = drawn(60, 50, 0.08)
wide[:, 30:] = 0
cases = [
    case("four labels", y, s),
    case("another threshold", y, s, threshold=0.3),
    case("unequal weights", y, s, rng.gamma(2, 1, len(y))),
    case("weights, some of them 0", y2, s2, rng.integers(0, 3, len(y2))),
    case("ties everywhere", y, np.round(s * 2) / 2),
    case("all scores equal", y2, np.full(y2.shape, 0.5)),
    case("scores that are no probabilities", y2, s2 * 8 - 4, threshold=0),
    case("a label that no row carries", absent, np.where(absent.sum(axis=0) == 0, s2 * 0.4, s2)),
    case("a label that no row carries, decided on", absent, s2),
    case("the same, a share of nothing is 1", absent, np.where(absent.sum(axis=0) == 0, s2 * 0.4, s2), empty=1),
    case("the same, a share of nothing is no data", absent, np.where(absent.sum(axis=0) == 0, s2 * 0.4, s2), empty="no data"),
    case("a label that every row carries", full, s2),
    case("no row carries a label", np.zeros((5, 3)), s2[:5]),
    case("no row carries a label, and none is decided to", np.zeros((5, 3)), s2[:5] * 0.4),
    case("no row carries a label, and nothing is no data", np.zeros((5, 3)), s2[:5] * 0.4, empty="no data"),
    case("every row carries every label", np.ones((5, 3)), s2[:5]),
    case("all right", y2, y2),
    case("all wrong", y2, 1 - y2),
    case("one row", [[1, 0, 1]], [[0.9, 0.2, 0.4]]),
    case("one row, one label of two", [[0, 1]], [[0.5, 0.5]]),
    case("one row without a label", [[0, 0, 0]], [[0.1, 0.6, 0.2]]),
    case("fifty labels, twenty of them absent", wide, wide_s),
    case("decisions alone", y2, s2, scored=False),
    case("decisions alone, weights", y2, s2, rng.gamma(2, 1, len(y2)), scored=False),
    case("a threshold for each label", y, s, threshold=[0.3, 0.5, 0.62, 0.05]),
    case("a threshold for each label, weights", y, s, rng.gamma(2, 1, len(y)), threshold=[0.3, 0.5, 0.62, 0.05]),
    case("a threshold for each label, on ties, one of them beyond all", y, np.round(s * 2) / 2, threshold=[0.5, 1, 0, 1.5]),
]
json.dump({"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "cases": cases}, sys.stdout)
