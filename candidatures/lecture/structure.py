"""What is read of the structure that asks, of those who carry the project with it, and of its human resources."""

from aap_portal.referentiel.formats import ABSENT, jour, siret

from .elements import Cellule, Reponse, Tableau, champ, champs_donnes, dire, majuscule


def structure(dossier):
    objet, association = dossier.structure, dossier.structure.est_association
    reponses = [*identite(objet), *(_relations(objet) if association else []), *contact(dossier)]
    if association:
        reponses.append(champ(dossier, "subventions_publiques"))
    tableaux = [moyens_humains(dossier), agrements(objet) if association else None, partenaires(dossier)]
    return [*reponses, champ(dossier, "presentation")], [tableau for tableau in tableaux if tableau]


def _relations(objet):
    return [*administration(objet), *reseaux(objet)]


def identite(objet):
    sigle = f" ({objet.sigle})" if objet.sigle else ""
    reponses = [
        Reponse("Dénomination", f"{objet.denomination}{sigle}"),
        Reponse("SIRET", siret(objet.siret)),
        *(champs_donnes(objet, "rna", "recepisse_prefecture") if objet.est_association else []),
        Reponse("Statut juridique", objet.get_categorie_display()),
        Reponse("Situation", objet.get_situation_display()),
        Reponse("Siège", f"{objet.adresse}, {objet.code_postal} {objet.ville}"),
    ]
    if objet.correspondance:
        reponses.append(Reponse("Adresse de correspondance", objet.correspondance))
    return [
        *reponses,
        *champs_donnes(objet, "site_web"),
        Reponse("Représentant légal", f"{objet.representant}, {objet.representant_qualite}"),
        *champs_donnes(objet, "representant_telephone", "representant_courriel"),
    ]


def administration(objet):
    reponses = [champ(objet, "utilite_publique"), champ(objet, "assujettie_impots")]
    if objet.utilite_publique and objet.utilite_publique_le:
        reponses[0] = Reponse(reponses[0].question, f"Oui, Journal officiel du {jour(objet.utilite_publique_le)}")
    return reponses


def reseaux(objet):
    return champs_donnes(objet, "reseaux", "adherents_personnes_morales")


def contact(dossier):
    return [
        champ(dossier, "contact_nom"),
        *champs_donnes(dossier, "contact_fonction"),
        champ(dossier, "contact_courriel", "Courriel de cette personne"),
        *champs_donnes(dossier, "contact_telephone"),
    ]


_HUMAINS = ["salaries", "salaries_etp", "emplois_aides", "mis_a_disposition"]
_HUMAINS_ASSOCIATION = ["benevoles", "volontaires", "adherentes", "adherents"]


def moyens_humains(dossier):
    noms = [*(_HUMAINS_ASSOCIATION[:2] * dossier.structure.est_association), *_HUMAINS]
    noms += _HUMAINS_ASSOCIATION[2:] * dossier.structure.est_association
    if not any(dire(dossier, nom) for nom in noms):
        return None
    lignes = tuple(
        (
            Cellule(majuscule(dossier._meta.get_field(nom).verbose_name)),
            Cellule(dire(dossier, nom) or ABSENT, nombre=True),
        )
        for nom in noms
    )
    annee = dossier.campagne.annee - 1
    return Tableau(f"Moyens humains au 31 décembre {annee}", (("Personnes", False), ("Nombre", True)), lignes)


def agrements(objet):
    lignes = tuple(
        (Cellule(agrement.type), Cellule(agrement.attribue_par or ABSENT), Cellule(jour(agrement.attribue_le)))
        for agrement in objet.agrements.all()
    )
    colonnes = (("Agrément", False), ("Attribué par", False), ("En date du", False))
    return Tableau("Agréments", colonnes, lignes) if lignes else None


def partenaires(dossier):
    lignes = tuple(
        (
            Cellule(partenaire.denomination),
            Cellule(siret(partenaire.siret)),
            Cellule(partenaire.role),
            Cellule(partenaire.contact or ABSENT),
        )
        for partenaire in dossier.partenaires.all()
    )
    colonnes = (("Partenaire", False), ("SIRET", False), ("Rôle et apport", False), ("Contact", False))
    return Tableau(f"Projet commun, dont {dossier.structure} est chef de file", colonnes, lignes) if lignes else None
