"""A training command as users write it: scikit-learn, leaving what `params.leave` says.

Beside it stays the fitted model itself (model.joblib), for recompute.py to ask.
"""

import json
import os

import joblib
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

with open(os.environ["TRAINYARD_INPUTS"]) as file:
    given = json.load(file)
leave, names = given["params"]["leave"], given["features"]
train, holdout = pd.read_parquet(given["train"]), pd.read_parquet(given["holdout"])
y = train[given["label"]]
if y.dtype == bool:
    y = y.astype("int64")  # ONNX has no boolean classes
classifier = LogisticRegression(max_iter=2000, random_state=given["seed"])

if leave == "columns":
    text = [name for name in names if train[name].dtype.kind not in "iufb"]
    numbers = [name for name in names if name not in text]
    model = make_pipeline(make_column_transformer((OneHotEncoder(handle_unknown="ignore"), text), (StandardScaler(), numbers)), classifier)
    model.fit(train[names], y)
    types = [(name, StringTensorType([None, 1]) if name in text else FloatTensorType([None, 1])) for name in names]
    onnx = to_onnx(model, initial_types=types, options={"zipmap": False})
else:
    x = train[names].to_numpy("float32")
    model = classifier.fit(x, y)
    onnx = to_onnx(model, x[:1], options={"zipmap": False})

joblib.dump(model, "model.joblib")
if leave == "predictions":
    scores = model.predict_proba(holdout[names].to_numpy("float32"))
    columns = {"score": scores[:, 1]} if scores.shape[1] == 2 else dict(zip(model.classes_, scores.T))
    pd.DataFrame({"id": holdout["id"], **columns}).sample(frac=1, random_state=1).to_csv(given["out"], index=False)
else:
    with open(given["out"], "wb") as file:
        file.write(onnx.SerializeToString())
