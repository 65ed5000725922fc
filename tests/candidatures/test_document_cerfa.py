"""The request in the order of the Cerfa n°12156*06, as a PDF and as a workbook, for whoever may read the dossier."""

import io
from decimal import Decimal

import page as controle
import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from candidatures.copie.cerfa import cotes, etat, parties, rendre_pdf_cerfa, rendre_xlsx_cerfa
from candidatures.copie.taches import produire_copie
from candidatures.models import CopieDossier, Dossier, LigneBudget
from tests.candidatures.test_copies import mots
from tests.candidatures.textes import aplatir
from tests.factories import DEPOT_OUVERT, DossierFactory, StructureFactory, UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


def frais(dossier):
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


def brouillon(**champs):
    dossier = DossierFactory(complet=True, **champs)
    projet = dossier.lignes_budget.filter(budget="projet")
    projet.filter(compte="74").delete()
    for code, montant in {"74-aap": "28000.00", "propres": "12000.00", "86": "500.00", "870": "500.00"}.items():
        LigneBudget.objects.create(dossier=dossier, budget="projet", compte=code, montant=Decimal(montant))
    return frais(dossier)


def test_les_parties_suivent_l_ordre_du_formulaire():
    lues = list(parties(brouillon()))

    assert [partie.numero for partie in lues] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert [section.rubrique.code for section in lues[6].sections] == [
        "projet",
        "territoire",
        "missions",
        "postes",
        "plan",
    ]
    assert [partie.numero for partie in lues if partie.budget] == [5, 6]


def test_ce_qui_ne_concerne_que_les_associations_est_laisse_aux_autres():
    lues = list(parties(brouillon(structure=StructureFactory(collectivite=True))))

    assert [partie.numero for partie in lues] == [0, 1, 4, 5, 6, 7]
    assert not any("engagement républicain" in reponse.question for reponse in lues[-1].reponses)


def test_chaque_reponse_lue_du_projet_y_est():
    dossier = brouillon()
    projet = next(partie for partie in parties(dossier) if partie.numero == 6)

    valeurs = [reponse.valeur for section in projet.sections for reponse in section.reponses]
    for champ in ("intitule", "diagnostic", "objectifs", "implantation"):
        assert getattr(dossier, champ) in valeurs
    assert aplatir(projet.suite[0].valeur) == (
        "La subvention sollicitée de 28 000,00 €, objet de la présente demande, représente 70 % du total des produits du projet "
        "(40 000,00 €)."
    )
    assert len(projet.suite) == 1


def test_les_deux_cotes_d_un_budget_s_additionnent():
    budget = next(partie.budget for partie in parties(brouillon()) if partie.numero == 6)
    (_, charges), (_, produits) = cotes(budget)

    for lignes in (charges, produits):
        comptes = [ligne.montant for ligne in lignes if ligne.niveau == "compte" and ligne.montant]
        totaux = [ligne.montant for ligne in lignes if ligne.niveau == "total"]
        assert totaux == [Decimal("40000.00"), Decimal("40500.00")]
        assert sum(comptes) == totaux[-1]
    details = [(ligne.libelle, ligne.montant) for ligne in produits if ligne.niveau == "detail"]
    assert [montant for _, montant in details] == [28000, 500]
    assert [ligne.numero for ligne in charges if ligne.numero] == [*(str(n) for n in range(60, 70)), "86"]


def test_le_pdf_est_accessible_et_dit_qu_il_est_un_brouillon():
    dossier = brouillon()
    contenu = rendre_pdf_cerfa(dossier)

    assert controle.validate_pdf_bytes(contenu, profile="ua1").is_compliant
    assert aplatir(etat(dossier)) == "BROUILLON, non déposé : ce document ne vaut pas dépôt."
    assert "Demande de subvention, présentation conforme au Cerfa" in aplatir(mots(contenu)[0][0])


def test_un_dossier_depose_porte_sa_date_et_plus_la_mention_de_brouillon():
    dossier = frais(dossier_depose())

    assert aplatir(etat(dossier)) == "Déposé le 15 septembre 2022 à 10 h (heure de Mayotte)."
    assert controle.validate_pdf_bytes(rendre_pdf_cerfa(dossier), profile="ua1").is_compliant


def test_le_classeur_a_ses_montants_en_nombres():
    livre = load_workbook(io.BytesIO(rendre_xlsx_cerfa(brouillon())))

    assert livre.sheetnames == [
        "Demande", "Budget de la structure", "Budget du projet", "Plan de financement", "Projection sur trois ans",
    ]  # fmt: skip
    lignes = list(livre["Budget du projet"].iter_rows(values_only=True))
    charges = {ligne[1]: ligne[2] for ligne in lignes}
    produits = {ligne[4]: ligne[5] for ligne in lignes}
    assert charges["Charges de personnel"] == produits["Total des produits"] == 40000
    assert produits["Ressources propres affectées au projet"] == 12000
    assert [ligne[6] for ligne in livre["Plan de financement"].iter_rows(min_row=2, values_only=True)] == [28000, 12000]
    demande = list(livre["Demande"].iter_rows(values_only=True))
    assert any(ligne[0] == "7. Attestations" and ligne[2] == "Attesté" for ligne in demande)


@pytest.mark.parametrize(
    ("format", "debut", "nom"), [("cerfa", b"%PDF-", "demande-cerfa-{}.pdf"), ("xlsx", b"PK", "demande-cerfa-{}.xlsx")]
)
def test_qui_lit_le_dossier_peut_le_telecharger_ainsi(client, format, debut, nom):
    dossier = brouillon()
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    client.post(reverse("candidatures:copie_demander", args=[dossier.numero, format]))
    copie = CopieDossier.objects.get()
    produire_copie.call(copie.pk)
    copie.refresh_from_db()

    assert copie.fichier.nom == nom.format(dossier.numero)
    assert b"".join(client.get(copie.fichier.get_absolute_url())).startswith(debut)
