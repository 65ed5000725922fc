"""The workbook of the budgets: given out, filled, taken back; errors named by cell, nothing written before one has seen."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from candidatures.models import Dossier, LigneBudget, ProjectionAnnuelle
from tests.candidatures.test_budgets import SOURCES
from tests.candidatures.textes import texte
from tests.factories import (
    DEPOT_OUVERT,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    UtilisateurFactory,
    dossier_depose,
)
from tests.fichiers import echantillons as ech

pytestmark = pytest.mark.django_db
PROJET, STRUCTURE, PROJECTION = "Budget du projet", "Budget de la structure", "Projection sur trois ans"
DONNEES = Path(__file__).parent / "donnees"


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT.replace(hour=14, minute=32), tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), sources=SOURCES)
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier, nom="budgets_importer"):
    return reverse(f"candidatures:{nom}", args=[dossier.numero])


def modele(client, dossier):
    return load_workbook(io.BytesIO(client.get(adresse(dossier, "budgets_modele")).content))


def cellule(livre, feuille, code, colonne="C"):
    """The cell of an account, found by its code in column A."""
    (rang,) = [ligne[0].row for ligne in livre[feuille].iter_rows(max_col=1) if ligne[0].value == code]
    return livre[feuille][f"{colonne}{rang}"]


def remplir(livre, **valeurs):
    """`projet_601=…` types in the cell of account 601 of the project."""
    for nom, valeur in valeurs.items():
        budget, _, code = nom.partition("_")
        cellule(livre, {"projet": PROJET, "structure": STRUCTURE}[budget], code.replace("__", "-")).value = valeur
    return livre


def octets(livre):
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def importer(client, dossier, contenu, nom="budgets.xlsx"):
    contenu = contenu if isinstance(contenu, bytes) else octets(contenu)
    return client.post(adresse(dossier), {"fichier": SimpleUploadedFile(nom, contenu)})


def confirmer(client, dossier, apercu):
    """Press « Enregistrer ces budgets » on the page that shows what would change."""
    champs = dict(apercu.context["apercu"].champs)
    return client.post(reverse("candidatures:rubrique", args=[dossier.numero, "budgets"]), champs)


def lignes(dossier, budget="projet"):
    return dict(dossier.lignes_budget.filter(budget=budget).values_list("compte", "montant"))


# --- Given out -------------------------------------------------------------------------------------------
def test_le_modele_contient_ce_qui_est_la_et_ses_totaux_se_calculent(client, dossier):
    livre = modele(client, dossier)

    assert livre.sheetnames == ["Mode d’emploi", STRUCTURE, PROJET, PROJECTION]
    assert cellule(livre, PROJET, "64").value == 40000
    assert cellule(livre, PROJET, "74-commune").value == 5000
    assert cellule(livre, PROJET, "74").value is None
    assert cellule(livre, PROJET, "propres").value == 7000
    assert str(cellule(livre, PROJET, "74", "D").value).startswith("=IF(COUNT(")
    assert livre[PROJECTION]["C2"].value == 40000
    assert [c.value for c in livre[PROJET][1]] == ["Compte", "Libellé", "Montant (€)", "Total du compte (€)"]


def test_seules_les_cellules_a_remplir_s_ecrivent(client, dossier):
    page = modele(client, dossier)[PROJET]

    ouvertes = {c.coordinate for ligne in page.iter_rows() for c in ligne if not c.protection.locked}
    assert page.protection.sheet
    assert ouvertes
    assert all(coordonnee.startswith("C") for coordonnee in ouvertes)
    assert page.freeze_panes == "A2"
    assert not page.merged_cells.ranges


def test_un_lecteur_et_un_agent_telechargent_le_modele_mais_n_importent_pas(client, dossier):
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    assert client.get(adresse(dossier, "budgets_modele")).status_code == 200
    assert client.get(adresse(dossier)).status_code == 403
    assert importer(client, dossier, b"x").status_code == 403


def test_un_dossier_depose_ne_s_importe_plus(client):
    dossier = dossier_depose()
    client.force_login(dossier.cree_par)

    reponse = importer(client, dossier, b"x")

    assert reponse.status_code == 403
    assert "ses budgets ne peuvent plus être modifiés" in texte(reponse)


# --- Taken back ------------------------------------------------------------------------------------------
def test_importer_montre_ce_qui_change_puis_l_enregistre(client, dossier):
    livre = remplir(modele(client, dossier), projet_60=1500, projet_74__commune="6 500,50", structure_64=300000.1)
    livre[PROJECTION]["B3"], livre[PROJECTION]["C3"] = 0.8, 41000

    apercu = importer(client, dossier, livre)

    page = texte(apercu)
    assert "Budget du projet, compte 60 Achats — 1 500,00" in page
    assert "Budget du projet, Subventions d’exploitation, Communes 5 000,00 6 500,50" in page
    assert "Budget de la structure, compte 64 Charges de personnel — 300 000,10" in page
    assert "2e année, ETP — 0,80" in page
    assert "compte 64 Charges de personnel 40 000,00" not in page
    assert "Charges 41 500,00 € Produits 41 500,50 €" in page
    assert LigneBudget.objects.count() == 0

    assert confirmer(client, dossier, apercu).status_code == 302
    assert lignes(dossier) == {
        "60": 1500, "64": 40000, "74-aap": 28000, "74-commune": Decimal("6500.50"), "propres": 7000,
    }  # fmt: skip
    assert lignes(dossier, "structure") == {"64": Decimal("300000.10")}
    assert ProjectionAnnuelle.objects.get(rang=2).cout == 41000


def test_le_modele_rendu_tel_quel_ne_change_rien(client, dossier):
    client.post(
        reverse("candidatures:rubrique", args=[dossier.numero, "budgets"]),
        {"projet_601": "10,10", "projet_70": "10,10", "structure_64": "5", "projection_1_etp": "0,5"},
    )

    reponse = importer(client, dossier, modele(client, dossier))

    assert "Ce classeur dit la même chose que le portail." in texte(reponse)


def test_une_cellule_videe_efface_son_compte(client, dossier):
    client.post(
        reverse("candidatures:rubrique", args=[dossier.numero, "budgets"]), {"projet_60": "10", "projet_61": "5"}
    )

    apercu = importer(client, dossier, remplir(modele(client, dossier), projet_60=None))
    confirmer(client, dossier, apercu)

    assert "compte 60 Achats 10,00 —" in texte(apercu)
    assert lignes(dossier) == {"61": 5}


@pytest.mark.parametrize(
    ("valeur", "motif"),
    [
        ("douze", "« douze » n’est pas un montant."),
        ("12.345", "« 12.345 » n’est pas un montant."),
        (12.345, "« 12,345 » a plus de deux décimales."),
        (-5, "Le nombre ne peut pas être négatif."),
        (1e12, "Le nombre doit être au plus 99 999 999,99."),
        (True, "« VRAI » n’est pas un montant."),
        (DEPOT_OUVERT.replace(tzinfo=None), "« 2022-09-15T10:00:00 » n’est pas un montant."),
        ("=1+1", "cette formule n’a pas de résultat dans le fichier"),
        ("#REF!", "« #REF! » n’est pas un montant."),
    ],
)
def test_une_erreur_est_nommee_par_sa_cellule_et_rien_n_est_ecrit(client, dossier, valeur, motif):
    livre = modele(client, dossier)
    cible = cellule(livre, PROJET, "62")
    cible.value = valeur

    reponse = importer(client, dossier, livre)

    assert reponse.status_code == 422
    assert f"Feuille « Budget du projet », cellule {cible.coordinate} : {motif}" in texte(reponse)
    assert texte(reponse).startswith("Erreur")
    assert LigneBudget.objects.count() == 0


def test_toutes_les_erreurs_sont_dites_a_la_fois(client, dossier):
    livre = remplir(modele(client, dossier), projet_60="a", structure_61="b", projet_64=1.001)
    livre[PROJECTION]["C4"] = "c"

    page = texte(importer(client, dossier, livre))

    assert page.count("cellule C") == 4
    assert "Feuille « Projection sur trois ans », cellule C4 : « c » n’est pas un montant." in page


def test_un_classeur_plein_d_erreurs_n_en_cite_que_trente(client, dossier):
    livre = modele(client, dossier)
    for feuille in (STRUCTURE, PROJET):
        for ligne in livre[feuille].iter_rows(min_row=2):
            if not ligne[2].protection.locked:
                ligne[2].value = "x"

    page = texte(importer(client, dossier, livre))

    assert page.count("n’est pas un montant.") == 30
    assert "autres erreurs." in page


def test_un_montant_de_compte_contredit_par_son_detail_est_une_erreur_de_sa_cellule(client, dossier):
    livre = remplir(modele(client, dossier), structure_60=100, structure_601=60, structure_604=30)
    coordonnee = cellule(livre, STRUCTURE, "60").coordinate

    page = texte(importer(client, dossier, livre))

    assert (
        f"Feuille « Budget de la structure », cellule {coordonnee} : le détail de ce compte fait 90,00 €, et non 100,00 €. "
        "Videz cette cellule ou corrigez le détail."
    ) in page


def test_un_compte_inconnu_ou_cite_deux_fois_est_nomme(client, dossier):
    livre = modele(client, dossier)
    livre[PROJET].append(["99", "Divers", 5])
    livre[PROJET].append(["60", "Encore", 5])
    livre[PROJET].append([None, "Sans code", 7])

    page = texte(importer(client, dossier, livre))

    assert "le compte « 99 » n’existe pas dans ce budget." in page
    assert "« 60 » est déjà plus haut dans cette feuille." in page
    assert "« 7 » est sur une ligne sans code de compte." in page


def test_une_feuille_absente_laisse_ce_qu_elle_contient(client, dossier):
    client.post(reverse("candidatures:rubrique", args=[dossier.numero, "budgets"]), {"structure_60": "10"})
    livre = remplir(modele(client, dossier), projet_60=5)
    del livre[STRUCTURE], livre[PROJECTION]

    apercu = importer(client, dossier, livre)
    confirmer(client, dossier, apercu)

    assert "Budget de la structure Une feuille est absente du classeur, ce qu’elle contient ne change pas." in texte(
        apercu
    )
    assert lignes(dossier, "structure") == {"60": 10}
    assert lignes(dossier)["60"] == 5


@pytest.mark.parametrize(
    ("contenu", "nom", "phrase"),
    [
        (b"", "budgets.xlsx", "est vide"),
        (b"rien", "budgets.xlsx", "n’a pas le contenu d’un fichier"),
        (ech.pdf(), "budgets.pdf", "n’est pas un classeur XLSX"),
        (ech.pdf(), "budgets.xlsx", "porte l’extension .xlsx mais contient un document PDF"),
        (ech.odf("spreadsheet"), "budgets.ods", "n’est pas un classeur XLSX"),
        (ech.xlsx(), "autre.xlsx", "Ce classeur n’a aucune des feuilles"),
        (ech.docx(), "lettre.docx", "n’est pas un classeur XLSX"),
    ],
)
def test_un_autre_fichier_est_refuse_par_une_phrase(client, dossier, contenu, nom, phrase):
    reponse = importer(client, dossier, contenu, nom)

    assert reponse.status_code == 422
    assert phrase in texte(reponse)


def alterer(contenu, nom, changer):
    """The same archive, one part of which is changed."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[nom] = changer(parts.get(nom, b""))
    return ech.archive(parts.items())


def test_un_classeur_hostile_est_refuse_par_le_controle_des_fichiers(client, dossier):
    sain = octets(modele(client, dossier))
    entite = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    pieges = {
        "DOCTYPE": alterer(sain, "xl/worksheets/sheet2.xml", lambda xml: entite + xml),
        "place démesurée": alterer(sain, "xl/worksheets/sheet2.xml", lambda xml: xml + b" " * (30 << 20)),
        "contient des macros": alterer(sain, "xl/vbaProject.bin", lambda _: b"macro"),
    }

    for phrase, contenu in pieges.items():
        reponse = importer(client, dossier, contenu)
        assert reponse.status_code == 422
        assert phrase in texte(reponse)
    assert LigneBudget.objects.count() == 0


def test_un_classeur_dont_une_part_est_abimee_est_refuse_par_une_phrase(client, dossier):
    abime = alterer(octets(modele(client, dossier)), "xl/workbook.xml", lambda _: b"<workbook/>")

    reponse = importer(client, dossier, abime)

    assert reponse.status_code == 422
    assert "Ce classeur n’a aucune des feuilles" in texte(reponse) or "ne se lit pas comme un classeur" in texte(
        reponse
    )


def test_ce_qui_depasse_les_lignes_du_modele_n_est_pas_lu(client, dossier):
    livre = modele(client, dossier)
    livre[PROJET]["A5000"], livre[PROJET]["C5000"] = "60", "x"

    assert "Ce classeur dit la même chose que le portail." in texte(importer(client, dossier, livre))


def test_sans_fichier_la_page_le_dit(client, dossier):
    reponse = client.post(adresse(dossier), {})

    assert reponse.status_code == 422
    assert "Choisissez le classeur rempli." in texte(reponse)


def test_le_classeur_enregistre_par_libreoffice_s_importe_formules_comprises(client, dossier):
    """The template, filled with typed amounts and formulas in LibreOffice 7.4, saved as XLSX."""
    apercu = importer(client, dossier, (DONNEES / "budget_libreoffice.xlsx").read_bytes())
    confirmer(client, dossier, apercu)

    assert lignes(dossier)["60"] == Decimal("1234.56")
    assert lignes(dossier)["61"] == Decimal("14400.00")  # =1200*12
    assert lignes(dossier)["74-commune"] == Decimal("6500.50")
    assert lignes(dossier, "structure")["64"] == Decimal("300000.10")


def test_un_collegue_qui_enregistre_entre_temps_n_est_pas_couvert(client, dossier):
    rubrique = reverse("candidatures:rubrique", args=[dossier.numero, "budgets"])
    apercu = importer(client, dossier, remplir(modele(client, dossier), projet_60=5, projet_61=6))
    client.post(
        rubrique, {"projet_60": "7", "projet_64": "40000", "projet_74-aap": "28000", "projet_74-commune": "5000"}
    )

    reponse = confirmer(client, dossier, apercu)

    assert reponse.status_code == 422
    assert lignes(dossier)["60"] == 7
    assert Dossier.objects.get().est_brouillon
