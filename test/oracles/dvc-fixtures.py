"""
Records what DVC itself writes and reads, so that the formats are tested without Python:

    python3 -m venv dvc3 && dvc3/bin/pip install dvc==3.67.1
    python3 -m venv dvc2 && dvc2/bin/pip install dvc==2.58.2 "pathspec<0.13" "dulwich<0.22" "pygit2<1.14" "fsspec<2024"
    dvc2/bin/python test/oracles/dvc-fixtures.py test/fixtures/dvc/dvc2.json
    dvc3/bin/python test/oracles/dvc-fixtures.py test/fixtures/dvc/dvc3.json

The second reads what the first wrote. Paths and dates are fixed, so that the same versions of DVC make
the same file again.
"""

import hashlib
import json
import os
import shutil
import stat
import sys
from pathlib import Path

ROOT = Path("/tmp/trainyard-dvc-fixtures")
TARGET = Path(sys.argv[1]).resolve()
shutil.rmtree(ROOT, ignore_errors=True)
(ROOT / "home").mkdir(parents=True)
os.environ.update(
    HOME=str(ROOT / "home"),
    XDG_CONFIG_HOME=str(ROOT / "home" / ".config"),
    DVC_SITE_CACHE_DIR=str(ROOT / "site"),
    DVC_NO_ANALYTICS="1",
    DVC_TEST="true",
    GIT_CONFIG_NOSYSTEM="1",
    GIT_AUTHOR_NAME="Test",
    GIT_AUTHOR_EMAIL="test@example.com",
    GIT_COMMITTER_NAME="Test",
    GIT_COMMITTER_EMAIL="test@example.com",
    GIT_AUTHOR_DATE="2024-01-01T00:00:00Z",
    GIT_COMMITTER_DATE="2024-01-01T00:00:00Z",
)

import dvc  # noqa: E402
from configobj import ConfigObj  # noqa: E402
from dvc.cli import main as run_dvc  # noqa: E402
from dvc.repo import Repo  # noqa: E402

VERSION = dvc.__version__
MODERN = not VERSION.startswith("2.")


def run(*args):
    for _ in range(5):  # imports of DVC 2 fail now and then, in a race of its own
        code = run_dvc([*args])
        if code == 0 or args[0] != "import":
            break
        shutil.rmtree("folder", ignore_errors=True)
    if code != 0:
        raise SystemExit(f"dvc {' '.join(args)}: exit {code}")


def git(*args):
    if os.system(f"git -c init.defaultBranch=main {' '.join(args)} >/dev/null") != 0:
        raise SystemExit(f"git {args}")


def write(files):
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def begin(name):
    folder = ROOT / name
    folder.mkdir()
    os.chdir(folder)
    git("init", "-q")
    run("init", "-q")
    return folder


def texts():
    """The small text files that Git would keep."""
    found = {}
    for path in sorted(Path(".").rglob("*")):
        name = path.as_posix()
        kept = name.endswith((".dvc", ".yaml", ".json", "dvc.lock", ".gitignore", ".dvcignore", ".dvc/config"))
        if path.is_file() and kept and not name.startswith((".git/", ".dvc/cache", ".dvc/tmp")):
            found[name] = path.read_text()
    return found


def objects():
    """Objects of the cache with their sizes; manifests with their text."""
    found = {}
    cache = Path(".dvc/cache")
    for path in sorted(cache.rglob("*")):
        name = path.relative_to(cache).as_posix()
        if path.is_file() and not name.startswith("runs/"):
            found[name] = path.read_text() if name.endswith(".dir") else path.stat().st_size
    return found


def versions():
    """What DVC itself takes the outputs of a repository for."""
    found = []
    repo = Repo(".")
    for out in repo.index.outs:
        name = out.hash_info.name if out.hash_info else None
        found.append(
            {
                "path": os.path.relpath(out.fs_path, repo.root_dir),
                "legacy": name == "md5-dos2unix" if MODERN else True,
                "md5": out.hash_info.value if out.hash_info else None,
                "size": out.meta.size,
                "nfiles": out.meta.nfiles,
                "executable": bool(out.meta.isexec),
                "cached": bool(out.use_cache),
                "pushed": bool(out.can_push),
                "remote": out.remote,
            }
        )
    repo.close()
    return sorted(found, key=lambda one: one["path"])


ODD = {
    "é.txt": "1",
    "日本/語.txt": "2",
    "😀.txt": "3",
    "～.txt": "4",
    'q"uote\\back\ttab.txt': "5",
    "\x7f.txt": "6",
    "a b/c d.txt": "7",
    "A": "8",
    "a-b": "9",
    "a.b": "10",
    "a/b": "11",
}
DATA = {
    "data/windows.csv": "line1\r\nline2\r\n",
    "data/unix.csv": "line1\nline2\n",
    "data/empty.bin": "",
    "data/mixed.bin": (b"a\r\n" * 400_000)[: 2**20] + b"\x00b\r\n",
    "data/straddle.txt": b"x" * (2**20 - 1) + b"\r\ny",
    "run.sh": "#!/bin/sh\nexit 0\n",
    "no: 'plain' name.csv": "x\n",
    **{f"odd/{name}": text for name, text in ODD.items()},
    "empty/.keep": "",
}


def data():
    begin("data")
    write(DATA)
    os.remove("empty/.keep")
    os.chmod("run.sh", 0o755)
    run("add", "-q", *[name for name in DATA if "/" not in name or name.startswith("data/")])
    run("add", "-q", "odd")
    run("add", "-q", "empty")
    Path("data/unix.csv.dvc").write_text(
        "# kept for the audit\n"
        + Path("data/unix.csv.dvc").read_text().rstrip("\n")
        + " # in place\n  desc: lines\n  remote: eu\n  push: false\n  labels:\n  - a\n  meta:\n    owner: us\nmeta:\n  rows: 1.0\n"
    )
    run("commit", "-q", "-f", "data/unix.csv.dvc")
    return {"files": texts(), "objects": objects(), "versions": versions()}


def imports():
    lib = begin("lib")
    write({"src/a.csv": "a\n", "src/d/x": "x\n", "src/d/y": "y\n", "in-git.txt": "g\n"})
    run("add", "-q", "src/a.csv", "src/d")
    run("remote", "add", "-q", "-d", "store", str(ROOT / "store"))
    run("push", "-q")
    git("add", "--all")
    git("commit", "-q", "-m", "first")
    git("tag", "v1")
    begin("imports")
    write({"../outside/plain.csv": "p\n"})
    run("import", "-q", str(lib), "src/a.csv")
    run("import", "-q", str(lib), "src/d", "--rev", "v1", "-o", "folder")
    run("import", "-q", str(lib), "in-git.txt", "--no-download")
    run("import-url", "-q", str(ROOT / "outside" / "plain.csv"), "below.csv")
    run("import-url", "-q", str(ROOT / "outside" / "plain.csv"), "later.csv", "--no-download")
    frozen = Path("folder.dvc").read_text()
    Path("folder.dvc").write_text("desc: kept\n" + frozen + "meta:\n  a: 1.0\n")
    return {"files": texts(), "versions": versions()}


PIPELINE = {
    "params.yaml": "lr: 1.0\nsmall: 1e-5\nmodels: [us, uk]\nout: {dir: made, deep: [x, {name: y}]}\nflag: true\nnone: null\n",
    "more/vars.json": '{"suffix": "bin", "unused": 1}',
    "data.txt": "d\n",
    "dvc.yaml": """vars:
- more/vars.json:suffix
- kind: {a: first}
stages:
  plain:
    cmd: mkdir -p made/dir && cp data.txt made/plain.txt && cp data.txt made/dir/a && echo 1 > metrics.json && echo 1 > plot.csv
    deps: [data.txt]
    params: [lr]
    outs:
    - made/plain.txt:
        push: false
        desc: a text
    - made/dir:
        remote: eu
        persist: true
    metrics:
    - metrics.json:
        cache: false
    plots:
    - plot.csv:
        x: a
  each:
    foreach: ${models}
    do:
      cmd: cp data.txt ${out.dir}/${item}-${lr}-${small}.${suffix}
      deps: [made/plain.txt]
      outs: ["${out.dir}/${item}-${lr}-${small}.${suffix}"]
  mapped:
    foreach:
      one: {n: 1}
      two: {n: 2.0}
    do:
      vars: [{own: z}]
      wdir: sub
      cmd: cp ../data.txt ${key}-${item.n}-${own}
      deps: [../made/plain.txt]
      outs: ["${key}-${item.n}-${own}"]
  listed:
    foreach: [{n: a}, {n: b}]
    do:
      cmd: cp data.txt made/listed-${item.n}
      deps: [made/plain.txt]
      outs:
      - made/listed-${item.n}:
          cache: false
  up:
    wdir: sub
    cmd: cp ../data.txt ../made/up-${out.deep[1].name}-${kind.a}
    deps: [../made/plain.txt]
    outs: ["../made/up-${out.deep[1].name}-${kind.a}"]
""",
    "sub/.keep": "",
}
MATRIX = """  grid:
    matrix:
      model: ${models}
      opt: [{n: a}, {n: b}]
      on: [true, 1.0]
    cmd: cp data.txt made/grid-${item.model}-${item.opt.n}-${item.on}-${key}
    deps: [made/plain.txt]
    outs: ["made/grid-${item.model}-${item.opt.n}-${item.on}-${key}"]
"""


def pipeline():
    begin("pipeline")
    write(PIPELINE)
    if MODERN:
        Path("dvc.yaml").write_text(Path("dvc.yaml").read_text() + MATRIX)
    run("repro", "-q")
    lock = Path("dvc.lock").read_text()
    Path("dvc.lock").write_text(
        lock + "  gone:\n    cmd: x\n    outs:\n    - path: gone.txt\n      md5: 60b725f10c9c85c70d97880dfe8191b3\n      size: 2\n"
    )
    return {"files": texts(), "versions": versions()}


def migration(before):
    """What DVC 3 makes of DVC 2's pointer files, touched and untouched."""
    begin("migration")
    write(DATA)
    os.remove("empty/.keep")
    os.chmod("run.sh", 0o755)
    write({name: text for name, text in before["data"]["files"].items() if name.endswith(".dvc")})
    taken = {"legacy": versions()}
    run("add", "-q", "data/windows.csv", "odd", "data/mixed.bin")
    taken["untouched"] = texts()
    write({"data/windows.csv": "line1\r\nline3\r\n", "odd/A": "other", "run.sh": "#!/bin/sh\nexit 1\n"})
    run("add", "-q", "data/windows.csv", "odd", "run.sh")
    taken["touched"] = texts()
    taken["versions"] = versions()
    return taken


CLOUD = {
    "file.bin.dvc": """outs:
- md5: 60b725f10c9c85c70d97880dfe8191b3
  size: 2
  hash: md5
  path: file.bin
  cloud:
    aws:
      etag: 60b725f10c9c85c70d97880dfe8191b3
      version_id: WHJ4jQY7vdpWvdrBgwqg4V5wYWp9sQ1C
""",
    "folder.dvc": """outs:
- hash: md5
  path: folder
  files:
  - relpath: b/c.txt
    md5: 2cd6ee2c70b0bde53fbe6cac3c8b8bb1
    size: 2
    cloud:
      aws:
        etag: 2cd6ee2c70b0bde53fbe6cac3c8b8bb1
        version_id: two
  - relpath: a.txt
    md5: 60b725f10c9c85c70d97880dfe8191b3
    size: 2
    isexec: true
    cloud:
      aws:
        etag: 60b725f10c9c85c70d97880dfe8191b3
        version_id: one
""",
}


def cloud():
    begin("cloud")
    run("remote", "add", "-q", "aws", "s3://bucket/x")
    run("remote", "modify", "-q", "aws", "version_aware", "true")
    write(CLOUD)
    return {"files": texts(), "versions": versions()}


IGNORES = {
    ".dvcignore": "# ours\n*.tmp\n!keep.tmp\n/top\nlogs/\n  spaced  \ndeep/**/x\nclass[0-9]\n\\#hash\n\\!bang\na/b\n**/any\nend/*\n!end/no\n",
    "sub/.dvcignore": "!*.tmp\nown\n/anchored\nd/e\n",
    "logs/.dvcignore": "!*\n",
    "sub/deeper/.dvcignore": "*.tmp\n",
    "other/.dvc/config": "",
}
ASKED = """a.tmp keep.tmp sub/a.tmp sub/keep.tmp sub/deeper/a.tmp top sub/top top/x logs logs/x sub/logs sub/logs/x spaced
sub/spaced deep/x deep/a/x deep/a/b/x class1 classx #hash !bang a/b sub/a/b a/b/c any sub/any any/y end/a end/no end/a/no
own sub/own sub/x/own anchored sub/anchored sub/x/anchored sub/d/e sub/x/d/e d/e .git sub/.git .dvc .dvc/config sub/.dvc
.hg other other/x TOP A.TMP logs.txt .dvcignore sub/.dvcignore""".split()


def ignores():
    begin("ignores")
    write(IGNORES)
    repo = Repo(".")
    taken = []
    for path in ASKED:
        whole = os.path.join(repo.root_dir, path)
        taken.append([path, repo.dvcignore.is_ignored_file(whole, True), repo.dvcignore.is_ignored_dir(whole, True)])
    repo.close()
    return {"files": IGNORES, "asked": taken}


READ = [
    "[core]\n    remote = eu\n    analytics = false\n['remote \"eu\"']\n    url = ../store\n",
    "# top\n[core] # one\n  Remote = EU # two\n\n[remote \"a b\"]\nurl=s3://b/c\n",
    "[cache]\ntype = reflink, copy\n",
    "[cache]\ntype = copy,\n",
    "[cache]\ntype = \"reflink,copy\"\n",
    "[cache]\ntype = a, \"b, c\" , 'd'# x\n",
    "[cache]\ntype = ,\n",
    "[x]\na =\nb = ''\nc = \"\"\n",
    "[x]\na = '''one\ntwo'''\nb = \"\"\"it's \"so\\n\"\"\" # c\n",
    "[x]\nuser = me\nurl = ssh://%(user)s@host\n",
    "[x]\na = b # c\nd = \"b # c\"\ne = b#c\n",
    "[x]\na = it's\nb = say \"so\"\n",
    "['x']\n'a b' = 1\n\"c\" = 2\n",
    "[x]\na = b = c\nd: e = f\n",
]
VALUES = ["", " a", "a ", "a b", "a,b", "a#b", "'a", "a'b", '"a', 'a"b', "a'b\"c", "one\ntwo", "a, 'b'", 'a, "b"',
          "#", ",", "é", "%(x)s", "[a]", "a = b", "a'b\"c#d", "'", '"', "\ta"]


def config():
    begin("config")
    run("remote", "add", "-q", "-d", "store", "../store")
    run("remote", "add", "-q", "eu", "s3://bucket/data")
    run("remote", "modify", "-q", "eu", "endpointurl", "https://s3.eu:9000/#x")
    run("remote", "modify", "-q", "eu", "profile", "a, b")
    run("config", "-q", "cache.type", "hardlink,symlink")
    run("config", "-q", "core.autostage", "true")
    run("remote", "modify", "-q", "--local", "eu", "access_key_id", "it's \"so\"")
    read = [{"text": text, "value": ConfigObj(text.splitlines(), interpolation="ConfigParser").dict()} for text in READ]
    written = []
    for value in VALUES:
        made = ConfigObj()
        made["s"] = {"k": value}
        written.append({"value": value, "text": "".join(f"{line}\n" for line in made.write())})
    for value in [[], ["a"], ["a", "b c"], ["a,b", "c"]]:
        made = ConfigObj()
        made["s"] = {"k": value}
        written.append({"value": value, "text": "".join(f"{line}\n" for line in made.write())})
    return {
        "config": Path(".dvc/config").read_text(),
        "local": Path(".dvc/config.local").read_text(),
        "read": read,
        "written": written,
    }


taken = {"dvc": VERSION, "data": data(), "imports": imports(), "pipeline": pipeline()}
if MODERN:
    taken["migration"] = migration(json.loads((TARGET.parent / "dvc2.json").read_text()))
    taken["cloud"] = cloud()
    taken["ignores"] = ignores()
    taken["config"] = config()
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps(taken, indent=1, ensure_ascii=False, sort_keys=False) + "\n")
shutil.rmtree(ROOT, ignore_errors=True)
