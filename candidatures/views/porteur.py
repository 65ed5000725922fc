"""A porteur's dossiers: the list, the start of one, its task list, its withdrawal."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.comptes.models import Droit
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Campagne, Structure

from ..droits import peut_retirer
from ..espace import espaces
from ..etapes import etapes, etat_public
from ..forms.depot import RetraitForm
from ..models import Dossier, Message
from ..pieces import Exigence
from ..reprise import a_revoir, est_vierge, precedents
from ..resume import resumer
from ..rubriques import RUBRIQUES
from .acces import contexte, dossier_entrouvert, dossier_visible, tel_que_lu


@require_safe
def dossiers(request):
    """The dossiers of all one's structures, or of the one chosen."""
    tous = espaces(request.user, le=timezone.now())
    choisie = _entier(request.GET.get("structure"))
    choisis = [espace for espace in tous if espace.structure.pk == choisie] or tous
    contexte = {
        "espaces": choisis,
        "siennes": [espace.structure for espace in tous],
        "courante": choisie if choisis != tous else None,
    }
    return render(request, "candidatures/dossiers.html", contexte)


@require_POST
def commencer(request):
    """Start a dossier, or resume the draft that the structure already has in this campaign."""
    structure = get_object_or_404(
        Structure, pk__in=request.user.structures(), pk=_entier(request.POST.get("structure"))
    )
    if request.user.droits_par_structure[structure.pk] == Droit.LECTEUR:
        raise PermissionDenied("Seul un rédacteur ou un signataire de la structure peut commencer un dossier.")
    campagne = get_object_or_404(Campagne, pk=_entier(request.POST.get("campagne")))
    try:
        dossier = Dossier.objects.commencer(campagne=campagne, structure=structure, par=request.user)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect("candidatures:dossiers")
    if est_vierge(dossier) and precedents(dossier).exists():
        return redirect("candidatures:dossier_reprendre", dossier.numero)
    return redirect(dossier)


@require_safe
def dossier(request, numero):
    objet = dossier_entrouvert(request, numero)
    page = contexte(request, objet) | {"etat": etat_public(objet)}
    page["a_lire"] = Message.objects.a_lire_par(request.user).filter(dossier=objet).count()
    if objet.est_brouillon:
        objet.lire_contenu()
        page |= {"resume": resumer(objet), "a_revoir": a_revoir(objet)}
        page["peut_reprendre"] = page["peut_rediger"] and est_vierge(objet) and precedents(objet).exists()
        return render(request, "candidatures/dossier.html", page)
    objet.lire_pieces()
    objet = tel_que_lu(request, objet)
    page |= {"etapes": etapes(objet), "depots": objet.depots.select_related("par", "recepisse")}
    page["rubriques"] = [(rubrique.titre, rubrique.lien(objet)) for rubrique in RUBRIQUES]
    page["demandes_passees"] = [demande for demande in objet.demandes_lues if not demande.est_ouverte]
    if Exigence.CONVENTION in objet.exigences_ouvertes:
        page["pieces_de_convention"] = objet.pieces_de_convention_manquantes
    return render(request, "candidatures/dossier_depose.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request, numero):
    """Withdraw a dossier at any time before the decision; a draft is given up the same way."""
    objet = dossier_visible(request, numero)
    if not peut_retirer(request.user, objet):
        raise PermissionDenied("Seul un signataire de la structure peut retirer ce dossier, et avant la décision.")
    if request.method == "POST":
        return _retirer(request, objet)
    form = RetraitForm(saisie_a_reprendre(request), depose=not objet.est_brouillon)
    return render(request, "candidatures/retirer.html", contexte(request, objet) | {"form": form})


def _retirer(request, dossier):
    form = RetraitForm(request.POST, depose=not dossier.est_brouillon)
    obstacles = []
    if form.is_valid():
        try:
            dossier.retirer(par=request.user, motif=form.cleaned_data["motif"])
        except ErreurMetier as erreur:
            obstacles = erreur.obstacles
        else:
            messages.success(request, f"Le dossier {dossier.numero} est retiré.")
            return redirect(dossier)
    page = contexte(request, dossier) | {"form": form, "obstacles": obstacles}
    return render(request, "candidatures/retirer.html", page, status=422)


def _entier(texte):
    return int(texte) if texte and texte.isascii() and texte.isdigit() and len(texte) < 10 else None
