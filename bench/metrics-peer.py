"""The same twelve metrics and four groups with scikit-learn and Fairlearn: metrics-peer.py FOLDER ROWS RESAMPLES

FOLDER holds labels, scores (float64) and groups (uint8), as bench/metrics.ts wrote them. Prints seconds of the clock and
of the processor, without resamples and for each resample.
"""

import json
import os
import sys
import time
import warnings

import fairlearn.metrics as fm
import numpy as np
from sklearn import metrics as m

warnings.simplefilter("ignore")
folder, rows, resamples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
read = lambda name, kind: np.fromfile(os.path.join(folder, name), dtype=kind, count=rows)
y, p, g = read("labels", np.float64).astype(int), read("scores", np.float64), read("groups", np.uint8)


def all_of(y, p, g):
    d = (p >= 0.5).astype(int)
    out = [m.roc_auc_score(y, p), m.average_precision_score(y, p), m.log_loss(y, p), m.brier_score_loss(y, p)]
    out += [f(y, d) for f in (m.accuracy_score, m.balanced_accuracy_score, m.precision_score, m.recall_score, m.f1_score, m.matthews_corrcoef)]
    out += [m.cohen_kappa_score(y, d), m.recall_score(y, d, pos_label=0)]
    frame = fm.MetricFrame(metrics={"selected": fm.selection_rate, "tpr": fm.true_positive_rate, "fpr": fm.false_positive_rate, "accuracy": m.accuracy_score}, y_true=y, y_pred=d, sensitive_features=g)
    return out + [frame.difference().to_list(), frame.ratio().to_list()]


def timed(what):
    wall, cpu = time.time(), time.process_time()
    what()
    return {"seconds": time.time() - wall, "cpu": time.process_time() - cpu}


all_of(y[:1000], p[:1000], g[:1000])  # imports and caches
once = timed(lambda: all_of(y, p, g))
rng = np.random.default_rng(7)


def again():
    for _ in range(resamples):
        rows_drawn = rng.integers(0, rows, rows)
        all_of(y[rows_drawn], p[rows_drawn], g[rows_drawn])


many = timed(again)
print(json.dumps({"once": once, "resample": {k: v / resamples for k, v in many.items()}}))
