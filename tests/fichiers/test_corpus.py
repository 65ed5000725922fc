"""Two lists, one rule each: what people really send comes in; what could harm is refused with a sentence, never an error."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.fichiers.models import Apercu, Fichier
from aap_portal.fichiers.noms import couper, nettoyer_nom
from aap_portal.fichiers.stockage import chemin_de
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, UtilisateurFactory
from tests.fichiers.hostiles import HOSTILES
from tests.fichiers.ordinaires import ORDINAIRES
from tests.fichiers.test_deposer import televerser

pytestmark = pytest.mark.django_db


def sans_accents(cas):
    return [nom.encode("ascii", "replace").decode()[:60] for nom, *_ in cas]


def test_les_listes_sont_longues():
    assert len(ORDINAIRES) >= 30
    assert len({nom for nom, *_ in ORDINAIRES}) == len(ORDINAIRES)


@pytest.mark.parametrize(("nom", "contenu", "pages"), ORDINAIRES, ids=sans_accents(ORDINAIRES))
def test_un_fichier_ordinaire_entre_et_se_voit(nom, contenu, pages):
    fichier = Fichier.objects.deposer(televerser(nom, contenu), par=UtilisateurFactory())
    fichier.traiter()

    assert (fichier.nom, fichier.pages) == (nettoyer_nom(nom), pages)
    assert fichier.lire() == contenu
    attendu = Apercu.FAIT if couper(nom)[1] in {"pdf", "jpg", "jpeg", "png"} else Apercu.SANS_OBJET
    assert (fichier.apercu, fichier.apercu_pages) == (attendu, min(pages or 0, 60))


@pytest.fixture
def dossier(client):
    with time_machine.travel(DEPOT_OUVERT + timedelta(hours=1), tick=False):
        dossier = DossierFactory()
        client.force_login(dossier.cree_par)
        yield dossier


@pytest.mark.parametrize(("nom", "contenu", "debut", "remede"), HOSTILES, ids=sans_accents(HOSTILES))
def test_un_fichier_hostile_est_refuse_par_une_phrase_et_le_reste_du_travail_est_garde(
    client, dossier, settings, nom, contenu, debut, remede
):
    adresse = reverse("candidatures:piece_deposer", args=[dossier.numero, "libre"])
    bon = televerser("bon.docx", BON)

    reponse = client.post(adresse, {"fichiers": [televerser(nom, contenu), bon]})

    assert reponse.status_code == 422
    page = texte(reponse)
    phrase = f"Le fichier « {nettoyer_nom(nom)} » {debut}"
    assert phrase in page
    assert remede in page[page.index(phrase) :]
    (piece,) = dossier.pieces.all()
    assert piece.fichier.nom == "bon.docx"
    assert [chemin for chemin in settings.FICHIERS_DIR.rglob("*") if chemin.is_file()] == [chemin_de(piece.fichier.cle)]


BON = next(contenu for nom, contenu, _ in ORDINAIRES if nom == "projet.docx")
