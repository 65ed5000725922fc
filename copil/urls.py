"""Routes of the COPIL: the sessions, the scores, the room, the decisions, the national advice."""

from django.urls import include, path

from .views import avis, decisions, deports, evaluations, salle, seances

app_name = "copil"

_dossier = [
    path("noter/", evaluations.evaluer, name="evaluer"),
    path("finaliser/", evaluations.evaluation_finaliser, name="evaluation_finaliser"),
    path("notes/", salle.salle_dossier, name="salle_dossier"),
    path("retirer/", seances.dossier_desinscrire, name="dossier_desinscrire"),
    path("avancer/", seances.dossier_avancer, name="dossier_avancer"),
    path("decider/", decisions.decider, name="decider"),
    path("notifier/", decisions.notifier, name="notifier"),
]
_seance = [
    path("", seances.seance, name="seance"),
    path("modifier/", seances.seance_modifier, name="seance_modifier"),
    path("membres/", seances.membres_ajouter, name="membres_ajouter"),
    path("membres/<int:membre_pk>/retirer/", seances.membre_retirer, name="membre_retirer"),
    path("ordre-du-jour/", seances.dossiers_inscrire, name="dossiers_inscrire"),
    path("convoquer/", seances.seance_convoquer, name="seance_convoquer"),
    path("preparer/", seances.seance_preparer, name="seance_preparer"),
    path("ouvrir/", seances.seance_ouvrir, name="seance_ouvrir"),
    path("clore/", seances.seance_clore, name="seance_clore"),
    path("salle/", salle.salle, name="salle"),
    path("salle/tableur/", salle.salle_tableur, name="salle_tableur"),
    path("dossiers/<str:numero>/", include(_dossier)),
]
urlpatterns = [
    path("copil/", seances.seances, name="seances"),
    path("copil/nouvelle/", seances.seance_creer, name="seance_creer"),
    path("copil/<int:pk>/", include(_seance)),
    path("copil/grilles/<int:pk>/", seances.grille, name="grille"),
    path("copil/deports/", deports.deports, name="deports"),
    path("copil/deports/<int:pk>/retirer/", deports.deport_retirer, name="deport_retirer"),
    path("copil/deport/<str:numero>/", deports.deport_declarer, name="deport_declarer"),
    path("avis-national/", avis.avis_demandes, name="avis_demandes"),
    path("avis-national/<str:numero>/", avis.avis, name="avis"),
    path("avis-national/<str:numero>/demander/", avis.avis_demander, name="avis_demander"),
    path("dossiers/<str:numero>/decision/", decisions.decision, name="decision"),
]
