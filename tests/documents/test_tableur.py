import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from aap_portal.documents.tableur import Colonne, Feuille, classeur, nettoyer, reponse_tableur


def relire(contenu):
    return load_workbook(io.BytesIO(contenu))


def une_colonne(type_, *valeurs, **options):
    livre = relire(classeur([Feuille("Essai", [Colonne("Valeur", type_)], [(v,) for v in valeurs], **options)]))
    return [ligne[0] for ligne in livre.active.iter_rows(min_row=2)]


@pytest.mark.parametrize(
    "valeur", ["=1+1", '=HYPERLINK("http://x")', "+33", "-1", "@a", "01234567890123", "a\nb", "TRUE", "#N/A"]
)
def test_un_texte_reste_un_texte(valeur):
    (cellule,) = une_colonne("texte", valeur)

    assert (cellule.value, cellule.data_type) == (valeur, "s")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_un_texte_quelconque_est_relu_tel_quel_sans_ses_caracteres_de_controle(valeur):
    (cellule,) = une_colonne("texte", valeur, "témoin")[:1]

    assert (cellule.value or "") == nettoyer(valeur)


def test_les_nombres_et_les_dates_gardent_leur_nature():
    instant = datetime(2022, 10, 30, 20, 59, tzinfo=UTC)
    colonnes = [Colonne(nom, nom) for nom in ("entier", "montant", "etp", "taux", "jour", "instant")]
    ligne = (12, Decimal("12345.50"), Decimal("0.80"), Decimal("0.7"), date(2022, 9, 1), instant)

    livre = relire(classeur([Feuille("Essai", colonnes, [ligne], fuseau=ZoneInfo("Indian/Mayotte"))]))
    cellules = list(next(livre.active.iter_rows(min_row=2)))

    assert [cellule.value for cellule in cellules] == [
        12, 12345.5, 0.8, 0.7, datetime(2022, 9, 1), datetime(2022, 10, 30, 23, 59)  # noqa: DTZ001
    ]  # fmt: skip
    assert [cellule.number_format for cellule in cellules] == [
        "#,##0", '#,##0.00\u00a0"€"', "0.00", "0.00%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
    ]  # fmt: skip


def test_une_valeur_absente_laisse_sa_cellule_vide():
    assert [cellule.value for cellule in une_colonne("montant", None, Decimal(0))] == [None, 0]


@pytest.mark.parametrize("valeur", ["12", 12.5, True])
def test_un_nombre_mal_type_est_refuse_plutot_que_devine(valeur):
    with pytest.raises(TypeError, match="type of its column"):
        une_colonne("montant", valeur)


def test_la_premiere_ligne_est_figee_et_filtrable():
    lignes = [("a", 1), ("b", 2)]
    livre = relire(classeur([Feuille("Essai", [Colonne("Nom"), Colonne("Rang", "entier")], lignes)]))

    assert (livre.active.freeze_panes, livre.active.auto_filter.ref) == ("A2", "A1:B3")
    assert [cellule.value for cellule in livre.active[1]] == ["Nom", "Rang"]


def test_les_titres_des_feuilles_sont_acceptables_et_distincts():
    titre = "Conventions [2022] : structures de Mayotte/Petite-Terre"
    livre = relire(
        classeur([Feuille(titre, [Colonne("a")]), Feuille(titre, [Colonne("a")]), Feuille("", [Colonne("a")])])
    )

    assert all(len(nom) <= 31 and not set(nom) & set("[]:*?/\\") for nom in livre.sheetnames)
    assert len(set(livre.sheetnames)) == 3
    assert livre.sheetnames[2] == "Feuille"


def test_le_classeur_se_telecharge_sous_son_nom_accentue():
    reponse = reponse_tableur("conventions été", [Feuille("a", [Colonne("a")])])

    assert reponse["Content-Disposition"] == (
        "attachment; filename=\"conventions ete.xlsx\"; filename*=UTF-8''conventions%20%C3%A9t%C3%A9.xlsx"
    )
    assert reponse["Cache-Control"] == "no-store"
