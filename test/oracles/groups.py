"""Rates of groups as Fairlearn, Aequitas and AIF360 have them, and intervals of two shares:
python3 test/oracles/groups.py > test/oracles/groups.json

Also where a denominator is empty: there each library answers in its own way, which like.ts knows.
"""

import json
import sys
import warnings
from importlib.metadata import version

import aif360.datasets
import numpy as np
import pandas as pd
from aequitas.bias import Bias
from aequitas.group import Group
from aif360.metrics import ClassificationMetric
from fairlearn import metrics as f
from scipy.stats import norm
from sklearn.metrics import accuracy_score, precision_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

warnings.simplefilter("ignore")
rng = np.random.default_rng(2016)
plain = lambda v: None if v is None or not np.isfinite(v) else float(v)
AEQUITAS = ["tpr", "tnr", "for", "fdr", "fpr", "fnr", "npv", "precision", "ppr", "pprev", "prev"]
AIF = [
    "statistical_parity_difference", "disparate_impact", "equal_opportunity_difference", "average_odds_difference",
    "average_abs_odds_difference", "false_discovery_rate_difference", "false_omission_rate_difference", "error_rate_difference",
    "generalized_entropy_index", "theil_index", "between_all_groups_theil_index",
]


def case(title, y, d, group):
    y, d, group = np.asarray(y, dtype=int), np.asarray(d, dtype=int), np.asarray(group)
    names = sorted(set(group))  # by code point, as we sort
    frame = f.MetricFrame(
        metrics={
            "selection_rate": f.selection_rate, "true_positive_rate": f.true_positive_rate, "false_positive_rate": f.false_positive_rate,
            "true_negative_rate": f.true_negative_rate, "false_negative_rate": f.false_negative_rate, "accuracy": accuracy_score,
            "precision": lambda a, b: precision_score(a, b, zero_division=0),
        },
        y_true=y, y_pred=d, sensitive_features=group,
    )
    fairlearn = {
        name: {
            "by_group": [plain(frame.by_group.loc[g, name]) for g in names], "difference": plain(frame.difference()[name]),
            "ratio": plain(frame.ratio()[name]), "group_min": plain(frame.group_min()[name]), "group_max": plain(frame.group_max()[name]),
        }
        for name in frame.by_group.columns
    }
    table = pd.DataFrame({"score": d, "label_value": y, "g": group})
    xtab, _ = Group().get_crosstabs(table, attr_cols=["g"])
    majority = max(names, key=lambda g: ((group == g).sum(), -names.index(g)))
    bias = Bias().get_disparity_predefined_groups(xtab, original_df=table, ref_groups_dict={"g": majority}, check_significance=False)
    bias = bias.set_index("attribute_value")
    aequitas = {
        m: {"metric": [plain(bias.loc[g, m]) for g in names], "disparity": [plain(bias.loc[g, m + "_disparity"]) if m + "_disparity" in bias else None for g in names]}
        for m in AEQUITAS
    }
    code = np.array([names.index(g) for g in group])
    data = pd.DataFrame({"g": (group == majority).astype(float), "y": y.astype(float), "code": code})
    truth = aif360.datasets.BinaryLabelDataset(df=data, label_names=["y"], protected_attribute_names=["g"])
    said = truth.copy()
    said.labels = d.reshape(-1, 1).astype(float)
    metric = ClassificationMetric(truth, said, unprivileged_groups=[{"g": 0.0}], privileged_groups=[{"g": 1.0}])
    aif = {name: plain(getattr(metric, name)()) for name in AIF}
    return {
        "title": title, "labels": y.tolist(), "decisions": d.tolist(), "group": group.tolist(), "names": names, "majority": majority,
        "fairlearn": fairlearn, "aequitas": aequitas, "aif360": aif,
    }


def mover_ratio(a, m, b, n, confidence):
    """Donner and Zou (2012), equation for the ratio, from statsmodels' Wilson intervals."""
    l1, u1 = proportion_confint(a, m, 1 - confidence, "wilson")
    l2, u2 = proportion_confint(b, n, 1 - confidence, "wilson")
    p, q = a / m, b / n
    low = (p * q - np.sqrt((p * q) ** 2 - l1 * u2 * (2 * p - l1) * (2 * q - u2))) / (u2 * (2 * q - u2))
    high = (p * q + np.sqrt((p * q) ** 2 - u1 * l2 * (2 * p - u1) * (2 * q - l2))) / (l2 * (2 * q - l2))
    return low, high


def shares(a, m, b, n, confidence):
    low, high = confint_proportions_2indep(a, m, b, n, compare="diff", method="newcomb", alpha=1 - confidence)
    ratio = mover_ratio(a, m, b, n, confidence) if 0 < a and 0 < b else (None, None)
    return {"counts": [a, m, b, n], "confidence": confidence, "difference": [max(-1, low), min(1, high)], "ratio": [plain(x) for x in ratio]}


def holm(counts, limit):
    """Which of several shares lie below a limit: score tests, Holm's correction for all of them."""
    z = [(a / n - limit) / np.sqrt(limit * (1 - limit) / n) for a, n in counts]
    p = [2 * norm.sf(-v) if v < 0 else 1 for v in z]
    return {"counts": counts, "limit": limit, "broken": [bool(r) for r in multipletests(p, 0.05, "holm")[0]]}


sizes = {"African-American": 340, "Caucasian": 230, "Hispanic": 60, "Other": 40, "Asian": 2, "Native American": 4}  # COMPAS-like
group = np.concatenate([[g] * n for g, n in sizes.items()])
y = (rng.random(len(group)) < 0.45).astype(int)
d = np.where(rng.random(len(group)) < 0.7, y, rng.integers(0, 2, len(group)))
sex = rng.choice(["Female", "Male"], len(group), p=[0.2, 0.8])
n = 600
cube = np.array([f"{a}|{b}|{c}" for a, b, c in zip(rng.choice(list("xyz"), n), rng.choice(list("pqrst"), n), rng.choice(["ä", "z", "Z", "a"], n, p=[0.7, 0.1, 0.1, 0.1]))])
yn, dn = rng.integers(0, 2, n), rng.integers(0, 2, n)
one = [0, 1, 0, 1, 1, 0, 1, 1]

json.dump(
    {
        "versions": {"python": sys.version.split()[0], **{p: version(p) for p in ("fairlearn", "aequitas", "aif360", "statsmodels", "pandas", "scikit-learn")}},
        "cases": [
            case("COMPAS-like races, groups of two and four", y, d, group),
            case("race and sex", y, d, [f"{a}|{b}" for a, b in zip(group, sex)]),
            case("3 × 5 × 4 intersections with accents and capitals", yn, dn, cube),
            case("a group of one", one, [0, 1, 1, 1, 0, 0, 1, 1], ["a"] * 4 + ["b"] * 3 + ["c"]),
            case("a group without a positive", [0, 0, 0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 0, 0, 1, 1], ["a"] * 3 + ["b"] * 5),
            case("all right", one, one, ["a", "b"] * 4),
            case("all wrong", one, [1 - v for v in one], ["a", "b"] * 4),
            case("nobody selected", one, [0] * 8, ["a", "b"] * 4),
            case("all selected", one, [1] * 8, ["a", "b"] * 4),
            case("strings that sort differently by locale", one * 2, [0, 1, 1, 1, 0, 0, 1, 0] * 2, ["a", "B", "ä", "Z", "z", "É", "e", "_"] * 2),
        ],
        "shares": [
            shares(a, m, b, k, c)
            for a, m, b, k in [(56, 70, 48, 80), (9, 10, 3, 10), (0, 10, 0, 20), (0, 10, 20, 20), (10, 10, 10, 10), (1, 1, 0, 1), (3, 8, 200, 1000), (1, 5000, 2, 7000)]
            for c in (0.9, 0.95, 0.999)
        ],
        "holm": [
            holm([list(map(int, c)) for c in cells], limit)
            for limit, cells in [
                (0.8, [(90, 100), (70, 100), (60, 100), (85, 100)]),
                (0.8, [(72, 100), (72, 100), (72, 100), (90, 100)]),
                (0.8, [(71, 100), (72, 100), (90, 100)]),
                (0.5, [(10, 20), (3, 20), (2, 20), (5, 20), (4, 20)]),
                (0.5, [(10, 20)] * 20 + [(5, 20)]),
                *[(0.6, [(rng.binomial(n, 0.5), n) for n in rng.integers(10, 150, 8)]) for _ in range(12)],
            ]
        ],
        # Newcombe (1998), Statistics in Medicine 17, 2635-2650, table II, method 10, as published: four digits.
        "paired": [{"cells": [36, 12, 2, 0], "interval": [0.0569, 0.3404]}],
    },
    sys.stdout,
)
