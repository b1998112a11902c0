"""Divisions, the regions' checks and their moves; a move is only added, like what is told."""

from django.db import migrations, models


def guard(apps, editor):
    """The database refuses to change or delete a move."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE TRIGGER move_only_added BEFORE UPDATE OR DELETE ON move FOR EACH ROW EXECUTE FUNCTION only_added()"
        )
        editor.execute(
            "CREATE TRIGGER move_no_truncate BEFORE TRUNCATE ON move FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        editor.execute(
            f"CREATE TRIGGER move_no_{verb.lower()} BEFORE {verb} ON move "
            "BEGIN SELECT RAISE(ABORT, 'move: rows are only added'); END",
            params=None,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("dijk_web", "0010_proposals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Division",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("run", models.BigIntegerField(db_index=True)),
                ("check_by", models.DateTimeField()),
            ],
            options={
                "db_table": "division",
                "ordering": ("-act",),
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField()),
                ("division", models.BigIntegerField()),
                ("region", models.CharField(max_length=80)),
                ("site", models.CharField(max_length=80)),
                ("need", models.CharField(max_length=80)),
                ("risk_class", models.CharField(max_length=80)),
                ("holder", models.CharField(max_length=20)),
                ("packs", models.BigIntegerField()),
                ("reason", models.CharField(max_length=1000)),
            ],
            options={
                "db_table": "move",
                "indexes": [models.Index(fields=["division", "region", "need"], name="move_of_region")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("packs__gte", 0)), name="move_of_whole_packs"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="move_has_its_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division", models.BigIntegerField()),
                ("region", models.CharField(max_length=80)),
                ("silence", models.CharField(choices=[("accept", "Accept"), ("hold", "Hold")], max_length=10)),
                (
                    "answer",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("accepted", "Accepted"), ("asked_back", "Asked Back")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("institution", "institution"),
                            ("coordinator", "coordinator"),
                            ("planner", "planner"),
                            ("buyer", "buyer"),
                            ("official", "official"),
                            ("expert", "expert"),
                            ("security", "security"),
                            ("disclosure", "disclosure"),
                            ("auditor", "auditor"),
                            ("administrator", "administrator"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=1000)),
            ],
            options={
                "db_table": "region_check",
                "ordering": ("region",),
                "constraints": [
                    models.UniqueConstraint(fields=("division", "region"), name="region_check_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "waiting"), ("answered_at", None)),
                            models.Q(models.Q(("answer", "waiting"), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="region_check_is_answered_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
