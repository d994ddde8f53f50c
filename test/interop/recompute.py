"""Computes a report's numbers again from the raw rows, and sets them beside the report's own.

    python recompute.py '{"folder": ..., "task": ..., "label": ..., ...}'

Nothing of Trainyard is used: sides, value steps, features and the model are computed here with NumPy, metrics
with scikit-learn, fairness with Fairlearn, intervals with NumPy's own generator. Prints a JSON list of
[what, the report's, ours, tolerance].

A model of ours computes in 32-bit floats and this script in 64, so what depends on scores agrees to 1e-6;
decisions, counts and everything from a file of predictions to 1e-9. Ends of bootstrap intervals are themselves
random: they may be four of their standard errors apart, as measured over repeated bootstraps.
"""

import hashlib
import json
import math
import os
import sys
import warnings

import numpy as np
import pandas as pd
from fairlearn import metrics as fair
from scipy import stats
from sklearn import metrics as m

warnings.simplefilter("ignore")
spec = json.loads(sys.argv[1])
TASK, LABEL, FOLDER = spec["task"], spec["label"], spec["folder"]
checks = []


def path(name):
    return os.path.join(FOLDER, name)


def load(name):
    with open(path(name)) as file:
        return json.load(file)


def same(what, theirs, ours, tolerance=1e-9):
    number = lambda v: None if v is None or (isinstance(v, float) and not math.isfinite(v)) else float(v)
    checks.append([what, number(theirs), number(ours), tolerance])


def true(what, holds):
    same(what, 1, 1 if holds else 0, 0)


# --- rows: the raw file against the prepared one, and the side of each row ---------------------------------


def sides():
    raw = pd.read_csv(path("data/cps.csv"))
    if LABEL == "high_wage":
        raw["high_wage"] = raw.wage > 7.78
    prepared = pd.read_parquet(path(".trainyard/prepared.parquet")).sort_values("__row")
    names = list(raw.columns)
    rows = lambda frame: sorted(tuple(str(v) for v in row) for row in frame[names].astype(object).itertuples(index=False))
    true("the prepared rows are the raw rows", rows(raw) == rows(prepared))
    place = [int(hashlib.md5(f"{spec['seed']}:{one.rsplit('-', 1)[0]}".encode()).hexdigest()[:13], 16) / 2**52 for one in prepared["__id"]]
    side = ["holdout" if p < 0.2 else "validation" if p < 0.2 + 0.15 else "train" for p in place]
    true("each row is on the side of its hash", side == list(prepared["__split"]))
    return prepared


# --- the recipe, by hand -----------------------------------------------------------------------------------


def apply(recipe, frame):
    """Columns after value steps, and the matrix of features."""
    table = {name: frame[name].to_numpy() for name in frame.columns}
    for step in recipe["values"]:
        name = step["column"]
        if step["step"] == "fill":
            table[name] = np.where(pd.isna(table[name]), step["value"], table[name])
        elif step["step"] == "clip":
            table[name] = np.clip(table[name], step["low"], step["high"])
        elif step["step"] == "derive":
            assert step["expression"] == "greatest(age - education - 6, 0)"
            table[name] = np.maximum(table["age"] - table["education"] - 6, 0)
        else:
            raise ValueError(step)
    outputs = {}
    for step in recipe["features"]:
        values = table[step["column"]]
        if step["step"] == "scale":
            outputs[step["outputs"][0]] = (values - step["center"]) / step["spread"]
        elif step["step"] == "keep":
            outputs[step["outputs"][0]] = values.astype(float)
        elif step["step"] == "one_hot":
            for name, category in zip(step["outputs"], step["categories"]):
                outputs[name] = (values == category).astype(float)
        else:
            raise ValueError(step)
    return table, np.column_stack([outputs[name] for name in recipe["outputs"]]) if outputs else None


def fitted(recipe, train):
    """What the recipe learnt, learnt again from the training rows."""
    table = {name: train[name].to_numpy() for name in train.columns}
    for step in recipe["values"]:
        values = table.get(step["column"])
        if step["step"] == "fill":
            same("fill: median", step["value"], np.nanmedian(values))
        elif step["step"] == "clip":
            low, high = np.quantile(values, [0.01, 0.99])
            same("clip: low", step["low"], low)
            same("clip: high", step["high"], high)
            table[step["column"]] = np.clip(values, low, high)
        else:
            table[step["column"]] = np.maximum(table["age"] - table["education"] - 6, 0)
    for step in recipe["features"]:
        values = table[step["column"]]
        if step["step"] == "scale":
            same(f"{step['column']}: center", step["center"], values.mean())
            same(f"{step['column']}: spread", step["spread"], values.std())
        elif step["step"] == "one_hot":
            true(f"{step['column']}: categories", step["categories"] == sorted(set(values)))


def dense(folder):
    """TensorFlow.js' layers format: a chain of dense layers, weights as 32-bit floats in one file."""
    with open(os.path.join(folder, "model.json")) as file:
        model = json.load(file)
    flat = np.fromfile(os.path.join(folder, "weights.bin"), dtype="<f4").astype(float)
    weights, at = {}, 0
    for one in model["weightsManifest"][0]["weights"]:
        size = int(np.prod(one["shape"]))
        weights[one["name"]] = flat[at : at + size].reshape(one["shape"])
        at += size
    assert at == len(flat)

    def answer(x):
        for layer in model["modelTopology"]["config"]["layers"]:
            name, activation = layer["config"]["name"], layer["config"]["activation"]
            x = x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
            if activation == "relu":
                x = np.maximum(x, 0)
            elif activation == "sigmoid":
                x = 1 / (1 + np.exp(-x))
            elif activation == "softmax":
                x = np.exp(x - x.max(axis=1, keepdims=True))
                x = x / x.sum(axis=1, keepdims=True)
            else:
                assert activation == "linear", activation
        return x

    return answer


def scorer(folder):
    """From prepared rows to scores: by our own network, or by the scikit-learn model that the command kept."""
    with open(os.path.join(folder, "bundle.json")) as file:
        bundle = json.load(file)
    with open(os.path.join(folder, "recipe.json")) as file:
        recipe = json.load(file)
    if bundle["kind"] == "predictions":
        given = pd.read_csv(path("predictions.csv"), dtype={"id": str}).set_index("id")
        names = ["score"] if "score" in given else bundle["classes"]
        return recipe, bundle, lambda frame: given.loc[frame["__id"], names].to_numpy()
    if bundle["kind"] == "onnx":
        import joblib

        model = joblib.load(path("model.joblib"))

        def ask(frame):
            table, matrix = apply(recipe, frame)
            if recipe["takes"] == "columns":
                x = pd.DataFrame({one["name"]: table[one["name"]] for one in spec["inputs"]})
            else:
                x = matrix.astype("float32")
            if TASK == "regression":
                return model.predict(x).reshape(-1, 1)
            assert [str(c) for c in model.classes_] == ["0", "1"] or list(model.classes_) == bundle["classes"]
            scores = model.predict_proba(x)
            return scores[:, 1:] if len(bundle["classes"]) == 2 else scores

        return recipe, bundle, ask
    answer = dense(folder)
    return recipe, bundle, lambda frame: answer(apply(recipe, frame)[1])


# --- metrics -----------------------------------------------------------------------------------------------


def ece(p, right, bins=15):
    bin_of = np.minimum(bins - 1, np.floor(p * bins))
    return sum(abs(p[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean() for b in set(bin_of))


EPSILON = np.finfo(float).eps


def classification(y, scores, threshold, classes):
    k = len(classes)
    d = (scores[:, 0] >= threshold).astype(int) if k == 2 else scores.argmax(axis=1)
    out = {"accuracy": m.accuracy_score(y, d), "balanced_accuracy": m.balanced_accuracy_score(y, d), "mcc": m.matthews_corrcoef(y, d)}
    kinds = (("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score))
    for name, f in kinds:
        for average in ("macro", "micro", "weighted"):
            out[f"{name}_{average}"] = f(y, d, average=average, labels=range(k), zero_division=0)
    if k == 2:
        p = scores[:, 0]
        for name, f in kinds:
            out[name] = f(y, d, zero_division=0)
        out["roc_auc"] = m.roc_auc_score(y, p)
        out["average_precision"] = m.average_precision_score(y, p)
        out["log_loss"] = m.log_loss(y, p, labels=[0, 1])
        out["brier"] = m.brier_score_loss(y, p)
        out["ece"] = ece(p, y)
        false, missed = ((d == 1) & (y == 0)).sum(), ((d == 0) & (y == 1)).sum()
        out["cost"] = (false * 1 + missed * 2) / len(y)
    else:
        out["roc_auc_ovr"] = np.mean([m.roc_auc_score(y == c, scores[:, c]) for c in range(k)])
        out["average_precision_ovr"] = np.mean([m.average_precision_score(y == c, scores[:, c]) for c in range(k)])
        # 32-bit probabilities add up to 1 but for 1e-8, and rows are not scaled
        out["log_loss"] = -np.log(np.clip(scores[np.arange(len(y)), y], EPSILON, 1 - EPSILON)).mean()
        out["brier"] = ((scores - np.eye(k)[y]) ** 2).sum(axis=1).mean()
        out["ece"] = ece(scores.max(axis=1), (d == y).astype(float))
    return d, out


def regression(y, p):
    return p, {
        "mae": m.mean_absolute_error(y, p), "rmse": m.root_mean_squared_error(y, p),
        "mape": m.mean_absolute_percentage_error(y, p), "r2": m.r2_score(y, p),
    }


def best_f1(y, p):
    """The documented choice: the best F1 over all distinct scores, the highest such score, halfway to the one below."""
    values = np.unique(p)[::-1]
    f1 = [m.f1_score(y, p >= v, zero_division=0) for v in values]
    best = int(np.argmax(f1))
    below = values[best + 1] if best + 1 < len(values) else 0
    return below + (values[best] - below) / 2, f1[best]


# --- intervals: NumPy's bootstrap, vectorised over resamples -------------------------------------------------


def resampled(y, scores, d, task, weights):
    """Metrics of rows taken `weights[resample, row]` times: a few of each kind, computed from their definitions."""
    w, n = weights.astype(float), weights.sum(axis=1)
    if task == "regression":
        residual = y - d
        sse, mean = w @ residual**2, (w @ y) / n
        return {"mae": w @ abs(residual) / n, "rmse": np.sqrt(sse / n), "r2": 1 - sse / (w @ y**2 - n * mean**2)}
    out = {"accuracy": w @ (d == y) / n}
    classes = range(max(2, scores.shape[1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        hits = np.array([w @ ((d == c) & (y == c)) for c in classes])
        told = np.array([w @ (d == c) for c in classes])
        truth = np.array([w @ (y == c) for c in classes])
        f1 = np.where(told + truth > 0, 2 * hits / (told + truth), 0)
        out["f1_macro"] = f1.mean(axis=0)
        if len(classes) == 2:
            p = scores[:, 0]
            out["f1"], out["recall"] = f1[1], hits[1] / truth[1]
            out["precision"] = np.where(told[1] > 0, hits[1] / told[1], 0)
            out["cost"] = ((told[1] - hits[1]) * 1 + (truth[1] - hits[1]) * 2) / n
            above = (p[y == 1][:, None] > p[y == 0]) + 0.5 * (p[y == 1][:, None] == p[y == 0])
            out["roc_auc"] = ((w[:, y == 1] @ above) * w[:, y == 0]).sum(axis=1) / (truth[0] * truth[1])
            out["log_loss"] = w @ -np.log(np.where(y == 1, p, 1 - p)) / n
            out["brier"] = w @ (p - y) ** 2 / n
            bins = np.minimum(14, np.floor(p * 15)).astype(int)
            out["ece"] = abs((w * (p - y)) @ np.eye(15)[bins]).sum(axis=1) / n
            order = np.argsort(-p, kind="stable")
            ends = np.flatnonzero(np.append(np.diff(-p[order]) > 0, True))
            all_rows = np.cumsum(w[:, order], axis=1)[:, ends]
            positives = np.cumsum((w * y)[:, order], axis=1)[:, ends]
            gained = np.diff(positives, axis=1, prepend=0)
            out["average_precision"] = (gained * np.where(all_rows > 0, positives / all_rows, 0)).sum(axis=1) / truth[1]
        else:
            out["log_loss"] = w @ -np.log(scores[np.arange(len(y)), y]) / n
    return out


# By which rule each metric's interval is made: of itself, and of its difference to the baseline.
SHARES = ("accuracy", "precision", "recall")
PAIRED_SHARES = ("accuracy", "recall")
DECIDED = ("precision", "f1", "f1_macro", "cost")
MEANS = ("log_loss", "brier", "mae", "rmse", "r2")


def shares(report, y, d, base):
    """Wilson's intervals, from SciPy, and Bonett and Price's of what only one of two models has."""
    named = {row["name"]: row for row in report["metrics"]}
    z = stats.norm.ppf(0.975)
    for name, among, right in (
        ("accuracy", y == y, d == y),
        ("precision", d == 1, y == 1),
        ("recall", y == 1, d == 1),
    ):
        if name not in named or among.sum() == 0:
            continue
        low, high = stats.binomtest(int((among & right).sum()), int(among.sum())).proportion_ci(0.95, "wilson")
        same(f"{name}: Wilson, low", named[name]["interval"]["low"], low)
        same(f"{name}: Wilson, high", named[name]["interval"]["high"], high)
        if base is None or name not in PAIRED_SHARES:
            continue
        ours, theirs = among & (d == y), among & (base == y)
        n = among.sum() + 2
        first, second = ((ours & ~theirs).sum() + 1) / n, ((theirs & ~ours).sum() + 1) / n
        half = z * math.sqrt((first + second - (first - second) ** 2) / n)
        found = named[name]["difference"]["interval"]
        same(f"{name}: Bonett and Price, low", found["low"], first - second - half)
        same(f"{name}: Bonett and Price, high", found["high"], first - second + half)


def doubtful(y, candidate, baseline):
    """Two rows more of each class, one that only the one model decides rightly and one that only the other does."""
    classes = np.unique(y)
    following = np.roll(classes, -1)
    more = np.concatenate([classes, classes])
    pad = lambda one: np.concatenate([one, np.full((len(more), one.shape[1]), 0.5)])
    ours = np.concatenate([candidate[1], classes, following])
    theirs = np.concatenate([baseline[1], following, classes])
    return np.concatenate([y, more]), (pad(candidate[0]), ours), (pad(baseline[0]), theirs)


def behind(name, y, d):
    """The rows that a figure rests on: the fewest that any part of it is computed from."""
    if name == "precision":
        return (d == 1).sum()
    if name == "f1":
        return ((d == 1) | (y == 1)).sum()
    if name == "f1_macro":
        return min(count for one in (y, d) for count in np.unique(one, return_counts=True)[1])
    if name in ("roc_auc", "average_precision"):
        return min((y == 1).sum(), (y == 0).sum())
    return len(y)


def widened(values, rows):
    """Percentiles that make up for few rows, as Hesterberg has them."""
    apart = stats.t.ppf(0.975, rows - 1) * math.sqrt(rows / (rows - 1))
    return np.nanquantile(values, [stats.norm.cdf(-apart), stats.norm.cdf(apart)])


def intervals(report, y, candidate, baseline, repeats=40):
    rng = np.random.default_rng(1985)
    rows, size = len(y), spec["resamples"]
    ends = {}

    def add(name, which, low, high):
        ends.setdefault((name, which), []).append((low, high))

    if TASK != "regression":
        shares(report, y, candidate[1], baseline[1] if baseline else None)
    names = ("roc_auc", "average_precision", "ece") + DECIDED
    rest = {name: min(behind(name, y, candidate[1]), behind(name, y, baseline[1])) for name in names} if baseline else {}
    for _ in range(repeats):
        weights = rng.multinomial(rows, np.full(rows, 1 / rows), size=size)
        ours = resampled(y, *candidate, TASK, weights)
        base = resampled(y, *baseline, TASK, weights) if baseline else {}
        for name, values in ours.items():
            if name not in SHARES:
                add(name, "interval", *np.nanquantile(values, [0.025, 0.975]))
            if name in base and name not in MEANS + DECIDED + PAIRED_SHARES:
                add(name, "difference", *widened(values - base[name], rest[name]))
        if not baseline:
            continue
        halves = rng.integers(0, 2, size=(size, rows))
        ours, base = resampled(y, *candidate, TASK, halves), resampled(y, *baseline, TASK, halves)
        at = math.floor(0.025 * (size + 1))
        for name in MEANS:
            if name in ours:
                values = np.sort(ours[name] - base[name])
                add(name, "difference", values[at - 1], values[size - at])
        if TASK == "regression":
            continue
        more, one, other = doubtful(y, candidate, baseline)
        weights = rng.multinomial(len(more), np.full(len(more), 1 / len(more)), size=size)
        ours, base = resampled(more, *one, TASK, weights), resampled(more, *other, TASK, weights)
        for name in DECIDED:
            if name in ours:
                add(name, "difference", *widened(ours[name] - base[name], rest[name]))
    named = {row["name"]: row for row in report["metrics"]}
    for (name, which), found in ends.items():
        row = named[name]
        interval = row["interval"] if which == "interval" else row["difference"]["interval"]
        mean, spread = np.mean(found, axis=0), np.std(found, axis=0, ddof=1)
        for i, end in enumerate(("low", "high")):
            same(f"{name}: {which}, {end}", interval[end], mean[i], 4 * spread[i] * math.sqrt(1 + 1 / repeats) + 1e-6)


# --- groups ------------------------------------------------------------------------------------------------


def fairness(report, frame, y, d, base, tolerance):
    for part in report["fairness"]:
        column = part["column"]
        groups = frame[column].to_numpy()
        sizes = pd.Series(groups).value_counts()
        large = sorted(sizes[sizes >= spec["min_size"]].index)
        small = sizes[sizes < spec["min_size"]]
        true(f"{column}: the groups", sorted(one["name"] for one in part["groups"]) == large)
        same(f"{column}: small groups", part["hidden"]["groups"], len(small))
        same(f"{column}: rows in small groups", part["hidden"]["rows"], small.sum())
        for one in part["groups"]:
            mine = groups == one["name"]
            same(f"{column} {one['name']}: rows", one["size"], mine.sum())
            if TASK == "regression":
                same(f"{column} {one['name']}: error", one["error"], m.mean_absolute_error(y[mine], d[mine]), tolerance)
                continue
            rates = {"accuracy": (mine, d == y)}
            if TASK == "binary-classification":
                rates["selection_rate"] = (mine, d == 1)
                rates["true_positive_rate"] = (mine & (y == 1), d == 1)
                rates["false_positive_rate"] = (mine & (y == 0), d == 1)
            for name, (among, which) in rates.items():
                of, count = int(among.sum()), int((among & which).sum())
                what = f"{column} {one['name']}: {name}"
                same(f"{what}, of", one[name]["of"], of)
                same(what, one[name]["value"], count / of if of else None)
                if of:
                    wilson = stats.binomtest(count, of).proportion_ci(0.95, method="wilson")
                    same(f"{what}, low", one[name]["interval"]["low"], wilson.low)
                    same(f"{what}, high", one[name]["interval"]["high"], wilson.high)
        keep = np.isin(groups, large)
        for measure in part["measures"]:
            for key, decided in (("value", d), ("baseline", base)):
                if decided is None:
                    same(f"{column}: {measure['name']}, no baseline", measure[key], None)
                    continue
                value = measured(measure["name"], y[keep], decided[keep], groups[keep])
                same(f"{column}: {measure['name']}, {key}", measure[key], value, tolerance if TASK == "regression" else 1e-9)
            if measure["difference"]:
                same(f"{column}: {measure['name']}, difference", measure["difference"]["value"], measure["value"] - measure["baseline"])
            if measure["interval"]:
                true(f"{column}: {measure['name']} is in its interval", measure["interval"]["low"] <= measure["value"] <= measure["interval"]["high"])


def measured(name, y, d, groups):
    if name == "accuracy_difference":
        return fair.MetricFrame(metrics=m.accuracy_score, y_true=y, y_pred=d, sensitive_features=groups).difference()
    if name == "mae_difference":
        return fair.MetricFrame(metrics=m.mean_absolute_error, y_true=y, y_pred=d, sensitive_features=groups).difference()
    return getattr(fair, name)(y, d, sensitive_features=groups)


# --- curves ------------------------------------------------------------------------------------------------


def curves(report, y, candidate, baseline):
    def on(what, points, xs, ys):
        far = [np.hypot(xs - one["x"], ys - one["y"]).min() for one in points]
        true(f"{what} has points", len(points) > 2)
        same(f"{what}: the farthest point from the true curve", max(far, default=1), 0)

    for name, p in (("", candidate), ("_baseline", baseline)):
        if p is None:
            continue
        fpr, tpr, _ = m.roc_curve(y, p, drop_intermediate=False)
        precision, recall, _ = m.precision_recall_curve(y, p)
        roc = report["curves"][f"roc{name}"]
        on(f"roc{name}", roc, fpr, tpr)
        on(f"precision_recall{name}", report["curves"][f"precision_recall{name}"], recall, precision)
        area = np.trapezoid([one["y"] for one in roc], [one["x"] for one in roc])
        same(f"roc{name}: area", area, m.roc_auc_score(y, p))  # 107 rows: no corner was left out


def calibration(report, p, right, tolerance):
    bins = np.minimum(14, np.floor(p * 15))
    expected = [(p[bins == b].mean(), right[bins == b].mean(), (bins == b).sum()) for b in sorted(set(bins))]
    true("calibration: bins", [one["count"] for one in report["curves"]["calibration"]] == [c for *_, c in expected])
    for one, (predicted, observed, _) in zip(report["curves"]["calibration"], expected):
        same("calibration: predicted", one["predicted"], predicted, tolerance)
        same("calibration: observed", one["observed"], observed)


# --- all of it ---------------------------------------------------------------------------------------------


def main():
    report = load(".trainyard/report.json")
    prepared = sides()
    side = lambda name: prepared[prepared["__split"] == name]
    recipe, bundle, score = scorer(path("models/wages"))
    general = bundle["kind"] != "predictions"
    tolerance = 1e-6 if general else 1e-9
    fitted(recipe, side("train"))
    for name in ("train", "validation", "holdout"):
        same(f"{name} rows", report["subject"]["rows"][name], len(side(name)))
    if recipe["takes"] == "features":
        features = pd.read_parquet(path(".trainyard/features.parquet")).sort_values("__row")
        gap = abs(features[recipe["outputs"]].to_numpy(float) - apply(recipe, prepared)[1]).max()
        same("features, stored as 32-bit floats", gap, 0, 1e-6)

    classes = bundle["classes"]
    if TASK == "regression":
        truth = lambda frame: frame[LABEL].to_numpy(float)
        measure = lambda y, s: regression(y, s[:, 0])
    else:
        names = lambda frame: [str(v).lower() if isinstance(v, (bool, np.bool_)) else v for v in frame[LABEL]]
        true("classes", classes == sorted(set(names(prepared))))
        truth = lambda frame: np.array([classes.index(v) for v in names(frame)])
        measure = lambda y, s, t=bundle["threshold"]: classification(y, s, t, classes)
    y, scores = truth(side("holdout")), score(side("holdout"))
    d, ours = measure(y, scores)
    trained = measure(truth(side("train")), score(side("train")))[1] if general else {}

    if TASK == "binary-classification":
        true("the positive class", report["subject"]["positive"] == spec["positive"] == classes[1])
        same("the threshold", report["subject"]["threshold"], bundle["threshold"])
        if spec["goal"] == "f1":
            threshold, value = best_f1(truth(side("validation")), score(side("validation"))[:, 0])
            same("the threshold, chosen again", bundle["threshold"], threshold, tolerance)
            true("the F1 it was chosen for", f"{value:.3f}" in bundle["decided"])

    base = None
    if report["baseline"]["state"] == "compared":
        folder = path(f".trainyard/baselines/{report['baseline']['digest']['md5'][:32]}")
        _, base_bundle, base_score = scorer(folder)
        base_scores = base_score(side("holdout"))
        base = classification(y, base_scores, base_bundle["threshold"], classes) if TASK != "regression" else regression(y, base_scores[:, 0])
    true("a baseline, where there should be one", (base is not None) == spec["baseline"])

    true("each metric", sorted(ours) == sorted(row["name"] for row in report["metrics"]))
    for row in report["metrics"]:
        name = row["name"]
        same(f"{name}: value", row["value"], ours[name], tolerance)
        same(f"{name}: train", row["train"], trained.get(name), tolerance)
        same(f"{name}: baseline", row["baseline"], base[1][name] if base else None, tolerance)
        if base:
            same(f"{name}: difference", row["difference"]["value"], ours[name] - base[1][name], 2 * tolerance)
    shape = lambda s, decided: (s, decided)
    intervals(report, y, shape(scores, d), shape(base_scores, base[0]) if base else None)
    fairness(report, side("holdout"), y, d, base[0] if base else None, tolerance)
    if TASK == "regression":
        return
    confusion = m.confusion_matrix(y, d, labels=range(len(classes)))
    for i, row in enumerate(confusion):
        for j, count in enumerate(row):
            same(f"confusion: {classes[i]}, taken for {classes[j]}", report["confusion"]["counts"][i][j], count)
    if len(classes) == 2:
        curves(report, y, scores[:, 0], base_scores[:, 0] if base else None)
        calibration(report, scores[:, 0], y, tolerance)
    else:
        calibration(report, scores.max(axis=1), (d == y).astype(float), tolerance)


main()
print(json.dumps(checks))
