"""Gestures that races do in processes of their own: `courir("tests.comptes.gestes:faire", [{"geste": …, …}, …])`.

Each pauses between its check and its write. In the negative control the transactions are taken away with the locks.
"""

import os
import time
from contextlib import nullcontext
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from aap_portal.comptes.models import Invitation, Membre, Utilisateur, droits
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.forms import StructureForm
from tests.comptes.test_structure import FICHE

PAUSE = 0.4


def faire(geste, **arguments):
    """« fait », or the codes of the refusal, or the address where the page leads."""
    if os.environ["SANS_VERROU"] == "1":
        droits.transaction = SimpleNamespace(atomic=nullcontext)
    try:
        return GESTES[geste](**arguments) or "fait"
    except ErreurMetier as erreur:
        return ",".join(erreur.codes)


def retirer(membre, personne):
    verification = Membre._exiger_un_autre_signataire

    def lente(self):
        verification(self)
        time.sleep(PAUSE)

    Membre._exiger_un_autre_signataire = lente
    Membre.objects.get(pk=membre).retirer(par=Utilisateur.objects.get(pk=personne))


def accepter(invitation, personne):
    objet = Invitation.objects.get(pk=invitation)
    assert objet.est_en_cours
    time.sleep(PAUSE)
    objet.accepter(Utilisateur.objects.get(pk=personne))


def creer(siret, personne):
    validation = StructureForm.is_valid

    def lente(self):
        valide = validation(self)
        time.sleep(PAUSE)
        return valide

    StructureForm.is_valid = lente
    client = Client(headers={"host": "localhost"})
    client.force_login(Utilisateur.objects.get(pk=personne), backend="django.contrib.auth.backends.ModelBackend")
    return client.post(reverse("comptes:structure_creer", args=[siret]), FICHE)["Location"]


GESTES = {"retirer": retirer, "accepter": accepter, "creer": creer}
