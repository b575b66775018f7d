import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Referendum",
            fields=[
                ("anchor", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("setup", models.BinaryField()),
                ("trustees", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=64)),
                ("uuid", models.CharField(max_length=64, unique=True)),
                ("election", models.BinaryField()),
                ("referendum", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="question.referendum")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("referendum", "code"), name="one_area_a_code")],
            },
        ),
    ]
