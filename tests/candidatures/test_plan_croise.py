"""Two people on one plan: each source of each post merges or crosses by itself, and nothing is covered in silence."""

from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from aap_portal.referentiel.models import FinancementPoste, LignePoste
from candidatures.forms.plan import version
from candidatures.models import Dossier
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, LignePosteFactory, PosteETPFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
BRIBE = {"bribe": "1"}
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT.replace(hour=14, minute=30), tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


@pytest.fixture
def awa(dossier):
    client = Client()
    client.force_login(UtilisateurFactory(first_name="Awa", last_name="Exemple", redacteur_de=dossier.structure))
    return client


def ligne_de(dossier, intitule="Facilitatrice Sud", **champs):
    poste = PosteETPFactory(structure=dossier.structure, intitule=intitule)
    return LignePosteFactory(plan=dossier.plan, poste=poste, **champs)


def adresse(dossier):
    return reverse("candidatures:plan", args=[dossier.numero])


def ouverte(dossier):
    return {"version": version(Dossier.objects.get(pk=dossier.pk))}


def saisie(ligne, aap, *financeurs):
    """Each financeur: (source, amount)."""
    prefixe = f"ligne_{ligne.pk}"
    donnees = {f"{prefixe}-TOTAL_FORMS": len(financeurs), f"{prefixe}-INITIAL_FORMS": 0, f"{prefixe}-aap-montant": aap}
    for rang, (source, montant) in enumerate(financeurs):
        donnees |= {f"{prefixe}-{rang}-source": source, f"{prefixe}-{rang}-montant": montant}
    return donnees


def montants(ligne):
    return dict(FinancementPoste.objects.filter(ligne=ligne).values_list("source", "montant"))


def test_deux_financeurs_differents_se_fondent(client, awa, dossier):
    ligne = ligne_de(dossier, sources={"aap": "100"})
    version = ouverte(dossier)
    awa.post(adresse(dossier), version | saisie(ligne, "100", ("prive", "5")))

    reponse = client.post(adresse(dossier), version | saisie(ligne, "100", ("europe", "7")), follow=True)

    assert montants(ligne) == {"aap": 100, "prive": 5, "europe": 7}
    assert "changé entre-temps par Awa Exemple, le 15 septembre 2022 à 14 h 30" in texte(reponse)


def test_deux_postes_differents_se_fondent_sans_un_mot(client, awa, dossier):
    sud, nord = ligne_de(dossier), ligne_de(dossier, "Facilitateur Nord")
    version = ouverte(dossier)
    awa.post(adresse(dossier), version | saisie(sud, "200") | saisie(nord, ""))

    client.post(adresse(dossier), version | saisie(sud, "") | saisie(nord, "300"))

    assert (montants(sud), montants(nord)) == ({"aap": 200}, {"aap": 300})


@pytest.mark.parametrize(("choix", "garde"), [("mien", 300), ("autre", 200), ("", 300)])
def test_le_meme_montant_change_par_deux_se_choisit(client, awa, dossier, choix, garde):
    ligne = ligne_de(dossier, sources={"aap": "100"})
    version = ouverte(dossier)
    awa.post(adresse(dossier), version | saisie(ligne, "200"))

    refus = client.post(adresse(dossier), version | saisie(ligne, "300"))
    croisement = refus.context["form"].croisements[0]
    assert (croisement.mienne, croisement.autre) == ("300,00 €, sollicité", "200,00 €, sollicité")
    assert montants(ligne) == {"aap": 200}

    suite = {"version": refus.context["form"].version, f"garder-{croisement.champ}": choix}
    assert client.post(adresse(dossier), suite | saisie(ligne, "300")).status_code == 302
    assert montants(ligne) == {"aap": garde}


def test_un_financeur_retire_par_l_un_et_change_par_l_autre_se_choisit(client, awa, dossier):
    ligne = ligne_de(dossier, sources={"prive": "5"})
    version = ouverte(dossier)
    awa.post(adresse(dossier), version | saisie(ligne, ""))

    refus = client.post(adresse(dossier), version | saisie(ligne, "", ("prive", "6")))

    assert refus.status_code == 409
    assert "6,00 €, sollicité Celui de Awa Exemple, le 15 septembre 2022 à 14 h 30 (retiré)" in texte(refus)
    assert montants(ligne) == {}


def test_une_bribe_laisse_le_poste_illisible_et_ce_qui_se_croise(client, awa, dossier):
    sud, nord = ligne_de(dossier, sources={"aap": "1", "prive": "5"}), ligne_de(dossier, "Facilitateur Nord")
    version = ouverte(dossier)
    awa.post(adresse(dossier), version | saisie(sud, "2", ("prive", "5")) | saisie(nord, ""))
    tapee = saisie(sud, "3", ("prive", "5"), ("europe", "7")) | saisie(nord, "beaucoup")

    corps = client.post(adresse(dossier), BRIBE | version | tapee, **JSON).json()

    assert montants(sud) == {"aap": 2, "prive": 5, "europe": 7}
    assert montants(nord) == {}
    assert [mot.split("»")[0] for mot in corps["reste"]] == [
        "«\u00a0Facilitateur Nord\u00a0", "«\u00a0Facilitatrice Sud, subvention demandée\u00a0",
    ]  # fmt: skip
    suite = client.post(adresse(dossier), {"version": corps["version"]} | tapee | saisie(nord, ""))
    assert suite.status_code == 409
    assert [c.autre for c in suite.context["form"].croisements] == ["2,00 €, sollicité"]


def test_une_demande_qui_a_change_de_nature_ne_perd_aucun_financement(client, awa, dossier):
    ligne = ligne_de(dossier, sources={"aap": "100"})
    version = ouverte(dossier)
    LignePoste.objects.update(nature="existant", quotite_avant=Decimal(1))

    refus = client.post(adresse(dossier), version | saisie(ligne, "200"))

    assert refus.status_code == 409
    assert "« Facilitatrice Sud » : la demande a changé de nature" in texte(refus)
    assert montants(ligne) == {"aap": 100}


def test_une_bribe_repetee_apres_une_coupure_n_est_pas_un_croisement(client, dossier):
    ligne = ligne_de(dossier)
    premiere = BRIBE | ouverte(dossier) | saisie(ligne, "200", ("prive", "5"))

    corps = [client.post(adresse(dossier), premiere, **JSON).json() for _ in range(2)]

    assert [c["reste"] for c in corps] == [[], []]
    suite = client.post(adresse(dossier), {"version": corps[1]["version"]} | saisie(ligne, "300", ("prive", "5")))
    assert (suite.status_code, montants(ligne)) == (302, {"aap": 300, "prive": 5})


@pytest.mark.parametrize("nombre", [1, 3])
def test_enregistrer_ce_que_l_on_tape_coute_autant_pour_un_poste_que_pour_trois(
    client, dossier, nombre, django_assert_max_num_queries
):
    lignes = [ligne_de(dossier, f"Poste {rang}", sources={"prive": "5"}) for rang in range(nombre)]
    tapee = BRIBE | ouverte(dossier)
    for ligne in lignes[1:]:
        tapee |= saisie(ligne, "", ("prive", "5"))

    with django_assert_max_num_queries(19):
        reponse = client.post(adresse(dossier), tapee | saisie(lignes[0], "200", ("prive", "5")), **JSON)

    assert reponse.json()["reste"] == []
