"""SciPy's BCa interval with the resamples it rests on: python3 test/oracles/bca.py > test/oracles/bca.json

The resampled values are written down, so that the interval can be held to SciPy's exactly: the same values, the same
ends. Metrics are by scikit-learn.
"""

import json
import sys
import warnings

import numpy as np
import scipy
import sklearn
from scipy.stats import bootstrap
from sklearn.metrics import accuracy_score, f1_score, log_loss, mean_absolute_error, r2_score, root_mean_squared_error

warnings.filterwarnings("ignore")
rng = np.random.default_rng(2)


def numbers(rows):
    truth = rng.exponential(3, rows)
    return truth, truth + rng.normal(0, 1, rows) * truth


def classes(rows, share):
    truth = (rng.uniform(size=rows) < share).astype(int)
    return truth, np.clip(0.5 * truth + rng.uniform(0, 0.6, rows), 0.01, 0.99)


def case(metric, task, labels, scores, of, other=None, confidence=0.95):
    data = (labels, scores) if other is None else (labels, scores, other)
    result = bootstrap(data, of, paired=True, vectorized=False, n_resamples=499, method="BCa", confidence_level=confidence, rng=np.random.default_rng(1))
    low, high = result.confidence_interval
    return {
        "metric": metric,
        "task": task,
        "labels": np.asarray(labels).tolist(),
        "scores": np.asarray(scores).tolist(),
        "baseline": None if other is None else np.asarray(other).tolist(),
        "confidence": confidence,
        "resampled": result.bootstrap_distribution.tolist(),
        "low": float(low),
        "high": float(high),
    }


def decided(of):
    return lambda y, s: of(y, (s >= 0.5).astype(int))


def change(of):
    return lambda y, s, t: of(y, s) - of(y, t)


y, p = numbers(40)
z, s = classes(60, 0.3)
t = np.clip(s + rng.normal(0, 0.15, 60), 0.01, 0.99)
q = p + rng.normal(0, 1, 40)
f1 = lambda y, d: f1_score(y, d, zero_division=0)
json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "cases": [
            case("rmse", "regression", y, p, root_mean_squared_error),
            case("mae", "regression", y, p, mean_absolute_error, confidence=0.8),
            case("r2", "regression", y, p, r2_score),
            case("rmse", "regression", y, p, change(root_mean_squared_error), q),
            case("accuracy", "binary-classification", z, s, decided(accuracy_score)),
            case("f1", "binary-classification", z, s, decided(f1)),
            case("f1", "binary-classification", z, s, change(decided(f1)), t),
            case("log_loss", "binary-classification", z, s, lambda y, p: log_loss(y, p, labels=[0, 1])),
        ],
    },
    sys.stdout,
)
