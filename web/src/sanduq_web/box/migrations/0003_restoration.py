import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("box", "0002_authentication"),
        ("question", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="archive", name="held", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made", models.CharField(max_length=20)),
                ("restored", models.CharField(max_length=20)),
                ("resumed", models.CharField(default="", max_length=20)),
                ("lost", models.BooleanField(default=True)),
                (
                    "referendum",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="question.referendum"),
                ),
            ],
        ),
    ]
