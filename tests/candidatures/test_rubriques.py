"""Filling the sections: saved as saisi, read rightly, refused with a sentence, nothing lost."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from candidatures.models import Dossier, LigneBudget, VolumeActivite
from tests.candidatures.textes import texte
from tests.factories import (
    DEPOT_OUVERT,
    CommuneFactory,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT.replace(hour=14, minute=32), tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier, code):
    return reverse("candidatures:rubrique", args=[dossier.numero, code])


def test_une_rubrique_incomplete_s_enregistre_et_dit_l_heure(client, dossier):
    reponse = client.post(adresse(dossier, "projet"), {"intitule": "La clause dans le Sud"}, follow=True)

    assert "Enregistré à 14 h 32." in texte(reponse)
    assert "Pour que cette rubrique soit complète Rédigez le diagnostic territorial." in texte(reponse)
    dossier.refresh_from_db()
    assert (dossier.intitule, dossier.diagnostic) == ("La clause dans le Sud", "")


def test_enregistrer_et_continuer_mene_a_la_suivante_puis_a_la_verification(client, dossier):
    suite = client.post(adresse(dossier, "structure"), {"contact_nom": "Claude", "continuer": "1"})
    fin = client.post(adresse(dossier, "attestations"), {"atteste_exactitude": "on", "continuer": "1"})

    assert suite.url == adresse(dossier, "projet")
    assert fin.url == reverse("candidatures:verifier", args=[dossier.numero])


@pytest.mark.parametrize("saisi", ["90 000,50", "90000,50", "90\u202f000,50 €", "90000.50", "90.000,50"])
def test_un_montant_se_lit_avec_virgule_et_espaces(client, dossier, saisi):
    client.post(adresse(dossier, "structure"), {"subventions_publiques": saisi})

    dossier.refresh_from_db()
    assert dossier.subventions_publiques == Decimal("90000.50")


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ("-5", "Le nombre ne peut pas être négatif."),
        ("999999999999", "Le nombre doit être au plus 99 999 999,99."),
        ("beaucoup", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
        ("12,345", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
    ],
)
def test_un_montant_illisible_ne_perd_pas_le_reste_de_la_saisie(client, dossier, saisi, phrase):
    reponse = client.post(
        adresse(dossier, "structure"), {"subventions_publiques": saisi, "presentation": "Active depuis 2017."}
    )

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert f'value="{saisi}"' in reponse.content.decode()
    assert "Active depuis 2017." in texte(reponse)
    assert '<a href="#id_subventions_publiques">' in reponse.content.decode()
    dossier.refresh_from_db()
    assert (dossier.subventions_publiques, dossier.presentation) == (None, "")


def test_les_caracteres_nuls_sont_retires_et_c_est_dit(client, dossier):
    reponse = client.post(adresse(dossier, "projet"), {"intitule": "La\x00 clause\x0b"}, follow=True)

    assert "Des caractères invisibles ont été retirés de votre saisie : relisez-la." in texte(reponse)
    dossier.refresh_from_db()
    assert dossier.intitule == "La clause"


def test_un_texte_demesure_est_refuse_avec_sa_longueur(client, dossier):
    reponse = client.post(adresse(dossier, "projet"), {"diagnostic": "a" * 20_001})

    assert reponse.status_code == 422
    assert "Ce texte compte 20001 caractères : raccourcissez-le à 20000 au plus" in texte(reponse)


def test_une_adresse_mal_ecrite_est_refusee(client, dossier):
    reponse = client.post(adresse(dossier, "structure"), {"contact_courriel": "claude@"})

    assert reponse.status_code == 422
    assert "Saisissez une adresse e-mail valide." in texte(reponse) or "adresse de courriel valide" in texte(reponse)


def test_enregistrer_deux_fois_la_meme_chose_n_ecrit_qu_une_ligne_d_historique(client, dossier):
    avant = dossier.historique.count()

    for _ in range(2):
        client.post(adresse(dossier, "projet"), {"intitule": "La clause"})
        client.post(adresse(dossier, "budgets"), {"structure_64": "100", "structure_74": "100"})

    assert dossier.historique.count() == avant + 1
    assert [ligne.historique.count() for ligne in LigneBudget.objects.all()] == [1, 1]


def test_des_champs_forges_ne_changent_rien(client, dossier):
    autre = StructureFactory()
    client.post(
        adresse(dossier, "projet"),
        {
            "intitule": "La clause", "etat": "accepte", "numero": "2022-9999", "structure": autre.pk, "depose_le": "2022-09-01",
            "hors_delai_admis": "1", "atteste_exactitude": "on", "id": "1",
        },
    )  # fmt: skip

    avant, dossier = dossier, Dossier.objects.get(pk=dossier.pk)
    assert dossier.intitule == "La clause"
    for champ in ("etat", "numero", "structure_id", "depose_le", "hors_delai_admis", "atteste_exactitude"):
        assert getattr(dossier, champ) == getattr(avant, champ)


def test_un_dossier_depose_ne_se_modifie_plus_et_la_saisie_reste_a_l_ecran(client):
    dossier = dossier_depose()
    client.force_login(dossier.cree_par)

    reponse = client.post(adresse(dossier, "projet"), {"intitule": "Un autre titre"})

    assert reponse.status_code == 422
    assert "Ce dossier n’est plus un brouillon : vos dernières saisies n’ont pas été enregistrées." in texte(reponse)
    assert "Un autre titre" in reponse.content.decode()
    assert Dossier.objects.get().intitule == dossier.intitule


def test_un_dossier_depose_se_lit_sans_champ(client):
    dossier = dossier_depose()
    client.force_login(dossier.cree_par)

    reponse = client.get(adresse(dossier, "projet"))

    assert "cette rubrique ne peut plus être modifiée" in texte(reponse)
    assert dossier.diagnostic in texte(reponse)
    assert "<textarea" not in reponse.content.decode()


def test_une_rubrique_inconnue_est_introuvable(client, dossier):
    assert client.get(adresse(dossier, "inconnue")).status_code == 404


# --- What each section asks -----------------------------------------------------------------------
def test_le_contrat_d_engagement_n_est_demande_qu_aux_associations(client):
    pages = []
    for traits in ({}, {"collectivite": True}):
        dossier = DossierFactory(structure=StructureFactory(**traits))
        client.force_login(dossier.cree_par)
        pages.append(texte(client.get(adresse(dossier, "attestations"))))

    assert ["contrat d’engagement républicain" in page for page in pages] == [True, False]


def test_les_moyens_humains_propres_aux_associations_ne_sont_demandes_qu_a_elles(client):
    pages = []
    for traits in ({}, {"collectivite": True}):
        dossier = DossierFactory(structure=StructureFactory(**traits))
        client.force_login(dossier.cree_par)
        pages.append(texte(client.get(adresse(dossier, "structure"))))

    assert "Moyens humains au 31 décembre 2021 (facultatif)" in pages[0]
    for libelle in ("Bénévoles", "Volontaires", "Adhérentes (femmes)", "Numéro RNA"):
        assert [libelle in page for page in pages] == [True, False], libelle
    for libelle in ("Salariés, au total", "dont emplois aidés", "Mis à disposition ou détachés"):
        assert [libelle in page for page in pages] == [True, True], libelle


def test_une_collectivite_enregistre_ses_attestations(client):
    dossier = DossierFactory(structure=StructureFactory(collectivite=True))
    client.force_login(dossier.cree_par)

    client.post(
        adresse(dossier, "attestations"),
        {"atteste_compte": "on", "atteste_charte": "on", "qualite_signataire": "mandataire", "mandataire_nom": "Awa"},
    )

    dossier = Dossier.objects.get()
    assert (dossier.atteste_compte, dossier.atteste_charte) == (True, False)
    assert (dossier.est_signe_par_mandat, dossier.mandataire_nom) == (True, "Awa")


def test_le_recrutement_envisage_se_lit_des_postes_sans_titulaire(client, dossier):
    vide = texte(client.get(adresse(dossier, "projet")))
    LignePosteFactory(
        plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), quotite_apres=Decimal("0.80")
    )
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure, titulaire="Awa Exemple"))

    assert "Recrutement envisagé : Aucun." in vide
    assert "Recrutement envisagé : 1 poste à pourvoir, 0,80 ETP." in texte(client.get(adresse(dossier, "projet")))


@pytest.mark.parametrize(
    ("metier", "attendues"),
    [
        ("facilitateur", (False, True)),
        ("coordinateur", (True, False)),
        (None, (True, True)),
    ],
)
def test_les_missions_suivent_les_metiers_demandes(client, dossier, metier, attendues):
    if metier:
        LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure, metier=metier))

    page = texte(client.get(adresse(dossier, "missions")))

    trouvees = ("Coordination des facilitateurs à l’échelle régionale" in page, "Construction de parcours" in page)
    assert trouvees == attendues


def test_les_volumes_se_lisent_avec_des_espaces_et_une_ligne_vide_ne_s_ecrit_pas(client, dossier):
    client.post(
        adresse(dossier, "missions"),
        {
            "missions": ["marches_etat"], "volumes_etat_marches_actuels": "132", "volumes_etat_heures_actuelles": "367 069",
            "volumes_etat_montant_actuel": "2 000 000", "volumes_etat_montant_prevu": "1 200 000,50",
        },
    )  # fmt: skip

    volume = VolumeActivite.objects.get()
    assert (volume.segment, volume.marches_actuels, volume.heures_actuelles) == ("etat", 132, 367069)
    assert (volume.montant_actuel, volume.montant_prevu) == (Decimal("2000000.00"), Decimal("1200000.50"))
    assert Dossier.objects.get().missions == ["marches_etat"]


def test_une_cellule_vide_reste_vide_et_un_zero_reste_un_zero(client, dossier):
    page = client.post(
        adresse(dossier, "missions"),
        {"volumes_etat_marches_actuels": "", "volumes_etat_marches_prevus": "0"},
        follow=True,
    ).content.decode()

    volume = VolumeActivite.objects.get()
    assert (volume.marches_actuels, volume.montant_actuel, volume.marches_prevus) == (None, None, 0)
    assert 'name="volumes_etat_marches_prevus" value="0"' in page
    assert 'name="volumes_etat_marches_actuels" value=' not in page


def test_une_position_se_garde_avec_la_mission_et_survit_a_la_case_decochee(client, dossier):
    client.post(
        adresse(dossier, "missions"), {"missions": ["parcours"], "position_parcours": "Un référent par personne."}
    )
    prise = Dossier.objects.get()
    client.post(adresse(dossier, "missions"), {"position_parcours": "Un référent par personne."})

    laissee = Dossier.objects.get()
    assert (prise.missions, prise.positions) == (["parcours"], {"parcours": "Un référent par personne."})
    assert (laissee.missions, laissee.positions) == ([], prise.positions)
    assert dossier.historique.count() == 3


def test_une_position_trop_longue_est_refusee_sans_rien_perdre(client, dossier):
    saisie = {"missions": ["parcours"], "position_parcours": "a" * 2_001, "volumes_etat_marches_prevus": "5"}
    reponse = client.post(adresse(dossier, "missions"), saisie)

    assert reponse.status_code == 422
    assert "au plus 2000 caractères" in texte(reponse)
    assert "a" * 2_001 in reponse.content.decode()
    assert Dossier.objects.get().positions == {}


def test_une_position_sur_un_metier_qui_n_est_plus_demande_est_gardee(client, dossier):
    Dossier.objects.update(positions={"coordination": "Une réunion par mois."})
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure))

    client.post(adresse(dossier, "missions"), {"missions": ["parcours"], "position_parcours": "Un référent."})

    assert Dossier.objects.get().positions == {"coordination": "Une réunion par mois.", "parcours": "Un référent."}


def test_un_nombre_de_marches_est_entier(client, dossier):
    reponse = client.post(adresse(dossier, "missions"), {"volumes_etat_marches_prevus": "1,5"})

    assert reponse.status_code == 422
    assert "Saisissez un nombre entier, par exemple « 12 000 »." in texte(reponse)


def test_une_mission_inconnue_est_refusee(client, dossier):
    reponse = client.post(adresse(dossier, "missions"), {"missions": ["inventee"]})

    assert (reponse.status_code, Dossier.objects.get().missions) == (422, [])


def test_le_territoire_montre_les_zones_blanches_et_celles_que_la_demande_couvre(client, dossier):
    couverte, autre = CommuneFactory(nom="Sada"), CommuneFactory(nom="Acoua")
    for commune in (couverte, autre):
        ZoneBlancheFactory(commune=commune)
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure, communes=[couverte]))

    page = texte(client.get(adresse(dossier, "territoire")))

    assert "Sada Non couverte 1er mars 2022 La couvre" in page
    assert "Acoua Non couverte 1er mars 2022 Ne la couvre pas" in page


# --- Budgets --------------------------------------------------------------------------------------
def test_un_budget_desequilibre_s_enregistre_et_dit_son_ecart(client, dossier):
    reponse = client.post(
        adresse(dossier, "budgets"), {"structure_64": "40 000", "structure_74": "38 800,50"}, follow=True
    )

    assert "Charges 40 000,00 € Produits 38 800,50 €" in texte(reponse)
    assert "Il manque 1 199,50 € de produits : les deux totaux doivent être égaux." in texte(reponse)
    assert LigneBudget.objects.count() == 2


def test_vider_un_compte_l_efface(client, dossier):
    client.post(adresse(dossier, "budgets"), {"structure_64": "10", "structure_74": "10"})
    client.post(adresse(dossier, "budgets"), {"structure_64": "", "structure_74": "10"})

    assert list(LigneBudget.objects.values_list("compte", "montant")) == [("74", Decimal(10))]


def test_l_equilibre_se_calcule_pendant_la_frappe_sans_rien_ecrire(client, dossier):
    reponse = client.post(
        reverse("candidatures:budgets_equilibre", args=[dossier.numero]),
        {"structure_60": "1 000", "structure_70": "1 000,00", "projet_64": "abc", "projet_86": "5", "projet_87": "4"},
    )

    page = texte(reponse)
    assert "Charges 1 000,00 € Produits 1 000,00 € Budget équilibré." in page
    assert "Les comptes 86 et 87 doivent être égaux." in page
    assert LigneBudget.objects.count() == 0


def test_le_budget_du_projet_part_du_plan_et_un_ecart_est_nomme(client, dossier):
    LignePosteFactory(
        plan=dossier.plan,
        poste=PosteETPFactory(structure=dossier.structure),
        sources={"aap": "28000.00", "commune": "5000.00", "fonds_propres": "7000.00"},
    )
    depart = client.get(adresse(dossier, "budgets")).content.decode()
    assert 'name="projet_64" value="40\u202f000,00"' in depart
    assert 'name="projet_74" value="33\u202f000,00"' in depart

    reponse = client.post(adresse(dossier, "budgets"), {"projet_64": "41000", "projet_74": "33000"}, follow=True)

    assert (
        "Compte 64 : 41 000,00 € ici, 40 000,00 € d’après le plan de financement, soit 1 000,00 € de plus. Le plan ne compte "
        "que les postes demandés : Facilitatrice Sud 40 000,00 €."
    ) in texte(reponse)
    assert "Compte 74 :" not in texte(reponse)


def test_la_projection_s_enregistre_annee_par_annee(client, dossier):
    client.post(
        adresse(dossier, "budgets"),
        {"projection_1_etp": "0,80", "projection_1_cout": "39 000", "projection_3_cout": "40 000"},
    )

    lues = [(annee.rang, annee.etp, annee.cout) for annee in dossier.projections.all()]
    assert lues == [(1, Decimal("0.80"), Decimal(39000)), (3, Decimal(0), Decimal(40000))]


# --- Who ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["structure", "projet", "territoire", "missions", "budgets", "attestations"])
def test_un_lecteur_lit_sans_champ_et_n_ecrit_pas(client, dossier, code):
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    lecture = client.get(adresse(dossier, code))
    envoi = client.post(adresse(dossier, code), {"intitule": "Autre"})

    assert "un rédacteur ou un signataire de la structure peut la modifier" in texte(lecture)
    assert 'form method="post" novalidate' not in lecture.content.decode()
    assert envoi.status_code == 403
    assert "Seul un rédacteur ou un signataire de la structure peut modifier ce dossier." in texte(envoi)
    assert Dossier.objects.get().intitule == ""


def test_un_redacteur_ecrit(client, dossier):
    client.force_login(UtilisateurFactory(redacteur_de=dossier.structure))

    client.post(adresse(dossier, "projet"), {"intitule": "Écrit par la rédactrice"})

    assert Dossier.objects.get().intitule == "Écrit par la rédactrice"
