"""Two people who save the same section at the same instant: the lock lets one see the text of the other."""

import time

import pytest
import time_machine
from django.urls import reverse

from candidatures.forms.sections import SECTIONS
from candidatures.models import Dossier
from tests.courses import courir
from tests.factories import DEPOT_OUVERT, DossierFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db(transaction=True)
GESTE = "tests.candidatures.test_saisies_en_course:enregistrer"


def enregistrer(par, lien, saisie):
    """Run in a process of its own: the status of the answer; the gap between the reading and the writing is widened."""
    from django.test import Client

    from aap_portal.comptes.models import Utilisateur
    from candidatures.forms.saisie import RubriqueForm

    ecrire = RubriqueForm.enregistrer

    def lente(form, dossier):
        time.sleep(0.5)
        ecrire(form, dossier)

    RubriqueForm.enregistrer = lente
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    client.force_login(Utilisateur.objects.get(pk=par))
    with time_machine.travel(DEPOT_OUVERT):
        return client.post(lien, saisie, headers={"Accept": "application/json"}, secure=True).status_code


@pytest.fixture
def courses():
    dossier = DossierFactory(intitule="Le titre de départ")
    lien = reverse("candidatures:rubrique", args=[dossier.numero, "projet"])
    awa, youssouf = (UtilisateurFactory(redacteur_de=dossier.structure) for _ in range(2))
    version = SECTIONS["projet"](dossier=dossier).version
    return [
        {"par": personne.pk, "lien": lien, "saisie": {"version": version, "intitule": titre}}
        for personne, titre in ((awa, "D’Awa"), (youssouf, "De Youssouf"))
    ]


def test_le_second_voit_le_texte_du_premier(courses):
    statuts = courir(GESTE, courses)

    assert sorted(statuts) == [200, 422]
    assert Dossier.objects.get().intitule == ("D’Awa", "De Youssouf")[statuts.index(200)]


def test_sans_verrou_l_un_couvre_l_autre_ou_echoue(courses):
    """Negative control: the race is real, the lock is what makes it harmless."""
    assert 422 not in courir(GESTE, courses, sans_verrou=True)
