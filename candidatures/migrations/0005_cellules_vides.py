"""A cell of the table of volumes that was left empty was stored as 0: in a draft, which still shows it empty, it becomes so."""

from django.db import migrations

_CELLULES = ["marches_actuels", "heures_actuelles", "marches_prevus", "montant_prevu", "heures_prevues"]


def vider(apps, schema_editor):
    volumes = apps.get_model("candidatures", "VolumeActivite").objects.filter(dossier__etat="brouillon")
    for cellule in _CELLULES:
        volumes.filter(**{cellule: 0}).update(**{cellule: None})


class Migration(migrations.Migration):
    dependencies = [("candidatures", "0004_contenu_du_dossier")]
    operations = [migrations.RunPython(vider, migrations.RunPython.noop)]
