"""The two budgets and the projection: details, totals, the distance from the financing plan, always named."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.referentiel.plafonds import ZERO
from candidatures import cerfa, signalements
from candidatures.models import Dossier, LigneBudget, ProjectionAnnuelle
from candidatures.verification import verifier_rubrique
from tests.candidatures.textes import aplatir, texte
from tests.factories import (
    DEPOT_OUVERT,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    UtilisateurFactory,
    dossier_depose,
)

SOURCES = {"aap": "28000.00", "commune": "5000.00", "fonds_propres": "7000.00"}


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


@pytest.fixture
def dossier(client, db):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier):
    return reverse("candidatures:rubrique", args=[dossier.numero, "budgets"])


def financer(dossier, **sources):
    poste = PosteETPFactory(structure=dossier.structure)
    return LignePosteFactory(plan=dossier.plan, poste=poste, sources=sources or SOURCES)


def lignes(dossier, budget="projet"):
    return dict(dossier.lignes_budget.filter(budget=budget).values_list("compte", "montant"))


def relu(dossier):
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


# --- Pure sums -------------------------------------------------------------------------------------------
euros = st.decimals(min_value=0, max_value=Decimal("999999.99"), places=2)
budgets = st.dictionaries(st.sampled_from([ligne.code for ligne in cerfa.LIGNES]), euros)


@given(budgets)
def test_les_comptes_font_les_totaux_au_centime_et_dans_n_importe_quel_ordre(montants):
    equilibre = cerfa.equilibre(montants)
    a_l_envers = cerfa.equilibre(dict(reversed(montants.items())))

    charges = sum((cerfa.total(compte, montants) for compte in cerfa.COTE_CHARGES), ZERO)
    produits = sum((cerfa.total(compte, montants) for compte in cerfa.COTE_PRODUITS), ZERO)
    assert (equilibre.charges, equilibre.produits) == (charges, produits)
    assert equilibre.ecart == charges - produits
    assert equilibre == a_l_envers


@given(budgets)
def test_un_compte_vaut_la_somme_de_son_detail_des_qu_une_ligne_est_donnee(montants):
    for compte in cerfa.COMPTES:
        details = [montants[ligne.code] for ligne in compte.details if ligne.code in montants]
        attendu = sum(details, ZERO) if details else montants.get(compte.code, ZERO)
        assert cerfa.total(compte, montants) == attendu


@given(budgets)
def test_86_et_87_ne_comptent_ni_dans_les_charges_ni_dans_les_produits(montants):
    sans = {code: montant for code, montant in montants.items() if not code.startswith(("86", "87"))}

    avec, apres = cerfa.equilibre(montants), cerfa.equilibre(sans)
    assert (avec.charges, avec.produits) == (apres.charges, apres.produits)
    assert (apres.emplois, apres.contributions) == (ZERO, ZERO)


def test_chaque_ligne_a_son_code_et_chaque_financeur_du_plan_sa_ligne():
    codes = [ligne.code for ligne in cerfa.LIGNES]

    assert len(codes) == len(set(codes))
    assert all(len(code) <= LigneBudget._meta.get_field("compte").max_length for code in codes)
    assert {compte.code for compte in (*cerfa.CHARGES, *cerfa.PRODUITS)} == {
        *(str(numero) for numero in range(60, 71)), "73", "74", "75", "76", "77", "78", "79",
    }  # fmt: skip


# --- Details ---------------------------------------------------------------------------------------------
def test_le_detail_fait_le_total_du_compte(client, dossier):
    reponse = client.post(adresse(dossier), {"structure_601": "300", "structure_604": "400,50"}, follow=True)

    assert lignes(dossier, "structure") == {"601": Decimal(300), "604": Decimal("400.50")}
    assert 'name="structure_60" value="700,50"' in reponse.content.decode()
    assert "Charges 700,50 € Produits 0,00 €" in texte(reponse)


@pytest.mark.parametrize(("saisi", "statut"), [("", 302), ("700,50", 302), ("700,51", 422), ("1 000", 422)])
def test_un_total_tape_a_cote_du_detail_est_le_sien_ou_est_refuse(client, dossier, saisi, statut):
    reponse = client.post(adresse(dossier), {"structure_60": saisi, "structure_601": "300", "structure_604": "400,50"})

    assert reponse.status_code == statut
    assert LigneBudget.objects.count() == (2 if statut == 302 else 0)
    if statut == 422:
        assert "Le détail de ce compte fait 700,50 €, et non" in texte(reponse)


def test_sans_javascript_le_total_montre_avant_ne_gene_pas_un_detail_qui_change(client, dossier):
    client.post(adresse(dossier), {"structure_601": "300"})

    client.post(adresse(dossier), {"structure_60": "300,00", "structure_601": "350"})
    assert lignes(dossier, "structure") == {"601": Decimal(350)}
    client.post(adresse(dossier), {"structure_60": "", "structure_601": ""})
    assert lignes(dossier, "structure") == {}


def test_un_detail_illisible_est_montre_a_sa_place(client, dossier):
    reponse = client.post(adresse(dossier), {"projet_74-commune": "cinq", "projet_60": "5"})

    assert reponse.status_code == 422
    assert '<a href="#id_projet_74-commune">' in reponse.content.decode()
    assert '<details class="pa-detail" open>' in reponse.content.decode()


def test_les_totaux_detailles_suivent_la_frappe(client, dossier):
    reponse = client.post(
        reverse("candidatures:budgets_equilibre", args=[dossier.numero]), {"projet_641": "10", "projet_645": "5,5"}
    )

    assert '<data hidden value="projet_64" data-total>15,50</data>' in reponse.content.decode()
    assert LigneBudget.objects.count() == 0


def test_un_lecteur_ne_demande_ni_les_totaux_du_budget_ni_ceux_du_plan(client, dossier):
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    for nom in ("budgets_equilibre", "plan_calcul"):
        assert client.post(reverse(f"candidatures:{nom}", args=[dossier.numero]), {}).status_code == 403


def test_deux_collegues_detaillent_le_meme_compte_sans_se_couvrir(client, dossier):
    version = re.search(r'name="version" value="([^"]+)"', client.get(adresse(dossier)).content.decode())[1]
    communs = {"version": version, "bribe": "1"}

    reponses = [
        client.post(adresse(dossier), communs | saisie, headers={"accept": "application/json"})
        for saisie in (
            {"structure_601": "300"},
            {"structure_604": "400"},
            {"structure_601": "301", "structure_604": "400"},
        )
    ]

    assert [reponse.status_code for reponse in reponses] == [200, 200, 200]
    assert lignes(dossier, "structure")["604"] == 400
    assert "60" not in lignes(dossier, "structure")
    assert "structure_60" not in reponses[1].json().get("reprises", {})


# --- The project's budget starts from the plan -----------------------------------------------------------
def test_le_budget_du_projet_part_du_plan_deja_equilibre(client, dossier):
    financer(dossier)

    page = client.get(adresse(dossier))

    contenu = page.content.decode()
    for nom, montant in {
        "projet_64": "40\u202f000,00", "projet_74-aap": "28\u202f000,00", "projet_74-commune": "5\u202f000,00",
        "projet_propres": "7\u202f000,00", "projection_1_cout": "40\u202f000,00",
        "projection_1_cofinancements": "12\u202f000,00",
    }.items():  # fmt: skip
        assert f'name="{nom}" value="{montant}"' in contenu, nom
    assert (
        "Budget équilibré. La subvention sollicitée de 28 000,00 €, objet de la présente demande, représente 70 % du total des "
        "produits du projet (40 000,00 €)."
    ) in texte(page)
    assert 'name="structure_64" value' not in contenu
    assert "⚠" not in texte(page)


def test_un_ecart_au_plan_est_nomme_financeur_par_financeur(client, dossier):
    financer(dossier)

    client.post(
        adresse(dossier),
        {"projet_64": "40000", "projet_74-aap": "28000", "projet_74-commune": "4000", "projet_propres": "8000"},
    )

    assert [aplatir(phrase) for phrase in signalements.des_budgets(relu(dossier))] == [
        "Compte 74 : 32 000,00 € ici, 33 000,00 € d’après le plan de financement, soit 1 000,00 € de moins. L’écart vient de : "
        "Communes : 4 000,00 € au lieu de 5 000,00 €.",
        "Ressources propres affectées au projet : 8 000,00 € ici, 7 000,00 € d’après le plan de financement, soit 1 000,00 € de "
        "plus. Le plan compte les fonds propres mis dans les postes.",
    ]
    assert (
        verifier_rubrique(relu(dossier), "budgets")[0].code == "budget_vide"
    )  # the structure's, nothing of the project's


def test_deux_financeurs_intervertis_se_voient_meme_au_meme_total(client, dossier):
    financer(dossier)

    client.post(adresse(dossier), {"projet_64": "40000", "projet_74-aap": "28000", "projet_74-epci": "5000"})

    phrase = aplatir(next(signalements.des_budgets(relu(dossier))))
    assert phrase == (
        "Compte 74 : 33 000,00 € ici, 33 000,00 € d’après le plan de financement. L’écart vient de : Intercommunalités : "
        "5 000,00 € au lieu de 0,00 € ; Communes : 0,00 € au lieu de 5 000,00 €."
    )


def test_reprendre_les_montants_du_plan_remet_ces_comptes_et_eux_seuls(client, dossier):
    financer(dossier)
    client.post(adresse(dossier), {"projet_64": "1", "projet_74": "2", "projet_60": "3"})

    client.post(adresse(dossier), {"projet_641": "1", "projet_74": "2", "projet_60": "3", "reprendre_plan": "1"})

    assert lignes(dossier) == {
        "60": 3, "64": 40000, "74-aap": 28000, "74-commune": 5000, "propres": 7000,
    }  # fmt: skip


def test_l_instructeur_lit_les_ecarts(client, dossier):
    financer(dossier)
    client.post(adresse(dossier), {"projet_64": "41000", "projet_74": "33000"})
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    page = texte(client.get(adresse(dossier)))

    assert "À examiner : écarts au plan ou dans la projection Compte 64 : 41 000,00 € ici" in page


@pytest.mark.django_db
def test_l_instructeur_voit_en_tete_ce_qui_est_a_examiner(client):
    dossier = dossier_depose()
    financer(dossier, aap="1.00", fonds_propres="2.00")
    client.force_login(UtilisateurFactory(instructeur_de=dossier.campagne.service))

    page = client.get(reverse("candidatures:instruire", args=[dossier.numero]))

    assert "points à examiner dans le dossier" in texte(page)
    assert "Compte 64 : 40 000,00 € ici, 80 000,00 € d’après le plan de financement" in texte(page)
    assert '<a href="?objet=rubrique:budgets">' in page.content.decode()


# --- Lines that close a budget ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("saisie", "codes"),
    [
        ({"structure_64": "10", "structure_70": "8", "structure_insuffisance": "2"}, []),
        ({"structure_64": "10", "structure_70": "8", "structure_insuffisance": "1,99"}, ["budget_equilibre"]),
        ({"structure_64": "10", "structure_70": "8", "structure_insuffisance": "2,01"}, ["budget_equilibre"]),
        ({"structure_64": "10", "structure_excedent": "2", "structure_70": "12"}, []),
        ({"structure_64": "10", "structure_70": "10", "structure_86": "5", "structure_87": "5"}, []),
        ({"structure_64": "10", "structure_70": "10", "structure_86": "5", "structure_87": "4,99"}, ["budget_volontaire"]),
        ({"structure_64": "10", "structure_70": "5", "structure_86": "0", "structure_87": "5"}, ["budget_equilibre", "budget_volontaire"]),
        ({"structure_64": "10", "structure_70": "10", "structure_864": "5", "structure_870": "5"}, []),
    ],
)  # fmt: skip
def test_charges_et_produits_s_equilibrent_au_centime_86_et_87_a_part(client, dossier, saisie, codes):
    client.post(adresse(dossier), saisie)

    trouves = [o.code for o in verifier_rubrique(relu(dossier), "budgets") if o.champ == "budget_structure"]
    assert trouves == codes


def test_l_insuffisance_et_le_compte_87_ne_gonflent_pas_la_part_de_la_subvention(client, dossier):
    financer(dossier)

    reponse = client.post(
        adresse(dossier),
        {
            "projet_64": "40000", "projet_60": "10000", "projet_74-aap": "28000", "projet_propres": "12000",
            "projet_insuffisance": "10000", "projet_86": "9", "projet_87": "9",
        },
        follow=True,
    )  # fmt: skip

    assert "représente 70 % du total des produits du projet (40 000,00 €)." in texte(reponse)


def test_le_budget_de_la_structure_n_a_pas_de_ressources_affectees_au_projet(client, dossier):
    client.post(adresse(dossier), {"structure_propres": "5", "structure_indirectes": "5", "projet_propres": "5"})

    assert list(LigneBudget.objects.values_list("budget", "compte")) == [("projet", "propres")]


# --- Projection over three years (reading 23) ------------------------------------------------------------
def test_l_ecart_de_chaque_annee_est_nomme(client, dossier):
    financer(dossier)

    reponse = client.post(
        adresse(dossier),
        {
            "projection_1_etp": "1", "projection_1_cout": "40000", "projection_1_subvention": "28000",
            "projection_1_cofinancements": "12000",
            "projection_2_cout": "41000", "projection_2_subvention": "28000", "projection_2_cofinancements": "12370",
            "projection_3_cout": "40000", "projection_3_subvention": "28000", "projection_3_cofinancements": "12000,01",
        },
        follow=True,
    )  # fmt: skip

    page = texte(reponse)
    assert "2e année : il manque 630,00 € (coût de 41 000,00 €, ressources de 40 370,00 €)." in page
    assert "3e année : 0,01 € de trop (coût de 40 000,00 €, ressources de 40 000,01 €)." in page
    assert "1re année" not in page.split("Projection financière sur trois ans")[1].split("2e année :")[0].split("⚠")[-1]
    assert ProjectionAnnuelle.objects.count() == 3


def test_une_premiere_annee_qui_n_est_pas_celle_du_plan_est_nommee(client, dossier):
    financer(dossier)

    client.post(
        adresse(dossier),
        {
            "projection_1_etp": "0,80", "projection_1_cout": "40000", "projection_1_subvention": "27000",
            "projection_1_cofinancements": "13000",
        },
    )  # fmt: skip

    assert [aplatir(phrase) for phrase in signalements.des_budgets(relu(dossier))] == [
        "1re année, ETP : 0,80 ETP ici, 1,00 ETP d’après le plan de financement.",
        "1re année, subvention : 27 000,00 € ici, 28 000,00 € d’après le plan de financement.",
        "1re année, autres sources : 13 000,00 € ici, 12 000,00 € d’après le plan de financement.",
    ]
