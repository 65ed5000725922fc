"""What a structure and its service write to each other about a dossier, from its first draft on (AAP 2022, C.3)."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages as annonces
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier

from .. import droits, jointes
from ..forms.messages import MessageForm
from ..forms.saisie import lire_saisie
from ..models import Dossier, Message, PartageBrouillon
from .acces import dossier_visible

PAR_PAGE = 25


@require_safe
def conversations(request):
    """The threads that I may read, those with something to read first."""
    dialogues = Dossier.objects.en_dialogue_avec(request.user).avec_page()
    a_lire = Q(messages__in=Message.objects.a_lire_par(request.user))
    ouvertes = dialogues.annotate(dernier_le=Max("messages__envoye_le"), a_lire=Count("messages", filter=a_lire))
    ouvertes = ouvertes.filter(dernier_le__isnull=False).order_by("-a_lire", F("dernier_le").desc(), "-pk")
    contexte = {
        "page": Paginator(ouvertes, PAR_PAGE).get_page(request.GET.get("page")),
        "sans_message": Dossier.objects.portes_par(request.user).filter(messages=None).avec_page(),
    }
    return render(request, "candidatures/conversations.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def messages(request, numero):
    dossier = _dossier_en_dialogue(request, numero)
    if request.method != "POST":
        saisie = saisie_a_reprendre(request)
        return _fil(request, dossier, _formulaire(request, texte=saisie["texte"] if saisie else ""))
    droits.exiger_ecriture(request.user, dossier)
    envoi = _envoyer(request, dossier)
    if envoi.obstacles or envoi.form.errors:
        return _fil(request, dossier, envoi.form, envoi=envoi, statut=422)
    annonces.success(request, "Votre message est envoyé.")
    return redirect(f"{reverse('candidatures:messages', args=[dossier.numero])}#ecrire")


@require_POST
def messages_lus(request, numero):
    """All that the page showed is read by this side; sent by the page itself, or by its button without a script."""
    dossier = _dossier_en_dialogue(request, numero)
    droits.exiger_ecriture(request.user, dossier)
    vu = request.POST.get("vu", "")
    if vu.isascii() and vu.isdigit() and len(vu) < 19:
        Message.objects.marquer_lus(dossier, par=request.user, jusqu_a=int(vu))
    return HttpResponse() if request.htmx else redirect("candidatures:messages", dossier.numero)


@require_POST
def partager(request, numero):
    """Let the service read a draft, or take it back: the structure's choice, traced."""
    dossier = dossier_visible(request, numero)
    droits.exiger_redacteur(request.user, dossier)
    try:
        if request.POST.get("partage") == "ouvrir":
            PartageBrouillon.objects.ouvrir(dossier, par=request.user)
            annonces.success(request, "Le service peut maintenant lire ce brouillon.")
        else:
            PartageBrouillon.objects.fermer(dossier, par=request.user)
            annonces.success(request, "Le service ne peut plus lire ce brouillon.")
    except ErreurMetier as erreur:
        annonces.error(request, str(erreur))
    return redirect(f"{reverse('candidatures:messages', args=[dossier.numero])}#partage")


def _dossier_en_dialogue(request, numero):
    """The dossier whose messages I read; a 403 when I may read the dossier alone, a 404 otherwise."""
    dossier = Dossier.objects.en_dialogue_avec(request.user).avec_page().filter(numero=numero).first()
    if dossier:
        return dossier
    if Dossier.objects.visibles_par(request.user).filter(numero=numero).exists():
        raise PermissionDenied(
            "Les messages sont échangés entre la structure et le service\u00a0: vous lisez le dossier seul."
        )
    raise Http404


@dataclass
class _Envoi:
    form: MessageForm
    recus: list = field(default_factory=list)
    obstacles: list = field(default_factory=list)


def _envoyer(request, dossier):
    """Send, or tell what is wrong with the files received so far: they need not be chosen again."""
    form = _formulaire(request, data=lire_saisie(request))
    envoi, valide = _Envoi(form), form.is_valid()
    televerses = form.cleaned_data.get("fichiers") or []
    try:
        if "cle" in form.cleaned_data and Message.objects.deja_envoye(
            dossier, par=request.user, cle=form.cleaned_data["cle"]
        ):
            return envoi
        envoi.recus = jointes.retrouver(request.POST.getlist("gardes"), dossier, par=request.user)
        nouveaux, envoi.obstacles = jointes.recevoir(televerses, deja=len(envoi.recus), par=request.user)
        envoi.recus += nouveaux
        if valide and not envoi.obstacles:
            champs = {nom: form.cleaned_data[nom] for nom in ("texte", "cle", "vu")}
            Message.objects.envoyer(dossier, par=request.user, fichiers=envoi.recus, **champs)
    except ErreurMetier as erreur:
        envoi.obstacles = erreur.obstacles
    return envoi


def _formulaire(request, *, data=None, texte=""):
    if data is not None:
        return MessageForm(data, {"fichiers": request.FILES.getlist("fichiers")})
    return MessageForm(initial={"cle": uuid.uuid4(), "texte": texte})


def _fil(request, dossier, form, *, envoi=None, statut=200):
    fil = list(dossier.messages.select_related("auteur", "lu_par").prefetch_related("fichiers"))
    cote = droits.cote_de(request.user, dossier)
    recus = envoi.recus if envoi else []
    contexte = {
        "dossier": dossier,
        "service": dossier.campagne.service,
        "fil": fil,
        "cote": cote,
        "form": form,
        "obstacles": envoi.obstacles if envoi else [],
        "gardes": [(fichier, jointes.jeton(fichier, dossier, par=request.user)) for fichier in recus],
        "dernier": fil[-1].pk if fil else 0,
        "a_lire": sum(message.lu_le is None and message.cote != cote for message in fil),
        "peut_ecrire": droits.peut_ecrire(request.user, dossier),
        "peut_partager": dossier.est_brouillon and droits.peut_rediger(request.user, dossier),
        "peut_lire": Dossier.objects.visibles_par(request.user).filter(pk=dossier.pk).exists(),
        "partages": list(dossier.partages.select_related("ouvert_par", "ferme_par")) if dossier.est_brouillon else [],
    }
    return render(request, "candidatures/messages.html", contexte, status=statut)
