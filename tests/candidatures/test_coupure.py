"""A server killed in the middle of a filing (kill -9) leaves a draft, and the same sending then makes the filing whole."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import types
import uuid

import pytest
import time_machine

from candidatures.models import Depot, Dossier
from mesures.pertes import depots_a_moitie
from tests.courses import RACINE, adresse_de_la_base
from tests.factories import DEPOT_OUVERT, DossierFactory

pytestmark = pytest.mark.django_db(transaction=True)
GESTE = "tests.candidatures.test_coupure:deposer_et_mourir"


def deposer_et_mourir(dossier, cle, moment, atomique):
    """Run in a process of its own, which dies at the given moment of the filing."""
    from aap_portal.comptes.models import Utilisateur
    from candidatures.models import depot as module

    def mourir(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    if not atomique:
        module.transaction = types.SimpleNamespace(atomic=contextlib.nullcontext)
    if moment == "instantane":
        module.empreinte = mourir  # the state has changed, the filing is not written
    else:
        Depot.annoncer = mourir  # all is written, nothing is committed
    with time_machine.travel(DEPOT_OUVERT):
        objet = Dossier.objects.get(pk=dossier)
        Depot.objects.deposer(objet, par=Utilisateur.objects.get(pk=objet.cree_par_id), cle=uuid.UUID(cle))


def tuer_pendant_le_depot(dossier, cle, *, moment, atomique=True):
    environnement = os.environ | {
        "DJANGO_SETTINGS_MODULE": "aap_portal.settings",
        "DATABASE_URL": adresse_de_la_base(),
        "SANS_VERROU": "0" if atomique else "1",
    }
    arguments = {"dossier": dossier.pk, "cle": str(cle), "moment": moment, "atomique": atomique}
    fait = subprocess.run(
        [sys.executable, "-m", "tests.courses", GESTE, json.dumps(arguments)],
        cwd=RACINE,
        env=environnement,
        input="go\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert fait.returncode == -signal.SIGKILL, fait.stderr


@pytest.mark.parametrize("moment", ["instantane", "annonce"])
def test_un_serveur_tue_pendant_un_depot_ne_laisse_rien_a_moitie(moment):
    dossier, cle = DossierFactory(complet=True), uuid.uuid4()

    tuer_pendant_le_depot(dossier, cle, moment=moment)

    dossier.refresh_from_db()
    assert (dossier.etat, Depot.objects.count(), list(depots_a_moitie())) == (Dossier.Etat.BROUILLON, 0, [])
    with time_machine.travel(DEPOT_OUVERT):
        depot = Depot.objects.deposer(dossier, par=dossier.cree_par, cle=cle)
    assert (depot.rang, list(depots_a_moitie())) == (1, [])


def test_sans_transaction_le_meme_coup_laisse_un_dossier_depose_sans_depot():
    """Negative control: the transaction is what makes the kill harmless."""
    dossier = DossierFactory(complet=True)

    tuer_pendant_le_depot(dossier, uuid.uuid4(), moment="instantane", atomique=False)

    assert list(depots_a_moitie()) == [f"{dossier.numero} : déposé sans dépôt"]
