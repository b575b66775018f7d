import django.db.models.deletion
from django.db import migrations, models

from sanduq_web.lasting import written_once


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("question", "0002_beside"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("due", models.CharField(max_length=20)),
                ("post", models.PositiveBigIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("roll", "The roll of voters"),
                            ("credentials", "Letters and credentials"),
                            ("information", "Information and campaign"),
                            ("pressure", "Pressure or violence"),
                            ("secrecy", "Secrecy of the vote"),
                            ("access", "Access for voters"),
                            ("observers", "Access for observers"),
                            ("site", "Site or device does not work"),
                            ("ballot", "A ballot is missing or not one's own"),
                            ("staff", "Conduct of officials"),
                            ("count", "Count and result"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("area", models.CharField(default="", max_length=64)),
                ("text", models.TextField()),
                ("name", models.CharField(default="", max_length=120)),
                ("name_is_public", models.BooleanField(default=False)),
                ("text_is_public", models.BooleanField(default=False)),
                ("language", models.CharField(max_length=8)),
                ("code_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("salt", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("post", models.PositiveBigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("roll", "The roll of voters"),
                            ("credentials", "Letters and credentials"),
                            ("information", "Information and campaign"),
                            ("pressure", "Pressure or violence"),
                            ("secrecy", "Secrecy of the vote"),
                            ("access", "Access for voters"),
                            ("observers", "Access for observers"),
                            ("site", "Site or device does not work"),
                            ("ballot", "A ballot is missing or not one's own"),
                            ("staff", "Conduct of officials"),
                            ("count", "Count and result"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("area", models.CharField(default="", max_length=64)),
                ("place", models.CharField(default="", max_length=200)),
                ("happened", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("time", models.CharField(max_length=20)),
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
                ("by", models.CharField(max_length=12)),
                ("posts", models.JSONField(default=list)),
                ("appeal_until", models.CharField(default="", max_length=20)),
                ("sha256", models.CharField(max_length=64)),
                ("complaint", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="watch.complaint")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="against",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="watch.decision"
            ),
        ),
        migrations.CreateModel(
            name="Docket",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("complaints_until", models.CharField(default="", max_length=20)),
                ("appeal_days", models.PositiveSmallIntegerField(default=3)),
                ("answer_days", models.PositiveSmallIntegerField(default=3)),
                (
                    "referendum",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to="question.referendum"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="complaint",
            name="docket",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="watch.docket"),
        ),
        migrations.CreateModel(
            name="Accreditation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("post", models.PositiveBigIntegerField(unique=True)),
                ("organisation", models.CharField(max_length=200)),
                ("about", models.CharField(default="", max_length=600)),
                ("name", models.CharField(default="", max_length=120)),
                ("agrees", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked for"), ("accredited", "accredited"), ("ended", "ended")],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("time", models.CharField(max_length=20)),
                ("docket", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="watch.docket")),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="watch.incident"
                    ),
                ),
                (
                    "status",
                    models.CharField(choices=[("open", "open"), ("answered", "answered"), ("closed", "closed")], max_length=12),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("observers", "observers only"),
                            ("commission", "observers, commission and supervisor"),
                            ("public", "everybody"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due", models.CharField(max_length=20)),
            ],
        ),
        migrations.AddField(
            model_name="incident",
            name="docket",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="watch.docket"),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("post", models.PositiveBigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="watch.incident")),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("post", models.PositiveBigIntegerField()),
                ("role", models.CharField(max_length=12)),
                ("text", models.TextField(default="")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "open"), ("answered", "answered"), ("closed", "closed")], default="", max_length=12
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("observers", "observers only"),
                            ("commission", "observers, commission and supervisor"),
                            ("public", "everybody"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("due", models.CharField(default="", max_length=20)),
                ("salt", models.CharField(max_length=32)),
                ("sha256", models.CharField(max_length=64)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="watch.incident")),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("post", models.PositiveBigIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("author", models.CharField(default="", max_length=330)),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("parent", models.CharField(default="", max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("docket", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="watch.docket")),
            ],
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.UniqueConstraint(fields=("docket", "number"), name="one_complaint_a_number"),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.UniqueConstraint(fields=("docket", "number"), name="one_observer_a_number"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(fields=("docket", "number"), name="one_incident_a_number"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="one_file_a_number"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="one_entry_a_number"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("docket", "number", "version"), name="one_statement_a_version"),
        ),
        written_once("watch_incident", "watch_entry", "watch_evidence", "watch_statement", "watch_complaint", "watch_decision"),
    ]
