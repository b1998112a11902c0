from django.db import migrations, models


BLOCKED = (
    "SELECT 1 FROM lot_block b WHERE b.product = NEW.product AND b.lot = NEW.lot AND b.let_go_act IS NULL "
    "AND (b.territory = 'all' OR (NEW.holder = 'regional_hub' AND b.territory = NEW.region))"
)


def guard(apps, editor):
    """The database itself refuses a dispatch of a lot that is blocked where it is sent from. On SQLite a migration that
    makes the table of dispatches anew must lay this again.
    """
    for statement in {"sqlite": guard_sqlite, "postgresql": guard_postgresql}[editor.connection.vendor]():
        editor.execute(statement, params=None)


def guard_sqlite():
    yield (
        f"CREATE TRIGGER dispatch_of_no_blocked_lot BEFORE INSERT ON dispatch WHEN EXISTS ({BLOCKED}) "
        "BEGIN SELECT RAISE(ABORT, 'dispatch: the lot is blocked'); END"
    )


def guard_postgresql():
    yield (
        "CREATE FUNCTION no_blocked_lot() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({BLOCKED}) THEN RAISE EXCEPTION 'dispatch: the lot is blocked' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER dispatch_of_no_blocked_lot BEFORE INSERT ON dispatch "
        "FOR EACH ROW EXECUTE FUNCTION no_blocked_lot()"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("dijk_web", "0014_report"),
    ]

    operations = [
        migrations.CreateModel(
            name="LotBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField()),
                ("product", models.CharField(max_length=80)),
                ("lot", models.CharField(max_length=80)),
                ("territory", models.CharField(max_length=80)),
                ("by", models.CharField(max_length=20)),
                ("role", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=1000)),
                ("blocked_at", models.DateTimeField()),
                ("let_go_act", models.BigIntegerField(null=True)),
                ("let_go_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "lot_block",
                "ordering": ("-act", "lot"),
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("product", models.CharField(max_length=80)),
                ("lots", models.JSONField()),
                ("territory", models.CharField(max_length=80)),
                (
                    "todo",
                    models.CharField(
                        choices=[("keep_apart", "Keep Apart"), ("send_back", "Send Back"), ("destroy", "Destroy")],
                        max_length=20,
                    ),
                ),
                ("text_en", models.CharField(max_length=1000)),
                ("text_nl", models.CharField(max_length=1000)),
                ("by", models.CharField(max_length=20)),
                ("role", models.CharField(max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("ended_act", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "recall",
                "ordering": ("-act",),
            },
        ),
        migrations.CreateModel(
            name="RecallPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recall", models.BigIntegerField()),
                ("site", models.CharField(max_length=80)),
                ("region", models.CharField(max_length=80)),
                ("lots", models.JSONField()),
                ("told_act", models.BigIntegerField()),
                ("read_act", models.BigIntegerField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("read_role", models.CharField(blank=True, default="", max_length=20)),
                ("answered_act", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("left_pieces", models.JSONField(null=True)),
                (
                    "did",
                    models.CharField(
                        blank=True,
                        choices=[("keep_apart", "Keep Apart"), ("send_back", "Send Back"), ("destroy", "Destroy")],
                        default="",
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "db_table": "recall_part",
            },
        ),
        migrations.CreateModel(
            name="WayBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField()),
                ("line", models.IntegerField()),
                ("site", models.CharField(max_length=80)),
                ("region", models.CharField(max_length=80)),
                ("to_site", models.CharField(max_length=80)),
                ("need", models.CharField(max_length=80)),
                ("product", models.CharField(max_length=80)),
                ("lot", models.CharField(max_length=80)),
                ("pieces", models.BigIntegerField()),
                (
                    "because",
                    models.CharField(choices=[("damaged", "Damaged"), ("recalled", "Recalled")], max_length=20),
                ),
                ("about", models.CharField(max_length=80)),
                ("sent_at", models.DateTimeField()),
                ("received_act", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("received_pieces", models.BigIntegerField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "db_table": "way_back",
                "ordering": ("-act", "line"),
            },
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["from_site", "day"], name="delivery_from_site"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["product", "lot"], name="delivery_of_lot"),
        ),
        migrations.AddIndex(
            model_name="stock",
            index=models.Index(fields=["product", "lot"], name="stock_of_lot"),
        ),
        migrations.AddConstraint(
            model_name="lotblock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("let_go_act", None)),
                fields=("product", "lot", "territory"),
                name="lot_block_holds_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="lotblock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("let_go_act", None), ("let_go_at", None)),
                    models.Q(("let_go_act__isnull", False), ("let_go_at__isnull", False)),
                    _connector="OR",
                ),
                name="lot_block_is_let_go_by_an_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_act", None), ("ended_at", None)),
                    models.Q(("ended_act__isnull", False), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="recall_ends_by_an_act",
            ),
        ),
        migrations.AddIndex(
            model_name="recallpart",
            index=models.Index(fields=["site", "recall"], name="recall_part_of_site"),
        ),
        migrations.AddConstraint(
            model_name="recallpart",
            constraint=models.UniqueConstraint(fields=("recall", "site"), name="recall_part_once"),
        ),
        migrations.AddConstraint(
            model_name="recallpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("read_act", None), ("read_at", None)),
                    models.Q(("read_act__isnull", False), ("read_at__isnull", False)),
                    _connector="OR",
                ),
                name="recall_part_is_read_by_an_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_act", None), ("answered_at", None), ("did", "")),
                    models.Q(
                        ("answered_act__isnull", False),
                        ("answered_at__isnull", False),
                        ("read_act__isnull", False),
                        models.Q(("did", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recall_part_is_answered_by_who_read_it",
            ),
        ),
        migrations.AddIndex(
            model_name="wayback",
            index=models.Index(fields=["site", "act"], name="way_back_of_site"),
        ),
        migrations.AddIndex(
            model_name="wayback",
            index=models.Index(fields=["to_site", "act"], name="way_back_to_site"),
        ),
        migrations.AddConstraint(
            model_name="wayback",
            constraint=models.UniqueConstraint(fields=("act", "line"), name="way_back_once"),
        ),
        migrations.AddConstraint(
            model_name="wayback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("because", "damaged")), fields=("about",), name="way_back_of_a_dispatch_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="wayback",
            constraint=models.CheckConstraint(condition=models.Q(("pieces__gt", 0)), name="way_back_of_something"),
        ),
        migrations.AddConstraint(
            model_name="wayback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_act", None), ("received_at", None), ("received_pieces", None)),
                    models.Q(
                        ("received_act__isnull", False), ("received_at__isnull", False), ("received_pieces__gte", 0)
                    ),
                    _connector="OR",
                ),
                name="way_back_is_received_by_an_act",
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
