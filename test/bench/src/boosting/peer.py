"""xgboost and scikit-learn on the file that the bench wrote: one line of JSON."""

import json
import os
import sys
import time

# Said before the libraries are loaded: they look once.
asked = json.loads(sys.argv[1])
threads = asked["threads"]
os.environ["OMP_NUM_THREADS"] = str(threads)

import numpy
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

rows, width, train = asked["rows"], asked["width"], asked["train"]
table = numpy.fromfile(asked["file"]).reshape(width + 1, rows)
x, y = numpy.ascontiguousarray(table[:width].T), table[width]


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def boost():
    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": asked["leaves"],
        "max_depth": 0,
        "eta": asked["rate"],
        "lambda": 1,
        "min_child_weight": 1,
        "max_bin": 255,
        "nthread": threads,
    }
    return xgboost.train(settings, xgboost.DMatrix(x[:train], y[:train], nthread=threads), asked["rounds"])


booster, spent = timed(boost)
later = xgboost.DMatrix(x[train:])
answer = [{"name": f"xgboost {xgboost.__version__} hist", "spent": spent, "auc": roc_auc_score(y[train:], booster.predict(later))}]

explained = xgboost.DMatrix(x[: asked["explain"]], nthread=threads)
if asked["explain"] > 0:
    _, explain = timed(lambda: booster.predict(explained, pred_contribs=True))
    answer[0]["explain"] = explain

model = HistGradientBoostingClassifier(
    max_iter=asked["rounds"],
    max_leaf_nodes=asked["leaves"],
    learning_rate=asked["rate"],
    l2_regularization=1,
    max_bins=255,
    early_stopping=False,
)
_, spent = timed(lambda: model.fit(x[:train], y[:train]))
answer.append({"name": "scikit-learn HistGradientBoosting", "spent": spent, "auc": roc_auc_score(y[train:], model.predict_proba(x[train:])[:, 1])})
print(json.dumps(answer))
