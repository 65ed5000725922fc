"""Gestures that races do in processes of their own: `courir("tests.copil.gestes:faire", [{"geste": …, …}, …])`.

Each pauses between its check and its write, so that another process comes in between. In the negative control the
transactions are taken away together with the locks: SQLite would otherwise serialise the writers by itself.
"""

import os
import time
from contextlib import nullcontext
from decimal import Decimal
from types import SimpleNamespace

from django.db import transaction

from aap_portal.comptes.models import Utilisateur
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier
from copil import arret
from copil.models import Decision, Evaluation, Inscription, MembreSeance, Seance, decision, evaluation
from tests.copil import situations

PAUSE = 0.4


def faire(geste, **arguments):
    """« fait », or the codes of the refusal."""
    _ralentir(arret, "obstacle_d_enveloppe")
    _ralentir(evaluation, "_obstacles")
    if os.environ["SANS_VERROU"] == "1":
        decision.transaction = evaluation.transaction = SimpleNamespace(
            atomic=nullcontext, on_commit=transaction.on_commit
        )
    try:
        return GESTES[geste](**arguments) or "fait"
    except ErreurMetier as erreur:
        return ",".join(erreur.codes)


def _ralentir(module, nom):
    verification = getattr(module, nom)

    def lente(*arguments, **options):
        resultat = verification(*arguments, **options)
        time.sleep(PAUSE)
        return resultat

    setattr(module, nom, lente)


def accepter(inscription, personne):
    situations.accepter(Inscription.objects.get(pk=inscription), Utilisateur.objects.get(pk=personne))


def noter(inscription, membre, note):
    """One criterion, from a page that was opened before any of the others saved."""
    inscription = Inscription.objects.get(pk=inscription)
    critere = inscription.seance.grille.criteres[0]
    saisie = {critere.pk: (Decimal(note), f"Texte {note}.")}
    Evaluation.objects.enregistrer(inscription, MembreSeance.objects.get(pk=membre), saisie, version=1)


def finaliser(inscription, membre):
    situations.noter(Inscription.objects.get(pk=inscription), MembreSeance.objects.get(pk=membre))


def clore(seance, personne, absent):
    Seance.objects.get(pk=seance).clore(par=Utilisateur.objects.get(pk=personne), absents={absent})


def retirer(dossier, personne):
    Dossier.objects.get(pk=dossier).retirer(par=Utilisateur.objects.get(pk=personne))


def notifier(decision, personne):
    faite = Decision.objects.get(pk=decision).notifier(par=Utilisateur.objects.get(pk=personne))
    return "" if faite else "deja"


GESTES = {geste.__name__: geste for geste in (accepter, noter, finaliser, clore, retirer, notifier)}
