"""Copies are made by the worker; asked for twice, they are made once."""

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from aap_portal.documents.tableur import TYPE_XLSX
from aap_portal.fichiers.models import Fichier

MORCEAU = 256 * 1024  # bytes


@task()
def produire_copie(pk):
    """Make one copy, unless it is made; if the dossier changed since it was asked for, that of what it has become."""
    from ..models import CopieDossier, Dossier
    from . import archive, cerfa, document
    from .contenu import empreinte_du_contenu

    copie = CopieDossier.objects.select_related("demandee_par").get(pk=pk)
    if copie.est_prete:
        return
    dossier = Dossier.objects.avec_contenu().get(pk=copie.dossier_id)
    if empreinte_du_contenu(dossier) != copie.empreinte:
        copie.remplacer(dossier)
        return
    nom, type_mime, composer = {
        CopieDossier.Format.PDF: ("dossier-{}.pdf", "application/pdf", document.composer),
        CopieDossier.Format.ZIP: ("dossier-{}.zip", "application/zip", archive.composer),
        CopieDossier.Format.CERFA: ("demande-cerfa-{}.pdf", "application/pdf", cerfa.composer_pdf),
        CopieDossier.Format.XLSX: ("demande-cerfa-{}.xlsx", TYPE_XLSX, cerfa.composer_xlsx),
    }[copie.format]
    with composer(dossier) as chemin:
        fichier = Fichier.objects.produire_flux(_morceaux(chemin), nom=nom.format(dossier.numero), type_mime=type_mime)
    with transaction.atomic():
        CopieDossier.objects.filter(pk=pk, fichier=None).update(fichier=fichier, prete_le=timezone.now())


def _morceaux(chemin):
    with open(chemin, "rb") as contenu:
        while morceau := contenu.read(MORCEAU):
            yield morceau
