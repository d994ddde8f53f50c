"""A forest as ONNX, and what scikit-learn says of it: robustness.py train | robustness.py check

Rows are read from rows.csv, the report from .trainyard/evaluation.json.
"""

import json
import pickle
import sys

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.pipeline import Pipeline

NAMES = ["a", "b", "d"]

if sys.argv[1] == "train":
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    rows = pd.read_csv("rows.csv")[:1000]
    model = Pipeline([
        ("columns", ColumnTransformer([("all", "passthrough", NAMES)])),
        ("forest", RandomForestClassifier(40, max_depth=6, random_state=0)),
    ]).fit(rows[NAMES].astype(np.float32), rows.y)
    onnx = to_onnx(model, initial_types=[(name, FloatTensorType([None, 1])) for name in NAMES], options={"zipmap": False})
    with open("model.onnx", "wb") as file:
        file.write(onnx.SerializeToString())
    with open("model.pickle", "wb") as file:
        pickle.dump(model, file)
else:
    with open("model.pickle", "rb") as file:
        model = pickle.load(file)
    robustness = json.load(open(".trainyard/evaluation.json"))["robustness"]
    rows = pd.read_parquet(".trainyard/prepared.parquet")
    held = rows[rows["__split"] == "holdout"]
    x = held[NAMES].astype(float)
    found = permutation_importance(model, x, held.y, scoring="roc_auc", n_repeats=60, random_state=0)
    error = found.importances_std / np.sqrt(60)
    importance = {
        name: {"mean": found.importances_mean[j], "error": error[j], "spread": found.importances_std[j]} for j, name in enumerate(NAMES)
    }
    farthest = 0.0
    for one in robustness["dependence"]:
        theirs = partial_dependence(model, x, [one["column"]], grid_resolution=20, method="brute", response_method="predict_proba")
        farthest = max(
            farthest,
            np.abs(theirs["average"][0] - [point["score"] for point in one["points"]]).max(),
            np.abs(theirs["grid_values"][0] - [point["value"] for point in one["points"]]).max(),
        )
    json.dump({"rows": len(held), "importance": importance, "curves": len(robustness["dependence"]), "farthest": farthest}, sys.stdout)
