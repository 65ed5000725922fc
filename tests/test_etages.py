"""Imports go one way: the ground floor, then candidatures, copil, conventions; the roof may name everything."""

import ast
import re

from tests.sources import MODULES, NOTRES, RACINE, arbre, relatif

TOIT = {
    "settings",
    "urls",
    "accueil",
    "contexte",
    "erreurs",
    "apropos",
    "feuille_reduite",
    "compression",
    "statiques",
    "demonstration",
    "wsgi",
}
ETAGES = {**{f"aap_portal.{nom}": 0 for nom in NOTRES[:5]}, "candidatures": 1, "copil": 2, "conventions": 3}


def paquet_de(chemin):
    """« candidatures.views » for candidatures/views/plan.py: what a relative import starts from."""
    return ".".join(chemin.relative_to(RACINE).with_suffix("").parts[:-1])


def noms_importes(chemin):
    for noeud in ast.walk(arbre(chemin)):
        if isinstance(noeud, ast.Import):
            yield from (alias.name for alias in noeud.names)
        elif isinstance(noeud, ast.ImportFrom):
            base = paquet_de(chemin).split(".")
            debut = base[: len(base) - noeud.level + 1] if noeud.level else []
            source = ".".join([*debut, *filter(None, [noeud.module])])
            yield from (f"{source}.{alias.name}" for alias in noeud.names)


def etage(nom):
    """Floor of a module by its dotted name; 9 for the roof, None for what is not ours."""
    parties = nom.split(".")
    if parties[0] == "aap_portal":
        return ETAGES.get(".".join(parties[:2]), 9 if len(parties) > 1 and parties[1] in TOIT else None)
    return ETAGES.get(parties[0])


def nom_de(chemin):
    return ".".join(chemin.relative_to(RACINE).with_suffix("").parts)


def test_chaque_module_a_son_etage():
    sans = [relatif(chemin) for chemin in MODULES if etage(nom_de(chemin)) is None]
    assert sans == ["aap_portal/__init__.py"]


def test_les_imports_vont_dans_un_seul_sens():
    montants = [
        f"{relatif(chemin)}: {nom}"
        for chemin in MODULES
        for nom in noms_importes(chemin)
        if (etage(nom) or 0) > (etage(nom_de(chemin)) or 0)
    ]
    assert montants == []


def test_un_etage_ne_nomme_pas_les_objets_ni_les_adresses_d_un_etage_superieur():
    interdits = []
    for chemin in MODULES:
        niveau = etage(nom_de(chemin)) or 0
        for noeud in ast.walk(arbre(chemin)):
            if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
                nomme = re.fullmatch(r"(candidatures|copil|conventions)[.:]\w+", noeud.value)
                if nomme and ETAGES[nomme[1]] > niveau:
                    interdits.append(f"{relatif(chemin)}:{noeud.lineno}: {noeud.value}")
    assert interdits == []


def test_seuls_les_routes_et_le_toit_importent_les_vues():
    fautifs = [
        f"{relatif(chemin)}: {nom}"
        for chemin in MODULES
        if not chemin.stem.startswith("urls") and "views" not in chemin.parts and etage(nom_de(chemin)) != 9
        for nom in noms_importes(chemin)
        if etage(nom) is not None and "views" in nom.split(".")
    ]
    assert fautifs == []


def test_un_modele_n_importe_ni_formulaire_ni_administration():
    fautifs = [
        f"{relatif(chemin)}: {nom}"
        for chemin in MODULES
        if "models" in {*chemin.parts, chemin.stem}
        for nom in noms_importes(chemin)
        if etage(nom) is not None and {"forms", "admin", "urls", "views"} & set(nom.split("."))
    ]
    assert fautifs == []


def test_seul_documents_connait_weasyprint_et_openpyxl():
    fautifs = [
        f"{relatif(chemin)}: {nom}"
        for chemin in MODULES
        for nom in noms_importes(chemin)
        if nom.split(".")[0] in {"weasyprint", "openpyxl"} and "documents" not in chemin.parts
    ]
    assert fautifs == []
