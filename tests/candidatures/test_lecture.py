"""The dossier as it is read and as it is frozen: every answer is there, and only where it applies."""

from datetime import date
from decimal import Decimal

import pytest

from aap_portal.referentiel.models import Agrement
from candidatures.instantane import instantane
from candidatures.lecture import lire, lire_rubrique
from candidatures.models import Dossier, Partenaire
from candidatures.models.reponses import AvecReponses
from tests.candidatures.textes import aplatir
from tests.factories import DossierFactory, StructureFactory, siret

pytestmark = pytest.mark.django_db

TEXTES = {
    "contact_fonction": "Directrice adjointe", "quartiers": "Kawéni", "beneficiaires": "Jeunes sans qualification",
    "moyens": "Un véhicule", "indicateurs": "Heures réalisées par trimestre",
    "informations_complementaires": "Lauréate en 2021", "mandataire_nom": "Awa Exemple", "mandataire_fonction": "Trésorière",
}  # fmt: skip
NOMBRES = {
    "volontaires": 1, "salaries": 7, "emplois_aides": 3, "mis_a_disposition": 2, "adherentes": 48, "adherents": 41,
}  # fmt: skip


@pytest.fixture
def rempli():
    structure = StructureFactory(
        rna="W9R1011072", site_web="https://exemple.example", correspondance_adresse="BP 12", correspondance_ville="Dzaoudzi",
        representant_telephone="0269000001", representant_courriel="presidence@exemple.example", utilite_publique=True,
        utilite_publique_le=date(2019, 5, 3), assujettie_impots=False, reseaux="Réseau Exemple",
        adherents_personnes_morales="Trois SIAE",
    )  # fmt: skip
    Agrement.objects.create(structure=structure, type="Jeunesse", attribue_par="DRAJES", attribue_le=date(2020, 1, 1))
    dossier = DossierFactory(
        complet=True, structure=structure, frequence="renouvellement", realisation_debut_le=date(2023, 1, 1),
        realisation_fin_le=date(2023, 12, 31), **TEXTES | NOMBRES | {"qualite_signataire": "mandataire"},
    )  # fmt: skip
    Partenaire.objects.create(
        dossier=dossier, siret=siret(90), denomination="Commune associée", role="Prête un bureau", contact_nom="Ali"
    )
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


def tout_lu(dossier):
    mots = []
    for section in lire(dossier):
        mots += [f"{reponse.question} : {reponse.valeur}" for reponse in section.reponses]
        for tableau in section.tableaux:
            mots.append(tableau.legende)
            mots += [" | ".join(cellule.texte for cellule in ligne) for ligne in tableau.lignes]
    return aplatir("\n".join(mots))


def test_tout_ce_qui_est_saisi_se_lit(rempli):
    lu = tout_lu(rempli)

    for texte in [*TEXTES.values(), *rempli.positions.values()]:
        assert texte in lu
    assert (
        "Moyens humains au 31 décembre 2021 Bénévoles | 20 Volontaires | 1 Salariés | 7 Salariés (ETP) | 12,50 ETP"
        in lu
    )
    assert "Salariés en emploi aidé | 3" in lu
    assert "Adhérentes (femmes) | 48 Adhérents (hommes) | 41" in lu
    assert "Nature de la demande : En numéraire, renouvellement ou poursuite, pour un projet, annuelle" in lu
    assert "Réalisation : Du 1er janvier 2023 au 31 décembre 2023" in lu
    assert "Reconnue d’utilité publique : Oui, Journal officiel du 3 mai 2019" in lu
    assert "Assujettie aux impôts commerciaux : Non" in lu
    assert "Jeunesse | DRAJES | 1er janvier 2020" in lu
    assert "Adresse de correspondance : BP 12, Dzaoudzi" in lu
    assert "Commune associée | 900 000 902 00016 | Prête un bureau | Ali" in lu
    assert "Aides publiques des trois derniers exercices : Inférieur ou égal à 500 000 €" in lu
    assert "Personne qui engage la structure : Une personne qui a reçu pouvoir du représentant légal" in lu


def test_une_collectivite_ne_lit_rien_de_ce_qui_est_propre_aux_associations():
    dossier = DossierFactory(complet=True, structure=StructureFactory(collectivite=True))

    lu = tout_lu(dossier)

    for mot in (
        "Bénévoles",
        "Adhérent",
        "républicain",
        "engagements réciproques",
        "utilité publique",
        "Subventions publiques",
    ):
        assert mot not in lu
    assert "Salariés (ETP) | 12,50 ETP" in lu


def test_un_zero_se_lit_zero_et_une_absence_se_dit():
    dossier = DossierFactory(salaries=0)

    tableau = lire_rubrique(dossier, "structure").tableaux[0]

    lues = {ligne[0].texte: ligne[1].texte for ligne in tableau.lignes}
    assert (lues["Salariés"], lues["Bénévoles"]) == ("0", "—")


def test_l_instantane_garde_toutes_les_reponses(rempli):
    fige = instantane(rempli)

    assert set(fige["dossier"]) == {champ.name for champ in AvecReponses._meta.local_fields}
    assert fige["dossier"]["positions"] == rempli.positions
    assert fige["dossier"]["realisation_fin_le"] == "2023-12-31"
    assert fige["structure"]["representant_courriel"] == "presidence@exemple.example"
    assert fige["agrements"] == [{"type": "Jeunesse", "attribue_par": "DRAJES", "attribue_le": "2020-01-01"}]
    assert [(p["siret"], p["role"]) for p in fige["partenaires"]] == [(siret(90), "Prête un bureau")]
    assert fige["volumes"][0]["montant_actuel"] is None
    assert fige["demande"]["etp"] == str(Decimal("1.00"))
