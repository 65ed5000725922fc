"""Section « pièces »: the checklist of Annexe 2, and each piece given or withdrawn on its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.fichiers.models import TropDEnvois
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

from ..droits import exiger_redacteur
from ..forms.pieces import EnvoiForm, FichiersForm, ReferenceForm
from ..forms.saisie import lire_saisie
from ..lecture import lire_rubrique
from ..liste_pieces import lister
from ..modeles_pieces import AVEC_MODELE, FORMATS, rediger
from ..models import PieceJustificative
from ..versement import commencer_envoi, declarer, envois_inacheves, retirer, verser
from .acces import contexte, dossier_visible
from .rubriques import page_de_rubrique


@require_safe
def pieces(request, numero):
    dossier = dossier_visible(request, numero)
    page = page_de_rubrique(request, dossier, "pieces")
    if not page["peut_joindre"]:
        return render(request, "candidatures/rubrique_lue.html", page | {"section": lire_rubrique(dossier, "pieces")})
    saisie = saisie_a_reprendre(request) or {}
    return _page(request, dossier, page, reference=(saisie.get("code", ""), saisie.get("reference", "")))


@require_safe
def pieces_resume(request, numero):
    """How many are given: read again each time that one comes or goes."""
    dossier = dossier_visible(request, numero)
    return render(request, "candidatures/_pieces_resume.html", contexte(request, dossier) | {"liste": lister(dossier)})


@require_POST
def piece_deposer(request, numero, code):
    dossier, carte = _carte_modifiable(request, numero, code)
    form = FichiersForm(request.POST, {"fichiers": request.FILES.getlist("fichiers")}, carte=carte)
    if not form.is_valid():
        return _repondre(request, dossier, code, obstacles=[Obstacle("fichier", e) for e in _phrases(form)])
    versement = verser(
        dossier,
        carte.attendue,
        form.cleaned_data["fichiers"],
        par=request.user,
        envois=form.cleaned_data["envois"],
        remplacer=form.cleaned_data.get("remplacer", False),
    )
    faits = [f"« {piece.fichier.nom} » est ajouté." for piece in versement.ajoutees] + versement.remarques
    return _repondre(request, dossier, code, faits=faits, obstacles=versement.obstacles)


@require_POST
def piece_televerser(request, numero, code):
    """Begin the upload of one file by pieces, or learn where it stopped."""
    dossier, carte = _carte_modifiable(request, numero, code)
    form = EnvoiForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"erreur": "Ce fichier n’a pas été compris : choisissez-le à nouveau."}, status=422)
    try:
        envoi = commencer_envoi(dossier, carte.attendue, par=request.user, **form.cleaned_data)
    except TropDEnvois:
        return JsonResponse({"erreur": "Trop d’envois à la fois : attendez dix minutes, puis reprenez."}, status=429)
    return JsonResponse(envoi.etat)


@require_safe
def piece_modele(request, numero, code, format):
    """A model of the piece, filled in with what the dossier knows."""
    dossier = dossier_visible(request, numero)
    if code not in AVEC_MODELE or format not in FORMATS:
        raise Http404
    reponse = HttpResponse(rediger(dossier, code, format), content_type=FORMATS[format])
    reponse["Content-Disposition"] = f'attachment; filename="{code.replace("_", "-")}.{format}"'
    return reponse


@require_POST
def piece_declarer(request, numero, code):
    """A reference, or « non concerné » with its own button."""
    dossier, carte = _carte_modifiable(request, numero, code)
    saisie = lire_saisie(request)
    non_concerne = "non_concerne" in saisie
    form = ReferenceForm(saisie, carte=carte)
    if not non_concerne and not form.is_valid():
        obstacles = [Obstacle("reference", e, champ=f"id_{code}_reference") for e in _phrases(form)]
        return _repondre(request, dossier, code, obstacles=obstacles, reference=saisie.get("reference", ""))
    reference = "" if non_concerne else form.cleaned_data["reference"]
    try:
        declarer(dossier, carte.attendue, par=request.user, reference=reference, non_concerne=non_concerne)
    except ErreurMetier as erreur:
        return _repondre(request, dossier, code, obstacles=erreur.obstacles, reference=reference)
    fait = "Vous êtes déclaré non concerné." if non_concerne else "La référence est enregistrée."
    return _repondre(request, dossier, code, faits=[fait])


@require_POST
def piece_retirer(request, numero, pk):
    dossier = dossier_visible(request, numero)
    _exiger_modifiable(request, dossier)
    piece = get_object_or_404(PieceJustificative.objects.en_vigueur(), pk=pk, dossier=dossier)
    try:
        retirer(piece, dossier)
    except ErreurMetier as erreur:
        return _repondre(request, dossier, piece.code, obstacles=erreur.obstacles)
    quoi = f"« {piece.fichier.nom} »" if piece.fichier else f"« {piece} »"
    return _repondre(request, dossier, piece.code, faits=[f"{quoi} est retiré."])


def _carte_modifiable(request, numero, code):
    dossier = dossier_visible(request, numero)
    _exiger_modifiable(request, dossier)
    for carte in lister(dossier).cartes:
        if carte.attendue.code == code:
            _exiger_ouverte(dossier, carte.attendue)
            return dossier, carte
    raise Http404


def _exiger_modifiable(request, dossier):
    exiger_redacteur(request.user, dossier)
    if not dossier.prend_des_pieces:
        raise PermissionDenied("Ce dossier est déposé : ses pièces ne peuvent plus être changées.")


def _exiger_ouverte(dossier, attendue):
    if not dossier.ouvre_piece(attendue):
        raise PermissionDenied(
            "Ce dossier est déposé\u00a0: seules les pièces demandées, et celles de la convention, peuvent encore être données."
        )


def _repondre(request, dossier, code, *, faits=(), obstacles=(), reference=""):
    """The card again for htmx; otherwise the page, at the card's place."""
    if obstacles or request.htmx:
        dossier = dossier_visible(request, dossier.numero)
    statut = 422 if obstacles else 200
    if request.htmx:
        cartes = _cartes(request, dossier, code, faits, obstacles, reference)
        reponse = render(request, "candidatures/_pieces_cartes.html", cartes, status=statut)
        reponse["HX-Trigger"] = "piecesChangees"
        return reponse
    if obstacles:
        situees = [Obstacle(o.code, o.message, o.champ or f"piece-{code}", "", o.reference) for o in obstacles]
        page = page_de_rubrique(request, dossier, "pieces") | {"obstacles": situees, "faits": faits}
        return _page(request, dossier, page, reference=(code, reference), statut=statut)
    for fait in faits:
        messages.success(request, fait)
    return redirect(f"{reverse('candidatures:pieces', args=[dossier.numero])}#piece-{code}")


def _page(request, dossier, page, *, reference=("", ""), statut=200):
    liste, inacheves = lister(dossier), envois_inacheves(dossier, request.user)
    groupes = [
        (titre, [_habiller(carte, inacheves, *reference) for carte in cartes]) for titre, cartes in liste.groupes
    ]
    return render(request, "candidatures/pieces.html", page | {"liste": liste, "groupes": groupes}, status=statut)


def _cartes(request, dossier, code, faits, obstacles, reference):
    liste = lister(dossier)
    inacheves = envois_inacheves(dossier, request.user)
    habillees = [_habiller(carte, inacheves, code, reference) for carte in liste.autour_de(code)]
    principale = next((h for h in habillees if h["carte"].attendue.code == code), None)
    autres = [h for h in habillees if h is not principale]
    page = contexte(request, dossier) | {"liste": liste, "principale": principale, "autres": autres, "code": code}
    return page | {"faits": faits, "obstacles": obstacles}


def _habiller(carte, inacheves, code="", reference=""):
    """A card and its forms; what was typed of a reference comes back in its own card."""
    initial = {"reference": reference if carte.attendue.code == code else ""}
    return {
        "carte": carte,
        "inacheves": inacheves.get(carte.attendue.code, []),
        "form": FichiersForm(carte=carte),
        "form_reference": ReferenceForm(initial=initial, carte=carte) if carte.attendue.reference_admise else None,
    }


def _phrases(form):
    return [erreur for erreurs in form.errors.values() for erreur in erreurs]
