"""Importance, partial dependence and what single columns tell: python3 test/oracles/robustness.py > test/oracles/robustness.json

scikit-learn shuffles and sets the columns; the orders that it drew are written down, so that the same rows are asked about.
"""

import json
import sys
import warnings

import numpy as np
import scipy
import sklearn
from scipy.stats import spearmanr
from scipy.stats.mstats import mquantiles
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, normalized_mutual_info_score, roc_auc_score

warnings.simplefilter("ignore")
rng = np.random.default_rng(2026)


def importance(title, X, y, model, metric, score, better):
    orders = []

    def scoring(_, Xp, yp):
        moved = [j for j in range(X.shape[1]) if not np.array_equal(Xp[:, j], X[:, j])]
        if len(moved) == 1:
            at = {v: i for i, v in enumerate(X[:, moved[0]])}
            orders.append({"column": moved[0], "order": [at[v] for v in Xp[:, moved[0]]]})
        return score(yp, model, Xp)

    found = permutation_importance(model, X, y, scoring=scoring, n_repeats=4, random_state=11)
    return {
        "title": title, "columns": X.T.tolist(), "labels": y.tolist(), "metric": metric, "better": better,
        "coefficients": np.ravel(model.coef_).tolist(), "intercept": float(np.ravel(model.intercept_)[0]), "orders": orders,
        "mean": found.importances_mean.tolist(), "each": found.importances.tolist(), "value": float(score(y, model, X)),
    }


n = 240
X = rng.normal(size=(n, 3)) * [1, 3, 0.2] + [0, 10, -1]
y = (X[:, 0] + 0.3 * (X[:, 1] - 10) + rng.logistic(size=n) > 0).astype(int)
logistic = LogisticRegression(C=10).fit(X, y)
target = 2 * X[:, 0] - X[:, 1] + rng.normal(size=n)
linear = LinearRegression().fit(X, target)
p = lambda m, x: m.predict_proba(x)[:, 1]
importances = [
    importance("AUC", X, y, logistic, "roc_auc", lambda t, m, x: roc_auc_score(t, p(m, x)), "higher"),
    importance("log loss", X, y, logistic, "log_loss", lambda t, m, x: -log_loss(t, p(m, x)), "lower"),
    importance("accuracy", X, y, logistic, "accuracy", lambda t, m, x: accuracy_score(t, p(m, x) >= 0.5), "higher"),
    importance("error", X, target, linear, "mae", lambda t, m, x: -mean_absolute_error(t, m.predict(x)), "lower"),
]

dependences = []
few = X.copy()
few[:, 0] = rng.integers(0, 7, n)
for title, data in (("continuous", X), ("seven values", few), ("exactly as many values as points", np.column_stack([np.resize(np.arange(20.0), n), X[:, 1], X[:, 2]]))):
    model = LogisticRegression(C=10).fit(data, y)
    for j in range(3):
        found = partial_dependence(model, data, [j], kind="average", method="brute", response_method="predict_proba", grid_resolution=20)
        dependences.append({
            "title": title, "columns": data.T.tolist(), "column": j, "coefficients": np.ravel(model.coef_).tolist(),
            "intercept": float(model.intercept_[0]), "grid": found["grid_values"][0].tolist(), "mean": found["average"][0].tolist(),
        })
quantiles = [
    {"values": sorted(v.tolist()), "ends": mquantiles(v, prob=(0.05, 0.95)).tolist()}
    for v in (rng.normal(size=n) for n in (21, 22, 57, 100, 1000))
]


def eta(codes, values):
    counts = {c: (codes == c).sum() for c in set(codes.tolist())}
    lumped = np.array([c if counts[c] > 1 else -2 for c in codes])
    m = values.mean()
    return float(sum((lumped == c).sum() * (values[lumped == c].mean() - m) ** 2 for c in set(lumped.tolist())) / ((values - m) ** 2).sum())


k = rng.integers(0, 8, 400)
pairs = []
for title, a, b in [
    ("independent", rng.integers(0, 5, 200), rng.integers(0, 3, 200)),
    ("the same", np.resize([0, 1, 2], 90), np.resize([0, 1, 2], 90)),
    ("renamed", np.resize([2, 0, 1], 90), np.resize([0, 1, 2], 90)),
    ("one value", np.zeros(50, int), rng.integers(0, 2, 50)),
    ("one class", rng.integers(0, 4, 50), np.zeros(50, int)),
    ("both one", np.zeros(9, int), np.zeros(9, int)),
    ("dependent", k, (k + rng.integers(0, 3, 400)) % 4),
]:
    pairs.append({"title": title, "a": np.asarray(a).tolist(), "b": np.asarray(b).tolist(), "nmi": float(normalized_mutual_info_score(a, b))})
correlations = []
for title, x, z in [
    ("ties", rng.integers(0, 6, 120).astype(float), rng.normal(size=120)),
    ("monotone", np.arange(50.0), np.exp(np.arange(50.0) / 9)),
    ("falling", np.arange(20.0), -np.arange(20.0) ** 3),
    ("noise", rng.normal(size=80), rng.normal(size=80)),
]:
    correlations.append({"title": title, "x": x.tolist(), "y": z.tolist(), "rho": float(spearmanr(x, z).statistic)})
k = rng.integers(0, 6, 150)
ratios = [
    {"codes": c.tolist(), "values": v.tolist(), "eta": eta(c, v)}
    for c, v in [(k, rng.normal(size=150) + k), (np.arange(40), rng.normal(size=40)), (np.r_[np.zeros(30, int), np.arange(1, 9)], rng.normal(size=38))]
]
aucs = [
    {"values": v.tolist(), "labels": t.tolist(), "auc": float(roc_auc_score(t, v))}
    for v, t in [(rng.normal(size=90), rng.integers(0, 2, 90)), (rng.integers(0, 4, 90).astype(float), rng.integers(0, 2, 90)), (np.arange(30.0), np.r_[np.ones(15, int), np.zeros(15, int)])]
]

json.dump(
    {
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "importances": importances, "dependences": dependences, "quantiles": quantiles, "pairs": pairs, "correlations": correlations,
        "ratios": ratios, "aucs": aucs,
    },
    sys.stdout,
)
sys.stdout.write("\n")
