"""Questions, answers, objections and the review; all of them are only added, like what is told."""

from django.db import migrations, models

TABLES = ("question", "reply", "objection", "review", "meeting")


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
        ("dijk_web", "0012_dispatches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("after", models.BigIntegerField(unique=True)),
                ("held_at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("directorate", models.CharField(blank=True, default="", max_length=3)),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
            ],
            options={
                "db_table": "meeting",
                "ordering": ("-act",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("after__lt", models.F("act"))), name="meeting_after_another"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=1000)),
                (
                    "role",
                    models.CharField(
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
                        max_length=20,
                    ),
                ),
                ("region", models.CharField(blank=True, default="", max_length=80)),
                ("directorate", models.CharField(blank=True, default="", max_length=3)),
                ("said_at", models.DateTimeField()),
                ("need", models.CharField(max_length=80)),
                ("verdict", models.BigIntegerField()),
            ],
            options={
                "db_table": "objection",
                "ordering": ("act",),
                "indexes": [models.Index(fields=["need", "verdict"], name="objection_to_verdict")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="objection_has_its_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["planner", "official"])),
                        name="objection_of_no_expert",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("act__gt", models.F("verdict"))), name="objection_after_its_verdict"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=1000)),
                (
                    "role",
                    models.CharField(
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
                        max_length=20,
                    ),
                ),
                ("region", models.CharField(blank=True, default="", max_length=80)),
                ("directorate", models.CharField(blank=True, default="", max_length=3)),
                ("said_at", models.DateTimeField()),
                ("need", models.CharField(blank=True, default="", max_length=80)),
                ("organisation", models.CharField(blank=True, default="", max_length=80)),
            ],
            options={
                "db_table": "question",
                "ordering": ("-act",),
                "indexes": [models.Index(fields=["need", "act"], name="question_of_need")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="question_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("role", "institution"),
                                models.Q(("organisation", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("role", "institution"), _negated=True),
                                ("organisation", ""),
                            ),
                            _connector="OR",
                        ),
                        name="question_of_an_organisation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=1000)),
                (
                    "role",
                    models.CharField(
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
                        max_length=20,
                    ),
                ),
                ("region", models.CharField(blank=True, default="", max_length=80)),
                ("directorate", models.CharField(blank=True, default="", max_length=3)),
                ("said_at", models.DateTimeField()),
                ("question", models.BigIntegerField(db_index=True)),
            ],
            options={
                "db_table": "reply",
                "ordering": ("act",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="reply_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("act__gt", models.F("question"))), name="reply_after_its_question"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("unlisted", "Unlisted"),
                            ("unanswered", "Unanswered"),
                            ("verdict", "Verdict"),
                            ("alarm", "Alarm"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("facts", models.JSONField(default=dict)),
                ("mark", models.BigIntegerField()),
                (
                    "word",
                    models.CharField(
                        choices=[("settled", "Settled"), ("next", "Next"), ("nothing", "Nothing"), ("left", "Left")],
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=1000)),
                ("role", models.CharField(max_length=20)),
                ("directorate", models.CharField(blank=True, default="", max_length=3)),
                ("said_at", models.DateTimeField()),
                ("after", models.BigIntegerField()),
                ("back", models.IntegerField()),
            ],
            options={
                "db_table": "review",
                "ordering": ("pk",),
                "indexes": [
                    models.Index(fields=["kind", "about"], name="review_of_item"),
                    models.Index(fields=["after"], name="review_at_meeting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("word__in", ["nothing", "left"]), models.Q(("why", ""), _negated=True), _connector="OR"
                        ),
                        name="review_says_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("back__gte", 0)), name="review_comes_back_from_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("mark__lt", models.F("act"))), name="review_after_what_it_saw"
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
