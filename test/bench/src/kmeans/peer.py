"""scikit-learn's Lloyd on the file that the bench wrote: one line of JSON."""

import json
import os
import sys
import time
import warnings

# Said before the libraries are loaded: they look once.
asked = json.loads(sys.argv[1])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(asked["threads"])

import numpy
import sklearn
from sklearn.cluster import KMeans

warnings.simplefilter("ignore")
points = numpy.fromfile(asked["file"]).reshape(-1, asked["width"])
k = asked["clusters"]
start, points = points[:k], points[k:]

wall, cpu = time.perf_counter(), time.process_time()
model = KMeans(k, init=start, n_init=1, max_iter=asked["rounds"], tol=0, algorithm="lloyd").fit(points)
spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
print(json.dumps({"name": f"scikit-learn {sklearn.__version__} Lloyd", "spent": spent, "rounds": int(model.n_iter_), "inertia": model.inertia_}))
