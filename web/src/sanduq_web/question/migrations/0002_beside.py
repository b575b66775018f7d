import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("question", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Beside",
            fields=[
                (
                    "referendum",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="question.referendum"
                    ),
                ),
                ("boundaries", models.BinaryField(default=b"")),
                ("sha256", models.CharField(default="", max_length=64)),
                ("credits", models.JSONField(default=list)),
            ],
        ),
    ]
