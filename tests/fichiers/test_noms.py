import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.fichiers.noms import NOM_MAX, couper, nettoyer_nom


@pytest.mark.parametrize(
    ("brut", "attendu"),
    [
        ("Statuts signés.pdf", "Statuts signés.pdf"),
        ("Statuts signe\u0301s.pdf", "Statuts signés.pdf"),
        ("C:\\Users\\moi\\RIB.PDF", "RIB.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\budget.xlsx", "budget.xlsx"),
        ("budget\0.pdf", "budget.pdf"),
        ("budget\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("<script>alert(1)</script>.pdf", "script_.pdf"),
        ('<b onclick="x">.pdf', "_b onclick=_x_.pdf"),
        ("  .pdf", "fichier.pdf"),
        (".pdf", "fichier.pdf"),
        ("", "fichier"),
        (None, "fichier"),
        ("sans extension", "sans extension"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("n" * 300 + ".pdf", "n" * (NOM_MAX - 4) + ".pdf"),
    ],
)
def test_un_nom_est_montre_sur_une_ligne_sans_dossier_ni_signe_cache(brut, attendu):
    assert nettoyer_nom(brut) == attendu


@given(st.text(max_size=400))
def test_tout_nom_devient_un_nom_court_visible_et_stable(brut):
    nom = nettoyer_nom(brut)

    assert 0 < len(nom) <= NOM_MAX
    assert not set(nom) & set('/\\<>:"|?*&\r\n\0')
    assert all(unicodedata.category(signe)[0] != "C" for signe in nom)
    assert nettoyer_nom(nom) == nom


@pytest.mark.parametrize(
    ("nom", "attendu"), [("a.PDF", ("a", "pdf")), ("a.pdf.exe", ("a.pdf", "exe")), ("a.", ("a.", "")), ("a", ("a", ""))]
)
def test_l_extension_est_la_derniere(nom, attendu):
    assert couper(nom) == attendu
