"""A draft that starts from another dossier of the same structure: what is taken, what is not, what must be looked at again.

Never taken: the pieces, which belong to an exercice, and the attestations, which bind who gives them each time. What is
dated (staff on 31 December, last closed exercice, dates of the project) is taken within one campaign year only.
"""

from django.db import transaction

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import FinancementPoste, LignePoste, Nature, Source
from aap_portal.referentiel.plafonds import ZERO

from .etapes import etat_public
from .models import Dossier
from .models.reponses import MOYENS_HUMAINS
from .rubriques import PAR_CODE, RUBRIQUES

_JAMAIS = {"frequence", "aides_publiques", "qualite_signataire", "mandataire_nom", "mandataire_fonction"}
_DATEES = {"subventions_publiques", "realisation_debut_le", "realisation_fin_le", *MOYENS_HUMAINS}
_TABLES = ("lignes_budget", "volumes", "projections", "partenaires")
_accordes = []


def declarer_accorde(fonction):
    """`fonction(dossier)` gives {id of a LignePoste: euros} granted by a decision that the structure knows; the COPIL's room
    declares it."""
    _accordes.append(fonction)
    return fonction


def precedents(dossier):
    """The structure's other dossiers, the last one first."""
    return (
        Dossier.objects.filter(structure=dossier.structure_id)
        .exclude(pk=dossier.pk)
        .select_related("campagne__service", "structure")
        .order_by("-pk")
    )


def est_vierge(dossier):
    """Nothing is typed yet: a draft may still start from another dossier."""
    if dossier.plan.lignes.all() or dossier.pieces.all():
        return False
    if any(getattr(dossier, champ) for champ in dossier.champs_reponses() if champ != "frequence"):
        return False
    return not any(getattr(dossier, table).all() for table in _TABLES)


def reprendre(dossier, source, *, par):
    """Fill an empty draft from `source`. Raises ErreurMetier when it is no draft, or no longer empty."""
    with transaction.atomic():
        dossier = Dossier.objects.en_redaction(dossier.pk)
        if source.structure_id != dossier.structure_id or source.pk == dossier.pk:
            raise ErreurMetier.simple("source", "Choisissez un autre dossier de la même structure.")
        if not est_vierge(dossier):
            raise ErreurMetier.simple(
                "pas_vierge", "Ce dossier contient déjà des réponses : elles ne peuvent pas être remplacées d’un coup."
            )
        _reponses(dossier, source)
        dossier.repris_de, dossier._history_user = source, par
        dossier.save()
        for table in _TABLES:
            for ligne in getattr(source, table).all():
                ligne.pk, ligne.dossier, ligne._state.adding = None, dossier, True
                ligne.save()
        _postes(dossier, source)
        dossier.horodater()
    return dossier


def _reponses(dossier, source):
    exclues = _JAMAIS | (set() if _meme_annee(dossier, source) else _DATEES)
    for champ in dossier.champs_reponses():
        if champ not in exclues and not champ.startswith("atteste_"):
            setattr(dossier, champ, getattr(source, champ))


def _meme_annee(dossier, source):
    return dossier.campagne.annee == source.campagne.annee


def est_accorde(source):
    return etat_public(source) == Dossier.Etat.ACCEPTE


def _postes(dossier, source):
    """The same durable posts. One that was granted exists now; the others are asked for again, as they were."""
    accorde = est_accorde(source)
    montants = {ligne: montant for fonction in _accordes for ligne, montant in fonction(source).items()}
    for ligne in source.plan.lignes.select_related("poste").prefetch_related("financements"):
        devient_existant = accorde and ligne.est_demandee
        neuve = LignePoste.objects.create(
            plan=dossier.plan,
            poste=ligne.poste,
            nature=Nature.EXISTANT if devient_existant else ligne.nature,
            quotite_avant=ligne.quotite_apres if devient_existant else ligne.quotite_avant,
            quotite_apres=ligne.quotite_apres,
            cout_annuel=ligne.cout_annuel,
        )
        if devient_existant:
            sources = _presentes(ligne, montants.get(ligne.pk), source.campagne.annee, dossier.campagne.annee)
        else:
            sources = _demandees(ligne, dossier.campagne.annee, memes=_meme_annee(dossier, source))
        for valeurs in sources:
            FinancementPoste.objects.create(ligne=neuve, **valeurs)


def _presentes(ligne, accorde, annee_accordee, annee):
    """Last year's funding of a post granted last year: what the State granted, and the others as they were planned."""
    if accorde is None or annee_accordee != annee - 1:
        return
    if accorde > ZERO:
        nom = f"Appel à projets {annee_accordee}"
        yield _financement(Source.ETAT_AUTRE, nom, annee_accordee, accorde, FinancementPoste.Etat.ACQUIS)
    for financement in ligne.financements.all():
        if financement.source != Source.AAP:
            yield _financement(
                financement.source, financement.precision, annee_accordee, financement.montant, financement.etat
            )


def _demandees(ligne, annee, *, memes):
    """As asked; the years that the new request does not show are left out, what was acquired then is asked for again."""
    for financement in ligne.financements.all():
        if financement.annee is None:
            etat = financement.etat if memes else FinancementPoste.Etat.SOLLICITE
            yield _financement(financement.source, financement.precision, None, financement.montant, etat)
        elif financement.annee in (annee - 1, annee):
            yield _financement(
                financement.source, financement.precision, financement.annee, financement.montant, financement.etat
            )


def _financement(source, precision, annee, montant, etat):
    return {"source": source, "precision": precision, "annee": annee, "montant": montant, "etat": etat}


def a_revoir(dossier):
    """What to look at again in a draft that started from another dossier: (link to the section, sentence)."""
    source = dossier.repris_de
    if source is None:
        return []
    points = [("pieces", "Les pièces n’ont pas été reprises : donnez celles du dernier exercice clos.")]
    if not _meme_annee(dossier, source):
        points.insert(
            0, ("structure", "Les moyens humains et les montants du dernier exercice sont à saisir de nouveau.")
        )
        points.append(("missions", "Les volumes « aujourd’hui » sont ceux du dossier repris : mettez-les à jour."))
        points.append(("budgets", "Les budgets et la projection sont ceux du dossier repris : mettez-les à jour."))
    if est_accorde(source):
        points.append(
            (
                "postes",
                "Les postes accordés sont repris comme existants : demandez leur consolidation si c’est votre projet.",
            )
        )
        points.append(
            ("plan", "Leur financement présent est celui de la décision et du plan d’alors : vérifiez chaque année.")
        )
    points.append(("attestations", "Les attestations sont à donner de nouveau."))
    ordre = [rubrique.code for rubrique in RUBRIQUES]
    return [
        (PAR_CODE[code].lien(dossier), phrase)
        for code, phrase in sorted(points, key=lambda point: ordre.index(point[0]))
    ]
