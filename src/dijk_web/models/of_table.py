"""Columns of a model from the table of the core, so that type, limits and choices of each stand in one place.

A class that is `of_table` holds indexes and nothing else. What `dijk.tables` says becomes fields, CHECK constraints and
the unique key; ``makemigrations --check`` is the test that table and database agree.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import dataframely as dy
from django.db import models
from django.db.models import Q

from dijk.tables import ON_DISK

Model = TypeVar("Model", bound=type[models.Model])

PROJECTED = ("organisation", "site", "need", "product", "request")
"""Tables of which what is current is kept beside what was told; other columns find them by code."""

PRESENCE = {"value_or_reason", "number_or_word"}
"""Rules of tables that the database holds too: one of two columns is filled, never both."""


def of_table(name: str) -> Callable[[Model], Model]:
    """Give a model the columns of a table, its limits and its key."""

    def fill(model: Model) -> Model:
        schema = ON_DISK[name]
        for column, kind in schema.columns().items():
            model.add_to_class(column, field_of(name, column, kind))
        key = [column for column in schema.primary_key() if column != "known_at"]
        constrain(model, [*checks(name), models.UniqueConstraint(fields=[*key, "known_at"], name=f"{name}_key")])
        model._meta.db_table = model._meta.original_attrs["db_table"] = f"told_{name}"
        model.table = name
        return model

    return fill


def current_of(name: str) -> Callable[[Model], Model]:
    """Give a projection the columns of its table beside the code, which is its key: Django wants that in the class."""

    def fill(model: Model) -> Model:
        for column, kind in ON_DISK[name].columns().items():
            if column != name:
                model.add_to_class(column, field_of(name, column, kind))
        model._meta.db_table = model._meta.original_attrs["db_table"] = f"current_{name}"
        model.table = name
        return model

    return fill


def constrain(model: type[models.Model], constraints: list[models.BaseConstraint]) -> None:
    """Add constraints to a class that is made; the migrations look at both lists."""
    model._meta.constraints = [*model._meta.constraints, *constraints]
    model._meta.original_attrs["constraints"] = model._meta.constraints


def field_of(table: str, name: str, kind: dy.Column) -> models.Field:
    """The field of a column. A column that refers to a register with a projection is a relation without a constraint:
    a row may come before the register that explains it.
    """
    refers = (kind.metadata or {}).get("refers")
    if refers in PROJECTED:
        return models.ForeignKey(
            refers.capitalize(),
            models.DO_NOTHING,
            db_column=name,
            db_constraint=False,
            db_index=False,
            null=kind.nullable,
            related_name="+",
        )
    match kind:
        case dy.String():
            return models.CharField(max_length=kind.max_length, null=kind.nullable)
        case dy.Enum():
            return models.CharField(max_length=max(map(len, kind.categories)), null=kind.nullable)
        case dy.Int64():
            return models.BigIntegerField(null=kind.nullable)
        case dy.Float64():
            return models.FloatField(null=kind.nullable)
        case dy.Bool():
            return models.BooleanField(null=kind.nullable)
        case dy.Date():
            return models.DateField(null=kind.nullable)
        case dy.Datetime():
            return models.DateTimeField(null=kind.nullable)
    raise TypeError(f"{table}.{name}: no field for {type(kind).__name__}")


def checks(table: str) -> Iterator[models.CheckConstraint]:
    """The limits of a table as the database checks them; a value that is missing breaks none."""
    schema = ON_DISK[table]
    for name, kind in schema.columns().items():
        if (limits := limits_of(name, kind)) is not None:
            yield models.CheckConstraint(condition=limits, name=f"{table}_{name}_within")
    for rule in sorted(PRESENCE & set(dir(schema))):
        value = ("word", "value") if rule == "number_or_word" else ("reason", value_column(schema))
        one, other = (Q(**{f"{column}__isnull": True}) for column in value)
        yield models.CheckConstraint(condition=(one & ~other) | (~one & other), name=f"{table}_{rule}")


def value_column(schema: type[dy.Schema]) -> str:
    """The column that a reason stands in for."""
    return next(name for name in ("pieces", "value", "units") if name in schema.columns())


def limits_of(name: str, kind: dy.Column) -> Q | None:
    """What a value of a column must be, None where anything goes."""
    match kind:
        case dy.Enum():
            return Q(**{f"{name}__in": list(kind.categories)})
        case dy.String(min_length=1):
            return ~Q(**{name: ""})
        case dy.Int64() | dy.Float64() | dy.Date():
            bounds = {"gte": kind.min, "lte": kind.max, "gt": kind.min_exclusive, "lt": kind.max_exclusive}
            said = {f"{name}__{lookup}": bound for lookup, bound in bounds.items() if bound is not None}
            return Q(**said) if said else None
    return None
