"""Impact ratios from Fairlearn: python3 test/oracles/impact.py > test/oracles/impact.json

The rate of each category and of each intersection is MetricFrame's selection_rate; of scores, of those above
the median. Rows of which a category is missing are taken out first, for each column on its own.
"""

import json
import sys

import fairlearn
import numpy as np
from fairlearn.metrics import MetricFrame, selection_rate

rng = np.random.default_rng(144)


def ratios(chosen, columns):
    known = np.all([column != None for column in columns], axis=0)  # noqa: E711
    if not known.any():
        return {}, int((~known).sum())
    frame = MetricFrame(
        metrics=selection_rate, y_true=chosen[known], y_pred=chosen[known],
        sensitive_features={f"c{i}": column[known].astype(str) for i, column in enumerate(columns)},
    )
    rates = {" × ".join(key) if isinstance(key, tuple) else key: float(rate) for key, rate in frame.by_group.dropna().items()}
    highest = max(rates.values())
    return {name: [rate, None if highest == 0 else rate / highest] for name, rate in rates.items()}, int((~known).sum())


def case(title, scores, decisions, sex, race):
    scores, decisions = np.asarray(scores, dtype=float), np.asarray(decisions, dtype=int)
    sex, race = np.asarray(sex, dtype=object), np.asarray(race, dtype=object)
    above = (scores > np.median(scores)).astype(int)
    return {
        "title": title, "scores": scores.tolist(), "decisions": decisions.tolist(), "sex": sex.tolist(), "race": race.tolist(),
        **{
            rate: [dict(zip(("categories", "unknown"), ratios(chosen, columns))) for columns in ([sex], [race], [sex, race])]
            for rate, chosen in (("selection", decisions), ("scoring", above))
        },
    }


def drawn(title, rows, races, missing):
    sex = rng.choice(["female", "male"], rows).astype(object)
    race = rng.choice(races, rows).astype(object)
    sex[rng.random(rows) < missing] = None
    race[rng.random(rows) < missing] = None
    scores = np.round(rng.random(rows), 2)
    return case(title, scores, scores >= 0.6, sex, race)


cases = [
    drawn("many rows, some unknown", 400, ["a", "b", "c", "d", "e"], 0.1),
    drawn("few rows, many ties", 23, ["a", "b", "c"], 0.2),
    case("one row", [0.4], [1], ["f"], ["a"]),
    case("nobody is selected", [0.5, 0.5, 0.5], [0, 0, 0], ["f", "m", "m"], ["a", "a", "b"]),
    case("everybody is", [0.1, 0.2, 0.3, 0.4], [1, 1, 1, 1], ["f", "m", "f", "m"], ["a", "a", "b", "b"]),
    case("names with a cross", [0.9, 0.2, 0.8, 0.4], [1, 0, 1, 0], ["f × x", "m", "f × x", "m"], ["é", "e", "z", "Z"]),
]
json.dump({"versions": {"python": sys.version.split()[0], "fairlearn": fairlearn.__version__, "numpy": np.__version__}, "cases": cases}, sys.stdout, indent=1, ensure_ascii=False)
