"""The frame: headings, menu by role, theme, messages, legal links."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from aap_portal.comptes.models.droits import Role
from aap_portal.contexte import navigation, role
from tests.cadre.vitrine import personne
from tests.factories import StructureFactory, UtilisateurFactory


def menu(rf, qui, chemin="/"):
    requete = rf.get(chemin)
    requete.user = qui
    return [entree["libelle"] for entree in navigation(requete)]


def test_le_titre_de_la_page_est_aussi_son_unique_titre_de_premier_niveau(client, site):
    html = client.get("/vitrine/").content.decode()
    assert "<title>Vitrine des composants – Portail AAP</title>" in html
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Vitrine des composants"]
    assert html.count('aria-current="page">Vitrine des composants</a>') == 1


def test_le_titre_commence_par_erreur_quand_le_formulaire_est_refuse(client, site):
    reponse = client.post("/vitrine/formulaires/", {"lignes-TOTAL_FORMS": "0", "lignes-INITIAL_FORMS": "0"})
    assertContains(reponse, "<title>Erreur : Formulaires – Portail AAP</title>", status_code=422)


def test_un_visiteur_voit_comment_entrer_et_aucun_menu(client, site):
    reponse = client.get("/vitrine/")
    assertContains(reponse, "Se connecter")
    assertContains(reponse, "Créer un compte")
    assertNotContains(reponse, 'id="navigation"')
    assertNotContains(reponse, "hx-headers")


def test_une_personne_connectee_voit_son_nom_son_role_et_sort_par_un_formulaire(client, site):
    reponse = client.get("/vitrine/", {"role": Role.INSTRUCTEUR})
    assertContains(reponse, "Échati Exemple")
    assertContains(reponse, '<span class="pa-role">Instructeur</span>', html=True)
    assertContains(reponse, '<form method="post" action="/compte/deconnexion/">')


@pytest.mark.parametrize(
    ("qui", "present", "absent"),
    [
        (
            None,
            {"Accueil", "Messages", "Mes conventions", "Ma structure"},
            {"Courriels envoyés", "Équipe", "Référentiel"},
        ),
        (
            Role.INSTRUCTEUR,
            {"Accueil", "Conventions", "Messages", "Courriels envoyés"},
            {"Équipe", "Ma structure", "Référentiel"},
        ),
        (Role.ADMINISTRATEUR, {"Conventions", "Messages", "Équipe", "Référentiel"}, {"Ma structure"}),
        (Role.MEMBRE_COPIL, {"Accueil"}, {"Conventions", "Mes conventions", "Messages", "Courriels envoyés", "Équipe"}),
        (
            Role.COMITE_NATIONAL,
            {"Accueil"},
            {"Conventions", "Mes conventions", "Messages", "Courriels envoyés", "Équipe"},
        ),
    ],
)
def test_le_menu_suit_le_role(rf, qui, present, absent):
    entrees = set(menu(rf, personne(qui)))
    assert present <= entrees
    assert not absent & entrees


def test_un_membre_du_copil_qui_porte_aussi_un_projet_garde_les_deux_menus(rf):
    qui = personne(Role.MEMBRE_COPIL)
    qui.est_porteur = True
    assert {"Mes conventions", "Ma structure"} <= set(menu(rf, qui))


def test_la_page_courante_est_dite_dans_le_menu(rf):
    requete = rf.get("/conventions/2022-1/")
    requete.user = personne(Role.INSTRUCTEUR)
    assert {entree["libelle"]: entree["courante"] for entree in navigation(requete)}["Conventions"] == "true"
    requete = rf.get("/conventions/")
    requete.user = personne(Role.INSTRUCTEUR)
    courantes = [entree["libelle"] for entree in navigation(requete) if entree["courante"]]
    assert courantes == ["Conventions"]


def test_le_role_affiche_est_le_plus_large():
    qui = personne(Role.INSTRUCTEUR)
    qui.roles_par_service = {1: {Role.MEMBRE_COPIL}, 2: {Role.INSTRUCTEUR}}
    assert [role(qui), role(personne(None)), role(None)] == ["Instructeur", "Porteur de projet", ""]


def test_le_cadre_n_ajoute_aucune_requete(client, site, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/vitrine/", {"role": Role.ADMINISTRATEUR})


def test_un_message_d_echec_est_une_alerte_et_un_succes_un_statut(client, site):
    html = client.get("/vitrine/").content.decode()
    assert re.findall(r'fr-alert--(\w+) fr-alert--sm fr-mb-3w" role="(\w+)"', html) == [
        ("success", "status"),
        ("warning", "alert"),
        ("error", "alert"),
    ]


def test_le_theme_de_l_etat_montre_le_bloc_marque(client, site):
    site.BLOC_MARQUE = "Préfet|de Mayotte"
    reponse = client.get("/vitrine/")
    assertContains(reponse, '<p class="fr-logo">Préfet<br>de Mayotte</p>', html=True)
    assertNotContains(reponse, "neutre.css")


def test_le_theme_neutre_ne_montre_aucun_signe_de_l_etat(client, site):
    site.THEME = "neutre"
    reponse = client.get("/vitrine/")
    assertNotContains(reponse, "fr-logo")
    assertNotContains(reponse, "favicon")
    assertNotContains(reponse, "info.gouv.fr")
    assertContains(reponse, "css/neutre.css")


def test_la_demonstration_est_dite_sur_chaque_page(client, site):
    assertNotContains(client.get("/vitrine/"), "données fictives")
    site.DEMONSTRATION = True
    assertContains(client.get("/vitrine/"), "Démonstration : données fictives.")


def test_le_contact_du_service_de_la_page_passe_avant_celui_du_portail(client, site):
    site.CONTACT_COURRIEL = "portail@exemple.example"
    assertContains(client.get("/vitrine/"), "mailto:aap@service.example")
    assertContains(client.get("/vitrine/formulaires/"), "mailto:portail@exemple.example")


@pytest.mark.parametrize(
    ("chemin", "phrase"),
    [
        ("/accessibilite/", "non conforme (audit non réalisé)"),
        ("/mentions-legales/", "Directeur de la publication"),
        ("/donnees-personnelles/", "Vos droits"),
    ],
)
def test_les_pages_que_la_loi_demande_sont_ouvertes_a_tous_et_liees_du_pied_de_page(client, site, chemin, phrase):
    assertContains(client.get(chemin), phrase)
    assertContains(client.get("/vitrine/"), f'href="{chemin}"')


def test_la_pagination_garde_les_filtres(client, site):
    reponse = client.get("/vitrine/", {"etat": "depose", "page": "5"})
    assertContains(reponse, 'href="?etat=depose&amp;page=6"')


def test_une_page_ne_porte_ni_script_ni_style_en_ligne(client, site):
    html = client.get("/vitrine/").content.decode() + client.get("/vitrine/formulaires/").content.decode()
    assert re.findall(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=", html) == []


@pytest.mark.django_db
def test_un_titre_avec_une_apostrophe_et_une_esperluette_n_est_echappe_qu_une_fois(client):
    structure = StructureFactory(denomination="L'Atelier & <Cie>")
    client.force_login(UtilisateurFactory(signataire_de=structure))

    reponse = client.get(reverse("comptes:structure", args=[structure.pk]))

    assertContains(reponse, "<h1>L&#x27;Atelier &amp; &lt;Cie&gt;</h1>")
    assertNotContains(reponse, "&amp;amp;")
