"""Which files of a dossier a person may read: its pieces, receipts and copies as the dossier itself, then what its messages carry."""

from django.db.models import Exists, OuterRef, Q

from aap_portal.fichiers.acces import declarer_source

from .droits import services_d_agent
from .models import CopieDossier, DemandeComplement, Depot, Dossier, Message, PieceJustificative
from .pieces import CODES_DE_CONVENTION


@declarer_source
def pieces_lisibles(personne):
    """Those in force; what is given for an answer that is not sent, by the structure and who enters it for them."""
    pieces = PieceJustificative.objects.en_vigueur().filter(dossier__in=_visibles(personne))
    en_cours = DemandeComplement.objects.filter(
        dossier=OuterRef("dossier"), etat=DemandeComplement.Etat.OUVERTE, envoyee_le__lt=OuterRef("ajoutee_le")
    )
    return pieces.filter(_sans_attendre(personne) | Q(code__in=CODES_DE_CONVENTION) | ~Exists(en_cours)).values(
        "fichier"
    )


@declarer_source
def versions_precedentes(personne):
    """What was replaced: by the structure's own members always, by who reads the dossier when it was once filed."""
    retirees = PieceJustificative.objects.exclude(retiree_le=None)
    deposees = Depot.objects.filter(
        dossier=OuterRef("dossier"), depose_le__gte=OuterRef("ajoutee_le"), depose_le__lt=OuterRef("retiree_le")
    )
    siennes = Q(dossier__structure__in=personne.structures())
    return retirees.filter(siennes | Q(Exists(deposees), dossier__in=_visibles(personne))).values("fichier")


@declarer_source
def recepisses_lisibles(personne):
    return Depot.objects.filter(dossier__in=_visibles(personne)).values("recepisse")


@declarer_source
def fichiers_de_messages_lisibles(personne):
    return Message.fichiers.through.objects.filter(message__in=Message.objects.lisibles_par(personne)).values("fichier")


@declarer_source
def copies_lisibles(personne):
    return CopieDossier.objects.lisibles_par(personne).exclude(fichier=None).values("fichier")


def _visibles(personne):
    return Dossier.objects.visibles_par(personne).values("pk")


def _sans_attendre(personne):
    """Of what belongs to a dossier: that of their structures, and of those that their service enters for them."""
    saisis = Q(dossier__recu_par_courriel_le__isnull=False, dossier__campagne__service__in=services_d_agent(personne))
    return Q(dossier__structure__in=personne.structures()) | saisis
