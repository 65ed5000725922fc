from django.urls import path

from . import views

app_name = "courriels"
urlpatterns = [
    path("courriels/", views.courriels, name="courriels"),
    path("courriels/boite-de-demonstration/", views.boite_demo, name="boite_demo"),
    path("courriels/<int:pk>/", views.courriel, name="courriel"),
    path("courriels/<int:pk>/reessayer/", views.courriel_relancer, name="courriel_relancer"),
]
