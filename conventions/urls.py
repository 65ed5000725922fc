"""Routes of the conventions."""

from django.urls import path

from . import views

app_name = "conventions"
urlpatterns = [
    path("", views.conventions, name="conventions"),
    path("export/", views.conventions_exporter, name="conventions_exporter"),
    path("preparation/<int:decision_id>/", views.convention_preparer, name="convention_preparer"),
    path("<str:numero>/", views.convention, name="convention"),
    path("<str:numero>/edition/", views.convention_editer, name="convention_editer"),
    path("<str:numero>/avancement/", views.convention_avancement, name="convention_avancement"),
    path("<str:numero>/signature/<str:partie>/", views.convention_signer, name="convention_signer"),
]
