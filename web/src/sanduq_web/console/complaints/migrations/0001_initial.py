import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("office", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("granted", "granted"),
                            ("partly", "granted in part"),
                            ("dismissed", "dismissed"),
                            ("inadmissible", "inadmissible"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reasons", models.TextField()),
                ("language", models.CharField(max_length=8)),
                ("annuls", models.JSONField(default=list)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="office.post")),
                ("vote", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="office.vote")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("vote", "number"), name="one_draft_a_complaint")],
            },
        ),
    ]
