import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("question", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decided",
            fields=[
                (
                    "referendum",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="question.referendum"
                    ),
                ),
                ("outcome", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Proofs",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="question.area"
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="question.area"
                    ),
                ),
                ("counted", models.PositiveBigIntegerField()),
                ("weight", models.PositiveBigIntegerField()),
                ("owners", models.JSONField()),
                ("votes", models.JSONField(null=True)),
            ],
        ),
    ]
