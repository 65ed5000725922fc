"""The communes without a facilitateur: read by everyone, kept by the agents of the service (AAP 2022, B.1; reading 41)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aap_portal.comptes.models import Role
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.documents.tableur import Colonne, Feuille, reponse_tableur

from ..forms_zone import LeveeForm, ZoneForm
from ..models import Campagne, Commune, Service, ZoneBlanche

PAR_PAGE = 100
FORMULAIRE = ("GET", "HEAD", "POST")
_COLONNES = [
    Colonne("Code Insee", largeur=12),
    Colonne("Commune"),
    Colonne("EPCI", largeur=40),
    Colonne("Population", "entier"),
    Colonne("Situation", largeur=16),
    Colonne("Motif", largeur=40),
    Colonne("Constatée le", "jour"),
    Colonne("Constat", largeur=60),
    Colonne("Postes en place", largeur=60),
    Colonne("Dernière levée", "jour"),
]


@require_safe
def zones(request):
    """Each commune with its dated reason, or who covers it."""
    services = _services(request.user)
    communes = _communes(request, services)
    contexte = {
        "page": Paginator(_avec_detail(communes), PAR_PAGE).get_page(request.GET.get("page")),
        "blanches": communes.filter(_blanche()).count(),
        "services": services,
        "modifiables": request.user.services(Role.INSTRUCTEUR, Role.ADMINISTRATEUR),
    }
    return render(request, "referentiel/zones.html", contexte)


@require_safe
def zones_tableur(request):
    communes = _avec_detail(_communes(request, _services(request.user)))
    return reponse_tableur("zones-blanches", [Feuille("Communes", _COLONNES, map(_ligne, communes))])


def _services(personne):
    """One's own services, and those whose call is open to everyone."""
    ouverts = Campagne.objects.ouvertes(timezone.now()).values("service")
    return Service.objects.filter(Q(pk__in=ouverts) | Q(pk__in=personne.services()))


def _blanche():
    return Exists(ZoneBlanche.objects.ouvertes().filter(commune=OuterRef("pk")))


def _communes(request, services):
    communes = Commune.objects.filter(service__in=services)
    if code := request.GET.get("service", ""):
        communes = communes.filter(service__code=code)
    return communes.filter(_blanche()) if request.GET.get("situation") == "blanches" else communes


def _avec_detail(communes):
    levees = ZoneBlanche.objects.exclude(levee_le=None).select_related("poste__structure").order_by("-levee_le")
    return communes.avec_couverture().prefetch_related(
        Prefetch("zones_blanches", queryset=levees, to_attr="zones_levees")
    )


def _ligne(commune):
    zone = commune.zones_ouvertes[0] if commune.zones_ouvertes else None
    return (
        commune.code_insee,
        commune.nom,
        commune.epci_nom,
        commune.population,
        "Zone blanche" if zone else "Hors zone blanche",
        zone.get_motif_display() if zone else "",
        zone.constatee_le if zone else None,
        zone.constat if zone else "",
        "\n".join(f"{poste.structure} – {poste}" for poste in commune.postes_en_place),
        commune.zones_levees[0].levee_le if commune.zones_levees else None,
    )


def _exiger_agent_de(personne, service_id):
    if service_id not in personne.services(Role.INSTRUCTEUR, Role.ADMINISTRATEUR):
        raise PermissionDenied("Les zones blanches sont tenues par les agents du service.")


@require_http_methods(FORMULAIRE)
def zone_ouvrir(request, code):
    visibles = Commune.objects.filter(service__in=_services(request.user)).select_related("service")
    commune = get_object_or_404(visibles, code_insee=code)
    _exiger_agent_de(request.user, commune.service_id)
    return _formulaire(request, ZoneForm, ZoneBlanche(commune=commune), "Ouvrir une zone blanche", "est ouverte")


@require_http_methods(FORMULAIRE)
def zone_modifier(request, pk):
    return _formulaire(request, ZoneForm, _zone(request, pk), "Modifier la zone blanche", "est modifiée")


@require_http_methods(FORMULAIRE)
def zone_lever(request, pk):
    return _formulaire(request, LeveeForm, _zone(request, pk), "Lever la zone blanche", "est levée")


def _zone(request, pk):
    ouvertes = ZoneBlanche.objects.ouvertes().filter(commune__service__in=_services(request.user))
    zone = get_object_or_404(ouvertes.select_related("commune__service"), pk=pk)
    _exiger_agent_de(request.user, zone.commune.service_id)
    return zone


def _formulaire(request, classe, zone, titre, fait):
    poste = request.method == "POST"
    form = classe(request.POST if poste else saisie_a_reprendre(request), instance=zone)
    if poste and form.is_valid():
        form.save()
        messages.success(request, f"La zone blanche de {zone.commune} {fait}.")
        return redirect("referentiel:zones")
    contexte = {"form": form, "commune": zone.commune, "zone": zone, "titre": titre, "service": zone.commune.service}
    return render(request, "referentiel/zone.html", contexte, status=422 if poste else 200)
