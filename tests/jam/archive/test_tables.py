"""No model of a jam is forgotten, and no field of one."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from jam import parts
from jam.archive import writing

OURS = ("jam", "local_sites", "submissions", "ratings")


def models_of_ours() -> list[type[models.Model]]:
    found = []
    for label in OURS:
        found += apps.get_app_config(label).get_models(include_auto_created=True)
    return found


def left_out() -> dict[type, str]:
    return {
        model: why
        for part in parts.all_parts()
        for model, why in part.left_out_of_exports().items()
    }


def is_of_an_account(model: type[models.Model]) -> bool:
    """Django's own ties of a person to what they may do on this installation."""
    return model._meta.auto_created and model._meta.auto_created._meta.label == "jam.User"


@pytest.mark.parametrize("model", models_of_ours(), ids=lambda model: model._meta.label)
def test_every_model_is_described_or_left_out_for_a_reason(model):
    described = {table.model for table in writing.all_tables()}
    if is_of_an_account(model):
        assert model not in described
        return
    assert (model in described) != bool(left_out().get(model)), (
        f"Describe {model._meta.label} in tables.py of its app, or name why it is left out."
    )


@pytest.mark.parametrize("table", writing.all_tables(), ids=lambda table: table.name)
def test_every_field_is_a_column_or_left_out_for_a_reason(table):
    fields = {field.name for field in table.model._meta.concrete_fields}
    assert set(table.left_out) <= fields
    assert all(table.left_out.values())
    to_jam = {field.name for field in table.model._meta.concrete_fields if field.primary_key
              or field.related_model is apps.get_model("jam.Jam")}  # fmt: skip
    columns = {column.name for column in table.columns if column.field}
    assert columns == fields - to_jam - set(table.left_out)


@pytest.mark.parametrize("table", writing.all_tables(), ids=lambda table: table.name)
def test_no_text_is_told_apart_from_nothing(table):
    """CSV has no other sign for nothing than an empty cell."""
    texts = [column.field for column in table.columns if column.type == "string" and column.field]
    assert not [field.name for field in texts if field.null]


@pytest.mark.parametrize("table", writing.all_tables(), ids=lambda table: table.name)
def test_what_is_referred_to_is_in_the_package(table):
    described = {each.model for each in writing.all_tables()}
    for column in table.columns:
        assert not column.is_reference or column.model in described, column.name


def test_tables_have_names_of_their_own():
    tables = writing.all_tables()
    assert len({table.path for table in tables}) == len(tables)
