"""The session as the room sees it: means, spread, rank, what is asked and proposed, where the credits end.

Only scores that are final count, of members noted present and not in conflict. A dossier in conflict is not there at all for
the person concerned: the ranks are then those of the dossiers shown (readings 22, 46, 48).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Prefetch

from aap_portal.referentiel.plafonds import ZERO
from candidatures.models import Dossier

from . import enveloppe, notation
from .deports import personnes_en_deport
from .models import Decision, Evaluation, Inscription


@dataclass(frozen=True)
class LigneClassement:
    inscription: Inscription
    rang: int | None
    synthese: notation.Synthese | None
    demande: Decimal
    etp: Decimal
    propose: Decimal
    cumul: Decimal
    deports: int
    decision: Decision | None
    ecart_signale: bool
    premiere_hors_credits: bool = False

    @property
    def dossier(self):
        return self.inscription.dossier


def tableau(seance, personne) -> list:
    """The rows of the session for this person, best first; withdrawn dossiers at the end, without a rank."""
    inscriptions = list(
        Inscription.objects.visibles_par(personne)
        .filter(seance=seance)
        .select_related("decision")
        .prefetch_related(Prefetch("dossier", queryset=Dossier.objects.avec_demande()))
    )
    deports = personnes_en_deport([inscription.dossier for inscription in inscriptions])
    evaluations = _evaluations_qui_comptent(seance, inscriptions, deports)
    return _lignes(seance, inscriptions, evaluations, _deports_des_membres(seance, inscriptions, deports))


def evaluations_de(inscription) -> list:
    """The evaluations of one dossier that count, with their scores."""
    deports = personnes_en_deport([inscription.dossier])
    return _evaluations_qui_comptent(inscription.seance, [inscription], deports)[inscription.pk]


def synthese_de(inscription):
    """Mean, median and spread of one dossier, or None when nobody's scores count."""
    return _synthese(evaluations_de(inscription))


def deports_de(inscription) -> int:
    """How many members of the session keep away from this dossier; nobody's name is told."""
    deports = personnes_en_deport([inscription.dossier])
    return _deports_des_membres(inscription.seance, [inscription], deports)[inscription.pk]


def credits_de_la_seance(seance, lignes):
    """What the envelope leaves to these rows: all of it, less what other dossiers have reserved. None: not known."""
    disponible = enveloppe.reste(seance.campagne)
    if disponible is None:
        return None
    return disponible + sum((ligne.decision.montant for ligne in lignes if ligne.decision), ZERO)


def _evaluations_qui_comptent(seance, inscriptions, deports):
    trouvees = (
        Evaluation.objects.finales()
        .filter(inscription__in=inscriptions, membre__actif=True)
        .exclude(membre__present=False)
        .select_related("membre__utilisateur")
        .prefetch_related("notes")
    )
    dossiers = {inscription.pk: inscription.dossier_id for inscription in inscriptions}
    evaluations = defaultdict(list)
    for evaluation in trouvees:
        if evaluation.membre.utilisateur_id not in deports[dossiers[evaluation.inscription_id]]:
            evaluations[evaluation.inscription_id].append(evaluation)
    return evaluations


def _deports_des_membres(seance, inscriptions, deports):
    membres = set(seance.membres.filter(actif=True).values_list("utilisateur", flat=True))
    return {inscription.pk: len(deports[inscription.dossier_id] & membres) for inscription in inscriptions}


def _synthese(evaluations):
    return notation.Synthese(tuple(evaluation.total for evaluation in evaluations)) if evaluations else None


def _lignes(seance, inscriptions, evaluations, deports):
    par_cle = {inscription.pk: inscription for inscription in inscriptions}
    syntheses = {cle: _synthese(evaluations[cle]) for cle in par_cle}
    vivantes = [inscription for inscription in inscriptions if not inscription.est_retiree]
    criteres = {critere.pk for critere in _premier_bloc(seance.grille)}
    candidats = [
        _candidat(inscription, syntheses[inscription.pk], evaluations[inscription.pk], criteres)
        for inscription in vivantes
    ]
    ordre = notation.classer(candidats, priorite_porteuses=seance.grille.priorite_porteuses)
    lignes, cumul = [], ZERO
    for rang, cle in enumerate(ordre, start=1):
        ligne = _ligne(par_cle[cle], rang, syntheses[cle], cumul, deports[cle], seance.grille)
        cumul = ligne.cumul
        lignes.append(ligne)
    lignes = _avec_la_ligne_des_credits(seance, lignes)
    retirees = [inscription for inscription in inscriptions if inscription.est_retiree]
    return lignes + [_ligne(i, None, syntheses[i.pk], cumul, deports[i.pk], seance.grille) for i in retirees]


def _premier_bloc(grille):
    blocs = list(grille.blocs.prefetch_related("criteres"))
    return blocs[0].criteres.all() if blocs else []


def _candidat(inscription, synthese, evaluations, criteres):
    dossier = inscription.dossier
    sommes = [
        notation.total(note.note for note in evaluation.notes.all() if note.critere_id in criteres)
        for evaluation in evaluations
    ]
    return notation.Candidat(
        cle=inscription.pk,
        moyenne=synthese and synthese.moyenne,
        deja_porteuse=not dossier.structure.est_emergente,
        premier_bloc=notation.moyenne(sommes) if sommes else None,
        demande=dossier.constat.subvention,
        depose_le=dossier.depose_le,
    )


def _ligne(inscription, rang, synthese, cumul, deports, grille):
    constat = inscription.dossier.constat
    decision = getattr(inscription, "decision", None)
    propose = _propose(decision, constat) if rang else ZERO
    return LigneClassement(
        inscription=inscription,
        rang=rang,
        synthese=synthese,
        demande=constat.subvention,
        etp=constat.etp,
        propose=propose,
        cumul=cumul + propose,
        deports=deports,
        decision=decision,
        ecart_signale=bool(synthese) and synthese.ecart >= grille.ecart_signale,
    )


def _propose(decision, constat):
    """What was granted; nothing for a refusal; before the decision, what was asked within the posts' maxima."""
    if decision:
        return decision.montant
    return sum((min(ligne.subvention, constat.maximum_de(ligne)) for ligne in constat.lignes), ZERO)


def _avec_la_ligne_des_credits(seance, lignes):
    rang = notation.rang_de_la_ligne([ligne.propose for ligne in lignes], credits_de_la_seance(seance, lignes))
    if rang is None:
        return lignes
    return [replace(ligne, premiere_hors_credits=position == rang) for position, ligne in enumerate(lignes)]
