from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dijk_web", "0011_divisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.BigIntegerField()),
                ("line", models.IntegerField()),
                ("division", models.BigIntegerField()),
                ("site", models.CharField(max_length=80)),
                ("region", models.CharField(max_length=80)),
                ("need", models.CharField(max_length=80)),
                ("product", models.CharField(max_length=80)),
                ("holder", models.CharField(max_length=20)),
                ("from_site", models.CharField(max_length=80)),
                ("lot", models.CharField(max_length=80)),
                ("packs", models.BigIntegerField()),
                ("pieces_per_pack", models.BigIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("expected", models.DateField()),
                ("received_act", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("is_assumed", models.BooleanField(default=False)),
                ("whole_packs", models.BigIntegerField(null=True)),
                ("damaged_packs", models.BigIntegerField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "db_table": "dispatch",
                "ordering": ("-act", "line"),
                "indexes": [
                    models.Index(fields=["site", "act"], name="dispatch_to_site"),
                    models.Index(fields=["division", "product"], name="dispatch_of_division"),
                    models.Index(fields=["from_site", "product"], name="dispatch_from_site"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("act", "line"), name="dispatch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("packs__gt", 0), ("pieces_per_pack__gt", 0)), name="dispatch_of_whole_packs"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("damaged_packs", None),
                                ("received_act", None),
                                ("received_at", None),
                                ("whole_packs", None),
                            ),
                            models.Q(
                                ("damaged_packs__gte", 0),
                                ("received_act__isnull", False),
                                ("received_at__isnull", False),
                                ("whole_packs__gte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="dispatch_is_received_by_an_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_assumed", False), ("whole_packs", models.F("packs")), _connector="OR"),
                        name="dispatch_is_assumed_whole",
                    ),
                ],
            },
        ),
    ]
