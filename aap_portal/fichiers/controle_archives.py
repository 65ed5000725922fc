"""Inside of a docx, xlsx, odt or ods: an archive of XML parts. Imported by `controle.py`, in the child process only."""

import re
import zipfile
import zlib
from urllib.parse import unquote
from xml.parsers import expat

from controle import Refus

ENTREES_MAX = 2000
DEBALLE_MAX = 100 * 1024 * 1024
RATIO_MAX = 100
XML_ENTIER_MAX = 20 * 1024 * 1024  # a part that is read whole (relations, content types)

_OOXML = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
# Followed on a click, or after a question: not fetched by themselves.
_RELATIONS_INERTES = {"hyperlink", "externalLinkPath", "externalLinkLongPath", "xlExternalLinkPath"}
# A template kept on its author's own disk is what Word writes every day; one on a server is fetched at opening.
_DISTANT = re.compile(
    r"\s*(?:(?:https?|ftps?|smb|dav|davs|webdav|ms-\w+):|\\\\|//"
    r"|file:(?:\\\\|//(?![a-z]:)[^/\\]|/{4}|///\\))",
    re.IGNORECASE,
)
_PEUT_LANCER = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$|xl/externalLinks/[^/]+\.xml$",
    re.IGNORECASE,
)
_DDE = re.compile(r"(?:^|\n)\s*DDE(?:AUTO)?\b", re.IGNORECASE)  # at the head of a field: elsewhere it may be a name
_ODF_AUTOMATIQUES = re.compile(
    r"(?:^|:)(?:image|fill-image|background-image|object|object-ole|plugin|floating-frame|section-source|sound"
    r"|font-face-uri|applet)$"
)


def examiner(chemin):
    try:
        with zipfile.ZipFile(chemin) as archive:
            noms = _verifier_structure(archive)
            if "[Content_Types].xml" in noms:
                return _examiner_ooxml(archive, noms)
            if "mimetype" in noms:
                return _examiner_odf(archive, noms)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError, expat.ExpatError):
        raise Refus("illisible") from None
    raise Refus("type_inconnu")


def _verifier_structure(archive):
    """Number, names and sizes of the parts; each is really unpacked, so that its checksum is verified."""
    entrees = archive.infolist()
    noms = {entree.filename for entree in entrees}
    if len(entrees) > ENTREES_MAX:
        raise Refus("bombe")
    if len(noms) != len(entrees) or any(_nom_anormal(entree) for entree in entrees):
        raise Refus("piege")
    if any(entree.flag_bits & 0x1 for entree in entrees):
        raise Refus("chiffre")
    deballe = sum(entree.file_size for entree in entrees)
    emballe = archive.fp.seek(0, 2)
    if deballe > DEBALLE_MAX or deballe / emballe > RATIO_MAX:
        raise Refus("bombe")
    reste = DEBALLE_MAX
    for entree in entrees:
        with archive.open(entree) as part:
            while morceau := part.read(1 << 20):
                reste -= len(morceau)
                if reste < 0:
                    raise Refus("bombe")
    return noms


def _nom_anormal(entree):
    nom = entree.orig_filename
    return "\0" in nom or "\\" in nom or nom.startswith("/") or ":" in nom.split("/")[0] or ".." in nom.split("/")


def _examiner_ooxml(archive, noms):
    for nom in noms:
        if nom.lower().endswith((".xml", ".rels", ".vml")):
            _refuser_doctype(archive, nom)
    types = _types_de_contenu(archive)
    bas = {nom.lower() for nom in noms}
    if any("macroenabled" in type_.lower() or "vbaproject" in type_.lower() for type_ in types):
        raise Refus("macros")
    if any("vbaproject" in nom or "/macrosheets/" in nom or "/activex/" in nom for nom in bas):
        raise Refus("macros")
    for nom in noms:
        if nom.lower().endswith(".rels"):
            _verifier_relations(archive, nom)
        elif _PEUT_LANCER.match(nom):
            _refuser_dde_ooxml(archive, nom)
    trouvees = {_OOXML[type_] for type_ in types if type_ in _OOXML}
    if len(trouvees) != 1:
        raise Refus("type_inconnu")
    extension = trouvees.pop()
    principale = {"docx": "word/", "xlsx": "xl/"}[extension]
    if not any(nom.startswith(principale) for nom in noms):
        raise Refus("illisible")
    return {"extension": extension, "pages": None}


def _refuser_dde_ooxml(archive, nom):
    """A link that starts a program: an element of a workbook, or the code of a field, often cut in several runs."""
    code = []

    def ouvrir(balise, attributs):
        nom_local = balise.rpartition(":")[2]
        if nom_local == "ddeLink":
            raise Refus("dde")
        dans_un_code.append(nom_local == "instrText")
        if nom_local in {"fldChar", "fldSimple"}:
            code.append("\n" + next((v for cle, v in attributs.items() if cle.endswith(":instr")), ""))

    dans_un_code = [False]
    lecteur = _lecteur(ouvrir)
    lecteur.EndElementHandler = lambda _: dans_un_code.pop()
    lecteur.CharacterDataHandler = lambda texte: code.append(texte) if dans_un_code[-1] else None
    with archive.open(nom) as part:
        lecteur.ParseFile(part)
    if _DDE.search("".join(code)):
        raise Refus("dde")


def _types_de_contenu(archive):
    types = []
    _lire_xml(archive, "[Content_Types].xml", lambda _, attributs: types.append(attributs.get("ContentType", "")))
    return types


def _verifier_relations(archive, nom):
    def voir(balise, attributs):
        if attributs.get("TargetMode", "").lower() != "external":
            return
        nature = attributs.get("Type", "").rstrip("/").rpartition("/")[2]
        if nature not in _RELATIONS_INERTES and _est_distant(attributs.get("Target", "")):
            raise Refus("liens_externes")

    _lire_xml(archive, nom, voir)


def _est_distant(cible):
    return _DISTANT.match(unquote(cible)) is not None


def _examiner_odf(archive, noms):
    extension = _ODF.get(archive.read("mimetype")[:200].strip())
    if extension is None:
        raise Refus("type_inconnu")
    if not {"content.xml", "META-INF/manifest.xml"} <= noms:
        raise Refus("illisible")
    _refuser_chiffrement_odf(archive)
    if any(_est_macro_odf(nom) for nom in noms):
        raise Refus("macros")
    for nom in sorted({"content.xml", "styles.xml"} & noms):
        _refuser_doctype(archive, nom)
        _lire_xml(archive, nom, _refuser_contenu_distant)
    return {"extension": extension, "pages": None}


def _est_macro_odf(nom):
    if nom.startswith("Scripts/"):
        return not nom.endswith("/")
    # LibreOffice may write empty libraries: their lists are no macros, their modules are.
    return nom.startswith("Basic/") and nom.endswith(".xml") and not nom.endswith(("script-lc.xml", "script-lb.xml"))


def _refuser_chiffrement_odf(archive):
    def voir(balise, attributs):
        if balise.rpartition(":")[2] == "encryption-data":
            raise Refus("chiffre")

    _lire_xml(archive, "META-INF/manifest.xml", voir)


def _refuser_contenu_distant(balise, attributs):
    if balise.rpartition(":")[2] in {"dde-connection-decl", "dde-source", "dde-link"}:
        raise Refus("dde")
    if _ODF_AUTOMATIQUES.search(balise) and _est_distant(attributs.get("xlink:href", "")):
        raise Refus("liens_externes")


class _Racine(Exception):
    """The first element: what may come before it has been seen."""


def _refuser_doctype(archive, nom):
    """A DOCTYPE stands before the first element, in whatever encoding the part is written."""

    def doctype(*_):
        raise Refus("doctype")

    def racine(*_):
        raise _Racine

    lecteur = expat.ParserCreate()
    lecteur.StartDoctypeDeclHandler = doctype
    lecteur.StartElementHandler = racine
    try:
        with archive.open(nom) as part:
            lecteur.ParseFile(part)
    except (_Racine, expat.ExpatError):
        return


def _lire_xml(archive, nom, voir):
    """Call `voir(tag, attributes)` on each element; no entity is ever expanded from a DOCTYPE of the file."""
    if nom != "content.xml" and nom != "styles.xml" and archive.getinfo(nom).file_size > XML_ENTIER_MAX:
        raise Refus("bombe")

    with archive.open(nom) as part:
        _lecteur(voir).ParseFile(part)


def _lecteur(voir):
    def entite(*_):
        raise Refus("doctype")

    lecteur = expat.ParserCreate()
    lecteur.EntityDeclHandler = entite
    lecteur.StartElementHandler = voir
    return lecteur
