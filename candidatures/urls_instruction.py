"""Routes of the instructor, and of whoever reads a whole dossier."""

from django.urls import path

from .views import instruction

urlpatterns = [
    path("instruction/", instruction.file, name="file"),
    path("instruction/tableur/", instruction.file_tableur, name="file_tableur"),
    path("instruction/<str:numero>/", instruction.instruire, name="instruire"),
    path("instruction/<str:numero>/controler/", instruction.controler, name="controler"),
    path("instruction/<str:numero>/affecter/", instruction.affecter, name="affecter"),
    path("instruction/<str:numero>/recevable/", instruction.declarer_recevable, name="declarer_recevable"),
    path("instruction/<str:numero>/irrecevable/", instruction.declarer_irrecevable, name="declarer_irrecevable"),
    path("instruction/<str:numero>/hors-delai/", instruction.decider_hors_delai, name="decider_hors_delai"),
    path("dossiers/<str:numero>/lecture/", instruction.lire, name="lire"),
]
