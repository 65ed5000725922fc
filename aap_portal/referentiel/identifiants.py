"""Numbers that identify a body or an account, checked as the law and the banks define them."""

import re

from django.core.exceptions import ValidationError
from stdnum import iban as norme_iban
from stdnum.exceptions import ValidationError as NumeroInvalide
from stdnum.fr import siret as norme_siret


def compacter(texte):
    return re.sub(r"[\s.\-\u00a0\u202f]", "", texte or "").upper()


def valider_siret(valeur):
    """SIRET: 14 digits and their key, with the exception of La Poste."""
    try:
        norme_siret.validate(valeur)
    except NumeroInvalide:
        raise ValidationError(
            "Ce SIRET n’est pas valable : il compte 14 chiffres, dont le dernier est une clé de contrôle. "
            "Vous le trouverez sur l’avis de situation de l’Insee.",
            code="siret",
        ) from None


def valider_rna(valeur):
    """RNA: W and nine signs; overseas numbers carry a letter, so no département is ever tested."""
    if not re.fullmatch(r"W[0-9][A-Z0-9][0-9]{7}", valeur):
        raise ValidationError(
            "Ce numéro RNA n’est pas valable : il commence par W, suivi de neuf caractères (par exemple W9R1011072).",
            code="rna",
        )


def valider_iban(valeur):
    """IBAN: length and key of its country."""
    try:
        norme_iban.validate(valeur)
    except NumeroInvalide:
        raise ValidationError("Cet IBAN n’est pas valable : vérifiez-le sur votre RIB.", code="iban") from None


def masquer_iban(valeur):
    """« FR14 •••• 2606 »: enough to recognise an account, not to use it."""
    return f"{valeur[:4]} •••• {valeur[-4:]}" if valeur else ""
