"""Weighted metrics from scikit-learn and Fairlearn, and what a share of nothing is:
python3 test/oracles/weights.py > test/oracles/weights.json

Calibration error and what the contract's costs make are not in scikit-learn: they are computed here with NumPy.
"""

import json
import math
import sys
import warnings

import fairlearn
import fairlearn.metrics as fm
import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.preprocessing import label_binarize

warnings.simplefilter("ignore")
rng = np.random.default_rng(14)
COSTS = {"false_positive": 1.5, "false_negative": 4, "true_positive": 10, "true_negative": 0.25}
BY_CLASS = {
    "precision": m.precision_score,
    "recall": m.recall_score,
    "f1": m.f1_score,
    "f2": lambda y, d, **o: m.fbeta_score(y, d, beta=2, **o),
    "f0_5": lambda y, d, **o: m.fbeta_score(y, d, beta=0.5, **o),
    "jaccard": m.jaccard_score,
}


def number(value):
    return None if value is None or math.isnan(value) else float(value)


def ece(p, right, w, bins=15):
    slot = np.minimum(bins - 1, np.floor(p * bins))
    return float(sum(abs((w * (p - right))[slot == b].sum()) for b in set(slot)) / w.sum())


def mce(p, right, w, bins=15):
    slot = np.minimum(bins - 1, np.floor(p * bins))
    return float(max(abs((w * (p - right))[slot == b].sum()) / w[slot == b].sum() for b in set(slot)))


def averages(y, d, w):
    o = {"sample_weight": w}
    out = {
        "accuracy": m.accuracy_score(y, d, **o),
        "balanced_accuracy": m.balanced_accuracy_score(y, d, **o),
        "mcc": m.matthews_corrcoef(y, d, **o),
        "cohen_kappa": m.cohen_kappa_score(y, d, **o),
    }
    for name, f in BY_CLASS.items():
        for average in ("macro", "micro", "weighted"):
            out[f"{name}_{average}"] = f(y, d, average=average, zero_division=0, **o)
    return out


def binary(title, y, p, w, threshold=0.5):
    y, p, w = np.asarray(y, int), np.asarray(p, float), np.asarray(w, float)
    d = (p >= threshold).astype(int)
    o = {"sample_weight": w}
    out = averages(y, d, w)
    for name, f in BY_CLASS.items():
        out[name] = f(y, d, zero_division=0, **o)
    out["specificity"] = m.recall_score(y, d, pos_label=0, zero_division=0, **o)
    tn, fp, fn, tp = m.confusion_matrix(y, d, labels=[0, 1], **o).ravel()
    out["cost"] = (fp * COSTS["false_positive"] + fn * COSTS["false_negative"]) / w.sum()
    brought = tp * COSTS["true_positive"] + tn * COSTS["true_negative"]
    out["net_benefit"] = 1000 * (brought - fp * COSTS["false_positive"] - fn * COSTS["false_negative"]) / w.sum()
    both = len(set(y[w > 0])) == 2
    out["roc_auc"] = m.roc_auc_score(y, p, **o) if both else None
    out["average_precision"] = m.average_precision_score(y, p, **o) if (w * y).sum() > 0 else None
    out["log_loss"] = m.log_loss(y, p, labels=[0, 1], **o)
    out["brier"] = m.brier_score_loss(y, p, **o) if both else float((w * (p - y) ** 2).sum() / w.sum())
    keep = w > 0
    out["ece"] = ece(p[keep], y[keep], w[keep])
    out["mce"] = mce(p[keep], y[keep], w[keep])
    return {"title": title, "labels": y.tolist(), "scores": p.tolist(), "weights": w.tolist(), "threshold": threshold, "expected": {k: number(v) for k, v in out.items()}}


def many(title, y, s, w):
    y, s, w = np.asarray(y, int), np.asarray(s, float), np.asarray(w, float)
    k = s.shape[1]
    o = {"sample_weight": w}
    out = averages(y, s.argmax(1), w)
    out["log_loss"] = m.log_loss(y, s, labels=list(range(k)), **o)
    out["brier"] = float((w[:, None] * (s - np.eye(k)[y]) ** 2).sum() / w.sum())
    for top in (2, 3):
        if top < k:
            out[f"top_{top}_accuracy"] = m.top_k_accuracy_score(y, s, k=top, labels=list(range(k)), **o)
    right = (s.argmax(1) == y).astype(float)
    keep = w > 0
    out["ece"] = ece(s.max(1)[keep], right[keep], w[keep])
    if len(set(y[keep])) == k:
        for average, name in (("macro", "roc_auc_ovr"), ("weighted", "roc_auc_ovr_weighted"), ("micro", "roc_auc_ovr_micro")):
            out[name] = m.roc_auc_score(y, s, multi_class="ovr", average=average, **o)
        one = label_binarize(y, classes=list(range(k)))
        for average, name in (("macro", "average_precision_ovr"), ("weighted", "average_precision_ovr_weighted"), ("micro", "average_precision_ovr_micro")):
            out[name] = m.average_precision_score(one, s, average=average, **o)
    return {"title": title, "labels": y.tolist(), "scores": s.tolist(), "weights": w.tolist(), "expected": {a: number(v) for a, v in out.items()}}


def numbers(title, y, p, w):
    y, p, w = np.asarray(y, float), np.asarray(p, float), np.asarray(w, float)
    o = {"sample_weight": w}
    out = {
        "mae": m.mean_absolute_error(y, p, **o),
        "mse": m.mean_squared_error(y, p, **o),
        "rmse": m.root_mean_squared_error(y, p, **o),
        "mape": m.mean_absolute_percentage_error(y, p, **o),
        "median_ae": m.median_absolute_error(y, p, **o),
        "max_error": m.max_error(y[w > 0], p[w > 0]),
        "r2": m.r2_score(y, p, **o),
        "explained_variance": m.explained_variance_score(y, p, **o),
        "d2_absolute": m.d2_absolute_error_score(y, p, **o),
    }
    for q in (10, 50, 90):
        out[f"pinball_{q}"] = m.mean_pinball_loss(y, p, alpha=q / 100, **o)
    if (y > 0).all() and (p > 0).all():
        out |= {
            "msle": m.mean_squared_log_error(y, p, **o),
            "rmsle": m.root_mean_squared_log_error(y, p, **o),
            "poisson_deviance": m.mean_poisson_deviance(y, p, **o),
            "gamma_deviance": m.mean_gamma_deviance(y, p, **o),
            "tweedie_deviance": m.mean_tweedie_deviance(y, p, power=1.5, **o),
            "d2_poisson": m.d2_tweedie_score(y, p, power=1, **o),
            "d2_gamma": m.d2_tweedie_score(y, p, power=2, **o),
        }
    return {"title": title, "labels": y.tolist(), "scores": p.tolist(), "weights": w.tolist(), "expected": {a: number(v) for a, v in out.items()}}


def groups(title, y, d, g, w):
    y, d, w = np.asarray(y, int), np.asarray(d, int), np.asarray(w, float)
    frame = fm.MetricFrame(
        metrics={"selection_rate": fm.selection_rate, "true_positive_rate": fm.true_positive_rate, "false_positive_rate": fm.false_positive_rate, "accuracy": m.accuracy_score},
        y_true=y, y_pred=d, sensitive_features=g, sample_params={k: {"sample_weight": w} for k in ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")},
    )
    o = {"sensitive_features": g, "sample_weight": w}
    return {
        "title": title, "labels": y.tolist(), "decisions": d.tolist(), "groups": list(g), "weights": w.tolist(),
        "by_group": {k: {str(a): number(v) for a, v in frame.by_group[k].items()} for k in frame.by_group.columns},
        "measures": {
            "demographic_parity_difference": number(fm.demographic_parity_difference(y, d, **o)),
            "demographic_parity_ratio": number(fm.demographic_parity_ratio(y, d, **o)),
            "equalized_odds_difference": number(fm.equalized_odds_difference(y, d, **o)),
            "equalized_odds_ratio": number(fm.equalized_odds_ratio(y, d, **o)),
        },
    }


def nothing(title, y, d, k):
    """What each convention makes of shares of no rows. Jaccard's index has no "no data" in scikit-learn."""
    out = {}
    for said, zero in (("0", 0.0), ("1", 1.0), ("no data", np.nan)):
        own = {}
        for name, f in BY_CLASS.items():
            if said == "no data" and name == "jaccard":
                continue
            if k == 2:
                own[name] = f(y, d, zero_division=zero)
            for average in ("macro", "micro", "weighted"):
                own[f"{name}_{average}"] = f(y, d, average=average, zero_division=zero)
        if k == 2:
            own["specificity"] = m.recall_score(y, d, pos_label=0, zero_division=zero)
        out[said] = {a: number(v) for a, v in own.items()}
    return {"title": title, "labels": list(map(int, y)), "decisions": list(map(int, d)), "classes": k, "expected": out}


n = 120
y2 = (rng.random(n) < 0.35).astype(int)
p2 = np.clip(rng.normal(0.4 + 0.2 * y2, 0.2), 0, 1)
w2 = rng.gamma(1.5, 2, n)
zeros = np.where(rng.random(n) < 0.2, 0, rng.integers(1, 6, n)).astype(float)
y4 = rng.integers(0, 4, n)
s4 = rng.dirichlet(np.ones(4), n) * 0.6 + 0.4 * np.eye(4)[np.where(rng.random(n) < 0.6, y4, rng.integers(0, 4, n))]
yr = rng.gamma(2, 3, n) + 0.1
pr = yr * rng.lognormal(0, 0.3, n)
tied = np.round(p2, 1)

cases = {
    "binary": [
        binary("unequal weights", y2, p2, w2),
        binary("all weights equal", y2, p2, np.full(n, 2.5)),
        binary("some weights 0", y2, p2, zeros),
        binary("ties everywhere", y2, tied, w2),
        binary("one weight outweighs all", y2, p2, np.where(np.arange(n) == 3, 1e6, 1)),
        binary("one row", [1], [0.7], [0.2]),
        binary("all right", [0, 1, 1, 0], [0.1, 0.9, 0.8, 0.2], [1, 5, 0.5, 2]),
        binary("all wrong, and sure of it", [0, 1, 1, 0], [1, 0, 0, 1], [1, 5, 0.5, 2]),
        binary("one class", [1, 1, 1], [0.3, 0.6, 0.9], [1, 2, 3]),
        binary("the only positive rows weigh 0", [0, 1, 0, 0], [0.3, 0.2, 0.9, 0.1], [1, 0, 2, 3]),
    ],
    "many": [many("unequal weights", y4, s4, w2), many("some weights 0", y4, s4, zeros), many("three rows", [0, 1, 2], np.eye(3) * 0.7 + 0.1, [1, 2, 3])],
    "numbers": [
        numbers("unequal weights", yr, pr, w2),
        numbers("some weights 0", yr, pr, zeros),
        numbers("whole weights, with ties", np.round(yr) + 1, np.round(pr) + 1, zeros),
        numbers("negative numbers", yr - 5, pr - 5, w2),
    ],
    "groups": [
        groups("three groups", y2, (p2 > 0.5).astype(int), rng.choice(["a", "b", "c"], n), w2),
        groups("whole weights", y2, (p2 > 0.5).astype(int), rng.choice(["x", "y"], n, p=[0.8, 0.2]), rng.integers(1, 9, n)),
    ],
    "nothing": [
        nothing("none decided positive", [0, 1, 0, 1], [0, 0, 0, 0], 2),
        nothing("none positive", [0, 0, 0], [0, 1, 0], 2),
        nothing("none positive, none decided so", [0, 0, 0], [0, 0, 0], 2),
        nothing("all positive", [1, 1], [1, 1], 2),
        nothing("a class never decided, a class never true", [0, 0, 1, 2, 2], [0, 0, 0, 3, 0], 4),
    ],
}
json.dump({"versions": {"scikit-learn": sklearn.__version__, "fairlearn": fairlearn.__version__, "numpy": np.__version__}, "costs": COSTS, **cases}, sys.stdout)
