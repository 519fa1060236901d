"""Du fichier à la page publique : rien d'actif ne survit, dans aucun des six formats."""

import lxml.html
import pytest
from django.utils import timezone

from contrats.enums import StatutFiche
from contrats.models import Action, Contrat, Fiche
from reprise.sessions import ecrire_document
from tests.reprise.hostiles import FORMATS, contenu
from tests.reprise.outils import complet
from tests.tailles import taille

A_NOUS = ("/", "#", "?", "http://testserver/")
DU_TEXTE = {"href", "rel", "class", "id"}


def publier(contrat):
    Contrat.objects.filter(pk=contrat.pk).update(publie_le=timezone.now())
    contrat.fiches.update(statut=StatutFiche.PUBLIEE)


def adresses(contrat):
    """Les pages publiques où le texte repris se lit."""
    objets = [
        Contrat.objects.get(pk=contrat.pk),
        *Fiche.objects.filter(contrat=contrat).order_by("pk"),
        *Action.objects.filter(contrat=contrat).order_by("pk")[:2],
    ]
    return [o.get_absolute_url() for o in objets]


def fautes(page: str) -> list[str]:
    """Chaque script, style, attribut ou adresse qui ne vient pas de nos gabarits."""
    trouvees = []
    for e in lxml.html.document_fromstring(page).iter("*"):
        if e.tag == "script" and (e.text or not e.get("src", "").startswith("/static/")):
            trouvees.append(f"script : {e.get('src')} {e.text}")
        if e.tag in ("style", "iframe", "object", "embed", "base", "marquee"):
            trouvees.append(f"élément {e.tag}")
        if e.tag == "img" and not e.get("src", "").startswith(("/", "data:image/svg")):
            trouvees.append(f"image {e.get('src')}")
        if e.tag == "meta" and e.get("http-equiv"):
            trouvees.append("meta http-equiv")
        for nom, valeur in e.attrib.items():
            if nom.startswith("on") or nom == "style":
                trouvees.append(f"{e.tag} {nom}={valeur}")
            if nom in ("href", "src", "action", "formaction"):
                trouvees += _adresse(e, nom, valeur)
    return trouvees


def _adresse(e, nom, valeur) -> list[str]:
    if valeur.startswith(A_NOUS):
        return [f"{e.tag} {nom}={valeur}"] if valeur.startswith("//") else []
    if "x.test" in valeur or not valeur.startswith(("http://", "https://", "mailto:")):
        permis = e.tag == "a" and set(e.attrib) <= DU_TEXTE and valeur.startswith("http://x.test")
        return [] if permis else [f"{e.tag} {nom}={valeur} {dict(e.attrib)}"]
    return []


def test_le_controle_voit_ce_qui_agit():
    for actif in (
        "<script>alert(1)</script>", "<img src=x>", "<a href='javascript:a()'>x</a>",
        "<p onclick=a()>x</p>", "<p style='a:b'>x</p>", "<a href='//x.test'>x</a>",
        "<a href='http://x.test' target=_blank>x</a>", "<style>a{}</style>",
    ):  # fmt: skip
        assert fautes(f"<html><body>{actif}</body></html>"), actif
    assert fautes('<html><body><a href="http://x.test" rel="noopener">x</a></body></html>') == []


@pytest.mark.django_db
@pytest.mark.parametrize("nom", FORMATS)
@pytest.mark.parametrize("graine", range(taille(1, 25)))
def test_rien_d_actif_ne_survit_jusqu_a_la_page_publique(client, modeles, nom, graine):
    document = complet(FORMATS[nom](contenu(graine)), nom)
    contrat = ecrire_document(document, version=document.version, par=None)
    publier(contrat)
    pages = 0
    for adresse in adresses(contrat):
        reponse = client.get(adresse)
        assert reponse.status_code == 200, adresse
        assert fautes(reponse.content.decode()) == [], adresse
        pages += 1
    assert pages >= 2, "le contrat est écrit sans ses fiches : rien n'est éprouvé"
