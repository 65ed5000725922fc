"""The financing plan: measured alike while one types, at save and at filing; each refusal gives the figure and the cure."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from aap_portal.referentiel.models import FinancementPoste
from candidatures.forms.plan import version
from candidatures.models import Dossier
from tests.candidatures.textes import aplatir, texte
from tests.factories import (
    DEPOT_OUVERT,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    StructureFactory,
    UtilisateurFactory,
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


def adresse(dossier, nom="plan"):
    return reverse(f"candidatures:{nom}", args=[dossier.numero])


def ligne_de(dossier, **champs):
    intitule = champs.pop("intitule", "Facilitatrice Sud")
    poste = PosteETPFactory(structure=dossier.structure, intitule=intitule)
    return LignePosteFactory(plan=dossier.plan, poste=poste, **champs)


def saisie(ligne, *financeurs, aap=None):
    """What the page, opened now, sends for one post; a financeur is a dict of its fields."""
    prefixe = f"ligne_{ligne.pk}"
    donnees = {f"{prefixe}-TOTAL_FORMS": len(financeurs), f"{prefixe}-INITIAL_FORMS": 0}
    donnees["version"] = version(Dossier.objects.get(plan=ligne.plan_id))
    if aap is not None:
        donnees[f"{prefixe}-aap-montant"] = aap
    for rang, financeur in enumerate(financeurs):
        donnees |= {f"{prefixe}-{rang}-{champ}": valeur for champ, valeur in financeur.items()}
    return donnees


def financements(ligne):
    return {(f.source, f.precision, f.annee): (f.montant, f.etat) for f in FinancementPoste.objects.filter(ligne=ligne)}


def dossier_de(categorie="association", **sources):
    dossier = DossierFactory(structure=StructureFactory(categorie=categorie))
    ligne_de(dossier, sources=sources)
    return dossier


# --- The page ------------------------------------------------------------------------------------------
def test_le_plan_enregistre_garde_chaque_financeur(client, dossier):
    ligne = ligne_de(dossier)

    reponse = client.post(
        adresse(dossier),
        saisie(
            ligne,
            {"source": "europe", "precision": "FSE+", "montant": "8\u202f000,00 €", "acquis": "on"},
            {"source": "commune", "precision": "Koungou", "montant": "2000"},
            {"source": "commune", "precision": "Sada", "montant": "2.000,00"},
            {"source": "", "precision": "", "montant": ""},
            aap="28 000,00",
        ),
        follow=True,
    )

    assert financements(ligne) == {
        ("aap", "", None): (Decimal(28000), "sollicite"),
        ("europe", "FSE+", None): (Decimal(8000), "acquis"),
        ("commune", "Koungou", None): (Decimal(2000), "sollicite"),
        ("commune", "Sada", None): (Decimal(2000), "sollicite"),
    }
    page = texte(reponse)
    assert "Enregistré à 14 h 32." in page
    assert "Subvention AAP ✔ 70 % (plafond 70 % : au plus 28 000,00 €)" in page
    assert "Autres sources ✔ 30 % (toutes nommées)" in page
    assert "Facilitatrice Sud 1,00 40 000,00 € 28 000,00 € 4 000,00 € 8 000,00 € 0,00 €" in page
    assert "✔ Le plan respecte toutes les règles." in page


def test_un_plan_desequilibre_s_enregistre_et_dit_ce_qui_manque(client, dossier):
    ligne = ligne_de(dossier)

    reponse = client.post(
        adresse(dossier), saisie(ligne, {"source": "prive", "montant": "9 999,99"}, aap="28 000,01"), follow=True
    )

    assert financements(ligne)["aap", "", None][0] == Decimal("28000.01")
    page = texte(reponse)
    assert "✘ La demande dépasse le maximum possible." in page
    assert "✘ Reste à financer : 2 000,00 €" in page
    assert "Autres sources ✘ 25 % (il manque 2 000,00 €)" in page
    assert "Baissez la demande de 0,01 €. La règle : AAP 2022, B.2-3" in page
    contenu = reponse.content.decode()
    assert f'<a href="#id_ligne_{ligne.pk}">' in contenu
    assert f'id="id_ligne_{ligne.pk}"' in contenu
    assert 'href="#regle-plafond"' in contenu
    assert 'id="regle-plafond"' in contenu


def test_une_collectivite_voit_toutes_les_aides_de_l_etat(client):
    dossier = dossier_de("collectivite", aap="20000.00", etat_autre="12000.00", fonds_propres="8000.00")
    client.force_login(dossier.cree_par)

    page = texte(client.get(adresse(dossier)))

    assert "Toutes les aides de l’État ✔ 80 % (plafond 80 % : 32 000,00 € avec les autres aides de l’État)" in page
    assert "Les fonds européens ne sont pas des aides de l’État." in page


@pytest.mark.parametrize(
    ("financeur", "aap", "ancre", "phrase"),
    [
        ({}, "abc", "aap-montant", "Saisissez un nombre, par exemple « 12 345,50 »"),
        ({}, "-1", "aap-montant", "Le nombre ne peut pas être négatif."),
        ({}, "999999999999", "aap-montant", "Le nombre doit être au plus 99 999 999,99."),
        ({"source": "prive", "montant": "12.345"}, "1", "0-montant", "Saisissez un nombre, par exemple « 12 345,50 »"),
        ({"source": "prive", "montant": ""}, "1", "0-montant", "Indiquez le montant, 0 s’il n’est pas encore connu"),
        ({"source": "", "montant": "5"}, "1", "0-source", "Choisissez le financeur de ce montant."),
        ({"source": "aap", "montant": "5"}, "1", "0-source", "Sélectionnez un choix valide."),
        ({"source": "mafia", "montant": "5"}, "1", "0-source", "Sélectionnez un choix valide."),
        ({"source": "prive", "montant": "5", "precision": "x" * 121}, "1", "0-precision", "au plus 120 caractères"),
    ],
)
def test_un_montant_illisible_est_dit_a_sa_place_et_rien_n_est_perdu(client, dossier, financeur, aap, ancre, phrase):
    ligne = ligne_de(dossier, sources={"aap": "100.00"})
    autre = {"source": "commune", "precision": "Koungou", "montant": "777,77"}

    reponse = client.post(adresse(dossier), saisie(ligne, financeur, autre, aap=aap))

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert f'<a href="#id_ligne_{ligne.pk}-{ancre}">' in reponse.content.decode()
    assert 'value="Koungou"' in reponse.content.decode()
    assert 'value="777,77"' in reponse.content.decode()
    assert texte(reponse).startswith("Erreur :")
    assert financements(ligne) == {("aap", "", None): (Decimal(100), "sollicite")}


def test_le_meme_financeur_deux_fois_est_refuse_avec_le_remede(client, dossier):
    ligne = ligne_de(dossier)
    double = {"source": "commune", "precision": "Koungou", "montant": "5"}

    reponse = client.post(adresse(dossier), saisie(ligne, double, double))

    assert "Ce financeur est déjà cité pour ce poste : précisez son nom ou additionnez les montants." in texte(reponse)
    assert financements(ligne) == {}


def test_un_financeur_a_retirer_disparait_meme_illisible(client, dossier):
    ligne = ligne_de(dossier, sources={"commune": "5"})

    client.post(adresse(dossier), saisie(ligne, {"source": "commune", "montant": "abc", "DELETE": "on"}))

    assert financements(ligne) == {}


def test_un_plan_inchange_n_ecrit_rien_dans_l_historique(client, dossier):
    ligne = ligne_de(dossier, sources={"aap": "28000", "prive": "12000"})
    avant = FinancementPoste.historique.count()

    client.post(adresse(dossier), saisie(ligne, {"source": "prive", "montant": "12000"}, aap="28000"))

    assert FinancementPoste.historique.count() == avant


def test_les_caracteres_invisibles_sont_retires(client, dossier):
    ligne = ligne_de(dossier)

    client.post(adresse(dossier), saisie(ligne, {"source": "prive", "precision": "Fonda\x00tion", "montant": "5"}))

    assert ("prive", "Fondation", None) in financements(ligne)


def test_un_poste_existant_se_finance_par_annee(client, dossier):
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1))
    departement = {"source": "region_departement", "montant_avant": "30 000", "montant": "28 000"}

    reponse = client.post(adresse(dossier), saisie(ligne, departement, aap="5000"), follow=True)

    assert financements(ligne) == {
        ("region_departement", "", 2021): (Decimal(30000), "acquis"),
        ("region_departement", "", 2022): (Decimal(28000), "acquis"),
    }
    page = texte(reponse)
    assert "Montant 2021 (€)" in page
    assert "Financements existants ✘ maintenus : 0 poste sur 1" in page
    assert "passerait de 30 000,00 € en 2021 à 28 000,00 € en 2022" in page
    assert 'value="30\u202f000,00"' in reponse.content.decode()


def test_la_baisse_expliquee_s_enregistre_et_se_lit(client, dossier):
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1))
    departement = {
        "source": "region_departement",
        "montant_avant": "30 000",
        "montant": "30 000",
        "montant_apres": "28 000",
    }
    motif = {f"ligne_{ligne.pk}-baisse-motif": "Le département réoriente son aide."}

    sans = texte(client.post(adresse(dossier), saisie(ligne, departement), follow=True))
    avec = texte(client.post(adresse(dossier), saisie(ligne, departement) | motif, follow=True))

    assert "✘ Un financement baisse, sans explication." in sans
    assert "⚠ La baisse est expliquée : elle sera signalée au service." in avec
    assert "Financements existants ⚠ maintenus : 0 poste sur 1, 1 baisse expliquée" in avec
    assert "Le département réoriente son aide." in avec
    assert financements(ligne)["region_departement", "", 2023] == (Decimal(28000), "sollicite")
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))
    lecture = texte(client.get(adresse(dossier)))
    assert "soit 2 000,00 € de moins. Raison donnée : « Le département réoriente son aide. »" in lecture
    assert "Département-Région — 30 000,00 € 30 000,00 € 28 000,00 €" in lecture


@pytest.mark.parametrize(
    ("montants", "phrase", "jauge"),
    [
        ({}, "✘ Son financement actuel reste à indiquer.", "✘ maintenus : 0 poste sur 1"),
        ({("asp", 2022): 1}, "✔ Aucun financement ne baisse.", "✔ maintenus : 1 poste sur 1"),
        (
            {("asp", 2021): 1, ("fonds_propres", 2022): 1},
            "✘ Un financement baisse, sans explication.",
            "✘ maintenus : 0 poste sur 1",
        ),
    ],
)
def test_la_page_dit_si_chaque_financeur_d_un_poste_existant_est_maintenu(client, dossier, montants, phrase, jauge):
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1))
    for (source, annee), montant in montants.items():
        ligne.financements.create(source=source, annee=annee, montant=Decimal(montant))

    reponse = client.get(adresse(dossier))

    assert phrase in texte(reponse)
    assert f"Financements existants {jauge}" in texte(reponse)
    contenu = reponse.content.decode()
    regles = set(re.findall('href="#(regle-[^"]*)"', contenu))
    assert "regle-maintien" in regles
    assert {regle for regle in regles if f'id="{regle}"' not in contenu} == set()


def test_qui_explique_une_baisse_ne_couvre_pas_le_motif_d_un_autre(client, dossier):
    ligne = ligne_de(dossier, nature="existant", quotite_avant=Decimal(1))
    ancienne = saisie(ligne)
    client.post(adresse(dossier), ancienne | {f"ligne_{ligne.pk}-baisse-motif": "Le sien."})

    refus = client.post(adresse(dossier), ancienne | {f"ligne_{ligne.pk}-baisse-motif": "Le mien."})

    assert refus.status_code == 409
    ligne.refresh_from_db()
    assert ligne.motif_baisse == "Le sien."


# --- What is the most I may ask? -----------------------------------------------------------------------
def test_la_page_dit_le_maximum_et_comment_il_se_calcule(client):
    dossier = dossier_de("collectivite", aap="10000.00", etat_autre="12000.00")
    ligne_de(dossier, intitule="Nord", cout_annuel=Decimal("48749.99"), quotite_apres=Decimal("0.80"))
    client.force_login(dossier.cree_par)

    page = texte(client.get(adresse(dossier)))

    assert "Vous pouvez demander au plus 51 199,99 € et vous demandez 10 000,00 €" in page
    assert "Assiette : 48 749,99 € × 0,80 ETP × 12 mois / 12 = 38 999,99 €." in page
    assert "Plafond de la subvention : 80 % de 38 999,99 € = 31 199,99 €." in page
    assert (
        "Toutes aides de l’État : 80 % de 40 000,00 €, moins 12 000,00 € d’autres aides = 20 000,00 € ; le plus petit des deux "
        "montants l’emporte. Il vous reste 10 000,00 € possibles."
    ) in page
    assert "20 000,00 € + 31 199,99 € = 51 199,99 €" in page


def test_demander_le_maximum_tient_compte_de_la_saisie_et_l_enregistre(client):
    dossier = dossier_de("collectivite")
    ligne = dossier.plan.lignes.get()
    client.force_login(dossier.cree_par)
    autre = {"source": "etat_autre", "precision": "ANCT", "montant": "12 000"}

    client.post(adresse(dossier), saisie(ligne, autre, aap="5") | {"maximum": f"ligne_{ligne.pk}"})

    assert {cle[0]: montant for cle, (montant, _) in financements(ligne).items()} == {"aap": 20000, "etat_autre": 12000}


def test_demander_le_maximum_remplace_meme_un_montant_illisible_et_jamais_celui_d_un_autre_poste(client, dossier):
    sud, nord = ligne_de(dossier), ligne_de(dossier, intitule="Nord", sources={"aap": "7.00"})

    client.post(adresse(dossier), saisie(nord, aap="7") | saisie(sud, aap="beaucoup") | {"maximum": f"ligne_{sud.pk}"})

    assert [financements(ligne)["aap", "", None][0] for ligne in (sud, nord)] == [28000, 7]


@pytest.mark.parametrize("maximum", ["ligne_999999", "x", "", "\x00"])
def test_demander_le_maximum_d_un_poste_inconnu_enregistre_simplement(client, dossier, maximum):
    ligne = ligne_de(dossier)

    client.post(adresse(dossier), saisie(ligne, aap="5") | {"maximum": maximum})

    assert financements(ligne)["aap", "", None][0] == 5


def test_sans_poste_la_page_dit_par_ou_commencer(client, dossier):
    reponse = client.get(adresse(dossier))

    assert "Ajoutez d’abord un poste demandé" in texte(reponse)
    assert reverse("candidatures:poste_ajouter", args=[dossier.numero]) in reponse.content.decode()


def test_enregistrer_et_continuer_mene_aux_budgets(client, dossier):
    ligne = ligne_de(dossier)

    reponse = client.post(adresse(dossier), saisie(ligne, aap="1") | {"continuer": "1"})

    assert reponse.url == reverse("candidatures:rubrique", args=[dossier.numero, "budgets"])


# --- While one types --------------------------------------------------------------------------------------
def test_le_calcul_suit_la_saisie_et_n_ecrit_rien(client, dossier):
    ligne = ligne_de(dossier)
    propres = {"source": "fonds_propres", "montant": "11 370"}

    reponse = client.post(adresse(dossier, "plan_calcul"), saisie(ligne, propres, aap="28000"))

    page, contenu = texte(reponse), reponse.content.decode()
    assert "Autres sources ✘ 28,43 % (il manque 630,00 €)" in page
    assert "il manque 630,00 € sur 40 000,00 €" in page
    assert f'id="constat-ligne-{ligne.pk}" hx-swap-oob="true"' in contenu
    assert 'id="tableau-plan" hx-swap-oob="true"' in contenu
    assert "data-annonce=" in contenu
    assert "Un point reste à revoir." in aplatir(contenu)
    assert financements(ligne) == {}


def test_le_calcul_ne_compte_pas_ce_qui_est_illisible_et_le_dit(client, dossier):
    ligne = ligne_de(dossier)

    page = texte(
        client.post(adresse(dossier, "plan_calcul"), saisie(ligne, {"source": "prive", "montant": "1x"}, aap="28000"))
    )

    assert "✘ 1 ligne ne se lit pas encore et n’est pas comptée." in page
    assert "il manque 12 000,00 €" in page


def test_le_calcul_et_l_enregistrement_disent_la_meme_chose(client, dossier):
    ligne = ligne_de(dossier)
    donnees = saisie(ligne, {"source": "prive", "montant": "5000,01"}, aap="28000,01")

    pendant = texte(client.post(adresse(dossier, "plan_calcul"), donnees))
    client.post(adresse(dossier), donnees)
    apres = texte(client.get(adresse(dossier)))

    debut, fin = pendant.index("Vous pouvez demander"), pendant.index("1,00 ETP")
    assert pendant[debut:fin].strip() in apres


# --- Somebody else, meanwhile -------------------------------------------------------------------------------
def version_affichee(reponse):
    return reponse.content.decode().split('name="version" value="')[1].split('"')[0]


def test_un_collegue_qui_a_enregistre_entre_temps_n_est_pas_ecrase_en_silence(client, dossier):
    ligne = ligne_de(dossier, sources={"aap": "100"})
    ancienne = version_affichee(client.get(adresse(dossier)))
    client.post(adresse(dossier), saisie(ligne, aap="200") | {"version": ancienne})

    refus = client.post(adresse(dossier), saisie(ligne, aap="300") | {"version": ancienne})

    assert refus.status_code == 409
    assert "Deux personnes ont écrit au même endroit" in texte(refus)
    assert "Facilitatrice Sud, subvention demandée Votre texte 300,00 €, sollicité" in texte(refus)
    assert 'value="300"' in refus.content.decode()
    assert financements(ligne)["aap", "", None][0] == 200

    client.post(adresse(dossier), saisie(ligne, aap="300") | {"version": version_affichee(refus)})
    assert financements(ligne)["aap", "", None][0] == 300


def test_un_double_clic_n_est_pas_un_conflit(client, dossier):
    ligne = ligne_de(dossier)
    donnees = saisie(ligne, {"source": "prive", "montant": "5"}, aap="200")
    donnees["version"] = version_affichee(client.get(adresse(dossier)))

    assert [client.post(adresse(dossier), donnees).status_code for _ in range(2)] == [302, 302]


def test_un_poste_arrive_apres_l_ouverture_de_la_page_garde_son_plan(client, dossier):
    ligne = ligne_de(dossier)
    ancienne = version_affichee(client.get(adresse(dossier)))
    nouvelle = ligne_de(dossier, intitule="Nord", sources={"aap": "100"})

    client.post(adresse(dossier), saisie(ligne, aap="200") | {"version": ancienne})

    assert financements(nouvelle)["aap", "", None][0] == 100


# --- Who, and when ----------------------------------------------------------------------------------------------
def test_l_echelle_des_droits(client):
    dossier = DossierFactory()
    ligne = ligne_de(dossier)
    donnees = saisie(ligne, aap="1")
    attendus = [
        (UtilisateurFactory(signataire_de=dossier.structure), 200, 200, 302),
        (UtilisateurFactory(redacteur_de=dossier.structure), 200, 200, 302),
        (UtilisateurFactory(lecteur_de=dossier.structure), 200, 403, 403),
        (UtilisateurFactory(signataire_de=StructureFactory()), 404, 404, 404),
        (UtilisateurFactory(instructeur_de=dossier.campagne.service), 404, 404, 404),
    ]

    for personne, lecture, calcul, ecriture in attendus:
        FinancementPoste.objects.all().delete()
        client.force_login(personne)
        assert client.get(adresse(dossier)).status_code == lecture
        assert client.post(adresse(dossier, "plan_calcul"), donnees).status_code == calcul
        assert client.post(adresse(dossier), donnees).status_code == ecriture
        assert FinancementPoste.objects.exists() == (ecriture == 302)


def test_un_numero_de_poste_forge_ne_change_rien(client, dossier):
    etranger = ligne_de(DossierFactory(), sources={"aap": "100"})
    ligne_de(dossier)

    client.post(adresse(dossier), saisie(etranger, aap="999"))

    assert financements(etranger)["aap", "", None][0] == 100


def test_un_plan_fige_se_lit_et_refuse_l_ecriture_d_une_phrase(client):
    dossier = dossier_depose()
    ligne = dossier.plan.lignes.get()
    client.force_login(dossier.cree_par)

    lecture = texte(client.get(adresse(dossier)))
    refus = client.post(adresse(dossier), saisie(ligne, aap="1"))

    assert "Ce plan est figé depuis le dépôt : il ne peut plus être modifié." in lecture
    assert "Subvention AAP ✔ 70 %" in lecture
    assert refus.status_code == 409
    assert "Ce dossier n’est plus un brouillon : vos dernières saisies n’ont pas été enregistrées." in texte(refus)
    assert financements(ligne)["aap", "", None][0] == 28000


def test_un_agent_lit_le_plan_depose_sans_pouvoir_l_ecrire(client):
    dossier = dossier_depose()
    client.force_login(UtilisateurFactory(instructeur_de=dossier.campagne.service))

    assert "Subvention AAP ✔ 70 %" in texte(client.get(adresse(dossier)))
    assert client.post(adresse(dossier), {}).status_code == 403
    assert client.post(adresse(dossier, "plan_calcul"), {}).status_code == 403


@pytest.mark.parametrize("donnees", [{}, {"ligne_1-TOTAL_FORMS": "x"}, {"version": "\x00"}])
def test_un_envoi_abime_ne_casse_rien(client, dossier, donnees):
    ligne = ligne_de(dossier, sources={"aap": "100"})
    donnees = {cle.replace("ligne_1", f"ligne_{ligne.pk}"): valeur for cle, valeur in donnees.items()}

    assert client.post(adresse(dossier), donnees).status_code in {302, 422}
    assert client.post(adresse(dossier, "plan_calcul"), donnees).status_code == 200
    assert financements(ligne)["aap", "", None][0] == 100
