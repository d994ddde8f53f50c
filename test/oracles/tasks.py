"""Rankings and forecasts: python3 test/oracles/tasks.py > test/oracles/tasks.json

NDCG and average precision are scikit-learn's, query by query; MASE and sMAPE are sktime's, series by series; pinball
is scikit-learn's. Reciprocal ranks, precision and recall of the first k, coverage and interval scores are computed
here with NumPy from their definitions.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
import sktime
from sklearn import metrics as m
from sktime.performance_metrics.forecasting import mean_absolute_percentage_error, mean_absolute_scaled_error

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)


def first_relevant(y, s):
    best = s[y > 0].max()
    return 1 / (s >= best).sum()


def hits(y, s, k):
    """Expected hits among the first k where equal scores stand in any order."""
    total = 0.0
    for value in sorted(set(s), reverse=True):
        above, tied = (s > value).sum(), s == value
        room = max(0, min(k, above + tied.sum()) - above)
        total += room * (y[tied] > 0).mean()
    return total


def ranking(title, queries, y, s):
    queries, y, s = np.asarray(queries), np.asarray(y, float), np.asarray(s, float)
    own = [(y[queries == q], s[queries == q]) for q in sorted(set(queries)) if (y[queries == q] > 0).any()]
    mean = lambda f: float(np.mean([f(a, b) for a, b in own])) if own else None

    def ndcg(k):
        # one row alone: scikit-learn refuses, and its order is the best there is
        return lambda a, b: m.ndcg_score([a], [b], k=k) if len(a) > 1 else 1.0

    out = {f"ndcg_{k}": mean(ndcg(k)) for k in (1, 3, 5, 10, 20, 100)}
    out["ndcg"] = mean(ndcg(None))
    out["map"] = mean(lambda a, b: m.average_precision_score(a > 0, b))
    out["mrr"] = mean(first_relevant)
    for k in (1, 5, 10):
        out[f"precision_at_{k}"] = mean(lambda a, b: hits(a, b, k) / k)
        out[f"recall_at_{k}"] = mean(lambda a, b: hits(a, b, k) / (a > 0).sum())
    return {"title": title, "queries": queries.tolist(), "labels": y.tolist(), "scores": s.tolist(), "expected": out}


def forecast(title, train, series, y, p, season, quantiles, w=None):
    """train: values of each series in the order of time."""
    series, y, p = np.asarray(series), np.asarray(y, float), np.asarray(p, float)
    scale = np.array([np.abs(np.diff(train[s], n=1)).mean() if season == 1 else np.abs(train[s][season:] - train[s][:-season]).mean() for s in series])
    out = {}
    if w is None:
        each = [(mean_absolute_scaled_error(y[series == s], p[series == s], y_train=train[s], sp=season), (series == s).sum()) for s in sorted(set(series))]
        out["mase"] = float(sum(v * n for v, n in each) / len(y))
        out["smape"] = float(mean_absolute_percentage_error(y, p, symmetric=True))
    else:
        out["mase"] = float(np.average(np.abs(y - p) / scale, weights=w))
        out["smape"] = float(np.average(2 * np.abs(y - p) / (np.abs(y) + np.abs(p)), weights=w))
    out["mae"] = m.mean_absolute_error(y, p, sample_weight=w)
    out["rmse"] = m.root_mean_squared_error(y, p, sample_weight=w)
    losses = {q: m.mean_pinball_loss(y, v, alpha=q / 100, sample_weight=w) for q, v in quantiles.items()}
    if losses:
        out["pinball"] = float(np.mean(list(losses.values())))
    for q in (10, 50, 90):
        if q in losses:
            out[f"pinball_{q}"] = losses[q]
    for percent in (50, 80, 90, 95):
        low, high = 50 - percent / 2, 50 + percent / 2
        if low in quantiles and high in quantiles:
            a, b = quantiles[low], quantiles[high]
            out[f"coverage_{percent}"] = float(np.average((y >= a) & (y <= b), weights=w))
            score = (b - a) + 2 / (1 - percent / 100) * (np.maximum(0, a - y) + np.maximum(0, y - b))
            out[f"interval_score_{percent}"] = float(np.average(score, weights=w))
    return {
        "title": title, "season": season, "labels": y.tolist(), "predictions": p.tolist(), "series": series.tolist(),
        "train": [{"series": int(s), "values": list(map(float, v))} for s, v in train.items()],
        "quantiles": [[q, v.tolist()] for q, v in quantiles.items()], "weights": None if w is None else w.tolist(), "expected": out,
    }


sizes = rng.integers(1, 30, 25)
queries = np.repeat(np.arange(25), sizes)
n = len(queries)
graded = rng.choice([0, 0, 0, 1, 2, 3], n)
scores = graded * 0.4 + rng.normal(0, 1, n)
order = rng.permutation(n)
train = {s: 10 * (s + 1) + 3 * np.sin(np.arange(60) * 2 * np.pi / 7) + rng.normal(0, 1, 60) for s in range(3)}
series = np.repeat(np.arange(3), 14)
y = np.concatenate([10 * (s + 1) + 3 * np.sin(np.arange(60, 74) * 2 * np.pi / 7) + rng.normal(0, 1, 14) for s in range(3)])
p = y + rng.normal(0.3, 1.2, len(y))
spread = lambda z: p + z
quantiles = {q: spread(z) for q, z in ((2.5, -2.4), (5, -2.0), (10, -1.5), (25, -0.8), (50, 0.0), (75, 0.8), (90, 1.5), (95, 2.0), (97.5, 2.4))}
cases = {
    "ranking": [
        ranking("graded, queries of 1 to 29 rows", queries[order], graded[order], scores[order]),
        ranking("ties everywhere", queries, graded, np.round(scores)),
        ranking("all scores equal", queries, graded, np.zeros(n)),
        ranking("relevant or not", queries, graded > 1, scores),
        ranking("all relevant rows first", [0, 0, 0, 1, 1], [2, 1, 0, 1, 0], [0.9, 0.5, 0.1, 0.7, 0.3]),
        ranking("all relevant rows last", [0, 0, 0, 1, 1], [0, 1, 2, 0, 1], [0.9, 0.5, 0.1, 0.7, 0.3]),
        ranking("one row", [0], [1], [0.2]),
        ranking("a query without a relevant row", [0, 0, 1, 1], [0, 0, 1, 0], [0.4, 0.3, 0.2, 0.1]),
        ranking("nothing relevant", [0, 0], [0, 0], [0.4, 0.3]),
    ],
    "forecast": [
        forecast("three series, the moment before", train, series, y, p, 1, {}),
        forecast("three series, the week before, quantiles", train, series, y, p, 7, quantiles),
        forecast("weights", train, series, y, p, 7, quantiles, rng.gamma(2, 1, len(y))),
        forecast("one row", {0: np.array([1.0, 3.0, 2.0])}, [0], [4.0], [3.0], 1, {10: np.array([2.0]), 90: np.array([3.5])}),
        forecast("all right", train, series, y, y, 7, {50: y}),
    ],
}
json.dump({"versions": {"scikit-learn": sklearn.__version__, "sktime": sktime.__version__, "numpy": np.__version__}, **cases}, sys.stdout)
