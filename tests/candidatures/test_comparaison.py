"""What two filings say differently: fields, tables row by row, pieces (no database: two snapshots are compared)."""

import uuid
from copy import deepcopy

import pytest
import time_machine
from django.urls import reverse

from candidatures.comparaison import CLES, comparer, objets_changes
from candidatures.comparaison_textes import mots
from candidatures.instantane import instantane
from candidatures.models import Depot, Dossier, PieceJustificative
from tests.candidatures.textes import aplatir, texte
from tests.factories import DEPOT_OUVERT, DossierFactory, demander

AVANT = {
    "structure": {"denomination": "Association Exemple"},
    "dossier": {"diagnostic": "132 marchés clausés en 2021.", "salaries_etp": "12.50", "atteste_maintien": False,
                "missions": ["parcours"], "subventions_publiques": None},
    "postes": [
        {"poste": 1, "intitule": "Facilitatrice Sud", "metier": "facilitateur", "titulaire": "", "communes": ["Sada"],
         "nature": "creation", "quotite_avant": "0.00", "quotite_apres": "1.00", "cout_annuel": "40000.00",
         "financements": [{"source": "aap", "precision": "", "annee": None, "montant": "28000.00", "etat": "sollicite"}]},
    ],
    "budgets": [{"budget": "structure", "compte": "64", "montant": "40000.00"},
                {"budget": "projet", "compte": "64", "montant": "40000.00"}],
    "volumes": [{"segment": "etat", "marches_prevus": 10}],
    "projection": [],
    "pieces": [{"code": "rib", "reference": "", "non_concerne": False, "fichier": {"nom": "rib.pdf", "taille": 9, "sha256": "aa"}}],
}  # fmt: skip


def changer(**parties):
    apres = deepcopy(AVANT)
    for partie, valeur in parties.items():
        apres[partie] = apres[partie] | valeur if isinstance(valeur, dict) else valeur
    return {section.rubrique.code: section for section in comparer(AVANT, apres)}


def test_deux_depots_identiques_ne_different_en_rien():
    assert comparer(AVANT, deepcopy(AVANT)) == []
    assert objets_changes(AVANT, deepcopy(AVANT)) == set()


@pytest.mark.parametrize(
    ("champ", "valeur", "section", "avant", "apres"),
    [
        ("salaries_etp", "13.00", "structure", "12,50 ETP", "13,00 ETP"),
        ("subventions_publiques", "90000.00", "structure", "Non renseigné", "90 000,00 €"),
        ("atteste_maintien", True, "attestations", "Non", "Oui"),
    ],
)
def test_une_valeur_se_dit_comme_dans_sa_rubrique(champ, valeur, section, avant, apres):
    trouvee = changer(dossier={champ: valeur})

    assert list(trouvee) == [section]
    changement = trouvee[section].changements[0]
    assert (changement.objet, aplatir(changement.avant), aplatir(changement.apres)) == (
        f"champ:{section}.{champ}",
        avant,
        apres,
    )


def test_un_texte_montre_ses_mots_ajoutes_et_retires():
    changement = changer(dossier={"diagnostic": "150 marchés clausés en 2021, dont 40 de l’État."})[
        "projet"
    ].changements[0]

    assert changement.longue
    assert changement.mots == [
        ("retire", "132 "), ("ajoute", "150 "), ("egal", "marchés clausés en "), ("retire", "2021."),
        ("ajoute", "2021, dont 40 de l’État."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("avant", "apres"), [("", "a b"), ("a b", ""), ("a\n\nb c", "a\nb\nc"), ("x", "x"), ("é à", "e a")]
)
def test_les_mots_redonnent_les_deux_textes(avant, apres):
    parts = mots(avant, apres)

    assert "".join(texte_ for nature, texte_ in parts if nature != "ajoute") == avant
    assert "".join(texte_ for nature, texte_ in parts if nature != "retire") == apres


def test_de_longs_textes_se_comparent_par_lignes_puis_par_mots():
    avant = "\n".join(f"ligne {rang} du texte" for rang in range(900))
    parts = mots(avant, avant.replace("ligne 450 du", "ligne 450 bis du"))

    assert [part for part in parts if part[0] != "egal"] == [("ajoute", "bis ")]


def test_un_poste_change_dans_les_postes_et_son_financement_dans_le_plan():
    poste = AVANT["postes"][0]
    financements = [
        {**poste["financements"][0], "montant": "35000.00"},
        {"source": "fonds_propres", "precision": "", "annee": None, "montant": "15000.00", "etat": "acquis"},
    ]
    sections = changer(postes=[poste | {"cout_annuel": "50000.00", "financements": financements}])

    assert list(sections) == ["postes", "plan"]
    ligne = sections["postes"].tableaux[0].lignes[0]
    assert (ligne.etat, ligne.titre) == ("modifiee", "Facilitatrice Sud")
    assert [tuple(map(aplatir, valeur[1:])) for valeur in ligne.valeurs] == [("40 000,00 €", "50 000,00 €")]
    etats = [(ligne.etat, ligne.titre) for ligne in sections["plan"].tableaux[0].lignes]
    assert etats == [("modifiee", "État : subvention demandée à cet appel à projets"), ("ajoutee", "Fonds propres")]


def test_un_poste_retire_et_un_poste_ajoute_se_disent():
    nouveau = AVANT["postes"][0] | {"poste": 2, "intitule": "Coordinateur", "metier": "coordinateur"}
    lignes = changer(postes=[nouveau])["postes"].tableaux[0].lignes

    assert [(ligne.etat, ligne.titre) for ligne in lignes] == [
        ("retiree", "Facilitatrice Sud"),
        ("ajoutee", "Coordinateur"),
    ]


def test_deux_postes_de_meme_nom_ont_chacun_leur_tableau():
    autre = AVANT["postes"][0] | {"poste": 2}
    troisieme = AVANT["postes"][0] | {"poste": 3}

    titres = [
        aplatir(tableau.titre) for tableau in changer(postes=[*AVANT["postes"], autre, troisieme])["plan"].tableaux
    ]

    assert titres == ["Financement de « Facilitatrice Sud » (2)", "Financement de « Facilitatrice Sud » (3)"]


def test_chaque_budget_a_son_tableau_et_son_nom_d_objet():
    sections = changer(budgets=[AVANT["budgets"][0], {"budget": "projet", "compte": "64", "montant": "41000.00"},
                                {"budget": "projet", "compte": "62", "montant": "500.00"}])  # fmt: skip

    assert sections["budgets"].objets == {"champ:budgets.projet"}
    assert [ligne.etat for ligne in sections["budgets"].tableaux[0].lignes] == ["modifiee", "ajoutee"]


def test_une_piece_est_ajoutee_remplacee_ou_retiree_avec_ses_empreintes():
    rib = AVANT["pieces"][0]
    neuf = rib | {"fichier": {"nom": "rib-2.pdf", "taille": 9, "sha256": "bb"}}
    reference = {"code": "rapport_cac", "reference": "JO n° 12", "non_concerne": False, "fichier": None}

    def pieces(donnees):
        return [(p.etat, p.avant, p.apres) for p in changer(pieces=donnees)["pieces"].pieces]

    assert pieces([neuf]) == [("remplacee", ("rib.pdf", "aa"), ("rib-2.pdf", "bb"))]
    assert pieces([rib, neuf]) == [("ajoutee", None, ("rib-2.pdf", "bb"))]
    assert pieces([]) == [("retiree", ("rib.pdf", "aa"), None)]
    assert pieces([rib, reference]) == [("ajoutee", None, ("JO n° 12", ""))]


@pytest.mark.django_db
def test_chaque_partie_de_l_instantane_est_connue_de_la_comparaison_et_se_relit():
    """A new part of the snapshot has to be compared too."""
    dossier = Dossier.objects.avec_contenu().get(pk=DossierFactory(complet=True).pk)
    contenu = instantane(dossier)

    assert set(contenu) - CLES == set()
    assert comparer({}, contenu) != []
    assert comparer(contenu, {}) != []


@pytest.mark.django_db
def test_les_deux_cotes_lisent_ce_qui_a_change(client):
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        dossier = DossierFactory(complet=True)
        Depot.objects.deposer(dossier, par=dossier.cree_par, cle=uuid.uuid4())
        demande = demander(Dossier.objects.get(pk=dossier.pk))
        Dossier.objects.filter(pk=dossier.pk).update(diagnostic="<script>alert(1)</script> 150 marchés")
        PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").update(reference="JO du 4 juin 2022")
        Depot.objects.repondre(demande, par=dossier.cree_par, cle=uuid.uuid4())
        for personne in (dossier.cree_par, demande.par):
            client.force_login(personne)
            reponse = client.get(reverse("candidatures:comparaison", args=[dossier.numero, 2]))
            page = texte(reponse)
            assert "2 rubriques modifiées : Le projet , Pièces" in page
            assert "[ajouté : <script>alert(1)</script> 150" in page
            assert "<script>alert" not in reponse.content.decode()
            assert "JO du 3 mai 2022" in page
            assert client.get(reverse("candidatures:comparaison", args=[dossier.numero, 1])).status_code == 404
