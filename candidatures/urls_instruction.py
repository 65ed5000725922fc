"""Routes of the instructor, and of whoever reads a whole dossier."""

from django.urls import path

from .views import complements, demandes, instruction, reception

urlpatterns = [
    path("instruction/", instruction.file, name="file"),
    path("instruction/tableur/", instruction.file_tableur, name="file_tableur"),
    path("instruction/courriel/", reception.receptions, name="receptions"),
    path("instruction/courriel/<str:siret>/", reception.reception, name="reception"),
    path("instruction/<str:numero>/", instruction.instruire, name="instruire"),
    path("instruction/<str:numero>/controler/", instruction.controler, name="controler"),
    path("instruction/<str:numero>/affecter/", instruction.affecter, name="affecter"),
    path("instruction/<str:numero>/recevable/", instruction.declarer_recevable, name="declarer_recevable"),
    path("instruction/<str:numero>/irrecevable/", instruction.declarer_irrecevable, name="declarer_irrecevable"),
    path("instruction/<str:numero>/hors-delai/", instruction.decider_hors_delai, name="decider_hors_delai"),
    path("instruction/<str:numero>/complements/", demandes.demander_complements, name="demander_complements"),
    path(
        "instruction/<str:numero>/complements/<int:rang>/prolonger/",
        demandes.complement_prolonger,
        name="complement_prolonger",
    ),
    path("instruction/<str:numero>/complements/<int:rang>/clore/", demandes.complement_clore, name="complement_clore"),
    path("dossiers/<str:numero>/complements/<int:rang>/", complements.complement, name="complement"),
    path("dossiers/<str:numero>/comparaison/<int:rang>/", complements.comparaison, name="comparaison"),
    path("dossiers/<str:numero>/lecture/", instruction.lire, name="lire"),
]
