"""Trains the model of trainyard.yaml: Parquet in, ONNX out. Nothing here sees a label that is held out."""

import json
import os

import numpy as np
import pyarrow.parquet as pq
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier

with open(os.environ["TRAINYARD_INPUTS"], encoding="utf-8") as file:
    given = json.load(file)

rows = pq.read_table(given["train"])
x = np.column_stack([rows[name].to_numpy() for name in given["features"]]).astype("float32")
y = rows[given["label"]].to_numpy(zero_copy_only=False).astype("int64")  # ONNX knows no truth values as classes

params = given["params"]
model = RandomForestClassifier(
    n_estimators=params["trees"],
    max_depth=params["depth"],
    min_samples_leaf=5,
    random_state=given["seed"],
).fit(x, y)

onnx = to_onnx(model, x[:1], options={"zipmap": False})
with open(given["out"], "wb") as file:
    file.write(onnx.SerializeToString())
