"""Every awkward file is taken or refused with its reason: no error, in little time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from django.core.files.base import ContentFile

from submissions import files
from tests.submissions.corpus import Awkward, corpus

FILES = corpus()


@pytest.mark.parametrize("awkward", FILES, ids=lambda awkward: awkward.name)
def test_an_awkward_file_is_taken_or_refused_with_a_reason(awkward: Awkward):
    content = awkward.make()
    began = time.process_time()
    if awkward.refused:
        with pytest.raises(files.FileRefused, match=awkward.refused):
            files.inspect(ContentFile(content, awkward.name))
    else:
        assert files.inspect(ContentFile(content, awkward.name)).kind == awkward.kind
    assert time.process_time() - began < 5


def test_there_are_enough_of_them_and_no_two_of_one_name():
    assert len(FILES) >= 40
    assert len({awkward.name for awkward in FILES}) == len(FILES)


def test_a_notebook_of_nothing_but_brackets_takes_little_memory():
    with pytest.raises(files.FileRefused, match="too many parts"):
        files.inspect(ContentFile(b'{"nbformat":4,"cells":[' + b"{}," * 3_000_000, "a.ipynb"))


@pytest.mark.parametrize("name", ["forty-two.zip", "zeros.zip", "50000-wide.png"])
def test_what_explodes_takes_little_memory(name):
    awkward = next(awkward for awkward in FILES if awkward.name == name)
    upload = ContentFile(awkward.make(), name)
    tracemalloc.start()
    try:
        with pytest.raises(files.FileRefused):
            files.inspect(upload)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
