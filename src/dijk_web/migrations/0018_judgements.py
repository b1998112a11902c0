"""Who may sign orders, and the texts of the policy; like all judgements, they are only added."""

import datetime
import django.db.models.deletion
from django.db import migrations, models


TABLES = ("told_mandate", "told_policy_text")


def guard(apps, editor):
    """The database refuses to change or delete a row."""
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            for when, what in (("UPDATE OR DELETE", "only_added"), ("TRUNCATE", "no_truncate")):
                each = "ROW" if when != "TRUNCATE" else "STATEMENT"
                editor.execute(
                    f"CREATE TRIGGER {table}_{what} BEFORE {when} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION only_added()"
                )
            continue
        for verb in ("UPDATE", "DELETE"):
            editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END",
                params=None,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("dijk_web", "0017_loan"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.CharField(max_length=300)),
                ("source", models.CharField(max_length=300)),
                ("how", models.CharField(max_length=9)),
                ("set_by", models.CharField(max_length=100)),
                ("capacity", models.CharField(max_length=80)),
                ("signs_for", models.CharField(max_length=10)),
                ("most_cents", models.BigIntegerField(null=True)),
                (
                    "need",
                    models.ForeignKey(
                        db_column="need",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dijk_web.need",
                    ),
                ),
            ],
            options={
                "db_table": "told_mandate",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__gte", datetime.date(2000, 1, 1)),
                            ("valid_from__lte", datetime.date(2100, 1, 1)),
                        ),
                        name="mandate_valid_from_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__gte", datetime.date(2000, 1, 1)), ("valid_to__lte", datetime.date(2100, 1, 1))
                        ),
                        name="mandate_valid_to_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["counted", "estimated", "assumed"])), name="mandate_how_within"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity", ""), _negated=True), name="mandate_capacity_within"
                    ),
                    models.CheckConstraint(condition=models.Q(("need", ""), _negated=True), name="mandate_need_within"),
                    models.CheckConstraint(
                        condition=models.Q(("signs_for__in", ["consortium", "ministry"])),
                        name="mandate_signs_for_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_cents__gte", 0), ("most_cents__lte", 1000000000000000)),
                        name="mandate_most_cents_within",
                    ),
                    models.UniqueConstraint(fields=("valid_from", "capacity", "need", "known_at"), name="mandate_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.CharField(max_length=300)),
                ("source", models.CharField(max_length=300)),
                ("how", models.CharField(max_length=9)),
                ("set_by", models.CharField(max_length=100)),
                ("subject", models.CharField(max_length=6)),
                ("dutch", models.CharField(max_length=2000)),
                ("english", models.CharField(max_length=2000)),
                ("ground", models.CharField(max_length=5000, null=True)),
                (
                    "need",
                    models.ForeignKey(
                        db_column="need",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dijk_web.need",
                    ),
                ),
            ],
            options={
                "db_table": "told_policy_text",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__gte", datetime.date(2000, 1, 1)),
                            ("valid_from__lte", datetime.date(2100, 1, 1)),
                        ),
                        name="policy_text_valid_from_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__gte", datetime.date(2000, 1, 1)), ("valid_to__lte", datetime.date(2100, 1, 1))
                        ),
                        name="policy_text_valid_to_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["counted", "estimated", "assumed"])),
                        name="policy_text_how_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__in", ["carer", "signal"])), name="policy_text_subject_within"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("need", ""), _negated=True), name="policy_text_need_within"
                    ),
                    models.UniqueConstraint(
                        fields=("valid_from", "subject", "need", "known_at"), name="policy_text_key"
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
