"""Annexe 2 is computed: which pieces, for which structure and which project (lectures 17, 18, 26 to 28)."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from aap_portal.referentiel.models import Structure
from candidatures.modeles_pieces import AVEC_MODELE
from candidatures.pieces import CodePiece, Exigence, Situation, pieces_attendues, pieces_manquantes
from tests.candidatures.textes import aplatir

SEUIL = Decimal("153000.00")
ASSOCIATION, COLLECTIVITE, EPCI, EPA, AUTRE = Structure.Categorie
COMPTES = {"rapport_activite", "comptes_annuels"}


def situation(categorie=ASSOCIATION, *, emergente=False, metiers="f", zone=False, subventions="90000.00"):
    return Situation(
        categorie=categorie,
        emergente=emergente,
        demande_coordinateur="c" in metiers,
        demande_facilitateur="f" in metiers,
        couvre_zone_blanche=zone,
        subventions_publiques=None if subventions is None else Decimal(subventions),
        seuil_certification=SEUIL,
    )


def codes(cas, exigence):
    return {piece.code.value for piece in pieces_attendues(cas) if piece.exigence == exigence}


def obligatoires(cas):
    return codes(cas, Exigence.OBLIGATOIRE)


# What B.1 adds to Annexe 2: (carrier, métiers, white zone) -> codes, for a structure that is no collectivité.
EXPERIENCE = {
    ("existante", "f", False): set(),
    ("existante", "f", True): {"attestation_structure"},
    ("existante", "c", False): {"attestation_structure"},
    ("existante", "c", True): {"attestation_structure"},
    ("existante", "cf", False): {"attestation_structure"},
    ("existante", "cf", True): {"attestation_structure"},
    ("emergente", "f", False): set(),
    ("emergente", "f", True): set(),
    ("emergente", "c", False): {"lettre_recommandation"},
    ("emergente", "c", True): {"lettre_recommandation"},
    ("emergente", "cf", False): {"lettre_recommandation"},
    ("emergente", "cf", True): {"lettre_recommandation"},
}


@pytest.mark.parametrize(("porteur", "metiers", "zone"), EXPERIENCE)
@pytest.mark.parametrize("categorie", list(Structure.Categorie))
@pytest.mark.parametrize("subventions", [None, "0.00", "152999.99", "153000.00", "153000.01"])
def test_les_pieces_obligatoires_de_chaque_situation(categorie, porteur, metiers, zone, subventions):
    cas = situation(categorie, emergente=porteur == "emergente", metiers=metiers, zone=zone, subventions=subventions)
    attendues = set(EXPERIENCE[porteur, metiers, zone])
    if categorie == COLLECTIVITE and porteur == "existante":
        attendues = set()  # lecture 17: none asked of a collectivité that carries a post already
    if categorie == ASSOCIATION:
        attendues |= COMPTES
        if subventions == "153000.01":
            attendues.add("rapport_cac")

    assert obligatoires(cas) == attendues


@pytest.mark.parametrize(
    ("subventions", "exigence", "non_concerne"),
    [
        (None, Exigence.FACULTATIVE, False),
        ("152999.99", Exigence.FACULTATIVE, True),
        ("153000.00", Exigence.FACULTATIVE, True),
        ("153000.01", Exigence.OBLIGATOIRE, False),
    ],
)
def test_le_rapport_du_commissaire_est_du_au_dessus_du_seuil_seulement(subventions, exigence, non_concerne):
    [piece] = [p for p in pieces_attendues(situation(subventions=subventions)) if p.code == CodePiece.RAPPORT_CAC]

    assert (piece.exigence, piece.non_concerne_admis, piece.reference_admise) == (exigence, non_concerne, True)
    assert ("recevez plus de 153 000,00 €" in aplatir(piece.pourquoi)) == (exigence == Exigence.OBLIGATOIRE)


@pytest.mark.parametrize("categorie", [COLLECTIVITE, EPCI, EPA, AUTRE])
def test_le_commissaire_aux_comptes_n_est_demande_qu_aux_associations(categorie):
    assert "rapport_cac" not in {p.code for p in pieces_attendues(situation(categorie, subventions="900000.00"))}


@pytest.mark.parametrize(
    ("categorie", "avant_convention", "facultatives"),
    [
        (ASSOCIATION, {"rib"}, {"statuts", "rapport_cac", "libre"}),
        (COLLECTIVITE, {"rib", "deliberation"}, COMPTES | {"libre"}),
        (EPCI, {"rib", "deliberation"}, COMPTES | {"libre"}),
        (EPA, {"rib", "deliberation"}, COMPTES | {"libre"}),
        (AUTRE, {"rib"}, COMPTES | {"libre"}),
    ],
)
def test_rib_et_deliberation_ne_bloquent_que_la_convention(categorie, avant_convention, facultatives):
    cas = situation(categorie)

    assert codes(cas, Exigence.CONVENTION) == avant_convention
    assert codes(cas, Exigence.FACULTATIVE) == facultatives


def test_a_defaut_de_lettre_il_faut_l_attestation_et_le_rapport_ensemble():
    cas = situation(emergente=True, metiers="c")
    base = COMPTES

    assert [p.code for p in pieces_manquantes(cas, base)] == ["lettre_recommandation"]
    assert [p.code for p in pieces_manquantes(cas, base | {"attestation_competences"})] == ["lettre_recommandation"]
    assert [p.code for p in pieces_manquantes(cas, base | {"rapport_experience"})] == ["lettre_recommandation"]
    assert pieces_manquantes(cas, base | {"attestation_competences", "rapport_experience"}) == []
    assert pieces_manquantes(cas, base | {"lettre_recommandation"}) == []


def test_un_facilitateur_emergent_en_zone_blanche_peut_justifier_son_implantation():
    assert "implantation" in codes(situation(emergente=True, zone=True), Exigence.FACULTATIVE)
    assert "implantation" not in {p.code for p in pieces_attendues(situation(emergente=True, zone=False))}
    assert "implantation" not in {p.code for p in pieces_attendues(situation(emergente=True, zone=True, metiers="c"))}


@pytest.mark.parametrize(
    ("categorie", "emergente", "metiers", "zone"),
    list(product(Structure.Categorie, [True, False], ["", "f", "c", "cf"], [True, False])),
)
def test_chaque_piece_dit_pourquoi_et_d_ou_elle_vient_une_seule_fois(categorie, emergente, metiers, zone):
    pieces = pieces_attendues(situation(categorie, emergente=emergente, metiers=metiers, zone=zone))
    rangs = [list(Exigence).index(piece.exigence) for piece in pieces]

    assert len({piece.code for piece in pieces}) == len(pieces)
    assert all(piece.pourquoi and piece.source and piece.titre for piece in pieces)
    assert rangs == sorted(rangs)
    assert pieces[-1].code == CodePiece.LIBRE


def test_le_pouvoir_est_attendu_de_qui_signe_par_mandat_sans_arreter_le_depot():
    sans, avec = situation(), replace(situation(), signe_par_mandat=True)

    assert "pouvoir" not in {piece.code.value for piece in pieces_attendues(sans)}
    pouvoir = next(piece for piece in pieces_attendues(avec) if piece.code == CodePiece.POUVOIR)
    assert (pouvoir.exigence, pouvoir.source) == (Exigence.CONVENTION, "Cerfa n°12156*06, attestations")
    assert "pouvoir" not in {piece.code.value for piece in pieces_manquantes(avec, set())}


def test_le_dernier_exercice_clos_est_nomme_et_les_deux_precedents_bienvenus():
    cas = replace(situation(), exercice_clos=2021)
    pourquoi = {piece.code.value: aplatir(piece.pourquoi) for piece in pieces_attendues(cas)}

    for code in COMPTES:
        assert pourquoi[code] == (
            "Demandé à toute association. Dernier exercice clos : 2021 si vos comptes suivent l’année civile. "
            "Ceux de 2020 et de 2019 sont bienvenus."
        )
    certifie = replace(situation(subventions="153000.01"), exercice_clos=2021)
    [rapport] = [piece for piece in pieces_attendues(certifie) if piece.code == CodePiece.RAPPORT_CAC]
    assert "joignez le rapport de l’exercice 2021, ou donnez la référence" in aplatir(rapport.pourquoi)


def test_sans_savoir_les_subventions_recues_nul_ne_se_declare_non_concerne():
    [rapport] = [p for p in pieces_attendues(situation(subventions=None)) if p.code == CodePiece.RAPPORT_CAC]

    assert not rapport.non_concerne_admis
    assert "Indiquez d’abord, dans votre dossier, les subventions publiques reçues" in aplatir(rapport.pourquoi)


def test_chaque_piece_qui_se_redige_a_son_modele():
    assert {str(code) for code in AVEC_MODELE} == {
        "attestation_structure", "lettre_recommandation", "attestation_competences", "pouvoir", "deliberation",
    }  # fmt: skip
