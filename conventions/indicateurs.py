"""Indicators that a convention sets targets for, by métier (AAP 2022, D.1)."""

from dataclasses import dataclass

from aap_portal.referentiel.models import Metier


@dataclass(frozen=True)
class Indicateur:
    code: str
    metier: str
    libelle: str
    unite: str

    @property
    def cle(self):
        return f"{self.metier}_{self.code}"


INDICATEURS = (
    Indicateur("heures_degagees", Metier.FACILITATEUR, "Heures d’insertion dégagées par le poste financé", "heures"),
    Indicateur(
        "contacts_acheteurs", Metier.FACILITATEUR, "Prises de contact auprès d’acheteurs du territoire", "contacts"
    ),
    Indicateur("marches_accompagnes", Metier.FACILITATEUR, "Marchés accompagnés", "marchés"),
    Indicateur("sollicitations", Metier.COORDINATEUR, "Sollicitations répondues", "sollicitations"),
    Indicateur("mises_en_relation", Metier.COORDINATEUR, "Mises en relation effectuées", "mises en relation"),
    Indicateur("marches_accompagnes", Metier.COORDINATEUR, "Marchés accompagnés", "marchés"),
)
PAR_CLE = {indicateur.cle: indicateur for indicateur in INDICATEURS}


def indicateurs_de(metiers):
    """Indicators that concern these métiers, in the order of the text."""
    return [indicateur for indicateur in INDICATEURS if indicateur.metier in metiers]
