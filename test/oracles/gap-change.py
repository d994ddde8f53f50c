"""Bounds of the change of a gap between groups, pair by pair as the text of gap-change.ts has it:
python3 test/oracles/gap-change.py > test/oracles/gap-change.json

No library has this interval; NumPy gives quantiles and draws. Every pair of groups is gone through, where ours
takes the ends of each draw, and what a pair's gap is off by stands as it is defined.
"""

import json
import sys

import numpy as np

rng = np.random.default_rng(2014)


def extremes(figures, doubt):
    deviations = [np.sqrt((errors**2).mean(axis=1)) for _, errors in figures]
    off = [np.abs(errors[d > 0]) / d[d > 0, None] for (_, errors), d in zip(figures, deviations)]
    width = np.quantile(np.vstack(off).max(axis=0), 1 - doubt)
    bands = [(v - width * d, v + width * d) for (v, _), d in zip(figures, deviations)]
    least = max(low.max() - high.min() for low, high in bands)
    pairs = []
    for f, (low, high) in enumerate(bands):
        if high.max() - low.min() < least:
            continue
        tops = [g for g in range(len(low)) if all(high[g] >= low[k] for k in range(len(low)))]
        bottoms = [g for g in range(len(low)) if all(low[g] <= high[k] for k in range(len(low)))]
        pairs += [(f, a, b) for a in tops for b in bottoms]
    return pairs


def change(own, base, ratio, confidence):
    doubt = 1 - confidence
    tail = doubt * 0.9 / 2
    at = lambda figures, f, a, b: figures[f][0][a] - figures[f][0][b]
    off = lambda figures, f, a, b: figures[f][1][a] - figures[f][1][b]
    found = lambda figures: max(v.max() - v.min() for v, _ in figures)
    p, q = found(own), found(base)
    scale = (lambda x: 1 - np.exp(-x)) if ratio else (lambda x: x)
    error = (lambda x, e: np.exp(-x) * (1 - np.exp(-e))) if ratio else (lambda x, e: e)
    P, Q = extremes(own, doubt * 0.1), extremes(base, doubt * 0.1)
    M = np.max([off(own, *c) for c in P], axis=0)
    N = np.max([off(base, *c) for c in Q], axis=0)
    delta = scale(p) - scale(q)

    def offs(figures, pairs):
        """What each pair is off by; of more than 48 the least of each draw."""
        if len(pairs) > 48:
            return [np.min([off(figures, *c) for c in pairs], axis=0)]
        return [off(figures, *c) for c in pairs if c[1] != c[2]]

    low = delta - max(np.quantile(error(p, M) - error(q, e), 1 - tail) for e in offs(base, Q))
    high = delta + max(np.quantile(error(q, N) - error(p, e), 1 - tail) for e in offs(own, P))

    def grows(of, to, pairs):
        most = max(at(of, *c) - at(to, *c) for c in pairs)
        by = most + np.quantile(np.max([off(to, *c) - off(of, *c) for c in pairs], axis=0), 1 - tail)
        return 1 - np.exp(-max(0, by)) if ratio else by

    low, high = max(low, -grows(base, own, Q)), min(high, grows(own, base, P))
    return (-high, -low) if ratio else (low, high)


def case(title, values, errors, ratio, confidence=0.95):
    """values, deviations: by model, by figure, by group."""
    models = [[(np.array(v, float), e) for v, e in zip(vs, es)] for vs, es in zip(values, errors)]
    low, high = change(*models, ratio, confidence)
    plain = lambda e: [[[float(x) for x in g] for g in f] for f in e]
    return {
        "title": title, "values": values, "errors": [plain(e) for e in errors], "as": "ratio" if ratio else "difference",
        "confidence": confidence, "low": float(low), "high": float(high),
    }


def noise(deviations, together=0.6, draws=60):
    """Two models' errors of each figure and group, correlated."""
    both = [[], []]
    for groups in deviations:
        shared = rng.normal(size=(len(groups), draws))
        for model in both:
            alone = rng.normal(size=(len(groups), draws))
            model.append((np.sqrt(together) * shared + np.sqrt(1 - together) * alone) * np.array(groups)[:, None])
    return [[np.round(errors, 6) for errors in model] for model in both]


cases = []
for ratio in (False, True):
    lg = (lambda v: [float(x) for x in np.log(v)]) if ratio else (lambda v: v)
    name = "ratio: " if ratio else "difference: "
    three = [[0.02, 0.02, 0.02]]
    cases += [
        case(name + "plain", [[lg([0.7, 0.5, 0.3])], [lg([0.7, 0.5, 0.4])]], noise(three), ratio),
        case(name + "on a par", [[lg([0.5, 0.51, 0.49])], [lg([0.5, 0.5, 0.5])]], noise(three), ratio),
        case(name + "one fair, one not", [[lg([0.5, 0.5, 0.2])], [lg([0.5, 0.5, 0.5])]], noise(three), ratio, 0.9),
        case(name + "change places", [[lg([0.3, 0.6])], [lg([0.6, 0.3])]], noise([[0.05, 0.01]]), ratio),
        case(name + "nearly alike", [[lg([0.5, 0.5, 0.5])], [lg([0.5, 0.5, 0.5])]], noise([[0.1, 0.1, 0.1]], 0.999), ratio),
        case(
            name + "two figures", [[lg([0.5, 0.6]), lg([0.2, 0.5])], [lg([0.5, 0.6]), lg([0.3, 0.5])]],
            noise([[0.1, 0.1], [0.02, 0.05]]), ratio,
        ),
        case(
            name + "eight groups on a par", [[lg([0.5] * 8)], [lg([0.5, 0.51] * 4)]], noise([[0.05] * 8], draws=30), ratio, 0.9
        ),
        case(name + "a group that is certain", [[lg([0.5, 0.3])], [lg([0.5, 0.4])]], noise([[0.0, 0.05]]), ratio),
    ]
json.dump({"versions": {"numpy": np.__version__, "python": sys.version.split()[0]}, "cases": cases}, sys.stdout)
print()
