"""Les gardes de la suite mordent vraiment."""

import socket

import pytest
from django.core.paginator import Paginator
from django.template import engines

from partenaires.models import Organisme
from tests.contrats.factories import SectionFactory
from tests.hostile import Negligence, est_totalement_ordonne, fautes_de_page, refuser_l_ecriture
from tests.partenaires.factories import OrganismeFactory


def test_une_variable_indefinie_de_nos_gabarits_echoue(monkeypatch, settings):
    gabarit = engines["django"].from_string("{{ inconnue }}")
    assert gabarit.render() == ""  # sans fichier : ce n'est pas un de nos gabarits
    for noeud in gabarit.template.nodelist:
        noeud.origin.name = str(settings.BASE_DIR / "templates" / "essai.html")
    with pytest.raises(Negligence, match="inconnue"):
        gabarit.render()


@pytest.mark.django_db
def test_un_update_fields_sans_le_champ_auto_now_echoue():
    organisme = OrganismeFactory()
    with pytest.raises(Negligence, match="modifie_le"):
        organisme.save(update_fields=["nom"])
    SectionFactory().save(update_fields=["texte"])  # sans auto_now : rien à redire


@pytest.mark.django_db
def test_un_objet_versionne_ne_s_ecrit_pas_sans_sa_version(monkeypatch):
    organisme = OrganismeFactory()
    organisme.save()  # un test prépare ses données comme il veut
    monkeypatch.setattr("tests.hostile._vient_du_projet", lambda: True)
    with pytest.raises(Negligence, match="mettre_a_jour"):
        organisme.save()
    with pytest.raises(Negligence, match="mettre_a_jour"):
        Organisme.objects.update(nom="X")


@pytest.mark.parametrize(
    ("ordre", "total"),
    [(("nom",), False), ((), False), (("nom", "pk"), True), (("-cle",), True)],
)
def test_une_pagination_sans_ordre_total_echoue(ordre, total):
    organismes = Organisme.objects.order_by(*ordre)
    assert est_totalement_ordonne(organismes) == total
    if not total:
        with pytest.raises(Negligence, match="ordre total"):
            _ = Paginator(organismes, 10).page(1).object_list


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        "<p>{{ fuite }}</p>",
    ],
)
def test_une_page_qui_enfreint_la_politique_de_securite_echoue(html):
    assert fautes_de_page(html)


def test_une_page_sage_ne_souleve_rien():
    assert not fautes_de_page(
        '<script src="/s.js"></script><script type="application/json">{"a": "{{"}</script>'
        "<textarea>{{ écrit par l'agent }}</textarea>"
    )


def test_une_lecture_n_ecrit_pas():
    with pytest.raises(Negligence, match="GET"):
        refuser_l_ecriture(None, 'UPDATE "contrats_fiche" SET …', (), False, {})


def test_aucun_test_ne_sort_de_la_machine():
    with socket.socket() as prise, pytest.raises(Negligence, match=r"192\.0\.2\.1"):
        prise.connect(("192.0.2.1", 80))
