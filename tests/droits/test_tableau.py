"""Runs the table of rights, and shows that it bites: each central check taken away makes it red."""

import copy
import re
from collections import defaultdict

import pytest
from django.db import connection, transaction
from django.urls import reverse

from aap_portal.comptes.models.demande import DemandeRattachementQuerySet
from aap_portal.comptes.views import equipe, structure
from aap_portal.courriels.models import CourrielQuerySet
from aap_portal.fichiers.models import FichierQuerySet
from aap_portal.fichiers.models.televersement import TeleversementQuerySet
from aap_portal.referentiel.models import Structure
from aap_portal.referentiel.views import campagnes, zones
from candidatures import droits as droits_dossiers
from candidatures.models.dossier import DossierQuerySet
from candidatures.views import acces, budgets, depot, instruction, pieces, plan, postes
from conventions import views as vues_conventions
from conventions.models.convention import ConventionQuerySet
from copil.models.avis import AvisNationalQuerySet
from copil.models.inscription import InscriptionQuerySet
from copil.models.seance import SeanceQuerySet
from copil.views import acces as acces_copil
from copil.views import salle
from tests.droits.adresses import adresses
from tests.droits.monde import Monde, absents, client_de
from tests.droits.tableau import MEME_PAGE_SI_ABSENT, MOT_DE_PASSE_REDEMANDE, PERSONNES, TABLE

pytestmark = pytest.mark.django_db

CAS = [pytest.param(*ligne, id=f"{ligne[0]}-{ligne[1]}-{ligne[2] or 'sans'}") for ligne in TABLE]
VERBES = defaultdict(set)
for ligne in TABLE:
    VERBES[ligne[1]].add(ligne[0])


@pytest.fixture(scope="module")
def guichet(django_db_setup, django_db_blocker):
    """The world, made once; everything that a request writes is undone at once."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield Guichet(Monde())
            transaction.set_rollback(True)
        connection.close()


class Guichet:
    def __init__(self, monde):
        self.monde = monde
        self.clients = {nom: client_de(monde.personnes.get(nom)) for nom in PERSONNES}
        self.temoins = {nom: copy.deepcopy(client.cookies) for nom, client in self.clients.items()}

    def demander(self, verbe, nom, arguments, personne, client=None):
        """The code of the answer, « con » when it leads to the login page; nothing stays of the request."""
        client = client or self.clients[personne]
        chemin = reverse(nom, args=arguments)
        contenu = self.monde.envois.get(nom, {"rien": "rien"})
        with transaction.atomic():
            reponse = client.post(chemin, contenu) if verbe == "POST" else client.generic(verbe, chemin)
            b"".join(reponse)  # a file is closed once read
            transaction.set_rollback(True)
        client.cookies = copy.deepcopy(self.temoins.get(personne, client.cookies))
        if reponse.status_code == 302 and "/connexion/" in reponse["Location"] and personne == "anonyme":
            return "con"
        return str(reponse.status_code)

    def ecarts(self, verbe, nom, cible, codes):
        """What this row promises and the portal does not do."""
        arguments = self.monde.cibles[cible]
        for personne, attendu in zip(PERSONNES, codes.split(), strict=True):
            obtenu = self.demander(verbe, nom, arguments, personne)
            if obtenu != attendu:
                yield f"{personne}: {obtenu} instead of {attendu}"


@pytest.mark.parametrize(("verbe", "nom", "cible", "codes"), CAS)
def test_chacun_obtient_ce_que_dit_la_table(guichet, verbe, nom, cible, codes):
    assert list(guichet.ecarts(verbe, nom, cible, codes)) == []


@pytest.mark.parametrize(("verbe", "nom", "cible", "codes"), [cas for cas in CAS if cas.values[2]])
def test_un_objet_absent_ne_se_distingue_pas_de_celui_d_un_autre(guichet, verbe, nom, cible, codes):
    """404 for whoever was let in; whoever was refused gets 404, or the refusal that they would get anyway."""
    if nom in MEME_PAGE_SI_ABSENT:
        return
    for arguments in absents(guichet.monde.cibles[cible]):
        for personne, code in zip(PERSONNES, codes.split(), strict=True):
            if code not in {"con", "404"}:  # the others ended before the object was looked for
                obtenu = guichet.demander(verbe, nom, arguments, personne)
                assert obtenu in {"404", code if code == "403" else "404"}, (personne, arguments)


def test_chaque_adresse_est_dans_la_table():
    connues = {nom for _, nom, _, _ in TABLE}
    existantes = {adresse.nom for adresse in adresses() if not adresse.nom.startswith("admin:")}
    assert existantes - connues == set(), "addresses without a row"
    assert connues - existantes == set(), "rows without an address"


@pytest.mark.parametrize("nom", sorted(nom for nom in VERBES if not nom.startswith(("account_", "mfa_"))))
def test_un_autre_verbe_est_refuse(guichet, nom):
    cible = next(cible for _, autre, cible, _ in TABLE if autre == nom)
    for verbe in {"GET", "POST", "PUT", "DELETE"} - VERBES[nom]:
        for personne in ("signataire", "administrateur"):
            obtenu = guichet.demander(verbe, nom, guichet.monde.cibles[cible], personne)
            assert obtenu == "405", (verbe, personne)


@pytest.mark.parametrize(("verbe", "nom", "cible", "personne"), sorted(MOT_DE_PASSE_REDEMANDE))
def test_un_geste_grave_redemande_le_mot_de_passe(guichet, verbe, nom, cible, personne):
    with transaction.atomic():
        client = client_de(guichet.monde.personnes[personne], mot_de_passe_donne=False)
        chemin = reverse(nom, args=guichet.monde.cibles[cible])
        reponse = client.generic(verbe, chemin)
        transaction.set_rollback(True)
    assert reponse.status_code == 302
    assert reponse["Location"].startswith(reverse("account_reauthenticate"))


def test_un_tableau_reserve_aux_agents_redemande_le_mot_de_passe():
    """Whoever adds an export finds it here: `export_protege`, and its row in `MOT_DE_PASSE_REDEMANDE`."""
    porteurs, agent = slice(1, 5), PERSONNES.index("administrateur")
    exports = {
        nom
        for verbe, nom, _, codes in TABLE
        if verbe == "GET" and re.search("tableur|export", nom) and codes.split()[agent] == "200"
        if not set(codes.split()[porteurs]) - {"403", "404"}
    }
    assert exports - {nom for _, nom, _, _ in MOT_DE_PASSE_REDEMANDE} == set()
    assert "candidatures:file_tableur" in exports


# --- The table bites ------------------------------------------------------------------------------
def tout(requete, *_, **__):
    return requete.all()


def rien(*_, **__):
    return None


def toutes_les_structures(_):
    return Structure.objects.all()


# What is taken away, and an address where the table must then be red.
CONTROLES = [
    (DossierQuerySet, "visibles_par", tout, "candidatures:dossier"),
    (DossierQuerySet, "instruits_par", tout, "candidatures:instruire"),
    (DossierQuerySet, "portes_par", tout, "fichiers:telecharger"),
    (ConventionQuerySet, "visibles_par", tout, "conventions:convention"),
    (FichierQuerySet, "visibles_par", tout, "fichiers:telecharger"),
    (TeleversementQuerySet, "de", tout, "fichiers:televersement"),
    (SeanceQuerySet, "visibles_par", tout, "copil:seance"),
    (InscriptionQuerySet, "visibles_par", tout, "copil:salle_dossier"),
    (AvisNationalQuerySet, "visibles_par", tout, "copil:avis"),
    (CourrielQuerySet, "visibles_par", tout, "courriels:courriel"),
    (salle, "notes_masquees", rien, "copil:salle"),
    (equipe, "exiger_agent", rien, "comptes:equipe"),
    (instruction, "exiger_agent", rien, "candidatures:file"),
    (structure, "structures_visibles", toutes_les_structures, "comptes:structure"),
    (DemandeRattachementQuerySet, "traitables_par", tout, "comptes:demande_refuser"),
    (structure, "exiger_signataire", rien, "comptes:membre_retirer"),
    (structure, "exiger_redacteur", rien, "comptes:structure_modifier"),
    (acces, "exiger_redacteur", rien, "candidatures:rubrique"),
    (budgets, "exiger_redacteur", rien, "candidatures:budgets_equilibre"),
    (plan, "exiger_redacteur", rien, "candidatures:plan_calcul"),
    (postes, "exiger_redacteur", rien, "candidatures:poste_ajouter"),
    (pieces, "exiger_redacteur", rien, "candidatures:piece_retirer"),
    (DossierQuerySet, "en_dialogue_avec", tout, "candidatures:messages"),
    (droits_dossiers, "exiger_ecriture", rien, "candidatures:messages"),
    (droits_dossiers, "exiger_ecriture", rien, "candidatures:messages_lus"),
    (droits_dossiers, "exiger_redacteur", rien, "candidatures:partager"),
    (depot, "exiger_signataire", rien, "candidatures:deposer"),
    (acces_copil, "exiger_agent_du_service", rien, "copil:seance_clore"),
    (vues_conventions, "_exiger_administrateur", rien, "conventions:convention_editer"),
    (vues_conventions, "_exiger_administrateur", rien, "conventions:convention_signer"),
    (zones, "_exiger_agent_de", rien, "referentiel:zone_lever"),
    (campagnes, "_exiger_administrateur", rien, "referentiel:campagnes"),
]


@pytest.mark.parametrize(
    ("lieu", "nom", "sans_controle", "adresse"),
    [pytest.param(*cas, id=f"{cas[0].__name__}.{cas[1]}-{cas[3]}") for cas in CONTROLES],
)
def test_un_controle_retire_fait_rougir_la_table(guichet, monkeypatch, lieu, nom, sans_controle, adresse):
    lignes = [ligne for ligne in TABLE if ligne[1] == adresse]
    monkeypatch.setattr(lieu, nom, sans_controle)

    assert any(True for ligne in lignes for _ in guichet.ecarts(*ligne))
