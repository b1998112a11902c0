from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dijk_web", "0016_urgent_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("act", models.BigIntegerField(primary_key=True, serialize=False)),
                ("from_region", models.CharField(max_length=80)),
                ("to_region", models.CharField(max_length=80)),
                ("from_site", models.CharField(max_length=80)),
                ("to_site", models.CharField(max_length=80)),
                ("need", models.CharField(max_length=80)),
                ("product", models.CharField(max_length=80)),
                ("pieces_per_pack", models.BigIntegerField()),
                ("lots", models.JSONField()),
                ("due_back", models.DateField()),
                ("settled_act", models.BigIntegerField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "loan",
                "ordering": ("-act",),
                "indexes": [
                    models.Index(fields=["from_region", "act"], name="loan_from_region"),
                    models.Index(fields=["to_region", "act"], name="loan_to_region"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_region", models.F("to_region")), _negated=True),
                        name="loan_to_another_region",
                    ),
                    models.CheckConstraint(condition=models.Q(("pieces_per_pack__gt", 0)), name="loan_of_whole_packs"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_act", None), ("settled_at", None)),
                            models.Q(("settled_act__isnull", False), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="loan_is_settled_by_an_act",
                    ),
                ],
            },
        ),
    ]
