"""What stops a filing: each obstacle is said with its sentence, and leads to its place."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.models import LigneBudget
from candidatures.resume import resumer
from candidatures.verification import verifier
from tests.candidatures.textes import aplatir, texte
from tests.factories import (
    DEPOT_OUVERT,
    CommuneFactory,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


def modifier(**champs):
    def appliquer(dossier):
        for nom, valeur in champs.items():
            setattr(dossier, nom, valeur)
        dossier.save()

    return appliquer


def ligne_modifiee(**champs):
    def appliquer(dossier):
        ligne = dossier.plan.lignes.get()
        for nom, valeur in champs.items():
            setattr(ligne, nom, valeur)
        ligne.save()

    return appliquer


def financement(source, montant):
    def appliquer(dossier):
        dossier.plan.lignes.get().financements.filter(source=source).update(montant=Decimal(montant))

    return appliquer


def sans_poste(dossier):
    dossier.plan.lignes.all().delete()


def sans_communes(dossier):
    dossier.plan.lignes.get().poste.communes.clear()


def zone_blanche(dossier):
    ZoneBlancheFactory(commune=dossier.plan.lignes.get().poste.communes.get())
    modifier(reponse_zones_blanches="")(dossier)


def financement_en_baisse(dossier):
    ligne = LignePosteFactory(
        plan=dossier.plan,
        poste=PosteETPFactory(structure=dossier.structure, intitule="Facilitateur Nord", communes=[CommuneFactory()]),
        nature="existant",
    )
    for annee, montant in ((2021, "10000"), (2022, "9000")):
        ligne.financements.create(source="commune", annee=annee, montant=Decimal(montant))


def budget(nom, compte, montant):
    def appliquer(dossier):
        LigneBudget.objects.update_or_create(
            dossier=dossier, budget=nom, compte=compte, defaults={"montant": Decimal(montant)}
        )

    return appliquer


def sans_budget(dossier):
    dossier.lignes_budget.filter(budget="structure").delete()


def sans_volume(dossier):
    dossier.volumes.all().delete()


def sans_projection(dossier):
    dossier.projections.filter(rang=3).delete()


OBSTACLES = [
    (modifier(contact_nom=""), "structure", "reponse_manquante", "contact_nom", "Indiquez la personne chargée de la demande."),
    (modifier(presentation="  "), "structure", "reponse_manquante", "presentation", "Présentez votre structure et son activité."),
    (
        modifier(subventions_publiques=None), "structure", "reponse_manquante", "subventions_publiques",
        "Indiquez le total des subventions publiques reçues sur le dernier exercice clos.",
    ),
    (modifier(intitule=""), "projet", "reponse_manquante", "intitule", "Donnez un intitulé à votre projet."),
    (modifier(diagnostic=""), "projet", "reponse_manquante", "diagnostic", "Rédigez le diagnostic territorial."),
    (modifier(objectifs=""), "projet", "reponse_manquante", "objectifs", "Décrivez les objectifs visés."),
    (modifier(strategie=""), "projet", "reponse_manquante", "strategie", "Exposez votre stratégie et sa mise en œuvre."),
    (
        modifier(implantation=""), "territoire", "reponse_manquante", "implantation",
        "Décrivez votre présence et votre implantation dans le territoire.",
    ),
    (
        zone_blanche, "territoire", "reponse_manquante", "reponse_zones_blanches",
        "Vos postes couvrent une zone blanche : expliquez comment vous y répondrez.",
    ),
    (modifier(missions=[]), "missions", "mission", "missions", "Choisissez au moins une mission de l’appel à projets."),
    (
        modifier(positions={"parcours": "Un parcours par personne.", "marches_etat": "  "}), "missions", "position",
        "position_marches_etat",
        "Dites comment vous remplirez la mission « Prise en charge prioritaire des marchés de l’État, de ses établissements et "
        "de ses programmes (NPNRU…) ».",
    ),
    (
        modifier(salaries=2, emplois_aides=3), "structure", "emplois_aides", "emplois_aides",
        "Les emplois aidés (3) font partie des salariés (2 au total) : corrigez l’un des deux nombres.",
    ),
    (
        modifier(realisation_debut_le=date(2023, 1, 2), realisation_fin_le=date(2023, 1, 1)), "projet", "realisation",
        "realisation_fin_le", "La réalisation finirait avant de commencer : corrigez l’une des deux dates.",
    ),
    (sans_volume, "missions", "volume", "volumes", "Indiquez au moins un volume d’activité visé (marchés ou heures)."),
    (sans_poste, "postes", "poste", "", "Ajoutez au moins un poste demandé."),
    (
        ligne_modifiee(quotite_apres=Decimal("0.49")), "postes", "etp_minimum", "",
        "Votre demande porte sur 0,49 ETP : le minimum est de 0,50 ETP, il manque 0,01 ETP.",
    ),
    (sans_communes, "postes", "communes", "", "Indiquez les communes que couvrira « Facilitatrice Sud »."),
    (
        financement("aap", "0"), "plan", "subvention_absente", None,
        "« Facilitatrice Sud » : indiquez la subvention demandée, au plus 28 000,00 €.",
    ),
    (
        financement("aap", "28000.01"), "plan", "plafond", None,
        "« Facilitatrice Sud » : 28 000,01 € demandés, au plus 28 000,00 € possibles (plafond de 70 % de l’assiette de "
        "40 000,00 €). Baissez la demande de 0,01 €.",
    ),
    (
        financement("fonds_propres", "11370"), "plan", "equilibre", None,
        "« Facilitatrice Sud » : il manque 630,00 € sur 40 000,00 €. Nommez le financeur de ce reste ; vos fonds propres "
        "en sont un.",
    ),
    (
        financement_en_baisse, "plan", "non_baisse", None,
        "« Facilitateur Nord » : son financement passerait de 10 000,00 € en 2021 à 9 000,00 € en 2022. Il ne doit pas baisser : "
        "corrigez les montants (il manque 1 000,00 €), ou expliquez cette baisse, qui sera signalée au service.",
    ),
    (sans_budget, "budgets", "budget_vide", "budget_structure", "Budget de la structure : à remplir."),
    (
        budget("projet", "60", "0.01"), "budgets", "budget_equilibre", "budget_projet",
        "Budget du projet : 40 000,01 € de charges et 40 000,00 € de produits. Les totaux doivent être égaux, l’écart est "
        "de 0,01 €.",
    ),
    (
        budget("structure", "86", "500"), "budgets", "budget_volontaire", "budget_structure",
        "Budget de la structure : les comptes 86 et 87 doivent être égaux, l’écart est de 500,00 €.",
    ),
    (sans_projection, "budgets", "projection", "projection", "Remplissez la projection des trois années."),
    (
        modifier(atteste_exactitude=False), "attestations", "attestation", "atteste_exactitude",
        "Attestez l’exactitude des informations.",
    ),
    (
        modifier(atteste_engagement=False), "attestations", "attestation", "atteste_engagement",
        "Attestez avoir souscrit le contrat d’engagement républicain.",
    ),
    (
        modifier(atteste_maintien=False), "attestations", "attestation", "atteste_maintien",
        "Engagez-vous à ne pas baisser les financements des postes existants.",
    ),
    (
        modifier(atteste_charte=False), "attestations", "attestation", "atteste_charte",
        "Attestez le respect de la charte des engagements réciproques.",
    ),
    (
        modifier(atteste_compte=False), "attestations", "attestation", "atteste_compte",
        "Attestez que la subvention sera versée au compte bancaire de la structure.",
    ),
    (
        modifier(aides_publiques=""), "attestations", "attestation", "aides_publiques",
        "Indiquez le total des aides publiques des trois derniers exercices.",
    ),
    (
        modifier(qualite_signataire=""), "attestations", "attestation", "qualite_signataire",
        "Dites qui engage la structure : son représentant légal, ou une personne mandatée.",
    ),
    (
        modifier(qualite_signataire="mandataire"), "attestations", "attestation", "mandataire_nom",
        "Indiquez la personne qui a reçu pouvoir du représentant légal.",
    ),
]  # fmt: skip

REGLES_GARDEES = [
    modifier(salaries=3, emplois_aides=3),
    modifier(salaries=None, emplois_aides=3),
    modifier(realisation_debut_le=date(2023, 1, 1), realisation_fin_le=date(2023, 1, 1)),
    modifier(realisation_fin_le=date(2023, 1, 1)),
    modifier(qualite_signataire="mandataire", mandataire_nom="Awa Exemple"),
]


@pytest.mark.parametrize("appliquer", REGLES_GARDEES)
def test_a_sa_borne_une_regle_n_arrete_rien(appliquer):
    dossier = DossierFactory(complet=True)
    appliquer(dossier)

    assert [o for obstacles in verifier(dossier).values() for o in obstacles] == []


@pytest.mark.parametrize(("casser", "rubrique", "code", "champ", "phrase"), OBSTACLES)
def test_chaque_regle_dit_sa_phrase_et_mene_a_son_champ(client, casser, rubrique, code, champ, phrase):
    dossier = DossierFactory(complet=True)
    casser(dossier)
    client.force_login(dossier.cree_par)

    page = client.get(reverse("candidatures:verifier", args=[dossier.numero]))
    refus = client.post(
        reverse("candidatures:deposer", args=[dossier.numero]), {"cle": "6f1c9c1e-0000-4000-8000-000000000001"}
    )

    assert phrase in texte(page)
    assert (refus.status_code, phrase in texte(refus)) == (422, True)
    attendu = reverse("candidatures:rubrique", args=[dossier.numero, rubrique])
    obstacle = next(o for o in refus.context["obstacles"] if aplatir(o.message) == phrase)
    assert obstacle.code == code
    if champ is None:
        assert obstacle.lien.startswith(f"{attendu}#id_ligne_")
    else:
        assert obstacle.lien == (f"{attendu}#id_{champ}" if champ else attendu)
    assert obstacle.lien in page.content.decode()
    assert obstacle.lien in refus.content.decode()
    dossier.refresh_from_db()
    assert (dossier.etat, dossier.depots.count()) == ("brouillon", 0)


@pytest.mark.parametrize("code", ["structure", "projet", "territoire", "missions", "budgets", "attestations"])
def test_chaque_lien_mene_a_un_champ_qui_existe(client, code):
    dossier = DossierFactory()
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure))
    client.force_login(dossier.cree_par)

    page = client.get(reverse("candidatures:rubrique", args=[dossier.numero, code])).content.decode()

    obstacles = next(ligne for ligne in resumer(dossier).rubriques if ligne.rubrique.code == code).obstacles
    assert obstacles
    for obstacle in obstacles:
        assert f'id="id_{obstacle.champ}"' in page


def test_un_brouillon_vide_dit_tout_ce_qui_manque_a_la_fois(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)

    page = texte(client.get(reverse("candidatures:verifier", args=[dossier.numero])))

    for phrase in ("Ajoutez au moins un poste demandé.", "Rédigez le diagnostic territorial.", "Comptes annuels"):
        assert phrase in page
    assert "Une pièce qui manque n’empêche pas le dépôt" in page
    assert "Rien ne manque" not in page


def test_un_dossier_complet_est_dit_complet(client):
    dossier = DossierFactory(complet=True)
    client.force_login(dossier.cree_par)

    page = texte(client.get(reverse("candidatures:verifier", args=[dossier.numero])))

    assert "Rien ne manque" in page
    assert "9 rubriques sur 9 complètes" in page


def test_les_etats_des_rubriques_se_lisent_sur_la_liste_des_taches(client):
    dossier = DossierFactory(contact_nom="Claude Exemple", intitule="La clause")
    client.force_login(dossier.cree_par)

    page = texte(client.get(dossier.get_absolute_url()))

    assert "La structure 3 points à revoir À compléter" in page
    assert "Le projet 3 points à revoir À compléter" in page
    assert "Postes demandés À remplir" in page
    assert "Pièces 0 sur 2 pièces obligatoires À remplir" in page
    assert "0 rubrique sur 9 complète" in page
    assert "Enregistré le" in page


def test_une_collectivite_n_atteste_rien_de_ce_qui_est_propre_aux_associations():
    dossier = DossierFactory(complet=True, structure=StructureFactory(collectivite=True), subventions_publiques=None)
    modifier(atteste_engagement=False, atteste_charte=False, aides_publiques="")(dossier)

    resume = resumer(dossier)

    assert (resume.est_complet, resume.manque) == (True, "")


def test_la_verification_ne_coute_aucune_requete_par_poste(client, django_assert_num_queries):
    dossier = DossierFactory(complet=True)
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))
    adresse = reverse("candidatures:verifier", args=[dossier.numero])
    client.get(adresse)  # the session's first request writes
    with CaptureQueriesContext(connection) as avant:
        client.get(adresse)
    for _ in range(2):
        LignePosteFactory(
            plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), sources={"aap": "1.00"}
        )
    with django_assert_num_queries(len(avant)):
        client.get(adresse)


# --- One main gesture -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("complet", "principal"), [(False, "Commencer : La structure"), (True, "Relire et déposer")])
def test_le_geste_principal_est_de_continuer_puis_de_deposer_et_ne_se_dit_qu_une_fois(client, complet, principal):
    dossier = DossierFactory(complet=complet)
    client.force_login(dossier.cree_par)

    page = client.get(reverse("candidatures:dossier", args=[dossier.numero])).content.decode().replace("&nbsp;", " ")

    boutons = re.findall(r'<a class="fr-btn" href="[^"]+">([^<]+)</a>', page)
    assert [bouton.replace("\u00a0", " ") for bouton in boutons] == [principal]
    assert page.count(">Relire et déposer</a>") == 1
