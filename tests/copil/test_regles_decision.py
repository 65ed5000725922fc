from decimal import Decimal

import pytest

from aap_portal.referentiel.plafonds import Ligne, Taux
from copil.decision import Accord, maximum_accordable, obstacles_aux_montants

TAUX = Taux(Decimal("0.70"))
TAUX_COLLECTIVITE = Taux(Decimal("0.80"), Decimal("0.80"))


def ligne(subvention="28000.00", cle="1", autre_etat="0.00"):
    sources = {"aap": Decimal(subvention), "etat_autre": Decimal(autre_etat)}
    return Ligne(
        cle, "Facilitatrice Sud", "creation", Decimal("0.00"), Decimal("1.00"), Decimal("40000.00"), 12, sources
    )


def refus(montant, etp, demande=None, taux=TAUX):
    demande = demande or ligne()
    obstacles = obstacles_aux_montants([demande], {"1": Accord(Decimal(montant), Decimal(etp))}, taux)
    return [(o.code, o.champ) for o in obstacles]


@pytest.mark.parametrize(("montant", "etp"), [("28000.00", "1.00"), ("0.01", "0.01"), ("14000.00", "0.50")])
def test_un_montant_dans_la_demande_et_dans_le_plafond_des_etp_accordes_passe(montant, etp):
    assert refus(montant, etp) == []


@pytest.mark.parametrize(
    ("montant", "etp", "attendu"),
    [
        ("28000.01", "1.00", [("montant_demande", "montant_1")]),
        ("28000.00", "1.01", [("etp_demande", "etp_1")]),
        ("14000.01", "0.50", [("plafond", "montant_1")]),
        ("28000.00", "0.00", [("montant_sans_etp", "etp_1")]),
        ("0.00", "1.00", [("montant_sans_etp", "montant_1")]),
        ("0.00", "0.00", [("rien_accorde", "sens")]),
    ],
)
def test_un_cran_au_dessus_est_refuse_sur_le_bon_champ(montant, etp, attendu):
    assert refus(montant, etp) == attendu


def test_une_demande_au_dessus_du_plafond_est_ramenee_au_plafond_du_poste():
    trop = ligne(subvention="30000.00")

    assert maximum_accordable(trop, TAUX, Decimal("1.00")) == Decimal("28000.00")
    assert refus("28000.00", "1.00", trop) == []
    assert refus("28000.01", "1.00", trop) == [("plafond", "montant_1")]


def test_pour_une_collectivite_les_autres_aides_de_l_etat_comptent_dans_le_plafond():
    aidee = ligne(subvention="32000.00", autre_etat="2000.00")

    assert refus("30000.00", "1.00", aidee, TAUX_COLLECTIVITE) == []
    assert refus("30000.01", "1.00", aidee, TAUX_COLLECTIVITE) == [("plafond", "montant_1")]


def test_la_phrase_donne_le_chiffre_la_regle_et_ce_qui_convient():
    obstacle = obstacles_aux_montants([ligne()], {"1": Accord(Decimal("14000.01"), Decimal("0.50"))}, TAUX)[0]

    assert " ".join(obstacle.message.split()) == (
        "« Facilitatrice Sud » : 14 000,01 € accordés, au plus 14 000,00 € possibles pour 0,50 ETP "
        "(plafond de 70 % de 20 000,00 €). Baissez le montant de 0,01 €."
    )


def test_un_poste_non_retenu_n_empeche_pas_d_accorder_l_autre():
    lignes = [ligne(), ligne(cle="2")]

    assert obstacles_aux_montants(lignes, {"2": Accord(Decimal("28000.00"), Decimal("1.00"))}, TAUX) == []
