import django.db.models.deletion
from django.db import migrations, models

from sanduq_web.lasting import written_once


class Migration(migrations.Migration):
    dependencies = [
        ("count", "0002_printed"),
        ("question", "0002_beside"),
    ]

    operations = [
        migrations.CreateModel(
            name="Annulment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.PositiveIntegerField()),
                ("time", models.CharField(max_length=20)),
                ("codes", models.JSONField()),
                ("referendum", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="question.referendum")),
            ],
            options={
                "abstract": False,
            },
        ),
        written_once("count_annulment"),
    ]
