"""Values of the standard statistics from SciPy and NumPy: python3 test/oracles/stats.py > test/oracles/stats.json"""

import json
import sys

import numpy as np
import scipy
from scipy.stats import binom, norm
from scipy.stats import binomtest

rng = np.random.default_rng(20261121)
samples = [rng.normal(size=n).tolist() for n in (1, 2, 3, 10, 101)] + [[4.0] * 5, [1.0, 1.0, 2.0, 2.0, 2.0, 9.0]]

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "quantile": [
            {"values": sorted(s), "share": q, "value": float(np.quantile(s, q))}
            for s in samples
            for q in (0, 0.025, 0.1, 0.5, 0.77, 0.975, 1)
        ],
        "normal_quantile": [
            {"share": p, "value": float(norm.ppf(p))}
            for p in (1e-300, 1e-20, 1e-6, 0.001, 0.025, 0.05, 0.0749, 0.075, 0.0751, 0.3, 0.5, 0.6, 0.925, 0.975, 0.9995)
        ],
        "wilson": [
            {"count": k, "of": n, "confidence": c, "low": float(ci.low), "high": float(ci.high)}
            for k, n in ((0, 1), (1, 1), (0, 10), (10, 10), (3, 8), (50, 100), (1, 1000), (999_000, 1_000_000))
            for c in (0.5, 0.9, 0.95, 0.999)
            for ci in [binomtest(k, n).proportion_ci(confidence_level=c, method="wilson")]
        ],
        "binomial": [
            {"trials": n, "chance": p, "cdf": [float(v) for v in binom.cdf(range(lo, hi + 1), n, p)], "from": lo}
            for n, p in ((1, 0.3), (7, 0.5), (30, 0.1), (25, 0.4), (60, 0.9), (1000, 0.011), (100_000, 0.37))
            for lo, hi in [(int(binom.ppf(1e-7, n, p)), int(binom.ppf(1 - 1e-7, n, p)))]
            if hi - lo < 2000
        ],
    },
    sys.stdout,
)
