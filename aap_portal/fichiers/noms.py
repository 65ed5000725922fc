"""Names of files as people gave them, made safe to show, to store and to send back."""

import re
import unicodedata

NOM_MAX = 120
_INTERDITS = re.compile(r'[<>:"|?*&]+')  # refused by Windows, or meaningful in HTML
# Control characters, invisible ones (right-to-left override, zero width) and line separators.
_INVISIBLES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def nettoyer_nom(brut: str | None) -> str:
    """A name of one line without folder nor invisible character, at most `NOM_MAX` long, its extension kept."""
    nom = re.split(r"[/\\]", unicodedata.normalize("NFC", brut or ""))[-1]
    nom = re.sub(r"\s+", " ", nom)  # before the invisible ones go: a line feed parts two words
    nom = "".join(signe for signe in nom if unicodedata.category(signe) not in _INVISIBLES)
    nom = re.sub(r" +", " ", _INTERDITS.sub("_", nom)).lstrip(" ").rstrip(" .")
    racine, extension = couper(nom)
    if not racine.strip(" ."):
        return f"fichier.{extension}" if extension else "fichier"
    if not extension:
        return racine[:NOM_MAX].strip(" .") or "fichier"
    return f"{racine[: NOM_MAX - len(extension) - 1].rstrip(' .')}.{extension}"


def couper(nom: str) -> tuple[str, str]:
    """Stem and extension (lower case, without its dot); an extension has at most ten letters or digits."""
    if trouve := re.fullmatch(r"(.*)\.([A-Za-z0-9]{1,10})", nom.strip(), flags=re.DOTALL):
        return trouve[1].strip(" ."), trouve[2].lower()
    return nom, ""
