import io
import subprocess
from types import SimpleNamespace

import page
import pikepdf
import pytest

from aap_portal.documents.pdf import PieceJointe, RenduImpossible, rendre_pdf
from tests.conftest import RACINE

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SERVICE = SimpleNamespace(nom="DEETS de Mayotte", entete="PRÉFET DE MAYOTTE\nLiberté Égalité Fraternité")


@pytest.fixture(autouse=True)
def gabarits_d_essai(settings):
    cadre = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**cadre, "DIRS": [*cadre["DIRS"], RACINE / "tests" / "documents" / "gabarits"]}]


def rendre(**contexte):
    contexte = {"service": SERVICE, "reference": "Dossier 2022-0017", "postes": range(60), **contexte}
    piece = PieceJointe("donnees.json", b'{"numero": "2022-0017"}', "Données du dossier")
    return rendre_pdf("essai.html", contexte, titre="Récépissé de dépôt", pieces_jointes=[piece])


def texte(pdf):
    fin = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return fin.stdout.decode()


@pytest.mark.parametrize("profil", ["ua1", "3a"])
def test_un_document_est_accessible_et_archivable(profil):
    rapport = page.validate_pdf_bytes(rendre(), profile=profil)

    assert [str(echec) for echec in rapport.failures] == []
    assert rapport.is_compliant


def test_un_document_porte_son_titre_sa_langue_et_sa_piece_jointe():
    with pikepdf.open(io.BytesIO(rendre())) as document:
        assert document.docinfo["/Title"] == "Récépissé de dépôt"
        assert document.Root.Lang == "fr"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.MarkInfo.Marked
        assert document.attachments["donnees.json"].get_file().read_bytes() == b'{"numero": "2022-0017"}'


def test_chaque_page_porte_sa_reference_et_son_numero():
    pages = texte(rendre()).split("\f")[:-1]

    assert len(pages) > 1
    for numero, contenu in enumerate(pages, start=1):
        assert "Dossier 2022-0017 — Récépissé de dépôt" in contenu
        assert f"page {numero} / {len(pages)}" in contenu


def test_un_total_ne_parait_qu_a_la_fin_de_son_tableau():
    assert texte(rendre()).count("Total du plan") == 1


def test_ce_que_les_gens_ecrivent_reste_un_texte():
    assert "<img src=/etc/passwd>" in texte(rendre(sous_titre="<img src=/etc/passwd>"))


@pytest.mark.parametrize("adresse", ["file:///etc/passwd", "http://127.0.0.1:1/", "ftp://a/b"])
def test_un_document_ne_va_rien_chercher_dehors(adresse):
    with pytest.raises(RenduImpossible, match="only data"):
        rendre_pdf("essai_image.html", {"adresse": adresse}, titre="Essai")


def test_une_image_contenue_dans_la_page_est_acceptee():
    pdf = rendre_pdf("essai_image.html", {"adresse": f"data:image/png;base64,{PIXEL}"}, titre="Essai")

    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant
