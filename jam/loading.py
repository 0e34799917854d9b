"""Rows that are loaded into a list of a jam from a file: looked at as if each had been typed where
it is set up, all of them or none, and by the services, so that rules hold and the log tells.

Loading adds. A row that is there already, word for word, is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Field, Model, UniqueConstraint
from django.utils.translation import gettext as _

from jam import log, parts, rows, spreadsheets
from jam.errors import Refused, refuse
from jam.models import Jam, User
from jam.permissions import set_up_refusal
from jam.rows import WhyNot, always
from jam.table_files import Row, Sheet

TRUE, FALSE = ("true", "yes", "1", "x"), ("false", "no", "0", "")


def into_list(kind: Kind, jam: Jam, new: list[Model], by: User, moment: datetime) -> None:
    """Add rows to a list that is kept in order, at its end."""
    there = list(kind.model._default_manager.filter(jam=jam))
    rows.change_list(
        jam=jam, rows=[*there, *new], gone=[], by=by, why_not=kind.why_not, moment=moment
    )


@dataclass(frozen=True)
class Kind:
    """A list that is set up with a jam: how a row of it is looked at, and how it is kept."""

    model: type[Model]
    fields: tuple[str, ...]
    most: int = 40
    form: type[forms.ModelForm] = forms.ModelForm
    # What the form is made with, and what a new row has that no form asks for.
    form_kwargs: Callable[[Jam], dict[str, Any]] = lambda jam: {}
    begins_with: Callable[[datetime], dict[str, Any]] = lambda moment: {}
    why_not: WhyNot = always
    keep: Callable[[Kind, Jam, list[Model], User, datetime], None] = into_list
    # Columns that say of a row that it is no more: loaded again, it would be.
    not_with: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def label(self) -> Any:
        return self.model._meta.verbose_name_plural

    @property
    def columns(self) -> list[Field]:
        return [self.model._meta.get_field(name) for name in self.fields]

    def form_of(self, jam: Jam, data: dict[str, str], row: Model | None = None) -> forms.ModelForm:
        made = forms.modelform_factory(self.model, form=self.form, fields=list(self.fields))
        return made(data, instance=row, **self.form_kwargs(jam))


def kinds() -> dict[str, Kind]:
    """What can be loaded, by name."""
    return {kind.name: kind for part in parts.all_parts() for kind in part.kinds()}


@dataclass(frozen=True)
class Wrong:
    """Something that is wrong with a row."""

    number: int
    column: str
    cell: str
    text: str


@dataclass
class Plan:
    """What becomes of a file."""

    kind: Kind
    sheet: Sheet
    new: list[Model] = field(default_factory=list)
    # The numbers of the rows that are there already.
    there: list[int] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    # Columns that are not loaded, and why nothing is.
    left: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def is_right(self) -> bool:
        return bool(self.new) and not self.wrong and not self.trouble


def load(
    *, kind: Kind, jam: Jam, sheet: Sheet, known: Iterable[str] = (), by: User,
    is_trial: bool = False, moment: datetime,
) -> Plan:  # fmt: skip
    """Load the rows of `sheet` into the list of `jam`, all or none; what of the columns that are
    `known` is not loaded is left out. A trial does the same, and undoes it. Raises Refused where
    `by` may not set the jam up."""
    with transaction.atomic():
        # A trial keeps nobody waiting: what it finds is looked for once more when it is loaded.
        jams = Jam.objects.all() if is_trial else Jam.objects.select_for_update(no_key=True)
        jam = jams.get(pk=jam.pk)
        refuse(set_up_refusal(by, jam))
        plan = _planned(kind, jam, sheet, known, moment)
        if plan.is_right:
            try:
                kind.keep(kind, jam, plan.new, by, moment)
            except Refused as refused:
                plan.trouble = refused.label
        if plan.is_right and not is_trial:
            told = {"list": kind.name, "file": sheet.name, "rows": len(plan.new)}
            log.record("loaded rows", jam, by=by, jam=jam, after=told, moment=moment)
        else:
            transaction.set_rollback(True)
    return plan


def _planned(kind: Kind, jam: Jam, sheet: Sheet, known: Iterable[str], moment: datetime) -> Plan:
    plan = Plan(kind, sheet)
    if unknown := [name for name in sheet.columns if name not in {*kind.fields, *known}]:
        plan.trouble = _("There is no column %(names)s. These can be loaded: %(all)s.") % {
            "names": ", ".join(f"“{name[:60]}”" for name in unknown[:8]),
            "all": ", ".join(kind.fields),
        }
        return plan
    plan.left = [name for name in sheet.columns if name not in (*kind.fields, "jam")]
    there = list(kind.model._default_manager.filter(jam=jam).defer(None))
    _look(plan, jam, {_said(kind, row) for row in there}, moment)
    if len(there) + len(plan.new) > kind.most:
        plan.trouble = _("With these there would be %(n)s; a jam has %(most)s at most.") % {
            "n": len(there) + len(plan.new), "most": kind.most
        }  # fmt: skip
    elif not (plan.new or plan.wrong):
        plan.trouble = _("All of it is there already.")
    return plan


def _look(plan: Plan, jam: Jam, there: set[tuple], moment: datetime) -> None:
    """Tell the rows that are new, there already, and wrong apart."""
    kind = plan.kind
    reading = _Reading(kind, jam, plan.sheet)
    seen: dict[tuple, int] = {}
    for row in plan.sheet.rows:
        said, wrong = reading.said(row)
        made = kind.model(jam=jam, **kind.begins_with(moment))
        if not wrong:
            form = kind.form_of(jam, said, made)
            wrong = reading.wrong(row, form.errors.as_data())
        if not wrong and _said(kind, made) in there:
            plan.there.append(row.number)
            continue
        if not wrong:
            try:
                # With what no form asks for, and so does not look at.
                made.full_clean()
            except ValidationError as error:
                wrong = reading.wrong(row, error.error_dict)
        if not wrong:
            keys = _alone(kind, made)
            for name, key in keys:
                if key in seen:
                    told = ValidationError(_("Row %(n)s says the same.") % {"n": seen[key]})
                    wrong = reading.wrong(row, {name: [told]})
                    break
            seen |= {key: row.number for _name, key in keys if key not in seen}
        plan.wrong += wrong
        plan.new.append(made)


def _alone(kind: Kind, row: Model) -> list[tuple[str, tuple]]:
    """In what no two rows may be alike: the field to point at, and what stands there."""
    return [
        (NON_FIELD_ERRORS, _said(kind, row)),
        *(
            (each.fields[-1], (each.name, *(getattr(row, name) for name in each.fields)))
            for each in kind.model._meta.constraints
            if isinstance(each, UniqueConstraint) and each.condition is None
        ),
    ]


def _said(kind: Kind, row: Model) -> tuple:
    """What a row says, to be compared with another."""
    values = (f.get_prep_value(getattr(row, f.attname)) for f in kind.columns)
    # Spreadsheets write the ends of lines in their own way.
    return tuple(v.replace("\r\n", "\n") if isinstance(v, str) else v for v in values)


class _Reading:
    """How the cells of a file become what is typed into a form."""

    def __init__(self, kind: Kind, jam: Jam, sheet: Sheet):
        self.jam, self.sheet, self.kind = jam, sheet, kind
        self.fields = kind.form_of(jam, {}).fields
        self.choices = {
            name: self._choices(each) for name, each in self.fields.items()
            if hasattr(each, "choices")
        }  # fmt: skip

    def _choices(self, of: Any) -> dict[str, tuple[str, str]]:
        """What is written for a choice and what is typed, by what may be written for it: itself or
        its label; of rows, their names. For a name of several rows nothing is typed."""
        if isinstance(of, forms.ModelChoiceField):
            rows = list(of.queryset)
            how_many = Counter(str(row).casefold() for row in rows)
            return {
                name: (str(row), str(row.pk) if how_many[name] == 1 else "")
                for row in rows if (name := str(row).casefold())
            }  # fmt: skip
        return {
            str(word).casefold(): (str(value), str(value))
            for value, label in of.choices if value
            for word in (label, value)
        }  # fmt: skip

    def said(self, row: Row) -> tuple[dict[str, str], list[Wrong]]:
        """What would be typed, and what cannot be read."""
        data, wrong = {}, []
        for column in self.kind.columns:
            try:
                data[column.name] = self._typed(column, row.cells.get(column.name, ""))
            except ValidationError as error:
                wrong += self.wrong(row, {column.name: [error]})
        if (of := self._text(row.cells.get("jam", ""))) and not self._is_this_jam(of):
            told = ValidationError(_("This row is another jam’s."))
            wrong += self.wrong(row, {"jam": [told]})
        for name in self.kind.not_with:
            if row.cells.get(name, "").strip():
                told = ValidationError(
                    _("This was cancelled or declined: take it out of the file.")
                )
                wrong += self.wrong(row, {name: [told]})
        return data, wrong

    def _is_this_jam(self, of: str) -> bool:
        return of in (self.jam.slug, self.jam.title.strip(), str(self.jam).strip())

    def _text(self, cell: str) -> str:
        return spreadsheets.text_of(cell).strip() if self.sheet.is_csv else cell.strip()

    def _typed(self, column: Field, cell: str) -> str:
        if self.sheet.is_csv and spreadsheets.is_formula(cell):
            raise ValidationError(
                _("This is a formula. If it is meant as a text, write a ' before it.")
            )
        text = self._text(cell)
        if not text:
            return str(column.get_default()) if column.has_default() else ""
        if isinstance(self.fields[column.name], forms.BooleanField):
            if text.casefold() not in TRUE + FALSE:
                raise ValidationError(_("Write true or false."))
            return "true" if text.casefold() in TRUE else "false"
        if column.name not in self.choices:
            return text
        found = self.choices[column.name]
        if text.casefold() not in found:
            raise ValidationError(
                _("There is no such choice. There are: %(all)s.")
                % {"all": ", ".join(dict.fromkeys(word for word, _typed in found.values()))[:400]}
            )
        _word, typed = found[text.casefold()]
        if not typed:
            raise ValidationError(_("Several have this name, so that it does not say which one."))
        return typed

    def wrong(self, row: Row, errors: dict[str, list[ValidationError]]) -> list[Wrong]:
        return [
            Wrong(row.number, "" if name == NON_FIELD_ERRORS else name, row.cells.get(name, ""),
                  message)
            for name, found in errors.items()
            for error in found
            for message in error.messages
        ]  # fmt: skip
