"""Un enregistrement de l'administration n'en écrase pas un autre, et fait une version."""

import pytest
from django.urls import reverse

from contrats.models import Contrat, Version
from edition.ecriture import VersionPerimee, mettre_a_jour
from partenaires.admin import OrganismeAdmin
from tests.contrats.factories import (
    ArticleFactory,
    ContratFactory,
    FicheFactory,
    ModeleFicheFactory,
    SectionModeleFactory,
)
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administration(client, administrateur):
    client.force_login(administrateur)
    return client


def adresse(objet):
    opts = objet._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[objet.pk])


def formulaire(client, url):
    """Ce qu'un navigateur enverrait en enregistrant la page telle qu'elle s'ouvre."""
    return formulaire_de(client.get(url).context)


def formulaire_de(contexte):
    formulaires = [contexte["adminform"].form]
    for lignes in contexte["inline_admin_formsets"]:
        formulaires += [lignes.formset.management_form, *lignes.formset.forms]
    donnees = {}
    for un in formulaires:
        for champ in un:
            valeur = champ.value()
            if valeur is True:
                valeur = "on"
            if valeur is not None and valeur is not False:
                donnees[champ.html_name] = valeur
    return donnees


def test_un_enregistrement_passe_a_la_version_suivante(administration):
    organisme = OrganismeFactory(nom="Ancien nom")
    donnees = formulaire(administration, adresse(organisme)) | {"nom": "Nouveau nom"}
    assert administration.post(adresse(organisme), donnees).status_code == 302
    organisme.refresh_from_db()
    assert (organisme.nom, organisme.version) == ("Nouveau nom", 2)


def test_une_version_perimee_revient_en_409_avec_la_saisie(administration):
    organisme = OrganismeFactory(nom="Nom lu", sigle="NL")
    donnees = formulaire(administration, adresse(organisme)) | {"nom": "Ma saisie"}
    mettre_a_jour(organisme, version=1, nom="Nom d'un collègue")

    reponse = administration.post(adresse(organisme), donnees)

    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert 'value="Ma saisie"' in page
    assert "a été modifié le" in page
    assert "Enregistré actuellement : « Nom d&#x27;un collègue »." in page
    assert "« NL »" not in page  # ce qui ne diffère pas n'est pas signalé
    organisme.refresh_from_db()
    assert (organisme.nom, organisme.version) == ("Nom d'un collègue", 2)


def test_enregistrer_de_nouveau_apres_avoir_compare_est_un_choix(administration):
    organisme = OrganismeFactory(nom="Nom lu")
    donnees = formulaire(administration, adresse(organisme)) | {"nom": "Ma saisie"}
    mettre_a_jour(organisme, version=1, nom="Autre")
    reponse = administration.post(adresse(organisme), donnees)
    relu = reponse.context["adminform"].form["version_lue"].value()

    assert (
        administration.post(adresse(organisme), donnees | {"version_lue": relu}).status_code == 302
    )
    organisme.refresh_from_db()
    assert (organisme.nom, organisme.version) == ("Ma saisie", 3)


@pytest.mark.parametrize("version", ["", "0", "abc", "99999999999"])
def test_une_version_absente_ou_fausse_est_perimee(administration, version):
    organisme = OrganismeFactory(nom="Nom lu")
    donnees = formulaire(administration, adresse(organisme))
    donnees |= {"nom": "Ma saisie", "version_lue": version}
    assert administration.post(adresse(organisme), donnees).status_code == 409
    organisme.refresh_from_db()
    assert organisme.nom == "Nom lu"


def test_un_enregistrement_entre_la_lecture_et_l_ecriture_ne_se_perd_pas(
    administration, monkeypatch
):
    """La course elle-même : la mise à jour conditionnelle refuse, la page revient en 409."""
    organisme = OrganismeFactory(nom="Nom lu")
    donnees = formulaire(administration, adresse(organisme)) | {"nom": "Ma saisie"}

    def relire(self, request, pk, *args):
        mettre_a_jour(organisme, version=1, nom="Premier arrivé")
        return OrganismeAdmin.get_queryset(self, request).get(pk=pk)

    def perdre_la_course(objet, *, version, **champs):
        monkeypatch.setattr(OrganismeAdmin, "get_object", relire)
        raise VersionPerimee(objet, version)

    monkeypatch.setattr("edition.admin.mettre_a_jour", perdre_la_course)
    reponse = administration.post(adresse(organisme), donnees)

    assert reponse.status_code == 409
    assert 'value="Ma saisie"' in reponse.content.decode()
    organisme.refresh_from_db()
    assert (organisme.nom, organisme.version) == ("Premier arrivé", 2)


def test_les_lignes_seules_changent_la_version(administration):
    organisme = OrganismeFactory()
    donnees = formulaire(administration, adresse(organisme))
    donnees |= {"alias-TOTAL_FORMS": "1", "alias-0-libelle": "Autre nom"}
    assert administration.post(adresse(organisme), donnees).status_code == 302
    organisme.refresh_from_db()
    assert organisme.version == 2
    assert [a.libelle for a in organisme.alias.all()] == ["Autre nom"]


def test_enregistrer_sans_rien_changer_ne_fait_pas_de_version(administration):
    contrat = ContratFactory()
    administration.post(adresse(contrat), formulaire(administration, adresse(contrat)))
    contrat.refresh_from_db()
    assert contrat.version == 1
    assert not contrat.versions.exists()


def test_une_ligne_supprimee_entre_temps_ne_fait_pas_d_erreur_500(administration):
    contrat = ContratFactory()
    article = ArticleFactory(contrat=contrat)
    donnees = formulaire(administration, adresse(contrat))
    article.delete()
    mettre_a_jour(contrat, version=1)
    donnees |= {"articles-0-titre": "Mon titre"}
    reponse = administration.post(adresse(contrat), donnees)
    assert reponse.status_code == 409
    assert "Mon titre" in reponse.content.decode()

    # Enregistré de nouveau, l'article supprimé revient : c'est un choix.
    donnees = formulaire_de(reponse.context)
    assert administration.post(adresse(contrat), donnees).status_code == 302
    assert [a.titre for a in contrat.articles.all()] == ["Mon titre"]


def test_une_suppression_demandee_ne_passe_pas_a_une_autre_ligne(administration):
    """Les lignes se décalent quand l'une a disparu : chacune garde ses cases."""
    contrat = ContratFactory()
    articles = [ArticleFactory(contrat=contrat, ordre=rang, titre=f"T{rang}") for rang in range(3)]
    donnees = formulaire(administration, adresse(contrat)) | {"articles-0-DELETE": "on"}
    articles[0].delete()
    mettre_a_jour(contrat, version=1)
    reponse = administration.post(adresse(contrat), donnees)
    assert reponse.status_code == 409
    relues = reponse.context["inline_admin_formsets"][2].formset.forms
    assert {f["titre"].value(): bool(f["DELETE"].value()) for f in relues} == {
        "T1": False,
        "T2": False,
        "T0": True,
    }


def test_un_contrat_enregistre_garde_son_etat_dans_l_historique(administration, administrateur):
    contrat = ContratFactory()
    donnees = formulaire(administration, adresse(contrat)) | {"sous_titre": "Coopérer"}
    donnees |= {"territoires": [TerritoireFactory().pk]}
    administration.post(adresse(contrat), donnees)
    [version] = contrat.versions.all()
    assert (version.numero, version.auteur) == (2, administrateur)
    assert version.instantane["sous_titre"] == "Coopérer"
    assert len(version.instantane["territoires"]) == 1


def test_un_contrat_cree_a_sa_premiere_version(administration):
    vide = formulaire(administration, reverse("admin:contrats_contrat_add"))
    donnees = vide | {
        "intitule": "Contrat neuf",
        "intitule_court": "Neuf",
        "slug": "neuf",
        "type": "reciprocite",
        "dotation_propre": "unknown",
    }
    assert administration.post(reverse("admin:contrats_contrat_add"), donnees).status_code == 302
    assert Contrat.objects.get(slug="neuf").versions.get().numero == 1


def test_une_fiche_creee_a_les_sections_de_son_modele_et_une_version(administration):
    modele = ModeleFicheFactory()
    SectionModeleFactory.create_batch(3, modele=modele)
    donnees = {
        "contrat": ContratFactory().pk,
        "modele": modele.pk,
        "titre": "Fiche neuve",
        "cle": "fiche-neuve",
        "ordre": "1",
    }
    assert administration.post(reverse("admin:contrats_fiche_add"), donnees).status_code == 302
    fiche = modele.fiches.get()
    assert fiche.sections.count() == 3
    assert len(fiche.versions.get().instantane["sections"]) == 3


def test_une_fiche_se_deplace_sans_que_son_contenu_ne_bouge(administration, administrateur):
    fiche = FicheFactory(titre="Titre", ordre=1)
    donnees = formulaire(administration, adresse(fiche))
    donnees |= {"ordre": "4", "cle": "ailleurs", "titre": "Forcé", "statut": "publiee"}
    reponse = administration.post(adresse(fiche), donnees)
    assert reponse.status_code == 302
    fiche.refresh_from_db()
    assert (fiche.ordre, fiche.cle, fiche.titre, fiche.statut) == (
        4,
        "ailleurs",
        "Titre",
        "brouillon",
    )
    assert fiche.modifie_par == administrateur
    assert fiche.versions.get().numero == fiche.version == 2


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_l_historique_ne_se_touche_pas(administration, page):
    fiche = FicheFactory()
    fiche.garder_version(par=None)
    version = fiche.versions.get()
    args = [] if page == "add" else [version.pk]
    url = reverse(f"admin:contrats_version_{page}", args=args)
    assert administration.post(url, {"motif": "Falsifié", "post": "yes"}).status_code == 403
    version.refresh_from_db()
    assert version.motif == ""


@pytest.mark.parametrize("modele", ["contrat", "modelefiche", "fiche"])
def test_aucune_suppression_n_emporte_l_historique(administration, modele):
    fiche = FicheFactory()
    fiche.garder_version(par=None)
    objet = {"contrat": fiche.contrat, "modelefiche": fiche.modele, "fiche": fiche}[modele]
    url = reverse(f"admin:contrats_{modele}_delete", args=[objet.pk])
    administration.post(url, {"post": "yes"})
    assert Version.objects.filter(fiche=fiche).exists()


@pytest.mark.parametrize("valeur", ["abc", "-1", "9" * 30, "²", ""])
def test_un_lien_mal_forme_se_refuse_sur_son_champ(administration, valeur):
    contrat = ContratFactory()
    donnees = formulaire(administration, adresse(contrat)) | {"intitule_court": "Autre"}
    donnees |= {"parent": valeur, "territoires": [valeur], "version_lue": "1"}
    reponse = administration.post(adresse(contrat), donnees)
    assert reponse.status_code == 200
    assert reponse.context["adminform"].form.errors.keys() <= {"parent", "territoires", "lien"}
