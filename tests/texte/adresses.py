"""Une page d'essai pour l'éditeur : un formulaire, deux textes, et ce que le serveur en reçoit."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from config.urls import urlpatterns as adresses_du_site

PAGE = """{% extends "base.html" %}{% load static %}
{% block tete %}<script src="{% static 'vendor/editeur.js' %}" defer></script>{% endblock %}
{% block contenu %}<div class="cadre"><h1>Essai de l’éditeur</h1>
<p><a href="#id_contexte">Le contexte est trop court</a></p>
<form method="post" action="?"><h2>Fiche</h2>{% csrf_token %}
<div class="champ"><label for="id_contexte">Contexte</label>
<p class="aide" id="aide">Trois phrases suffisent.</p>
<textarea class="saisie" id="id_contexte" name="contexte" rows="6" data-editeur required
 aria-describedby="aide" aria-invalid="true">{{ contexte }}</textarea></div>
<div class="champ"><label for="id_suite">Suite</label>
<textarea class="saisie" id="id_suite" name="suite" data-editeur>{{ suite }}</textarea></div>
<button class="bouton">Enregistrer</button></form>
{% if recu %}<pre id="recu">{{ recu }}</pre>{% endif %}</div>{% endblock %}"""


@login_not_required
def essai(request: HttpRequest) -> HttpResponse:
    contexte = {
        "contexte": request.GET.get("contexte", ""),
        "suite": "Suite.",
        "recu": request.POST.get("contexte"),
    }
    return HttpResponse(Template(PAGE).render(RequestContext(request, contexte)))


urlpatterns = [*adresses_du_site, path("essai-de-l-editeur/", essai)]
