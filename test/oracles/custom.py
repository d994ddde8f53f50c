"""A contract's own metrics by NumPy: python3 test/oracles/custom.py > test/oracles/custom.json

Each expression of a contract stands beside the same in NumPy, which is written by hand. Rows, labels and scores are
written down with what comes of them: over all rows, by group, of a second model on the same rows, and all of it again
where rows have weights, of which some are 0.
"""

import json
import sys

import numpy as np

rng = np.random.default_rng(11)
weigh = np.random.default_rng(12)


def binary(rows):
    label = (rng.uniform(size=rows) < 0.4).astype(int)
    return {
        "task": "binary-classification",
        "classes": ["0", "1"],
        "label": label,
        "scores": np.clip(0.4 * label + rng.uniform(0, 0.6, rows), 0, 1),
        "other": np.clip(0.2 * label + rng.uniform(0, 0.8, rows), 0, 1),
        "amount": np.round(rng.exponential(1000, rows), 2),
        "rate": np.round(rng.normal(0.05, 0.02, rows), 4),
    }


def numbers(rows):
    label = np.round(rng.exponential(50, rows), 3)
    return {
        "task": "regression",
        "classes": [],
        "label": label,
        "scores": label + rng.normal(0, 5, rows),
        "other": label + rng.normal(1, 8, rows),
        "amount": np.round(rng.normal(0, 10, rows), 2),
        "rate": np.round(rng.uniform(0, 1, rows), 4),
    }


def three(rows):
    names = np.array(["Ä", "a b", "b"])  # by code point it is "a b", "b", "Ä"
    classes = ["a b", "b", "Ä"]
    label = names[rng.integers(0, 3, rows)]

    def scores():
        raw = rng.exponential(1, (rows, 3)) + 2 * (label[:, None] == np.array(classes)[None, :])
        return raw / raw.sum(axis=1, keepdims=True)

    return {
        "task": "multiclass-classification",
        "classes": classes,
        "label": label,
        "scores": scores(),
        "other": scores(),
        "amount": np.round(rng.exponential(10, rows), 2),
        "rate": np.round(rng.uniform(0, 1, rows), 4),
    }


def predicted(rows, scores):
    if rows["task"] == "regression":
        return scores
    if rows["task"] == "binary-classification":
        return (scores >= 0.5).astype(int)
    return np.array(rows["classes"])[scores.argmax(axis=1)]


# name: (contract, what each row counts, what it is held against or None)
BINARY = {
    "profit": (
        {"value": "case when prediction = 1 then amount * (rate - 0.6 * (1 - label)) else 0 end", "better": "higher"},
        lambda r, s, p: np.where(p == 1, r["amount"] * (r["rate"] - 0.6 * (1 - r["label"])), 0.0),
        None,
    ),
    "lost": (
        {"value": "case when prediction <> label then amount else 0 end", "aggregate": "sum", "better": "lower"},
        lambda r, s, p: np.where(p != r["label"], r["amount"], 0.0),
        None,
    ),
    "lost_share": (
        {"value": "case when prediction <> label then amount else 0 end", "over": "amount", "better": "lower"},
        lambda r, s, p: np.where(p != r["label"], r["amount"], 0.0),
        lambda r, s, p: r["amount"],
    ),
    "squared": ({"value": "power(score - label, 2)", "better": "lower"}, lambda r, s, p: (s - r["label"]) ** 2, None),
    "right": ({"value": "prediction = label", "better": "higher"}, lambda r, s, p: (p == r["label"]) * 1.0, None),
    "nothing": (
        {"value": "amount", "over": "amount - amount", "better": "higher"},
        lambda r, s, p: r["amount"],
        lambda r, s, p: r["amount"] * 0,
    ),
    "undefined": ({"value": "ln(amount - 500)", "better": "higher"}, lambda r, s, p: np.log(np.where(r["amount"] > 500, r["amount"] - 500, np.nan)), None),
}
NUMBERS = {
    "absolute": ({"value": "abs(prediction - label)", "better": "lower"}, lambda r, s, p: np.abs(p - r["label"]), None),
    "weighted": (
        {"value": "abs(prediction - label) * rate", "over": "rate", "better": "lower"},
        lambda r, s, p: np.abs(p - r["label"]) * r["rate"],
        lambda r, s, p: r["rate"],
    ),
    "signed": ({"value": "(prediction - label) * amount", "aggregate": "sum", "better": "higher"}, lambda r, s, p: (p - r["label"]) * r["amount"], None),
}
THREE = {
    "wrong_b": (
        {"value": "case when prediction = 'b' and label <> 'b' then amount else 0 end", "better": "lower"},
        lambda r, s, p: np.where((p == "b") & (r["label"] != "b"), r["amount"], 0.0),
        None,
    ),
    "sure_a": ({"value": '"score_a b" - score_b', "over": '"score_Ä" + 1', "better": "higher"}, lambda r, s, p: s[:, 0] - s[:, 1], lambda r, s, p: s[:, 2] + 1),
}


def aggregated(contract, values, over, take, weights=None):
    weights = np.ones(len(values)) if weights is None else weights
    take = take & (weights > 0)
    values, weights = values[take], weights[take]
    if np.isnan(values).any() or values.size == 0:
        return None
    if over is not None:
        held = (weights * over[take]).sum()
        return None if held == 0 else float((weights * values).sum() / held)
    return float((weights * values).sum() if contract.get("aggregate") == "sum" else np.average(values, weights=weights))


def case(name, rows, metrics):
    count = len(rows["label"])
    weights = np.where(weigh.uniform(size=count) < 0.1, 0, np.round(weigh.lognormal(0, 1, count), 4))
    weights[0] = 1.5
    groups = np.array(["m", "f", "x|y", "ü"])[rng.choice(4, count, p=[0.5, 0.35, 0.1, 0.05])]
    found = {}
    for metric, (contract, value, over) in metrics.items():
        of = {}
        for which in ("scores", "other"):
            scores = rows[which]
            decided = predicted(rows, scores)
            values = np.asarray(value(rows, scores, decided), float)
            held = None if over is None else np.asarray(over(rows, scores, decided), float)
            of[which] = {
                "value": aggregated(contract, values, held, np.full(count, True)),
                "groups": {g: aggregated(contract, values, held, groups == g) for g in sorted(set(groups))},
                "weighted": aggregated(contract, values, held, np.full(count, True), weights),
                "weighted_groups": {g: aggregated(contract, values, held, groups == g, weights) for g in sorted(set(groups))},
            }
        found[metric] = {"contract": contract, "candidate": of["scores"], "baseline": of["other"]}
    return {
        "name": name,
        "task": rows["task"],
        "classes": rows["classes"],
        "label": rows["label"].tolist(),
        "scores": rows["scores"].tolist(),
        "other": rows["other"].tolist(),
        "amount": rows["amount"].tolist(),
        "rate": rows["rate"].tolist(),
        "group": groups.tolist(),
        "weights": weights.tolist(),
        "metrics": found,
    }


json.dump(
    {
        "made_with": {"python": sys.version.split()[0], "numpy": np.__version__},
        "cases": [
            case("two classes", binary(300), BINARY),
            case("two classes, one row", binary(1), BINARY),
            case("numbers", numbers(250), NUMBERS),
            case("three classes", three(240), THREE),
        ],
    },
    sys.stdout,
    ensure_ascii=False,
)
