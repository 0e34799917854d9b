"""The checks of the reproducibility ladder: tables over small notebooks, archives and links."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest

from submissions.reproducibility import ladder_of, links, look_at, notebooks, texts
from tests.submissions.making import ERROR, archive, code, notebook, old_notebook, words

SEED = code("import numpy as np\nrng = np.random.default_rng(7)", 1)
SHOWN = code("print(rng.normal())", 2, "0.001")
WHOLE = (
    words("# What it does\n\n## Data\n\nNone but what is made here."),
    code("%pip install numpy==1.26.4", 1),
    code("rng = np.random.default_rng(7)", 2),
    code("print(rng.normal())", 3, "0.001"),
)


def content(**fields):
    """What a revision keeps, with nothing in it to run."""
    empty = {"body": "What we did.", "licence": "MIT", "commit": "", "links": [], "files": []}
    return {**empty, **fields}


def link(kind: str, url: str) -> dict[str, str]:
    return {"kind": kind, "url": url, "label": ""}


REPOSITORY = link("repository", "https://github.com/team/work")
TAGGED = link("repository", "https://github.com/team/work/tree/v1.0")


def with_files(*found, **fields):
    """The ladder of a work with files in which that was found."""
    files = [
        {"kind": kind, "name": f"file{n}", "sha256": str(n)} for n, (kind, _f) in enumerate(found)
    ]
    findings = {str(n): f for n, (_kind, f) in enumerate(found)}
    return ladder_of(content(files=files, **fields), findings)


def with_notebook(*cells, **fields):
    return with_files(("notebook", notebooks.look_at(notebook(*cells))), **fields)


def with_archive(texts, **fields):
    return with_files(("archive", look_at("archive", archive(texts))), **fields)


def labels(checks) -> str:
    return " · ".join(str(check.label) for check in checks)


# -- notebooks -------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [notebook, old_notebook])
def test_a_notebook_that_was_run_from_top_to_bottom(make):
    found = notebooks.look_at(make(words("## Data"), SEED, code("", None), SHOWN))
    assert found == {
        "kind": "notebook",
        "cells": 2,
        "not_run": [],
        "out_of_order": [],
        "outputs": 1,
        "errors": [],
        "named": 0,
        "loose": [],
        "seed": True,
        "no_chance": False,
        "data": True,
        "words": True,
    }


@pytest.mark.parametrize(
    ("counts", "not_run", "out_of_order"),
    [
        ([1, 2, 3], [], []),
        ([None, None], [1, 2], []),
        ([1, None, 2], [2], [3]),
        ([2, 3], [], [1, 2]),
        ([1, 3, 2], [], [2, 3]),
        ([1, 1], [], [2]),
        ([1, 2, 4], [], [3]),
        (["1", True, [2]], [1, 2, 3], []),
        ([9, 8, 7, 6, 5], [], [1, 2, 3]),
    ],
)
def test_the_order_in_which_cells_were_run(counts, not_run, out_of_order):
    found = notebooks.look_at(notebook(*(code("x", count) for count in counts)))
    assert (found["not_run"], found["out_of_order"]) == (not_run, out_of_order)


def test_errors_are_told_by_cell():
    cells = [SEED, code("d['x']", 2, outputs=[ERROR]), code("x", 3, outputs=[ERROR])]
    assert notebooks.look_at(notebook(*cells))["errors"] == [2, 3]
    old = [{**SEED, "outputs": [{"output_type": "pyerr"}]}]
    assert notebooks.look_at(old_notebook(*old))["errors"] == [1]


@pytest.mark.parametrize(
    ("source", "named", "loose"),
    [
        ("import numpy", 0, []),
        ("%pip install numpy==1.26.4", 1, []),
        ("!pip install -q 'torch==2.3.1' numpy", 2, ["numpy"]),
        ("  !python -m pip install -U torch>=2", 1, ["torch"]),
        ("!{sys.executable} -m pip install einops==0.7.0", 1, []),
        ("!uv pip install jax[cuda12]==0.4.30", 1, []),
        ("%pip install numpy==1.*", 1, ["numpy"]),
        ("%pip install -r requirements.txt", 0, []),
        ("%pip install -e . --index-url https://example.org/simple numpy==1.0", 1, []),
        ("!pip install git+https://example.org/a.git@0123abc", 1, []),
        ("!pip install git+https://example.org/a.git", 1, ["git+https://example.org/a.git"]),
        ("%conda install -c conda-forge numpy=1.26 conda-forge::scipy", 2, ["scipy"]),
        ("%%writefile requirements.txt\nnumpy==1.26.4\ntorch", 3, ["torch"]),
        ("# numpy==1.26.4\n# torch == 2.3.1+cu121", 2, []),
        ("if numpy == 1.26: pass", 0, []),
        ("# we pip install numpy==1.26.4 beforehand", 0, []),
    ],
)
def test_what_a_notebook_installs(source, named, loose):
    found = notebooks.look_at(notebook(code(source)))
    assert (bool(found["named"]), found["loose"]) == (bool(named), loose)


@pytest.mark.parametrize(
    "source",
    [
        "np.random.seed(0)",
        "random.seed(SEED)",
        "rng = numpy.random.default_rng(seed=1)",
        "np.random.RandomState(3)",
        "torch.manual_seed(0)",
        "torch.cuda.manual_seed_all(0)",
        "jax.random.PRNGKey(0)",
        "key = jax.random.key(0)",
        "tf.random.set_seed(0)",
        "transformers.set_seed(1)",
        "pl.seed_everything(1)",
        "train_test_split(x, random_state=0)",
        "SEED = 1\nseed = 42",
        "set.seed(1)",
        "Random.seed!(1)",
    ],
)
def test_a_seed(source):
    assert texts.sets_a_seed(source)


@pytest.mark.parametrize(
    "source",
    ["", "np.random.seed()", "default_rng( )", "# np.random.seed(0)", "seed = None", "seedling(1)",
     "random_state=None", "plant_seeds(3)"],
)  # fmt: skip
def test_no_seed(source):
    assert not texts.sets_a_seed(source)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("## Data", True),
        ("# 2. Data and code", True),
        ("### Datasets", True),
        ("**Data availability.**", True),
        ("## Methods and data", True),
        ("## Our data", True),
        ("words\n\n## Data\nmore", True),
        ("Data", False),
        ("## Dataless", False),
        ("## What the data cannot say about us and others", False),
        ("We use data.", False),
    ],
)
def test_a_section_on_data(text, tells):
    assert texts.tells_of_data(text) == tells


# -- lists of requirements -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "named", "loose"),
    [
        ("requirements.txt", "# what\nnumpy==1.26.4  # why\n\n-r other.txt\n", 1, []),
        ("requirements.txt", "numpy\nscipy>=1\ntorch~=2.0", 3, ["numpy", "scipy", "torch"]),
        ("requirements.txt", "numpy==1.26.4 \\\n    --hash=sha256:00", 1, []),
        ("requirements.txt", "numpy==1.26.4 ; python_version > '3.8'", 1, []),
        ("requirements.txt", "a @ https://example.org/a-1.0-py3-none-any.whl", 1, []),
        ("requirements.txt", "\n".join(f"p{n}" for n in range(9)), 9, [f"p{n}" for n in range(5)]),
        ("environment.yml", "name: x\ndependencies:\n  - python\n  - numpy=1.26\n", 1, []),
        (
            "environment.yaml",
            "dependencies:\n- numpy\n- pip\n- pip:\n  - torch==2.3.1\nchannels:\n- defaults",
            2,
            ["numpy"],
        ),
        ("pyproject.toml", '[project]\ndependencies = ["numpy==1.26.4"]', 1, []),
        ("pyproject.toml", '[project]\ndependencies = ["numpy>1", 3]', 1, ["numpy"]),
        ("pyproject.toml", "[project]\ndependencies = {}", 0, []),
        ("pyproject.toml", "[" * 5000, 0, []),
        ("uv.lock", "version = 1", 1, []),
        ("setup.py", "setup(install_requires=['numpy'])", 1, ["setup.py"]),
        ("Dockerfile", "FROM python", 1, ["Dockerfile"]),
        ("main.py", "import numpy", 0, []),
    ],
)
def test_what_an_archive_asks_for(name, text, named, loose):
    found = look_at("archive", archive({f"work/{name}": text}))
    assert (found["named"], found["loose"]) == (named, loose)


def test_the_most_exact_list_of_an_archive_holds():
    abstract = '[project]\ndependencies = ["numpy", "torch"]'
    exact = "numpy==1.26.4\ntorch==2.3.1"
    found = look_at("archive", archive({"pyproject.toml": abstract, "requirements.txt": exact}))
    assert (found["named"], found["loose"]) == (2, [])
    locked = look_at("archive", archive({"pyproject.toml": abstract, "poetry.lock": ""}))
    assert (locked["named"], locked["loose"]) == (1, [])


def test_an_archive_is_looked_at_as_a_whole():
    found = look_at(
        "archive",
        archive(
            {
                "work-main/README.md": "# Work\n\nRun `make`.\n\n## Data\n\nIn data/.",
                "work-main/src/run.py": "torch.manual_seed(0)",
                "work-main/nb/one.ipynb": notebook(SEED, SHOWN),
                "work-main/nb/deep/README.md": "",
            }
        ),
    )
    assert (found["readme"], found["code"], found["seed"], found["data"]) == (True,) * 4
    assert [(each["name"], each["cells"]) for each in found["notebooks"]] == [
        ("work-main/nb/one.ipynb", 2)
    ]
    bare = look_at("archive", archive({"a/b/c/README.md": "Of a library.", "data.csv": "1"}))
    assert (bare["readme"], bare["code"], bare["seed"]) == (False, False, False)


# -- links -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "fault", "house", "version"),
    [
        ("https://github.com/team/work", None, "code", ""),
        ("https://www.github.com/team/work/tree/main", None, "code", ""),
        ("https://github.com/team/work/tree/0123abc", None, "code", "0123abc"),
        ("https://github.com/team/work/commit/" + "a" * 40, None, "code", "a" * 40),
        ("https://github.com/team/work/releases/tag/v1.2", None, "code", "v1.2"),
        ("https://github.com/team/work/archive/refs/tags/v2.zip", None, "code", "v2"),
        ("https://gitlab.com/team/work/-/tree/v0.1.0", None, "code", "v0.1.0"),
        ("https://codeberg.org/team/work/src/commit/0123abcd", None, "code", "0123abcd"),
        ("https://git.example.org/team/work", None, None, ""),
        ("https://github.com/", "nowhere", "code", ""),
        ("https://github.com/team", "nowhere", "code", ""),
        ("https://colab.research.google.com/drive/1a", None, "notebook", ""),
        ("https://mybinder.org/v2/gh/team/work/v1.0", None, "notebook", ""),
        ("https://www.kaggle.com/code/a/b", None, "notebook", ""),
        ("https://www.kaggle.com/datasets/a/b", None, "data", ""),
        ("https://huggingface.co/datasets/a/b", None, "data", ""),
        ("https://huggingface.co/a/b", None, "code", ""),
        ("https://youtu.be/abc", None, "video", ""),
        ("https://vimeo.com/", "nowhere", "video", ""),
        ("https://doi.org/10.5281/zenodo.1", None, "data", ""),
        ("https://doi.org/zenodo", "nowhere", "data", ""),
        ("https://zenodo.org/records/1", None, "data", ""),
        ("https://example.org:8443/a?b#c", None, None, ""),
        ("http://пример.example/", None, None, ""),
        ("", "malformed", None, ""),
        (None, "malformed", None, ""),
        ("work", "malformed", None, ""),
        ("ftp://example.org/x", "malformed", None, ""),
        ("javascript:alert(1)", "malformed", None, ""),
        ("https://", "malformed", None, ""),
        ("https://[::1", "malformed", None, ""),
        ("https://example.org:port/", "malformed", None, ""),
        ("https://example .org/", "malformed", None, ""),
        ("https://ghp_token@github.com/team/work", "secret", None, ""),
        ("http://localhost:8888/lab", "local", None, ""),
        ("http://127.0.0.1:8888/", "local", None, ""),
        ("http://[::1]/", "local", None, ""),
        ("http://machine/", "local", None, ""),
        ("http://box.local/", "local", None, ""),
    ],
)
def test_what_a_link_says_of_itself(url, fault, house, version):
    address = links.look_at(url)
    assert (address.fault, address.house, address.version) == (fault, house, version)


# -- the ladder ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "level", "missing"),
    [
        ({}, 0, "There is something to run"),
        ({"links": [link("demo", "https://example.org/x")]}, 0, "There is something to run"),
        ({"links": [REPOSITORY]}, 1, "What it needs"),
        ({"links": [REPOSITORY], "body": " "}, 0, "It says what it is"),
        ({"links": [REPOSITORY], "licence": ""}, 0, "A licence"),
        (
            {"links": [REPOSITORY], "licence": "LicenseRef-All-Rights-Reserved"},
            0,
            "A licence",
        ),
        (
            {"links": [REPOSITORY, link("data", "http://localhost/x")]},
            0,
            "The links are well formed",
        ),
    ],
)
def test_the_first_level(fields, level, missing):
    ladder = ladder_of(content(**fields), {})
    assert ladder.level == level
    assert labels(ladder.todo).startswith(missing)
    assert all(check.todo or check.finding for check in ladder.todo)


def test_a_notebook_that_a_stranger_could_run():
    ladder = with_notebook(*WHOLE)
    assert (ladder.level, ladder.todo) == (2, [])
    assert len(ladder.met) == len(ladder.checks) == 8


@pytest.mark.parametrize(
    ("cells", "missing", "todo"),
    [
        (WHOLE[1:], "It says where the data are from", "section “Data”"),
        ((WHOLE[0], *WHOLE[2:]), "What it needs", "requirements.txt"),
        (
            (*WHOLE, code("%pip install torch", 4)),
            "What it needs",
            "Without an exact version: torch.",
        ),
        ((*WHOLE[:2], code("x", 2, "1")), "Chance begins at a seed", "default_rng(0)"),
        ((*WHOLE, code("x", None)), "Notebooks were run", "Code cell 4 of file0 was not run"),
        ((*WHOLE, code("x", 9)), "Notebooks were run", "From code cell 4 on, file0"),
        (WHOLE[:3], "Notebooks were run", "file0 shows no outputs"),
        ((*WHOLE, code("x", 4, outputs=[ERROR])), "No cell ends in an error", "Code cell 4"),
    ],
)
def test_what_the_second_level_misses(cells, missing, todo):
    ladder = with_notebook(*cells)
    assert ladder.level == 1
    assert labels(ladder.todo).startswith(missing)
    assert len(ladder.todo) <= 2
    assert todo in f"{ladder.todo[0].finding} {ladder.todo[0].todo}"


def test_without_chance_no_seed_is_asked_for():
    cells = (*WHOLE[:2], code("x", 2, "1"))
    assert with_notebook(*cells, body="The experiment is deterministic.").level == 2
    assert with_notebook(words("No randomness here."), *cells).level == 2


def test_code_behind_a_link_is_named_by_a_commit_or_a_tag():
    assert labels(with_notebook(*WHOLE, links=[REPOSITORY]).todo).startswith("The code is named")
    assert with_notebook(*WHOLE, links=[TAGGED]).level == 2
    assert with_notebook(*WHOLE, links=[REPOSITORY], commit="0123abc").level == 2
    data = link("data", "https://zenodo.org/records/1")
    assert with_notebook(*WHOLE[1:], links=[data]).level == 2


READY = {
    "README.md": "# Run\n\n`make`\n\n## Data\n\nIn data/.",
    "requirements.txt": "numpy==1.26.4",
    "run.py": "numpy.random.seed(0)",
}


def test_an_archive_that_a_stranger_could_run():
    assert with_archive(READY).level == 2
    without = with_archive({name: text for name, text in READY.items() if name != "README.md"})
    assert (without.level, without.todo[0].finding) == (0, "file0 has no README.")
    assert with_archive({**READY, "n.ipynb": notebook(code("x", 5))}).level == 1
    assert with_archive({"README.md": "Only words."}).level == 0


def test_a_file_that_nobody_has_looked_at_yet():
    files = [{"kind": "notebook", "name": "n", "sha256": "0"}]
    ladder = ladder_of(content(files=files), {})
    assert (ladder.level, ladder.is_pending) == (1, True)
    assert not with_notebook(*WHOLE).is_pending


@pytest.mark.parametrize(
    ("ran", "as_described", "level"),
    [(0, 0, 0), (1, 0, 3), (1, 1, 3), (2, 1, 3), (5, 0, 3), (2, 2, 4), (9, 3, 4)],
)
def test_people_raise_it_whatever_the_checks_miss(ran, as_described, level):
    ladder = ladder_of(content(), {}).with_people(ran, as_described)
    assert ladder.level == level
    assert [rung.level for rung in ladder.rungs if rung.is_reached] == (
        list(range(1, level + 1)) or [0]
    )
    assert [rung.level for rung in ladder.rungs if rung.is_current] == [level]


def test_what_hosts_said_stands_beside_the_links():
    at = "2030-05-05T12:00:00+00:00"
    answers = {REPOSITORY["url"]: {"at": at, "there": False, "answer": 404}}
    shown = ladder_of(content(links=[REPOSITORY, TAGGED]), {}, answers).links
    assert [(each.asked_at is not None, each.has_answered) for each in shown] == [
        (True, False),
        (False, False),
    ]
    assert ladder_of(content(links=[REPOSITORY]), {}, answers).level == 1


# -- hostile files ---------------------------------------------------------------------------

MILLION = 1_000_000


def bomb() -> io.BytesIO:
    return archive({"README.md": b"#" * (120 * MILLION), "run.py": b"x" * (60 * MILLION)})


def with_a_lie() -> io.BytesIO:
    """An archive whose list promises one byte where there are ten thousand."""
    file = archive({"README.md": b"a" * 10_000})
    content = file.getvalue().replace((10_000).to_bytes(4, "little"), (1).to_bytes(4, "little"))
    return io.BytesIO(content)


def many_entries() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for number in range(3000):
            packed.writestr(f"{number}.py", "")
    return file


HOSTILE = {
    "empty": ("notebook", b""),
    "not json": ("notebook", b"{"),
    "not text": ("notebook", b"\xff\xfe\x00{"),
    "a list": ("notebook", b"[]"),
    "a number": ("notebook", b"1"),
    "deep": ("notebook", b'{"cells":' + b"[" * 100_000),
    "deep and closed": ("notebook", b'{"a":' + b"[" * 90_000 + b"]" * 90_000 + b"}"),
    "a million cells": ("notebook", b'{"cells":[' + b"{}," * MILLION + b"{}]}"),
    "two hundred thousand cells": ("notebook", b'{"cells":[' + b"{}," * 199_000 + b"{}]}"),
    "many values": ("notebook", b'{"cells":[' + b"1.5," * 2 * MILLION + b"1]}"),
    "no cells": ("notebook", notebook(1, None, "x", [], {"cell_type": ["code"]})),
    "odd cells": (
        "notebook",
        notebook(
            code({"a": 1}), code([1, None, "x"]), code("x", outputs={}), code("y", outputs=[1])
        ),
    ),
    "cells are a number": ("notebook", b'{"cells": 5, "worksheets": [1, {"cells": 2}]}'),
    "blank lines": ("notebook", notebook(code("\n" * 5 * MILLION), words("\n" * 2 * MILLION))),
    "one long line": ("notebook", notebook(code("!pip install " + "a " * 2 * MILLION))),
    "many pins": ("notebook", notebook(words("- a==\n" * 500_000))),
    "many names": (
        "notebook",
        notebook(code("%%writefile requirements.txt\n" + "\n".join(map(str, range(100_000))))),
    ),
    "spaces": ("notebook", notebook(code("seed" + " " * 1900 + "\n" + "seed " * MILLION))),
    "headings": ("notebook", notebook(words("# 1.1.1.1 data " * 100_000 + "\n" + "## " * 900_000))),
    "stars": ("notebook", notebook(words(("#" * 1900 + "\n") * 900))),
    "not a zip": ("archive", b"PK\x03\x04 nothing"),
    "a picture": ("image", b"\x89PNG"),
    "a zip bomb": ("archive", bomb),
    "a list that lies": ("archive", with_a_lie),
    "many entries": ("archive", many_entries),
    "notebooks without end": (
        "archive",
        lambda: archive({f"{n}.ipynb": b'{"cells":' + b"[" * 50_000 for n in range(99)}),
    ),
    "toml without end": (
        "archive",
        lambda: archive({"pyproject.toml": "a = " + "[" * 1900 + "\n" + "[a]\n" * 300_000}),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_looked_at_within_bounds(name):
    kind, made = HOSTILE[name]
    file = made() if callable(made) else io.BytesIO(made)
    tracemalloc.start()
    began = time.process_time()
    found = look_at(kind, file)
    seconds, (_now, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Tracing makes it several times slower.
    assert seconds < 15
    assert most < 250 * MILLION
    assert len(str(found)) < 4000
    assert with_files((kind, found)).level <= 1


def test_what_could_not_be_read_is_said():
    ladder = with_files(("notebook", look_at("notebook", io.BytesIO(b"{"))))
    assert ladder.level == 1
    assert "file0 is too large to be looked at, or damaged." in [c.finding for c in ladder.todo]
