"""What the measures call a loss: each kind is seen, and a base where all is well has none."""

import uuid

import pytest
import time_machine

from aap_portal.fichiers import stockage
from aap_portal.fichiers.models import Fichier
from candidatures.models import Depot, Dossier, PieceJustificative
from mesures.pertes import depots_a_moitie, recepisses_manquants
from tests.factories import DEPOT_OUVERT, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot():
    dossier = DossierFactory(complet=True)
    fichier = Fichier.objects.produire(b"%PDF-1.7 annexe", nom="annexe.pdf", type_mime="application/pdf")
    PieceJustificative.objects.create(dossier=dossier, code="libre", fichier=fichier, ajoutee_par=dossier.cree_par)
    with time_machine.travel(DEPOT_OUVERT):
        return Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())


def recu(depot):
    return {"numero": depot.dossier.numero, "rang": depot.rang, "empreintes": [depot.empreinte]}


def test_un_depot_entier_n_est_ni_perdu_ni_a_moitie(depot):
    assert list(recepisses_manquants([recu(depot)])) == []
    assert list(depots_a_moitie()) == []


def test_un_recepisse_sans_depot_est_une_perte(depot):
    montre = recu(depot) | {"rang": 2}

    assert list(recepisses_manquants([montre])) == [f"{depot.dossier.numero}, dépôt 2 : absent de la base"]


def test_un_instantane_change_est_une_perte(depot):
    depot.instantane["numero"] = "autre"
    Depot.objects.filter(pk=depot.pk).update(instantane=depot.instantane)

    phrase = f"{depot.dossier.numero}, dépôt 1 : l’instantané ne correspond plus à son empreinte"
    assert list(recepisses_manquants([recu(depot)])) == [phrase]


def test_une_autre_empreinte_que_celle_qui_fut_montree_est_une_perte(depot):
    montre = recu(depot) | {"empreintes": ["0" * 64]}

    phrase = f"{depot.dossier.numero}, dépôt 1 : le récépissé montrait une autre empreinte"
    assert list(recepisses_manquants([montre])) == [phrase]


@pytest.mark.parametrize(
    ("abimer", "phrase"),
    [
        (lambda depot: Depot.objects.filter(pk=depot.pk).delete(), "déposé sans dépôt"),
        (
            lambda depot: Dossier.objects.filter(pk=depot.dossier_id).update(etat="brouillon"),
            "un dépôt, mais le dossier est un brouillon",
        ),
        (
            lambda depot: type(depot.dossier.plan).objects.filter(pk=depot.dossier.plan_id).update(fige_le=None),
            "déposé sans que son plan soit figé",
        ),
        (lambda depot: Depot.objects.filter(pk=depot.pk).update(rang=2), "déposé deux fois"),
    ],
)
def test_chaque_depot_a_moitie_est_vu(depot, abimer, phrase):
    abimer(depot)

    assert list(depots_a_moitie()) == [f"{depot.dossier.numero} : {phrase}"]


def test_un_fichier_perdu_est_vu(depot):
    stockage.chemin_de(Fichier.objects.get(nom="annexe.pdf").cle).unlink()

    assert list(depots_a_moitie()) == ["annexe.pdf : le contenu n’est plus là, ou a changé"]
