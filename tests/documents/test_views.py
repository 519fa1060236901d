"""Les adresses des PDF : public, périmètre, revalidation, nom de fichier."""

import pytest
from django.urls import reverse

from contrats.enums import RoleHabilitation
from documents import rendu
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory, FicheFactory, fiche_complete

pytestmark = pytest.mark.django_db


def adresse_de(fiche):
    return reverse("documents:fiche-pdf", args=[fiche.contrat.slug, fiche.cle])


def test_le_public_lit_le_pdf_d_une_fiche(client, fiche):
    reponse = client.get(adresse_de(fiche))
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/pdf"
    nom = f"{fiche.contrat.slug}-{fiche.cle}-v1.pdf"
    assert reponse["Content-Disposition"] == f'inline; filename="{nom}"'
    assert reponse.content.startswith(b"%PDF-1.7")


def test_un_pdf_deja_lu_ne_se_renvoie_pas(client, fiche, monkeypatch):
    etag = client.get(adresse_de(fiche))["ETag"]
    assert not etag.startswith("W/")
    monkeypatch.setattr(rendu, "rendre", lambda _: pytest.fail("rendu inutile"))
    reponse = client.get(adresse_de(fiche), headers={"If-None-Match": etag})
    assert (reponse.status_code, reponse.content, reponse["ETag"]) == (304, b"", etag)
    assert client.get(adresse_de(fiche)).status_code == 200  # du cache


@pytest.mark.parametrize("publie", [True, False])
def test_hors_perimetre_le_pdf_n_existe_pas(client, publie):
    cachee = FicheFactory(contrat=ContratFactory(publie=publie))
    adresses = [
        adresse_de(cachee),
        reverse("documents:fiches-pdf", args=[cachee.contrat.slug]),
        reverse("documents:fiches-pdf", args=[cachee.contrat.slug]) + f"?fiche={cachee.cle}",
    ]
    if not publie:
        adresses.append(reverse("documents:contrat-pdf", args=[cachee.contrat.slug]))
    agente = UtilisateurFactory(habilitations=[(cachee.contrat, RoleHabilitation.LECTURE)])
    assert {client.get(adresse).status_code for adresse in adresses} == {404}
    client.force_login(agente)
    assert {client.get(adresse).status_code for adresse in adresses} == {200}


def test_le_contrat_entier_porte_son_slug_et_sa_version(client, fiche):
    reponse = client.get(reverse("documents:contrat-pdf", args=[fiche.contrat.slug]))
    assert f'filename="{fiche.contrat.slug}-v1.pdf"' in reponse["Content-Disposition"]


@pytest.mark.parametrize(
    ("requete", "attendues"),
    [
        ("", {"a", "b", "c"}),
        ("?fiche=a&fiche=c", {"a", "c"}),
        ("?axe=inconnu", None),
        ("?fiche=a&fiche=inconnue", None),
        ("?statut=nimporte", None),
    ],
)
def test_une_selection_prend_les_fiches_de_l_adresse(
    client, fiche, monkeypatch, requete, attendues
):
    contrat = fiche.contrat
    fiche.delete()
    for cle in "abc":
        fiche_complete(contrat=contrat, statut="publiee", publiee=False, cle=cle)
    demandees = []
    monkeypatch.setattr(
        rendu,
        "rendre",
        lambda contexte: demandees.append(contexte["document"]) or b"%PDF-",
    )
    reponse = client.get(reverse("documents:fiches-pdf", args=[contrat.slug]) + requete)
    assert reponse.status_code == (404 if attendues is None else 200)
    if attendues:
        assert {lue.fiche.cle for lue in demandees[0].fiches} == attendues


def test_un_rendu_impossible_repond_503_en_francais(client, fiche, monkeypatch):
    def echouer(_):
        raise rendu.RenduImpossible("police absente")

    monkeypatch.setattr(rendu, "rendre", echouer)
    reponse = client.get(adresse_de(fiche))
    assert reponse.status_code == 503
    assert "Réessayez plus tard" in reponse.content.decode()


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_un_pdf_ne_fait_que_se_lire(client, fiche, methode):
    assert getattr(client, methode)(adresse_de(fiche)).status_code == 405
