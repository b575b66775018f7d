import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PublicList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveBigIntegerField()),
                ("weighted", models.BooleanField()),
                ("prefix", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BinaryField(max_length=32)),
                ("weight", models.BigIntegerField()),
                ("list", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="roll.publiclist")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("list", "key"), name="one_entry_a_key")],
            },
        ),
    ]
