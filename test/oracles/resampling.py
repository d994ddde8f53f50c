"""Permutation tests, stratified and block resampling: python3 test/oracles/resampling.py > test/oracles/resampling.json

Tests over all swaps are SciPy's; how far the circular block bootstrap's mean scatters follows from its definition,
and arch draws it; stratified scatter follows from that of each class.
"""

import json
import sys

import numpy as np
import scipy
from arch.bootstrap import CircularBlockBootstrap
from scipy import stats
from sklearn import metrics as m

import arch
import sklearn

rng = np.random.default_rng(3)


def swaps(labels, a, b, statistic, n_resamples=np.inf):
    def difference(x, z, axis=-1):
        return np.apply_along_axis(lambda both: statistic(labels, both[: len(labels)]) - statistic(labels, both[len(labels) :]), axis, np.concatenate([x, z], axis=axis))

    result = stats.permutation_test((a, b), difference, permutation_type="samples", vectorized=True, n_resamples=n_resamples, alternative="two-sided")
    return {"difference": float(result.statistic), "p": float(result.pvalue)}


y = np.array([0, 1, 1, 0, 1, 0, 0, 1, 0, 1])
a = np.clip(0.5 + 0.25 * (2 * y - 1) + rng.normal(0, 0.25, 10), 0, 1).round(2)
b = np.clip(0.5 + 0.05 * (2 * y - 1) + rng.normal(0, 0.25, 10), 0, 1).round(2)
true = rng.normal(10, 2, 9)
c, d = true + rng.normal(0, 1, 9), true + rng.normal(0.5, 2, 9)
of_decisions = lambda f: (lambda t, s: f(t, (s >= 0.5).astype(int)))
permutation = {
    "labels": y.tolist(), "candidate": a.tolist(), "baseline": b.tolist(),
    "tests": {
        "accuracy": swaps(y, a, b, of_decisions(m.accuracy_score)),
        "f1": swaps(y, a, b, of_decisions(lambda t, s: m.f1_score(t, s, zero_division=0))),
        "roc_auc": swaps(y, a, b, m.roc_auc_score),
        "average_precision": swaps(y, a, b, m.average_precision_score),
        "log_loss": swaps(y, a, b, m.log_loss),
        "brier": swaps(y, a, b, m.brier_score_loss),
    },
    "true": true.tolist(), "c": c.tolist(), "d": d.tolist(),
    "numbers": {
        "rmse": swaps(true, c, d, m.root_mean_squared_error),
        "mae": swaps(true, c, d, m.mean_absolute_error),
        "r2": swaps(true, c, d, m.r2_score),
        "median_ae": swaps(true, c, d, m.median_absolute_error),
    },
}

n, length = 240, 8
series = np.zeros(n)
for t in range(1, n):
    series[t] = 0.7 * series[t - 1] + rng.normal()
twice = np.concatenate([series, series])
blocks = np.array([twice[s : s + length].sum() for s in range(n)])
exact = float(np.sqrt((n // length) * blocks.var()) / n)
drawn = CircularBlockBootstrap(length, series, seed=1).apply(np.mean, 20000).std()
assert abs(drawn - exact) < 0.02 * exact
block = {"errors": series.tolist(), "length": length, "deviation": exact, "independent": float(series.std() / np.sqrt(n))}

labels = np.array([0] * 90 + [1] * 10)
losses = np.where(labels == 1, rng.gamma(3, 1, 100), rng.gamma(1, 0.3, 100))
stratified = {
    "labels": labels.tolist(), "losses": losses.tolist(),
    "deviation": float(np.sqrt(sum((labels == k).sum() * losses[labels == k].var() for k in (0, 1))) / 100),
    "plain": float(losses.std() / 10),
}
versions = {"scipy": scipy.__version__, "arch": arch.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__}
json.dump({"versions": versions, "permutation": permutation, "block": block, "stratified": stratified}, sys.stdout)
