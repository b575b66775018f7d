import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("box", "0001_initial"),
        ("question", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authentication",
            fields=[
                (
                    "referendum",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="question.referendum"
                    ),
                ),
                ("kind", models.CharField(choices=[("none", "None"), ("pin", "Pin"), ("email", "Email")], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential", models.BinaryField(max_length=32)),
                ("email", models.CharField(max_length=254)),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("archive", "credential"), name="one_address_a_credential")],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential", models.BinaryField(max_length=32)),
                ("payload", models.BinaryField(default=b"", max_length=32)),
                ("salt", models.BinaryField(default=b"", max_length=16)),
                ("hash", models.BinaryField(default=b"", max_length=32)),
                ("until", models.BigIntegerField(default=0)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("since", models.BigIntegerField(default=0)),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("archive", "credential"), name="one_code_a_credential")],
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential", models.BinaryField(max_length=32)),
                ("salt", models.BinaryField(max_length=16)),
                ("hash", models.BinaryField(max_length=32)),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("archive", "credential"), name="one_pin_a_credential")],
            },
        ),
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential", models.BinaryField(max_length=32)),
                ("count", models.PositiveIntegerField(default=0)),
                ("until", models.BigIntegerField(default=0)),
                ("archive", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="box.archive")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("archive", "credential"), name="one_count_a_credential")],
            },
        ),
    ]
