"""Sessions at the point where a test begins, made through the model's own verbs."""

from datetime import date
from decimal import Decimal

from candidatures.models import Dossier
from copil.decision import Accord
from copil.models import AvisNational, Decision, Evaluation
from tests.factories import (
    MembreSeanceFactory,
    SeanceFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)


def lisible(reponse):
    """The text of an answer with plain spaces, as a reader would type it."""
    return " ".join(reponse.content.decode().replace("&#x27;", "’").split())


def seance_preparee(dossiers=1, membres=1, **champs):
    """A session with its members and its agenda, not convened yet; `seance.agent` manages it."""
    seance = SeanceFactory(**champs)
    seance.agent = UtilisateurFactory(instructeur_de=seance.campagne.service)
    for _ in range(membres):
        MembreSeanceFactory(seance=seance)
    for _ in range(dossiers):
        seance.inscrire(recevable(seance), par=seance.agent)
    return seance


def recevable(seance, **champs):
    structure = champs.pop("structure", None) or StructureFactory()
    return dossier_depose(etat=Dossier.Etat.RECEVABLE, campagne=seance.campagne, structure=structure, **champs)


def seance_ouverte(dossiers=1, membres=1, **champs):
    seance = seance_preparee(dossiers, membres, **champs)
    seance.convoquer(par=seance.agent)
    seance.ouvrir(par=seance.agent)
    return seance


def seance_close(dossiers=1, membres=1, **champs):
    """Everybody has scored everything, and the session is closed."""
    seance = seance_ouverte(dossiers, membres, **champs)
    for inscription in seance.inscriptions.all():
        for membre in seance.membres.all():
            noter(inscription, membre)
    seance.clore(par=seance.agent)
    return seance


def saisie(grille, part="0.5", **notes):
    """Scores of `part` of each maximum, with a reason; `critere_1="12,5"` style is left to the tests of the page."""
    return {
        critere.pk: (Decimal(notes.get(f"critere_{critere.pk}", critere.maximum * Decimal(part))), "Motif écrit.")
        for critere in grille.criteres
    }


def noter(inscription, membre, part="0.5"):
    """Final scores of one member for one dossier."""
    grille = inscription.seance.grille
    return Evaluation.objects.enregistrer(inscription, membre, saisie(grille, part), version=0, finaliser=True)


def envoi(grille, version=0, part="0.5", **champs):
    """What the scoring page posts."""
    donnees = {"version": version}
    for cle, (note, motif) in saisie(grille, part).items():
        donnees |= {f"note_{cle}": str(note).replace(".", ","), f"motif_{cle}": motif}
    return donnees | champs


def accords(inscription, montant="28000.00", etp="1.00"):
    """The same grant for each post asked for."""
    lignes = Dossier.objects.avec_demande().get(pk=inscription.dossier_id).constat.lignes
    return {ligne.cle: Accord(Decimal(montant), Decimal(etp)) for ligne in lignes}


def accepter(inscription, par, montant="28000.00", etp="1.00", **details):
    return Decision.objects.rendre(
        inscription,
        sens=Decision.Sens.ACCEPTE,
        avis_copil=Decision.Sens.ACCEPTE,
        accords=accords(inscription, montant, etp),
        par=par,
        **details,
    )


def rendre_avis_national(dossier, par):
    avis = AvisNational.objects.demander(dossier, par=par)
    avis.rendre(sens=AvisNational.Sens.FAVORABLE, motifs="Projet utile.", rendu_le=date(2022, 10, 1), par=par)
    return avis
