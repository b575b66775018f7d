import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("question", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Archive",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="question.area"
                    ),
                ),
                ("time", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("head", models.CharField(max_length=64)),
                ("height", models.PositiveBigIntegerField()),
                ("size", models.PositiveBigIntegerField()),
                ("step_minutes", models.PositiveIntegerField()),
                ("step_ballots", models.PositiveIntegerField()),
                ("slot", models.BigIntegerField(default=-1)),
                ("public_height", models.PositiveBigIntegerField()),
                ("public_size", models.PositiveBigIntegerField()),
                ("public_ballots", models.PositiveBigIntegerField(default=0)),
                ("public_voters", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("height", models.PositiveBigIntegerField()),
                ("payload", models.BinaryField(max_length=32)),
                ("credential", models.BinaryField(max_length=32)),
                ("event", models.BinaryField(max_length=32)),
                ("first", models.BooleanField()),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["archive", "credential", "height"], name="ballots_of_a_credential"),
                    models.Index(fields=["payload"], name="ballots_by_payload"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("archive", "payload"), name="one_place_a_ballot"),
                    models.UniqueConstraint(fields=("archive", "height"), name="one_ballot_a_height"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveBigIntegerField()),
                ("content", models.BinaryField()),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("archive", "start"), name="one_chunk_a_place")],
            },
        ),
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("height", models.PositiveBigIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(default="", max_length=64)),
                ("ballots", models.PositiveBigIntegerField()),
                ("voters", models.PositiveBigIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("sha256", "")), fields=["archive"], name="fingerprints_to_be_made")
                ],
                "constraints": [models.UniqueConstraint(fields=("archive", "height"), name="one_fingerprint_a_height")],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("height", models.PositiveIntegerField()),
                ("text", models.BinaryField()),
                (
                    "referendum",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="question.referendum"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("referendum", "height"), name="one_line_a_height")],
            },
        ),
    ]
