"""Thresholds for each group by trying all: python3 test/oracles/tradeoff.py > test/oracles/tradeoff.json

Every combination of thresholds of the groups is tried; of those whose rates lie at most so far apart, the cheapest
counts. And what Fairlearn's ThresholdOptimizer, which may throw dice, makes of the same rows at no gap at all and
equal prices: no choice of ours with so small a gap can be cheaper by more than the gap allows.
"""

import itertools
import json
import sys

import fairlearn
import numpy as np
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator

rng = np.random.default_rng(15)
ALLOWED = [0.0, 0.02, 0.05, 0.1, 0.3, None]


class Known(BaseEstimator):
    def fit(self, *_):
        return self

    def predict_proba(self, X):
        return np.column_stack([1 - X[:, 0], X[:, 0]])


def cuts(labels, scores, rate, fp, fn):
    found = []
    for threshold in [np.inf, *sorted(set(scores), reverse=True)]:
        d = scores >= threshold
        rated = d.mean() if rate == "selection_rate" else (d[labels == 1].mean() if (labels == 1).any() else 0.0)
        found.append((float(rated), float(fp * (d & (labels == 0)).sum() + fn * (~d & (labels == 1)).sum())))
    return found


def case(title, labels, scores, group, rate, fp, fn):
    names = sorted(set(group))
    all_cuts = [cuts(labels[group == n], scores[group == n], rate, fp, fn) for n in names]
    least = {}
    for allowed in ALLOWED:
        least[str(allowed)] = min(
            sum(cost for _, cost in combination)
            for combination in itertools.product(*all_cuts)
            if allowed is None or max(r for r, _ in combination) - min(r for r, _ in combination) <= allowed + 1e-12
        )
    return {
        "title": title, "labels": labels.tolist(), "scores": scores.tolist(), "group": group.tolist(), "rate": rate,
        "prices": [fp, fn], "least": least,
    }


def dice(labels, scores, group, rate):
    constraint = {"selection_rate": "demographic_parity", "true_positive_rate": "true_positive_rate_parity"}[rate]
    optimizer = ThresholdOptimizer(estimator=Known(), constraints=constraint, objective="accuracy_score", prefit=True, predict_method="predict_proba", grid_size=2000)
    optimizer.fit(scores.reshape(-1, 1), labels, sensitive_features=group)
    p = optimizer._pmf_predict(scores.reshape(-1, 1), sensitive_features=group)[:, 1]
    return float(np.where(labels == 1, 1 - p, p).sum())


def draw(rows, names, ties):
    group = rng.choice(names, rows)
    labels = (rng.random(rows) < 0.4 + 0.2 * (group == names[0])).astype(int)
    scores = np.clip(0.35 + 0.3 * labels + 0.2 * rng.standard_normal(rows) - 0.1 * (group == names[-1]), 0, 1)
    return labels, np.round(scores, ties), group


cases = []
for rate in ("selection_rate", "true_positive_rate"):
    cases += [
        case("two groups", *draw(60, ["a", "b"], 6), rate, 1, 1),
        case("three groups and ties", *draw(50, ["a", "b", "c"], 1), rate, 1, 1),
        case("dear misses", *draw(60, ["a", "b"], 2), rate, 1, 4),
        case("no price of misses", *draw(40, ["a", "b"], 2), rate, 3, 0),
    ]
    labels, scores, group = draw(40, ["a", "b"], 3)
    cases.append(case("all positive", np.ones_like(labels), scores, group, rate, 1, 2))
    cases.append(case("one score", labels, np.full(40, 0.5), group, rate, 1, 1))
large = []
for rate in ("selection_rate", "true_positive_rate"):
    labels, scores, group = draw(600, ["a", "b", "c"], 6)
    large.append({"labels": labels.tolist(), "scores": scores.tolist(), "group": group.tolist(), "rate": rate, "errors": dice(labels, scores, group, rate)})
json.dump({"versions": {"python": sys.version.split()[0], "fairlearn": fairlearn.__version__, "numpy": np.__version__}, "cases": cases, "large": large}, sys.stdout)
