"""The database itself refuses to change or delete what was told, and lines of the log; and there is one pen."""

import datetime as dt

from django.db import migrations

TABLES = (
    "told_organisation",
    "told_site",
    "told_region",
    "told_region_share",
    "told_sector",
    "told_risk_class",
    "told_need",
    "told_product",
    "told_driver",
    "told_asked",
    "told_indicator",
    "told_activity",
    "told_use",
    "told_stock",
    "told_request",
    "told_delivery",
    "told_inbound",
    "told_external_figure",
    "told_acceptance",
    "told_scope",
    "told_verdict",
    "told_norm",
    "told_scenario",
    "told_policy_rule",
    "told_fence",
    "told_warning_reason",
    "told_past_regime",
    "told_past_situation",
    "told_past_level",
    "told_past_award",
    "told_past_demand",
    "told_past_driver_forecast",
    "act",
)


def guard(apps, editor):
    """Triggers on every table of which rows are only added."""
    guards = {"sqlite": guard_sqlite, "postgresql": guard_postgresql}[editor.connection.vendor]
    for statement in guards():
        editor.execute(statement, params=None)


def guard_sqlite():
    """``INSERT OR REPLACE`` deletes too, which the trigger sees because connections set ``recursive_triggers``."""
    for table in (*TABLES, "pen"):
        for verb in ("UPDATE", "DELETE") if table != "pen" else ("DELETE",):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
            )


def guard_postgresql():
    """One function for all; TRUNCATE fires its own kind of trigger."""
    yield (
        "CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: rows are only added', TG_TABLE_NAME; END $$"
    )
    for table in (*TABLES, "pen"):
        verbs = "UPDATE OR DELETE" if table != "pen" else "DELETE"
        yield (
            f"CREATE TRIGGER {table}_only_added BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION only_added()"
        )
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )


def lay_the_pen(apps, editor):
    """The pen before the first act: no moment is earlier, and the first seal rests on nothing."""
    apps.get_model("dijk_web", "Pen").objects.create(
        id=1, act=0, known_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), seal="0" * 64
    )


class Migration(migrations.Migration):
    """What is told is only added."""

    dependencies = (("dijk_web", "0001_initial"),)
    operations = (
        migrations.RunPython(lay_the_pen, migrations.RunPython.noop),
        migrations.RunPython(guard, migrations.RunPython.noop),
    )
