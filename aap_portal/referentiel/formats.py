"""How figures, dates and weights are written in French: pure functions, shared by pages, mails and PDFs."""

from datetime import UTC, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

INSECABLE = "\u00a0"
FINE = "\u202f"
MOINS = "\u2212"
ABSENT = "—"
_CENTIME = Decimal("0.01")
_MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_UNITES = ("ko", "Mo", "Go", "To")


def nombre(valeur, decimales=None):
    """« 12 345,5 »: the decimals that the value carries, or as many as asked, halves rounded up."""
    if valeur is None:
        return ABSENT
    valeur = Decimal(valeur)
    if decimales is not None:
        valeur = valeur.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    texte = f"{abs(valeur):,f}".replace(",", FINE).replace(".", ",")
    return f"{MOINS}{texte}" if valeur < 0 else texte


def euros(montant):
    """« 12 345,50 € »."""
    return ABSENT if montant is None else f"{nombre(montant, 2)}{INSECABLE}€"


def pourcentage(taux):
    """« 70 % » for 0.7, « 66,67 % » for two thirds."""
    if taux is None:
        return ABSENT
    pour_cent = (Decimal(taux) * 100).quantize(_CENTIME, rounding=ROUND_HALF_UP)
    decimales = 0 if pour_cent == pour_cent.to_integral_value() else 2
    return f"{nombre(pour_cent, decimales)}{INSECABLE}%"


def etp(quotite):
    """« 0,80 ETP »."""
    return ABSENT if quotite is None else f"{nombre(quotite, 2)}{INSECABLE}ETP"


def jour(date):
    """« 30 octobre 2022 », « 1er octobre 2022 »."""
    if date is None:
        return ABSENT
    quantieme = "1er" if date.day == 1 else date.day
    return f"{quantieme}{INSECABLE}{_MOIS[date.month - 1]} {date.year}"


def heure(instant_local):
    """« 23 h 59 », « 9 h »."""
    texte = f"{instant_local.hour}{INSECABLE}h"
    return f"{texte}{INSECABLE}{instant_local.minute:02}" if instant_local.minute else texte


def instant(quand, fuseau, libelle=""):
    """« 30 octobre 2022 à 23 h 59 (heure de Mayotte) »; the zone is said whenever it has a name."""
    if quand is None:
        return ABSENT
    local = quand.astimezone(ZoneInfo(str(fuseau)))
    texte = f"{jour(local)} à {heure(local)}"
    return f"{texte} ({libelle})" if libelle else texte


def cloture(quand, fuseau, libelle=""):
    """An excluded closing instant, as the last minute that is still open: midnight reads « 23 h 59 » of the day before."""
    return instant(quand and quand - timedelta(microseconds=1), fuseau, libelle)


def duree(ecart):
    """« 12 j 4 h », « 4 h 12 min », « 12 min »: the two largest units, rounded down."""
    minutes = int(ecart.total_seconds()) // 60
    heures, minutes = divmod(minutes, 60)
    jours, heures = divmod(heures, 24)
    parts = [(jours, "j"), (heures, "h"), (minutes, "min")]
    debut = next((rang for rang, (combien, _) in enumerate(parts) if combien), len(parts))
    gardees = [f"{combien}{INSECABLE}{unite}" for combien, unite in parts[debut : debut + 2] if combien]
    return " ".join(gardees) or "moins d’une minute"


def delai(quand, maintenant):
    """« dans 12 j 4 h » or « il y a 3 j 2 h »."""
    if quand is None:
        return ABSENT
    ecart = quand.astimezone(UTC) - maintenant.astimezone(UTC)
    return f"il y a {duree(-ecart)}" if ecart < timedelta(0) else f"dans {duree(ecart)}"


def siret(numero):
    """« 130 025 265 00013 »: the SIREN by threes, then the establishment; anything else is left as it is."""
    if len(numero) != 14:
        return numero
    return INSECABLE.join([numero[:3], numero[3:6], numero[6:9], numero[9:]])


def iban(numero):
    """« FR14 2004 1010 … »: by fours, as banks print it."""
    return INSECABLE.join(numero[rang : rang + 4] for rang in range(0, len(numero), 4))


def taille(octets):
    """« 1,2 Mo », « 340 ko », « 512 octets »; a Mo is 1 024 ko here, as in the limits of the settings."""
    if octets is None:
        return ABSENT
    if octets < 1024:
        return f"{octets}{INSECABLE}{'octet' if octets < 2 else 'octets'}"
    valeur = Decimal(octets)
    for rang, unite in enumerate(_UNITES):
        valeur /= 1024
        arrondie = valeur.quantize(Decimal(1) if rang == 0 else Decimal("0.1"), rounding=ROUND_HALF_UP)
        if arrondie < 1024 or unite == _UNITES[-1]:
            break
    decimales = 0 if arrondie == arrondie.to_integral_value() else 1
    return f"{nombre(arrondie, decimales)}{INSECABLE}{unite}"
