"""The conventions that a machine can check. Each list of exceptions says why its names are there; a stale name fails too."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.template.loader import get_template

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import AvecEtat
from tests.droits.adresses import adresses
from tests.sources import MODULES, NOTRES, RACINE, arbre, relatif

GABARITS = sorted(chemin for chemin in (RACINE / "templates").rglob("*") if chemin.suffix in {".html", ".txt", ".css"})
MODELES = [modele for nom in NOTRES for modele in apps.get_app_config(nom).get_models()]
METIER = [modele for modele in MODELES if not modele.__name__.startswith("Historical")]


def noeuds(*types):
    """(module, node) for every node of these types in our code."""
    for chemin in MODULES:
        for noeud in ast.walk(arbre(chemin)):
            if isinstance(noeud, types):
                yield relatif(chemin), noeud


def sauf(trouves, exceptions):
    """What breaks the rule, once the exceptions are taken away; an exception that no longer breaks it must go."""
    assert set(exceptions) - set(trouves) == set(), "exceptions that are not needed any more"
    return sorted(set(trouves) - set(exceptions))


# --- Addresses ------------------------------------------------------------------------------------
OUVERTES = {
    "accueil": "the public home page",
    "accessibilite": "the law wants it",
    "mentions_legales": "the law wants it",
    "donnees_personnelles": "the law wants it",
    "account_login": "the way in",
    "account_logout": "says that one is logged out",
    "account_signup": "the way in",
    "account_inactive": "one sentence",
    "account_email_verification_sent": "one sentence",
    "account_confirm_email": "the key is the right",
    "account_reset_password": "the way in, for who forgot",
    "account_reset_password_done": "one sentence",
    "account_reset_password_from_key": "the key is the right",
    "account_reset_password_from_key_done": "one sentence",
    "mfa_authenticate": "second half of the way in; refuses whoever did not pass the first",
    "comptes:invitation": "the token is the right",
    "courriels:boite_demo": "404 outside a demonstration",
    "admin:login": "leads to the way in",
}
VERBES = ["GET", "POST", "PUT", "DELETE"]
CONNEXION = ("/compte/connexion/", "/administration/login/")  # the second leads to the first


@pytest.mark.django_db
@pytest.mark.parametrize("verbe", VERBES)
def test_une_adresse_est_fermee_a_qui_n_est_pas_connecte(client, verbe):
    ouvertes = set()
    for adresse in adresses():
        reponse = client.generic(verbe, adresse.exemple)
        vers_la_connexion = reponse.status_code == 302 and reponse["Location"].startswith(CONNEXION)
        if not vers_la_connexion and reponse.status_code not in {404, 405}:
            ouvertes.add(adresse.nom)
    assert ouvertes - set(OUVERTES) == set()


def test_les_adresses_ouvertes_sont_celles_de_la_liste():
    assert sauf({adresse.nom for adresse in adresses() if adresse.ouverte}, OUVERTES) == []


# --- Models ---------------------------------------------------------------------------------------
def test_aucun_montant_n_est_un_flottant():
    flottants = [
        str(champ) for modele in MODELES for champ in modele._meta.fields if isinstance(champ, models.FloatField)
    ]
    assert flottants == []


@pytest.mark.django_db
def test_aucune_migration_ne_manque():
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail("models and migrations differ: run makemigrations")


NOMS_DE_DJANGO = {"comptes.Utilisateur.last_login", "comptes.Utilisateur.date_joined"}
NOMS_DE_L_HISTORIQUE = {"history_date"}


def test_une_date_ou_un_instant_finit_par_le():
    dates = {
        f"{modele._meta.label}.{champ.name}"
        for modele in METIER
        for champ in modele._meta.fields
        if isinstance(champ, models.DateField) and champ.name != "le" and not champ.name.endswith("_le")
    }
    assert sauf(dates, NOMS_DE_DJANGO) == []


SANS_HISTORIQUE = {
    "fichiers.Fichier": "never changes once kept; its journal is Telechargement",
    "fichiers.Telechargement": "is a journal",
    "fichiers.Televersement": "lives for a day; what matters of it is the file",
    "courriels.Courriel": "its states and attempts are its own journal, its text never changes",
    "referentiel.JournalEtat": "is a journal",
    "candidatures.Message": "never changes but for its first reading, which says who and when",
    "candidatures.RappelBrouillon": "is a journal",
    "referentiel.Compteur": "a sequence: the numbers that it gave are on the objects",
}


def test_chaque_modele_metier_garde_son_historique():
    sans = {modele._meta.label for modele in METIER if not hasattr(modele, "historique")}
    assert sauf(sans, SANS_HISTORIQUE) == []


SANS_ADMIN = {"referentiel.Compteur": "a sequence that nobody reads or sets by hand"}


def test_chaque_modele_metier_est_dans_l_administration():
    absents = {modele._meta.label for modele in METIER if modele not in admin.site._registry}
    assert sauf(absents, SANS_ADMIN) == []


# Refused before they are reached, by a form, a choice or a verb of the model: nobody reads their sentence.
CONTRAINTES_TECHNIQUES = {
    "bilan_unique", "bloc_ordre_unique", "controle_unique", "copie_dossier_unique", "convention_dates", "convention_montant_positif",
    "convention_montant_sous_assiette", "critere_maximum_positif", "critere_ordre_unique", "decision_poste_unique",
    "demande_rang_unique", "demande_terminee_a_sa_date", "demande_traitee_par_quelqu_un", "depot_rang_unique", "dossier_depot_date", "evaluation_unique",
    "grille_pas_positif", "grille_version_unique", "habilitation_role_connu", "indicateur_positif", "indicateur_unique",
    "ligne_budget_unique", "membre_droit_connu", "message_lu_par_quelqu_un", "note_unique", "partage_ferme_par_quelqu_un", "partage_un_ouvert", "plafond_categorie_unique", "projection_unique", "rappel_brouillon_unique",
    "versement_unique", "volume_unique",
}  # fmt: skip


def test_une_contrainte_que_l_on_peut_heurter_le_dit_en_francais():
    muettes = {
        contrainte.name
        for modele in METIER
        for contrainte in modele._meta.constraints
        if contrainte.violation_error_message == contrainte.default_violation_error_message
    }
    assert sauf(muettes, CONTRAINTES_TECHNIQUES) == []


# --- States ---------------------------------------------------------------------------------------
AVEC_ETAT = [modele for modele in METIER if issubclass(modele, AvecEtat)]
PAIRES = [
    pytest.param(modele, de, vers, id=f"{modele.__name__}-{de}-{vers}")
    for modele in AVEC_ETAT
    for de in modele.Etat
    for vers in modele.Etat
]


@pytest.mark.parametrize(("modele", "de", "vers"), PAIRES)
def test_un_etat_ne_change_que_selon_la_table(modele, de, vers):
    objet = modele(etat=de)

    permis = vers in modele.TRANSITIONS.get(de, ())

    assert objet.peut_passer_a(vers) is permis
    if not permis:
        with pytest.raises(ErreurMetier, match="ne peut pas devenir") as refus:
            objet._passer_a(vers, par=None)
        assert (refus.value.codes, objet.etat) == (["transition"], de)


@pytest.mark.parametrize("modele", AVEC_ETAT, ids=lambda modele: modele.__name__)
def test_chaque_etat_s_atteint(modele):
    initial = modele._meta.get_field("etat").default
    atteints = {vers for suites in modele.TRANSITIONS.values() for vers in suites} | {initial}
    assert set(modele.Etat) - atteints == set()
    assert set(modele.TRANSITIONS) <= set(modele.Etat)


ECRIVENT_ETAT = {
    "aap_portal/referentiel/models/journal.py": "_passer_a itself",
    "aap_portal/comptes/models/demande.py": "an answer given once, by a conditional update",
    "aap_portal/courriels/models.py": "the outbox: a message moves under the hand of several processes",
}


def est_attribut_etat(noeud):
    return isinstance(noeud, ast.Attribute) and noeud.attr == "etat"


def test_etat_n_est_ecrit_que_par_passer_a():
    fautifs = set()
    for module, noeud in noeuds(ast.Assign, ast.AugAssign, ast.Call):
        if isinstance(noeud, ast.Call):
            verbe = noeud.func.attr if isinstance(noeud.func, ast.Attribute) else getattr(noeud.func, "id", "")
            ecrit = verbe in {"update", "create", "update_or_create"} and any(
                cle.arg == "etat" for cle in noeud.keywords
            )
            ecrit &= "financement" not in ast.unparse(noeud.func).lower()  # asked or obtained: an answer, not a step
            ecrit |= verbe == "setattr" and getattr(noeud.args[1], "value", "") == "etat"
        else:
            cibles = noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target]
            ecrit = any(est_attribut_etat(feuille) for cible in cibles for feuille in ast.walk(cible))
            # Reading again what the base holds, after the verb of the locked row.
            ecrit &= not any(est_attribut_etat(feuille) for feuille in ast.walk(noeud.value))
        if ecrit:
            fautifs.add(module)
    assert sauf(fautifs | {"aap_portal/referentiel/models/journal.py"}, ECRIVENT_ETAT) == []


# --- Modules -------------------------------------------------------------------------------------
def test_un_module_porte_le_nom_de_ce_dont_il_parle():
    vagues = {"services", "utils", "helpers", "signals", "common", "misc", "tools"}
    assert [relatif(chemin) for chemin in MODULES if chemin.stem in vagues] == []


def test_un_fichier_reste_court():
    """A test file may go on a little longer: one subject, all its rules."""
    tests = set((RACINE / "tests").rglob("*.py"))
    chemins = [*MODULES, *GABARITS, *tests, *(RACINE / "scripts").rglob("*.py")]
    longueurs = {chemin: len(chemin.read_text().splitlines()) for chemin in chemins}
    assert [relatif(c) for c, lignes in longueurs.items() if lignes >= (600 if c in tests else 400)] == []


def test_rien_n_est_imprime():
    imprimes = [
        f"{module}:{noeud.lineno}"
        for module, noeud in noeuds(ast.Call)
        if isinstance(noeud.func, ast.Name) and noeud.func.id in {"print", "breakpoint", "pprint"}
    ]
    assert imprimes == []


# --- Templates ------------------------------------------------------------------------------------
ERREURS_DE_DJANGO = {"400.html", "403.html", "404.html", "429.html", "500.html", "403_csrf.html"}
# Templates whose name is made at run time.
NOMS_COMPOSES = [
    r"candidatures/instruction/(irrecevable|hors_delai)\.html",
    r"candidatures/rubriques/[a-z]+\.html",
    r"documents/modeles/[a-z_]+\.txt",
    r"courriels/candidatures/(irrecevable|hors_delai_admis)\.txt",
]


@cache
def textes():
    sources = [chemin.read_text() for chemin in MODULES]
    return "\n".join(sources + [chemin.read_text() for chemin in GABARITS if chemin.suffix != ".css"])


def vient_d_un_paquet(nom):
    """Replaces a template that an installed package looks up under this very name."""
    gabarit = nom.replace("dsfr/", "%s/", 1)
    if nom.startswith("dsfr/"):
        import crispy_forms

        sources = Path(crispy_forms.__file__).parent.rglob("*.py")
        return any(f'"{gabarit}"' in source.read_text() for source in sources)
    for app in apps.get_app_configs():
        if app.label not in NOTRES and (Path(app.path) / "templates" / nom).exists():
            return True
    return False


def est_nomme(nom):
    if any(re.fullmatch(motif, nom) for motif in NOMS_COMPOSES):
        return True
    if nom.startswith("courriels/") and nom.endswith(".txt"):
        nom = nom.removeprefix("courriels/").removesuffix(".txt")
    return f'"{nom}"' in textes() or f"'{nom}'" in textes()


def test_chaque_gabarit_sert():
    noms = [str(chemin.relative_to(RACINE / "templates")) for chemin in GABARITS]
    inutiles = [nom for nom in noms if not (nom in ERREURS_DE_DJANGO or est_nomme(nom) or vient_d_un_paquet(nom))]
    assert inutiles == []


@pytest.mark.parametrize("chemin", GABARITS, ids=relatif)
def test_chaque_gabarit_se_compile(chemin):
    assert get_template(str(chemin.relative_to(RACINE / "templates"))).template.nodelist is not None


def test_une_page_n_a_ni_script_ni_style_en_ligne():
    en_ligne = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    # What WeasyPrint prints never reaches a browser.
    pages = [chemin for chemin in GABARITS if "documents" not in chemin.parts and chemin.suffix == ".html"]
    assert [relatif(chemin) for chemin in pages if en_ligne.search(chemin.read_text())] == []


SURS = {
    "aap_portal/courriels/templatetags/messages_envoyes.py": "every piece is escaped or a link made of an escaped address",
    "aap_portal/referentiel/templatetags/cadre.py": "a constant attribute",
}


def test_un_texte_d_utilisateur_n_est_jamais_declare_sur():
    motif = re.compile(r"\|\s*safe\b|mark_safe\(|SafeString\(|autoescape off|__html__")
    # A plain text (mail, message) has no markup to escape; allauth's messages are escaped where they are shown.
    pages = [chemin for chemin in GABARITS if chemin.suffix != ".txt"]
    fautifs = {relatif(chemin) for chemin in [*MODULES, *pages] if motif.search(chemin.read_text())}
    assert sauf(fautifs, SURS) == []
