"""Why a file is refused, said to the person who chose it: the file, what is wrong, the cure."""

from .controle import PIXELS_MAX

_LIBELLES = {
    "pdf": "un document PDF",
    "jpg": "une image JPEG",
    "jpeg": "une image JPEG",
    "png": "une image PNG",
    "docx": "un document Word (.docx)",
    "xlsx": "un classeur Excel (.xlsx)",
    "odt": "un texte OpenDocument (.odt)",
    "ods": "un classeur OpenDocument (.ods)",
}
_ACCEPTES = "PDF, JPG, PNG, DOCX, XLSX, ODT ou ODS"
_EN_PDF = "enregistrez-le au format PDF, puis déposez ce PDF"

_PHRASES = {
    "vide": "est vide\u00a0: vérifiez qu’il s’ouvre sur votre ordinateur, puis déposez-le à nouveau.",
    "trop_gros": "dépasse {max_mo}\u00a0Mo\u00a0: réduisez-le (numérisation en 150\u00a0points par pouce, par exemple) "
    "ou partagez-le en plusieurs fichiers.",
    "extension": "est d’un type que le portail ne reçoit pas\u00a0: déposez un fichier " + _ACCEPTES + ".",
    "type_inconnu": "n’a pas le contenu d’un fichier " + _ACCEPTES + "\u00a0: ouvrez-le avec le logiciel qui l’a "
    "produit et enregistrez-le au format PDF, puis déposez ce PDF.",
    "type_different": "porte l’extension .{extension} mais contient {trouvee_libelle}\u00a0: donnez-lui l’extension "
    ".{trouvee}, puis déposez-le à nouveau.",
    "heic": "est une photo au format HEIC\u00a0: sur iPhone, choisissez Réglages, Appareil photo, Formats, «\u00a0Le plus "
    "compatible\u00a0», ou envoyez-vous la photo par courriel pour l’obtenir en JPG.",
    "ancien_format": "est dans un ancien format de Word ou d’Excel (.doc, .xls)\u00a0: enregistrez-le en .docx, en .xlsx "
    "ou en PDF, puis déposez-le à nouveau.",
    "chiffre": "est protégé par un mot de passe\u00a0: ouvrez-le, retirez le mot de passe (ou imprimez-le au format "
    "PDF), puis déposez-le à nouveau.",
    "illisible": "ne s’ouvre pas\u00a0: il est incomplet ou endommagé. Vérifiez qu’il s’ouvre sur votre ordinateur, "
    + _EN_PDF
    + ".",
    "tronque": "est incomplet\u00a0: sa fin manque, sans doute à cause d’un transfert interrompu. Copiez-le ou "
    "numérisez-le à nouveau, puis déposez-le.",
    "macros": "contient des macros\u00a0: enregistrez-le sans macros (.docx, .xlsx, .odt ou .ods) ou au format PDF, "
    "puis déposez-le à nouveau.",
    "dde": "contient un lien qui lance un programme (DDE)\u00a0: " + _EN_PDF + ".",
    "liens_externes": "va chercher une partie de son contenu sur un autre ordinateur (modèle ou image liés)\u00a0: "
    + _EN_PDF
    + ".",
    "doctype": "contient une déclaration que les logiciels de bureautique n’écrivent pas (DOCTYPE)\u00a0: "
    + _EN_PDF
    + ".",
    "bombe": "occupe une place démesurée une fois décompressé\u00a0: " + _EN_PDF + ".",
    "image_trop_grande": "compte trop de points ({pixels_max}\u00a0millions au plus)\u00a0: réduisez les dimensions de "
    "l’image, puis déposez-la à nouveau.",
    "piege": "mélange plusieurs types de contenu ou porte des noms internes anormaux\u00a0: " + _EN_PDF + ".",
    "trop_long": "est trop complexe pour être vérifié\u00a0: simplifiez-le ou imprimez-le au format PDF, puis déposez "
    "ce PDF.",
    "rangement": "n’a pas pu être enregistré par le portail\u00a0: rien n’est perdu de votre saisie, déposez-le à "
    "nouveau dans quelques minutes.",
    "controle": "n’a pas pu être vérifié par le portail\u00a0: déposez-le à nouveau dans quelques minutes\u00a0; si le refus "
    "persiste, signalez-le au service instructeur.",
}


def phrase(code, nom, **details):
    """The sentence of a refusal, for the file shown as `nom`."""
    valeurs = {
        **details,
        "max_mo": details.get("max", 0) // (1024 * 1024),
        "trouvee_libelle": _LIBELLES.get(details.get("trouvee", ""), ""),
        "pixels_max": PIXELS_MAX // 1_000_000,
    }
    return f"Le fichier «\u00a0{nom}\u00a0» {_PHRASES[code].format(**valeurs)}"
