"""Fitted numbers of the feature and value steps, from scikit-learn, pandas and NumPy.

Run: python3 test/oracles/features.py > test/oracles/features.json
"""

import json
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.preprocessing import KBinsDiscretizer, MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

warnings.simplefilter("ignore")
random = np.random.default_rng(7)

NUMBERS = {
    "normal": random.normal(50_000, 12_345.678, 101).tolist(),
    "tied": random.integers(-3, 4, 60).astype(float).tolist(),
    "skewed": np.exp(random.normal(0, 3, 77)).tolist(),
    "far from zero": (1e9 + random.random(40)).tolist(),
    "constant": [0.1] * 13,
    "one": [42.5],
    "two": [-1.0, 7.0],
    "tiny": [1e-12, 3e-12, -2e-12, 5e-12],
}


def scaler(kind, values):
    column = np.array(values).reshape(-1, 1)
    return kind.fit(column).transform(column).ravel().tolist()


def minmax(values):
    # scikit-learn applies x * scale + min, which loses seven digits of numbers far from zero; what it
    # has fitted is exact
    fitted = MinMaxScaler().fit(np.array(values).reshape(-1, 1))
    spread = fitted.data_range_[0]
    return [float((x - fitted.data_min_[0]) / spread) if spread > 0 else 0.0 for x in values]


def buckets(values, count):
    edges = np.quantile(values, np.arange(1, count) / count)
    return np.searchsorted(np.unique(edges), values, side="right").tolist()


def kbins(values, count):
    found = KBinsDiscretizer(n_bins=count, encode="ordinal", strategy="quantile", quantile_method="linear")
    return found.fit_transform(np.array(values).reshape(-1, 1)).ravel().tolist()


numbers = {}
for name, values in NUMBERS.items():
    series = pd.Series(values)
    numbers[name] = {
        "values": values,
        "mean": float(np.mean(values)) if name != "constant" else 0.1,
        "median": float(series.median()),
        "mode": float(series.mode().min()),
        "p1": float(np.percentile(values, 1)),
        "p99.5": float(np.percentile(values, 99.5)),
        "clipped": np.clip(values, np.percentile(values, 1), np.percentile(values, 99.5)).tolist(),
        "standard": scaler(StandardScaler(), values),
        "minmax": minmax(values),
        "robust": scaler(RobustScaler(), values),
        "buckets": buckets(values, 4),
        "kbins": kbins(values, 4) if len(set(values)) > 20 else None,
        "log": np.log1p(values).tolist() if min(values) > -1 else None,
    }

WORDS = ["b", "a", "b", "Ä", "😀", "～", "", "a", "b", "z z", "A"]
encoder = OneHotEncoder(sparse_output=False).fit(np.array(WORDS, dtype=object).reshape(-1, 1))
categories = {
    "values": WORDS,
    "categories": encoder.categories_[0].tolist(),
    "hot": encoder.transform(np.array(WORDS, dtype=object).reshape(-1, 1)).astype(int).tolist(),
    "mode": pd.Series(WORDS).mode().min(),
    "tied mode": pd.Series(["b", "a", "b", "a", "c"]).mode().min(),
}

TIMES = ["2001-02-28T23:59:59", "2000-12-31T00:00:00", "1969-12-31T23:59:00", "2024-02-29T12:30:00", "1900-03-01T06:07:00"]
stamps = pd.to_datetime(pd.Series(TIMES))
dates = {
    "values": TIMES,
    "year": stamps.dt.year.tolist(),
    "month": stamps.dt.month.tolist(),
    "day": stamps.dt.day.tolist(),
    "weekday": stamps.dt.isocalendar().day.astype(int).tolist(),
    "hour": stamps.dt.hour.tolist(),
    "minute": stamps.dt.minute.tolist(),
    "day_of_year": stamps.dt.dayofyear.tolist(),
}

print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "pandas": pd.__version__, "scikit-learn": sklearn.__version__},
            "numbers": numbers,
            "categories": categories,
            "dates": dates,
        },
        ensure_ascii=False,
    )
)
