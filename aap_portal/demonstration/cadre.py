"""The service, its communes and white zones, the two campaigns and their grids."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from aap_portal.referentiel.donnees import charger_service
from aap_portal.referentiel.models import Campagne, Commune, PlafondCategorie, Structure, ZoneBlanche
from copil.annexe4 import creer_grille

TITRE = "Facilitateurs et coordinateurs de la clause sociale d’insertion"
TEXTE = (
    "L’appel à projets cofinance la création, l’augmentation et la consolidation de postes de facilitateurs et de "
    "coordinateurs de la clause sociale d’insertion à Mayotte. La subvention couvre au plus 70\u00a0% du coût des postes "
    "(80\u00a0% pour une collectivité territoriale)\u00a0; le reste vient de cofinanceurs nommés ou de fonds propres."
)
_FICTIF = {
    "siret": "90000099700014",
    "adresse": "1 rue de l’Exemple\n97600 Mamoudzou",
    "courriel": "contact@demo.example",
    "telephone": "02 69 00 00 00",
    "signataire_nom": "Camille Fictive",
    "delegation": "arrêté préfectoral n° 2022-FICTIF-001 portant délégation de signature",
}
_ZONES = {
    "Acoua": ("non_couverte", "Aucun marché suivi en 2021\u00a0; deux opérations communales en préparation."),
    "Bandraboua": ("extension", "Suivie depuis Koungou, une permanence par trimestre seulement."),
    "Bouéni": ("non_couverte", "Aucun facilitateur\u00a0; marchés de voirie passés sans clause en 2021."),
    "Kani-Kéli": ("non_couverte", "Aucun marché suivi en 2021."),
    "Koungou": ("capacite", "Chantiers du renouvellement urbain : les marchés de l’État ne sont suivis qu’à moitié."),
    "M'Tsangamouji": ("extension", "Suivie par extension depuis Tsingoni."),
    "Mtsamboro": ("non_couverte", "Aucun marché suivi en 2021."),
    "Pamandzi": ("capacite", "Aéroport et hôpital : besoins supérieurs à la capacité du poste de Petite-Terre."),
}


def installer_cadre(maintenant):
    """Return (service, campaign of 2022, open campaign); what exists is kept, but a closed « open » campaign moves on."""
    service = charger_service("mayotte")
    if not service.siret:
        for nom, valeur in _FICTIF.items():
            setattr(service, nom, valeur)
        service.save()
    _zones()
    return service, _campagne_2022(service), _campagne_ouverte(service, maintenant)


def _zones():
    for nom, (motif, constat) in _ZONES.items():
        commune = Commune.objects.get(nom=nom)
        if not commune.zones_blanches.exists():
            ZoneBlanche.objects.create(commune=commune, motif=motif, constatee_le=date(2022, 3, 1), constat=constat)


def _campagne_2022(service):
    return _campagne(
        service,
        2022,
        ouverture_le=_minuit(service, date(2022, 7, 1)),
        cloture_le=_minuit(service, date(2022, 10, 31)),
    )


def _campagne_ouverte(service, maintenant):
    """A campaign that can be filed in today; only its dates move when the demonstration is started again much later."""
    aujourd_hui = maintenant.astimezone(service.zone).date()
    dates = {
        "ouverture_le": _minuit(service, aujourd_hui - timedelta(days=120)),
        "cloture_le": _minuit(service, aujourd_hui + timedelta(days=45)),
    }
    ouverte = service.campagnes.exclude(annee=2022).order_by("-cloture_le").first()
    if ouverte is None:
        return _campagne(service, aujourd_hui.year, **dates)
    if ouverte.cloture_le <= maintenant:
        for nom, valeur in dates.items():
            setattr(ouverte, nom, valeur)
        ouverte.save()
    return ouverte


def _campagne(service, annee, **dates):
    campagne, nouvelle = Campagne.objects.get_or_create(
        service=service,
        annee=annee,
        titre=TITRE,
        defaults={
            **dates,
            "enveloppe": Decimal("265000.00"),
            "cible_creation_facilitateur": Decimal("5.00"),
            "cible_creation_coordinateur": Decimal("1.00"),
            "cible_consolidation_facilitateur": Decimal("2.00"),
            "cible_consolidation_coordinateur": Decimal("1.00"),
            "imputation_budgetaire": "programme, domaine fonctionnel et activité à renseigner (données fictives)",
            "texte": TEXTE,
        },
    )
    if nouvelle:
        for categorie in Structure.Categorie:
            collectivite = categorie == Structure.Categorie.COLLECTIVITE
            taux = Decimal("0.8") if collectivite else Decimal("0.7")
            PlafondCategorie.objects.create(
                campagne=campagne, categorie=categorie, taux_aap=taux, taux_etat=taux if collectivite else None
            )
        creer_grille(campagne)
    return campagne


def _minuit(service, jour):
    return timezone.make_aware(datetime.combine(jour, time.min), service.zone)
