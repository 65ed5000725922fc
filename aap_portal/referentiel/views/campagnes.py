"""The campaigns of a service and all their numbers, for its administrateurs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aap_portal.comptes.models import Role
from aap_portal.comptes.sessions import saisie_a_reprendre

from ..dates import ajouter_mois
from ..forms_campagne import CampagneForm, PlafondFormSet, ProlongationForm
from ..historique import changements
from ..models import Campagne, Service

FORMULAIRE = ("GET", "HEAD", "POST")


@require_safe
def campagnes(request):
    _exiger_administrateur(request.user)
    administres = Campagne.objects.filter(service__in=request.user.services(Role.ADMINISTRATEUR))
    trouvees = administres.select_related("service").annotate(
        deposes=Count("dossiers", filter=Q(dossiers__depose_le__isnull=False))
    )
    contexte = {"campagnes": trouvees.order_by("-annee", "titre"), "maintenant": timezone.now()}
    return render(request, "referentiel/campagnes.html", contexte)


@require_http_methods(FORMULAIRE)
def campagne(request, pk):
    """Read and change the numbers of a campaign; a filed dossier makes each change a reasoned one."""
    objet = _campagne(request.user, pk)
    with timezone.override(objet.service.zone):
        deposes = objet.dossiers.filter(depose_le__isnull=False).count()
        saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
        form = CampagneForm(saisie, instance=objet, deposes=deposes)
        formset = PlafondFormSet(saisie, instance=objet)
        if request.method == "POST" and form.is_valid() and formset.is_valid() and _enregistrer(objet, form, formset):
            messages.success(request, "La campagne est enregistrée.")
            return redirect("referentiel:campagne", pk=objet.pk)
        contexte = {"campagne": objet, "form": form, "formset": formset, "deposes": deposes, "service": objet.service}
        contexte["changements"] = changements(objet)
        return render(request, "referentiel/campagne.html", contexte, status=422 if request.method == "POST" else 200)


def _enregistrer(objet, form, formset):
    """Under the lock that filing and decisions take: none comes between two versions of the rules. Say whether it is done."""
    with transaction.atomic():
        verrouillee = Campagne.objects.verrouillee(objet.pk)
        if form.cloture_annoncee:  # it may have been put off since this page was read
            for champ in ("cloture_le", "cloture_initiale_le", "prolongee_le", "motif_prolongation"):
                setattr(form.instance, champ, getattr(verrouillee, champ))
        try:
            form.instance.clean()  # again: money may have been granted since the form was read
        except ValidationError as erreur:
            form.add_error(None, erreur)
            return False
        form.save()
        for ligne in formset.forms:
            ligne.instance._change_reason = form.cleaned_data.get("motif") or None
        formset.save()
        return True


@require_http_methods(FORMULAIRE)
def campagne_prolonger(request, pk):
    """Put the closing off, with a reason that everybody reads."""
    objet = _campagne(request.user, pk)
    with timezone.override(objet.service.zone):
        saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
        form = ProlongationForm(saisie, campagne=objet)
        if request.method == "POST" and form.is_valid() and form.prolonger(par=request.user):
            messages.success(
                request, "La clôture est prolongée\u00a0: les candidats qui ont un brouillon en sont avertis."
            )
            return redirect("referentiel:campagne", pk=objet.pk)
        contexte = {"campagne": objet, "form": form, "service": objet.service}
        return render(
            request, "referentiel/campagne_prolonger.html", contexte, status=422 if request.method == "POST" else 200
        )


@require_http_methods(FORMULAIRE)
def campagne_creer(request):
    """A new campaign, with the numbers of another one when `depuis` names it, else those of the text."""
    _exiger_administrateur(request.user)
    depuis = request.GET.get("depuis", "")
    modele = _campagne(request.user, int(depuis)) if depuis.isdecimal() and len(depuis) < 10 else None
    service = modele.service if modele else _service(request)
    with timezone.override(service.zone):
        saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
        form = CampagneForm(saisie, instance=Campagne(service=service), initial=_suite(modele))
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                form.save().reprendre_plafonds(modele)
            messages.success(request, "La campagne est créée. Vérifiez ses taux par statut juridique, en bas de page.")
            return redirect("referentiel:campagne", pk=form.instance.pk)
        contexte = {"form": form, "modele": modele, "service": service}
        return render(
            request, "referentiel/campagne_creer.html", contexte, status=422 if request.method == "POST" else 200
        )


def _suite(modele):
    """The numbers of the model, a year later."""
    if modele is None:
        return {}
    zone = modele.service.zone
    suite = model_to_dict(modele, fields=CampagneForm.Meta.fields) | {"annee": modele.annee + 1, "enveloppe": None}
    for champ in ("ouverture_le", "cloture_le"):
        local = suite[champ].astimezone(zone)
        suite[champ] = local.replace(**_jour(ajouter_mois(local.date(), 12)))
    return suite


def _jour(date):
    return {"year": date.year, "month": date.month, "day": date.day}


def _service(request):
    administres = Service.objects.filter(pk__in=request.user.services(Role.ADMINISTRATEUR))
    if code := request.GET.get("service", ""):
        return get_object_or_404(administres, code=code)
    return administres.first()


def _exiger_administrateur(personne):
    if not personne.est_administrateur:
        raise PermissionDenied("Les campagnes sont réglées par les administrateurs du service.")


def _campagne(personne, pk):
    """The campaign of a service that one administers; a 403 for another agent of this service, a 404 for the others."""
    objet = Campagne.objects.filter(service__in=personne.services()).select_related("service").filter(pk=pk).first()
    if objet is None and not personne.est_agent:
        _exiger_administrateur(personne)
    if objet is None:
        raise Http404
    if objet.service_id not in personne.services(Role.ADMINISTRATEUR):
        raise PermissionDenied("Les campagnes sont réglées par les administrateurs du service.")
    return objet
