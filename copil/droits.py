"""What a session opens to its members, and what a declared conflict takes away (AAP 2022, C.1; reading 46)."""

from django.db.models import Exists, OuterRef, Q

from aap_portal.fichiers.acces import declarer_source
from candidatures.droits import AUCUN, declarer_acces, declarer_conflit
from candidatures.etapes import declarer_notification
from candidatures.models import Dossier
from candidatures.reprise import declarer_accorde

from .models import AvisNational, Decision, Deport, Inscription, Seance


@declarer_acces
def dossiers_a_l_ordre_du_jour(personne):
    """A member reads what is on the agenda of the sessions they are invited to, once these are convened."""
    services = personne.services()
    if not services:
        return AUCUN
    inscriptions = Inscription.objects.filter(
        seance__membres__utilisateur=personne,
        seance__membres__actif=True,
        seance__campagne__service__in=services,
        dossier=OuterRef("pk"),
    ).exclude(seance__etat=Seance.Etat.PREPAREE)
    return Q(Exists(inscriptions))


@declarer_acces
def dossiers_soumis_au_comite_national(personne):
    services = personne.services("comite_national")
    if not services:
        return AUCUN
    return Q(Exists(AvisNational.objects.filter(dossier=OuterRef("pk"), dossier__campagne__service__in=services)))


@declarer_conflit
def dossiers_en_deport(personne):
    """Declared by the person, or theirs because they belong to the candidate structure."""
    declares = Deport.objects.filter(dossier=OuterRef("pk"), utilisateur=personne)
    return Q(Exists(declares)) | Q(structure__in=personne.structures())


@declarer_source
def lettres_lisibles(personne):
    """The letter of a decision: for the structure, and for the agents who may see the dossier."""
    dossiers = Dossier.objects.filter(
        Q(pk__in=Dossier.objects.portes_par(personne)) | Q(pk__in=Dossier.objects.instruits_par(personne))
    )
    return Decision.objects.filter(inscription__dossier__in=dossiers).exclude(lettre=None).values("lettre")


@declarer_notification
def decisions_notifiees(dossiers):
    """Those of these dossiers whose latest decision the structure was told of."""
    dernieres = (
        Decision.objects.filter(inscription__dossier__in=dossiers)
        .order_by("inscription")
        .values_list("inscription__dossier", "notifiee_le")
    )
    return {dossier for dossier, notifiee_le in dict(dernieres).items() if notifiee_le}


@declarer_accorde
def montants_accordes(dossier):
    """{id of a post's line: euros} of the latest decision, once the structure was told of it."""
    decision = Decision.objects.filter(inscription__dossier=dossier).order_by("inscription").last()
    if decision is None or decision.notifiee_le is None:
        return {}
    return dict(decision.postes.values_list("ligne", "montant"))


def notes_masquees(personne, seance):
    """Whoever still has scores to finalise in a session sees nobody else's (AAP 2022, Annexe 4)."""
    return Inscription.objects.a_noter_par(personne).filter(seance=seance).exists()
