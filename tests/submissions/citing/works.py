"""Works to cite, as awkward as they come, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

from submissions.citing.names import parts_of
from submissions.citing.work import Person, Work, one_line

AWKWARD = r"""{Braces} } and { 50% of $x_1^2$ & #tags \emph{~} "quoted" <b> @misc{a, b = {c}}"""
NAMES = {
    "plain": ["Ada Lovelace"],
    "particle and suffix": ["Ludwig van Beethoven", "Martin Luther King Jr."],
    "one word": ["Ada"],
    "institution": ["The Alignment Team", "Université Paris-Saclay", "Smith & Sons, Ltd."],
    "joined by and": ["Barnes and Noble", "and"],
    "a handle": ["night owl", "x_ada_42"],
    "accents": ["Łukasz Żółć", "Émile Zola", "Nguyễn Thị Minh Khai", "Søren Kierkegaard"],
    "cyrillic and greek": ["Лев Толстой", "Ιωάννα Παππά"],
    "family first": ["山田 太郎", "김 민준"],
    "without spaces": ["毛泽东", "さくら"],
    "from the right": ["محمد بن سلمان", "דוד בן גוריון"],
    "joined signs": ["सचिन तेंदुलकर", "สมชาย ใจดี", "👩‍🔬 Lab 🧪"],
    "awkward signs": [AWKWARD, "O'Brien, {Pat}", "Ann\r\nER  - \nTY  - BOOK", "A\tB\0C\u202eD"],
    "one and forty": [f"Person Number{chr(97 + n % 26) * (1 + n // 26)}" for n in range(40)],
    "nobody": [],
}


def work(**changes: Any) -> Work:
    """A work whose texts are plain, with changes."""
    people = changes.pop("names", ["Ada Lovelace"])
    texts = {
        key: one_line(changes.pop(key, usual))
        for key, usual in {"title": "Looking inside", "abstract": "We looked.",
                           "jam": "Night of Circuits"}.items()
    }  # fmt: skip
    given = {
        "people": tuple(Person(parts_of(one_line(name)), "Analytical Society") for name in people),
        "jam_url": "https://jams.example.org/jams/night_of-circuits/",
        "began": date(2030, 5, 3),
        "ended": date(2030, 5, 5),
        "handed_in": date(2030, 5, 5),
        "url": "https://jams.example.org/jams/night_of-circuits/submissions/7/",
        "version": 2,
        "sha256": "0f" * 32,
        "licence": "CC-BY-4.0",
        "publisher": "The hosts",
        "place": "Online",
        "tags": ("circuits", "50 % {off}"),
        "repository": "https://code.example.org/a/b",
        "commit": "deadbeef",
    }
    return Work(pk=7, **texts, **(given | changes))


# By a name: every kind of names, and every kind of text beside them.
WORKS = {
    **{kind: work(names=names) for kind, names in NAMES.items()},
    "awkward texts": work(title=AWKWARD, abstract=AWKWARD * 2, jam=AWKWARD, tags=(AWKWARD,)),
    "unbalanced": work(title="}} {", jam="\\", abstract="%"),
    "other scripts": work(title="解釈可能性 🧪 और व्याख्या", jam="ليلة الدوائر"),
    "late and withdrawn": work(is_late=True, is_withdrawn=True),
    "bare": work(abstract="", licence="", place="", tags=(), repository="", commit=""),
}
