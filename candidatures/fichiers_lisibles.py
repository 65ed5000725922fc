"""Which files of a dossier a person may read: its pieces in force and its receipts, as the dossier itself."""

from aap_portal.fichiers.acces import declarer_source

from .models import Depot, Dossier, PieceJustificative


@declarer_source
def pieces_lisibles(personne):
    return PieceJustificative.objects.en_vigueur().filter(dossier__in=_visibles(personne)).values("fichier")


@declarer_source
def recepisses_lisibles(personne):
    return Depot.objects.filter(dossier__in=_visibles(personne)).values("recepisse")


def _visibles(personne):
    return Dossier.objects.visibles_par(personne).values("pk")
