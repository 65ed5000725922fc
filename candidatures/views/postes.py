"""Section « postes »: the posts asked for, their quota, their cost and the communes that they cover."""

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from aap_portal.comptes.sessions import saisie_a_reprendre, veut_quelques_mots
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import LignePoste

from ..droits import exiger_redacteur
from ..forms.postes import PosteForm, nouvelle_ligne, postes_a_reprendre, retirer_ligne
from ..forms.saisie import lire_saisie, par_bribes
from ..lecture import lire_rubrique
from ..models import Dossier
from ..plan import PosteMesure, mesurer
from ..rubriques import PAR_CODE
from ..verification import verifier_rubrique
from .acces import contexte, dossier_visible
from .enregistrement import ce_qui_refuse, enregistre, refuse
from .rubriques import page_de_rubrique

_UN_ENVOI = 3600  # seconds during which the same page sent twice adds one post


@require_http_methods(["GET", "HEAD"])
def postes(request, numero):
    dossier = dossier_visible(request, numero)
    page = page_de_rubrique(request, dossier, "postes")
    if not page["peut_rediger"]:
        return render(request, "candidatures/rubrique_lue.html", page | {"section": lire_rubrique(dossier, "postes")})
    mesures = mesurer(dossier)
    page |= {
        "demandes": [poste for poste in mesures if poste.mesure],
        "existants": [poste for poste in mesures if not poste.mesure],
        "a_reprendre": postes_a_reprendre(dossier),
        "constat": dossier.constat,
        "manques": verifier_rubrique(dossier, "postes"),
    }
    return render(request, "candidatures/postes.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def poste_ajouter(request, numero):
    """A new post, or with `?poste=` one that the structure has already."""
    dossier = _en_redaction(request, numero)
    if request.method == "POST":
        return _enregistrer(request, dossier, lambda: _ligne_a_ajouter(request, dossier))
    return _formulaire(
        request, dossier, PosteForm(saisie_a_reprendre(request), dossier=dossier, instance=_nouvelle(request, dossier))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def poste_modifier(request, numero, pk):
    dossier = _en_redaction(request, numero)
    if request.method == "POST":
        return _enregistrer(request, dossier, lambda: _ligne(dossier, pk))
    return _formulaire(
        request, dossier, PosteForm(saisie_a_reprendre(request), dossier=dossier, instance=_ligne(dossier, pk))
    )


@require_POST
def poste_calcul(request, numero, pk=None):
    """Base and highest grant of the post being typed; writes nothing."""
    dossier = _en_redaction(request, numero)
    ligne = _ligne(dossier, pk) if pk else nouvelle_ligne(dossier)
    form = PosteForm(request.POST, dossier=dossier, instance=ligne)
    return render(request, "candidatures/_poste_calcul.html", _calcul(form) | {"hors_page": True})


@require_http_methods(["GET", "HEAD", "POST"])
def poste_retirer(request, numero, pk):
    dossier = _en_redaction(request, numero)
    ligne = _ligne(dossier, pk)
    retour = reverse("candidatures:postes", args=[dossier.numero])
    if request.method == "POST":
        try:
            retirer_ligne(ligne, dossier)
        except ErreurMetier as erreur:
            messages.error(request, str(erreur))
        else:
            messages.success(request, f"« {ligne.poste.intitule} » est retiré de la demande.")
        return redirect(retour)
    page = {
        "titre": f"Retirer « {ligne.poste.intitule} » de la demande ?",
        "texte": "Sa quotité, son coût et ses financements seront effacés de ce dossier.",
        "bouton": "Retirer ce poste",
        "retour": retour,
        "danger": True,
        "service": dossier.campagne.service,
    }
    return render(request, "cadre/confirmation.html", page)


def _formulaire(request, dossier, form, statut=200, obstacles=()):
    page = contexte(request, dossier) | _calcul(form)
    page |= {
        "form": form,
        "obstacles": obstacles,
        "rubrique": PAR_CODE["postes"],
        "envoi": request.POST.get("envoi") or uuid.uuid4(),
        "repris": request.GET.get("poste", ""),
    }
    return render(request, "candidatures/poste.html", page, status=statut)


def _enregistrer(request, dossier, trouver):
    """`trouver()` gives the line, once the dossier is locked."""
    try:
        with transaction.atomic():
            verrouille = Dossier.objects.en_redaction(dossier.pk, objet="rubrique:postes")
            form = PosteForm(lire_saisie(request), dossier=verrouille, instance=trouver())
            if ecrit := form.ecrire(verrouille, par=request.user, partielle=par_bribes(request)):
                cache.set(_envoi(request, dossier), form.instance.pk, _UN_ENVOI)
    except ErreurMetier as erreur:
        if veut_quelques_mots(request):
            return refuse(str(erreur), fin=True)
        form = PosteForm(lire_saisie(request), dossier=dossier, instance=trouver())
        return _formulaire(request, dossier, form, statut=422, obstacles=erreur.obstacles)
    if not ecrit:
        if veut_quelques_mots(request):
            return refuse(ce_qui_refuse(form))
        return _formulaire(request, dossier, form, statut=422)
    if form.effaces:
        messages.warning(request, _EFFACES)
    return enregistre(request, verrouille, form, reverse("candidatures:postes", args=[dossier.numero]))


_EFFACES = (
    "La demande a changé de nature : les financements saisis pour ce poste sont effacés, "
    "reprenez-les dans le plan de financement."
)


def _envoi(request, dossier):
    return f"poste-{dossier.pk}-{slugify(request.POST.get('envoi') or uuid.uuid4())[:40]}"


def _ligne_a_ajouter(request, dossier):
    """A new line; the one that this very page added already, when its answer was lost on the way."""
    ajoutee = LignePoste.objects.select_related("poste").filter(plan=dossier.plan_id)
    return ajoutee.filter(pk=cache.get(_envoi(request, dossier))).first() or _nouvelle(request, dossier)


def _nouvelle(request, dossier):
    poste = None
    if choisi := request.GET.get("poste"):
        poste = get_object_or_404(postes_a_reprendre(dossier), pk=_entier(choisi))
    return nouvelle_ligne(dossier, poste)


def _calcul(form):
    """What the fields already tell; nothing as long as one that counts lacks or can't be read."""
    if not form.is_bound:
        ligne = form.instance
        complet = bool(ligne.pk)
    else:
        complet = form.is_valid() or not {"nature", "quotite_avant", "quotite_apres", "cout_annuel"} & set(form.errors)
        ligne = form.instance
    return {"calcul": PosteMesure.de(ligne, form.dossier) if complet else None}


def _en_redaction(request, numero):
    dossier = dossier_visible(request, numero)
    exiger_redacteur(request.user, dossier)
    if not dossier.ouverture.rubrique("postes"):
        raise PermissionDenied(
            "Ce dossier n’est plus un brouillon : ses postes et son plan ne peuvent plus être modifiés."
        )
    return dossier


def _ligne(dossier, pk):
    return get_object_or_404(LignePoste.objects.select_related("poste"), pk=pk, plan=dossier.plan_id)


def _entier(texte):
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else None
