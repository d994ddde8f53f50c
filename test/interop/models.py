"""Trains fresh models, and leaves each as its library exports it, beside what the library itself predicts.

    models.py FOLDER FAMILY       FAMILY: scikit-learn, boosting, torch

Writes FOLDER/NAME.onnx, FOLDER/NAME.csv (the holdout's features and label) and FOLDER/NAME.predictions.csv (label and
the library's own scores), and prints what there is as JSON.
"""

import json
import os
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
folder, family = sys.argv[1:]
random = np.random.default_rng(int(os.environ.get("SEED", "3")))
ROWS, WIDTH = 900, 5
X = random.normal(size=(ROWS, WIDTH)).astype(np.float32)
target = 2 * X[:, 0] - X[:, 1] * X[:, 2] + random.normal(size=ROWS)
yes = (target > 0).astype(np.int64)
words = np.array(["no", "yes"])[yes]
three = np.digitize(target, np.quantile(target, [0.33, 0.66])).astype(np.int64)
grades = np.array(["low", "middle", "high"])[three]
train, held = slice(0, 600), slice(600, None)
made = []


def csv(path, columns):
    names = list(columns)
    with open(path, "w") as file:
        file.write(",".join(names) + "\n")
        for row in zip(*columns.values()):
            file.write(",".join(repr(value.item()) if isinstance(value, np.generic) and not isinstance(value, np.str_) else str(value) for value in row) + "\n")


def leave(name, onnx, labels, scores, classes=None, positive=None, logits=False):
    """scores: one column a class in the order of `classes`, or one number."""
    path = os.path.join(folder, name)
    with open(f"{path}.onnx", "wb") as file:
        file.write(onnx if isinstance(onnx, bytes) else onnx.SerializeToString())
    features = {f"x{place}": X[held, place] for place in range(WIDTH)}
    csv(f"{path}.csv", {**features, "y": labels[held]})
    scores = np.asarray(scores, dtype=float).reshape(len(labels[held]), -1)
    names = [f"p_{one}" for one in classes] if classes and len(classes) > 2 else ["score"]
    if classes and len(classes) == 2 and scores.shape[1] == 2:
        scores = scores[:, [classes.index(positive)]]
    csv(f"{path}.predictions.csv", {"y": labels[held], **{one: scores[:, place] for place, one in enumerate(names)}})
    made.append({"name": name, "classes": classes, "positive": positive, "scores": names, "logits": logits})


def scikit_learn():
    from skl2onnx import to_onnx
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    for name, model in {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
        "forest": RandomForestClassifier(20, max_depth=5, random_state=1),
        "extra": ExtraTreesClassifier(20, max_depth=5, random_state=1),
        "boosting": GradientBoostingClassifier(n_estimators=20, random_state=1),
        "network": MLPClassifier((6,), max_iter=200, random_state=1),
        "bayes": GaussianNB(),
        "calibrated": CalibratedClassifierCV(LinearSVC(), cv=3),
    }.items():
        for kind, labels in [("words", words), ("grades", grades)]:
            model.fit(X[train], labels[train])
            classes = [str(one) for one in model.classes_]
            leave(f"{name}-{kind}", to_onnx(model, X[:1]), labels, model.predict_proba(X[held]), classes, "no" if kind == "words" else None)
    for name, model in {"ridge": Ridge(), "trees": RandomForestRegressor(10, max_depth=5, random_state=1)}.items():
        model.fit(X[train], target[train])
        leave(name, to_onnx(model, X[:1]), target, model.predict(X[held]))


def boosting():
    import lightgbm
    import xgboost
    from onnxmltools.convert import convert_lightgbm, convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    takes = [("input", FloatTensorType([None, WIDTH]))]
    one = xgboost.XGBClassifier(n_estimators=20, max_depth=3).fit(X[train], yes[train])
    leave("xgboost", convert_xgboost(one, initial_types=takes), yes, one.predict_proba(X[held]), ["0", "1"], "1")
    many = xgboost.XGBClassifier(n_estimators=20, max_depth=3).fit(X[train], three[train])
    leave("xgboost-three", convert_xgboost(many, initial_types=takes), three, many.predict_proba(X[held]), ["0", "1", "2"])
    number = xgboost.XGBRegressor(n_estimators=20, max_depth=3).fit(X[train], target[train])
    leave("xgboost-number", convert_xgboost(number, initial_types=takes), target, number.predict(X[held]))
    light = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(X[train], words[train])
    leave("lightgbm", convert_lightgbm(light, initial_types=takes), words, light.predict_proba(X[held]), ["no", "yes"], "yes")
    lit = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(X[train], grades[train])
    leave("lightgbm-grades", convert_lightgbm(lit, initial_types=takes), grades, lit.predict_proba(X[held]), [str(c) for c in lit.classes_])


def torch():
    import io

    import torch

    torch.manual_seed(1)
    for name, labels, outputs in [("torch-logits", yes, 1), ("torch-softmax", three, 3)]:
        model = torch.nn.Sequential(torch.nn.Linear(WIDTH, 16), torch.nn.ReLU(), torch.nn.Linear(16, outputs))
        optimiser = torch.optim.Adam(model.parameters(), 0.02)
        loss = torch.nn.BCEWithLogitsLoss() if outputs == 1 else torch.nn.CrossEntropyLoss()
        right = torch.tensor(labels[train])
        for _ in range(150):
            optimiser.zero_grad()
            given = model(torch.tensor(X[train]))
            (loss(given.squeeze(1), right.float()) if outputs == 1 else loss(given, right)).backward()
            optimiser.step()
        model.eval()
        if outputs > 1:
            model = torch.nn.Sequential(model, torch.nn.Softmax(dim=1))
        file = io.BytesIO()
        torch.onnx.export(model, torch.zeros(1, WIDTH), file, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
        with torch.no_grad():
            scores = model.double()(torch.tensor(X[held]).double())
            scores = torch.sigmoid(scores) if outputs == 1 else scores
        classes = ["0", "1"] if outputs == 1 else ["0", "1", "2"]
        leave(name, file.getvalue(), labels, scores.numpy(), classes, "1" if outputs == 1 else None, logits=outputs == 1)


{"scikit-learn": scikit_learn, "boosting": boosting, "torch": torch}[family]()
print(json.dumps(made))
