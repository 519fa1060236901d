"""Pages publiques des contrats, fiches et actions : périmètre, contenu, entrées hostiles."""

import uuid

import pytest
from django.urls import reverse

from contrats.enums import (
    EtatSection,
    Horizon,
    NatureAxe,
    NatureSection,
    RoleHabilitation,
    RolePartie,
    StatutAction,
)
from contrats.models import Annonce, Engagement, Renvoi, Risque
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    ContratFactory,
    FicheFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
    SectionModeleFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db
LISTES = ["contrats:contrat-list", "contrats:fiche-list", "contrats:action-list"]


def adresses(fiche):
    action = fiche.actions.first()
    return [fiche.contrat.get_absolute_url(), fiche.get_absolute_url(), action.get_absolute_url()]


# Périmètre


@pytest.mark.parametrize("rang", [0, 1, 2])
def test_une_page_non_publiee_n_existe_que_pour_qui_y_est_habilite(client, rang):
    fiche = fiche_complete(publiee=False)
    adresse = adresses(fiche)[rang]
    assert client.get(adresse).status_code == 404
    client.force_login(UtilisateurFactory())
    assert client.get(adresse).status_code == 404
    lecteur = UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.LECTURE)])
    client.force_login(lecteur)
    assert client.get(adresse).status_code == 200


@pytest.mark.parametrize("nom", LISTES)
def test_une_liste_ne_montre_ni_ne_compte_ce_qui_n_est_pas_publie(client, nom):
    publiee = fiche_complete(titre="Fiche visible")
    cachee = fiche_complete(publiee=False, titre="Fiche cachée")
    reponse = client.get(reverse(nom))
    vus = {getattr(o, "contrat", o) for o in reponse.context["object_list"]}
    assert vus == {publiee.contrat}
    assert cachee.contrat.intitule not in reponse.text


def test_un_brouillon_d_un_contrat_publie_ne_se_compte_ni_ne_se_lie(client, fiche):
    brouillon = FicheFactory(contrat=fiche.contrat, titre="Brouillon à taire")
    ActionFactory(fiche=brouillon)
    section = fiche.sections.get(modele__nature=NatureSection.PARTENAIRES)
    Renvoi.objects.create(section=section, ordre=1, texte="cf. fiche 9", fiche=brouillon)
    liste = client.get(reverse("contrats:contrat-list")).context["object_list"]
    assert [(c.nb_fiches, c.nb_actions) for c in liste] == [(1, 3)]
    assert "Brouillon à taire" not in client.get(fiche.contrat.get_absolute_url()).text
    page = client.get(fiche.get_absolute_url()).text
    assert "Brouillon à taire" not in page
    assert "fiche non publiée" in page


def test_un_contrat_parent_non_publie_n_est_pas_nomme(client):
    parent = ContratFactory(intitule="Parent à taire")
    enfant = ContratFactory(publie=True, parent=parent, lien="annexe")
    assert "Parent à taire" not in client.get(enfant.get_absolute_url()).text


def test_seul_qui_peut_modifier_voit_le_bouton(client, fiche, redactrice, lectrice):
    vus = []
    for agent in (redactrice, lectrice):
        client.force_login(agent)
        vus.append(client.get(fiche.get_absolute_url()).context["peut_modifier"])
    assert vus == [True, False]


# Entrées hostiles


@pytest.mark.parametrize("nom", LISTES)
@pytest.mark.parametrize(
    "requete",
    [
        "page=999",
        "page=abc",
        "q=" + "é" * 70_000,
        "q=%00",
        "q=%F0%9F%92%A9",
        "statut=inconnu",
        "inconnu=1",
        "contrat=%00",
        "fiche=x",
        "echeance_avant=2025-13-45",
    ],
)
def test_une_adresse_hostile_ne_fait_jamais_echouer_une_liste(client, fiche, nom, requete):
    assert client.get(f"{reverse(nom)}?{requete}").status_code in {200, 404}


def test_un_filtre_invalide_se_dit_et_ne_montre_rien(client, fiche):
    reponse = client.get(reverse("contrats:action-list"), {"statut": "fini"})
    assert not reponse.context["object_list"]
    assert "n&#x27;est pas une valeur admise" in reponse.text
    assert "Un filtre n’est pas compris." in reponse.text


@pytest.mark.parametrize(
    "adresse",
    [
        "/contrats/absent/",
        "/contrats/absent/fiches/absente/",
        f"/actions/{uuid.UUID(int=0)}/",
    ],
)
def test_un_objet_absent_donne_404(client, adresse):
    assert client.get(adresse).status_code == 404


def test_la_fiche_se_lit_sous_son_contrat_seulement(client, fiche):
    autre = ContratFactory(publie=True)
    adresse = reverse("contrats:fiche-detail", args=[autre.slug, fiche.cle])
    assert client.get(adresse).status_code == 404


# Listes


def test_un_filtre_de_l_adresse_est_un_badge_que_l_on_retire(client, fiche):
    ActionFactory(fiche=fiche, statut=StatutAction.REALISEE, intitule="Faite")
    reponse = client.get(reverse("contrats:action-list"), {"statut": "realisee"})
    assert [a.intitule for a in reponse.context["object_list"]] == ["Faite"]
    assert "Enlever le filtre" in reponse.text
    assert "<b>1 action</b>" in reponse.text


def test_les_pages_d_une_liste_se_suivent_sans_doublon(client, fiche):
    for ordre in range(40):
        ActionFactory(fiche=fiche, ordre=1, intitule=f"Action {ordre}")
    pages = [client.get(reverse("contrats:action-list"), {"page": n}) for n in (1, 2)]
    vues = [a.pk for page in pages for a in page.context["object_list"]]
    assert len(vues) == len(set(vues)) == 43


def test_une_liste_vide_dit_quoi_faire(client):
    assert "paraîtront ici" in client.get(reverse("contrats:contrat-list")).text
    filtree = client.get(reverse("contrats:contrat-list"), {"type": "ville"})
    assert "Enlever tous les filtres" in filtree.text


# Contrat


def page_du_contrat(client, contrat):
    return client.get(contrat.get_absolute_url()).text


def test_l_ecart_entre_annonce_et_donnees_se_montre(client):
    contrat = ContratFactory(publie=True)
    AxeFactory.create_batch(3, contrat=contrat, nature=NatureAxe.ORIENTATION)
    Annonce.objects.create(
        contrat=contrat, objet="orientations", nombre=6, libelle="6 grandes orientations"
    )
    assert "6 orientations annoncées (« 6 grandes orientations »), 3 décrites." in page_du_contrat(
        client, contrat
    )


def test_une_annonce_conforme_ne_dit_rien(client):
    contrat = ContratFactory(publie=True)
    AxeFactory.create_batch(3, contrat=contrat, nature=NatureAxe.DEFI)
    Annonce.objects.create(contrat=contrat, objet="defis", nombre=3, libelle="Les 3 défis")
    assert "annoncé" not in page_du_contrat(client, contrat)


@pytest.mark.parametrize("reciproques", [True, False])
def test_un_engagement_dit_qui_doit_et_a_qui(client, reciproques):
    contrat = ContratFactory(publie=True)
    ville = PartieFactory(contrat=contrat, rang=1, role=RolePartie.VILLE, libelle="Ville")
    campagne = PartieFactory(contrat=contrat, rang=2, role=RolePartie.CAMPAGNE, libelle="Campagne")
    article = ArticleFactory(contrat=contrat)
    for ordre in (1, 2):
        engagement = Engagement.objects.create(
            contrat=contrat, article=article, ordre=ordre, texte="Coopérer."
        )
        doivent = [ville, campagne] if reciproques else [[ville], [campagne]][ordre - 1]
        engagement.porteurs.set(doivent)
        engagement.beneficiaires.set([ville, campagne])
    page = page_du_contrat(client, contrat)
    assert ("ils sont réciproques" in page) == reciproques
    assert ("Dû par Ville, au bénéfice de Ville et Campagne" in page) != reciproques


def test_le_tableau_compte_actions_et_sous_points_par_horizon(client, fiche):
    pilote = fiche.actions.get(horizon=Horizon.PILOTE)
    ActionFactory(fiche=fiche, parent=pilote, horizon=Horizon.COURT)
    tableau = client.get(fiche.contrat.get_absolute_url()).context["page"].tableau
    assert dict(zip(tableau.colonnes, tableau.totaux, strict=True)) == {
        "Action pilote": 1,
        "Court terme": 3,
        "Moyen et long terme": 0,
    }
    assert (tableau.comptes.total, tableau.comptes.sous_points) == (4, 1)


def test_le_sommaire_mene_a_chaque_partie_de_la_page(client, fiche):
    reponse = client.get(fiche.contrat.get_absolute_url())
    for bloc in reponse.context["page"].blocs:
        assert f'href="#{bloc.ancre}"' in reponse.text
        assert f'id="{bloc.ancre}"' in reponse.text


def test_une_partie_n_est_pas_un_duo_quand_elle_est_seule(client):
    contrat = ContratFactory(publie=True)
    PartieFactory(contrat=contrat)
    assert "duo" not in page_du_contrat(client, contrat)
    PartieFactory(contrat=contrat)
    assert "duo-clair" in page_du_contrat(client, contrat)


# Fiche


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        (EtatSection.NEANT, "imprime « RAS »"),
        (EtatSection.A_RENSEIGNER, "À renseigner."),
        (EtatSection.SANS_OBJET, "Sans objet."),
    ],
)
def test_neant_n_est_pas_a_renseigner(client, fiche, etat, phrase):
    SectionFactory(fiche=fiche, etat=etat, libelle="Financement")
    page = client.get(fiche.get_absolute_url()).text
    assert [p for p in ("imprime « RAS »", "À renseigner.", "Sans objet.") if p in page] == [phrase]


@pytest.mark.parametrize("nature", NatureSection)
def test_chaque_nature_de_section_a_son_gabarit(client, fiche, nature):
    modele = SectionModeleFactory(modele=fiche.modele, nature=nature, libelle="Rubrique à voir")
    SectionFactory(fiche=fiche, modele=modele)
    assert "Rubrique à voir" in client.get(fiche.get_absolute_url()).text


def test_un_risque_imprime_ailleurs_le_dit(client, fiche):
    modele = SectionModeleFactory(modele=fiche.modele, nature=NatureSection.RISQUES)
    section = SectionFactory(fiche=fiche, modele=modele)
    Risque.objects.create(section=section, ordre=1, intitule="Conflit", imprime_sous="Facteurs")
    assert "imprimé sous « Facteurs »" in client.get(fiche.get_absolute_url()).text


@pytest.mark.parametrize("ouverte", [True, False])
def test_une_liste_ouverte_se_distingue_d_une_liste_fermee(client, fiche, ouverte):
    section = fiche.sections.get(modele__nature=NatureSection.PARTENAIRES)
    section.liste_ouverte = ouverte
    section.save(update_fields=["liste_ouverte"])
    assert ("<li>…</li>" in client.get(fiche.get_absolute_url()).text) == ouverte


def test_une_mention_montre_l_organisme_qu_elle_designe(client, fiche):
    section = fiche.sections.get(modele__nature=NatureSection.PARTENAIRES)
    caisse = OrganismeFactory(nom="Caisse des dépôts et consignations")
    etat = OrganismeFactory(nom="État")
    for organisme, mention in ((caisse, "Caisse des Dépôts"), (etat, "Etat")):
        PartenariatFactory(
            action=None, section=section, organisme=organisme, role="potentiel", mention=mention
        )
    page = client.get(fiche.get_absolute_url()).text
    assert "Caisse des Dépôts <span" in page
    assert ">Etat</a>" in page


def test_une_action_dont_la_section_manque_reste_visible(client, fiche):
    fiche.sections.filter(modele__horizon=Horizon.COURT).delete()
    orpheline = fiche.actions.filter(horizon=Horizon.COURT).first()
    assert orpheline.get_absolute_url() in client.get(fiche.get_absolute_url()).text


def test_les_fiches_voisines_sont_celles_que_le_lecteur_voit(client, fiche):
    FicheFactory(contrat=fiche.contrat, titre="Brouillon")
    suivante = fiche_complete(contrat=fiche.contrat, titre="Suivante")
    page = client.get(fiche.get_absolute_url()).context["page"]
    assert (page.precedente, page.suivante) == (None, suivante)


def test_un_suivi_de_demonstration_est_marque(client, fiche):
    action = fiche.actions.first()
    assert "démonstration</span>" not in client.get(action.get_absolute_url()).text
    action.demonstration = True
    action.save()
    for adresse in adresses(fiche):
        assert "démonstration</span>" in client.get(adresse).text


# Action


def test_les_partenaires_de_la_liste_se_distinguent_de_ceux_de_l_action(client, fiche):
    action = fiche.actions.get(horizon=Horizon.PILOTE)
    PartenariatFactory(action=action, organisme=OrganismeFactory(nom="Le pilote"), role="pilote")
    page = client.get(action.get_absolute_url()).context["page"]
    assert [r.libelle for r in page.roles] == ["Pilote"]
    assert [s.libelle for s in page.listes] == ["Partenaires"]


def test_un_contrat_sans_fiche_ne_montre_que_ses_actions(client):
    contrat = ContratFactory(publie=True, modele_fiche=None)
    ActionFactory(contrat=contrat, fiche=None, intitule="Accompagner les Conseils Citoyens")
    page = client.get(contrat.get_absolute_url()).content.decode()
    assert "Accompagner les Conseils Citoyens" in page
    assert "Aucune fiche" not in page
    assert "hors fiche" not in page


def test_le_pilote_d_un_suivi_de_demonstration_est_marque_le_chef_de_file_non(client, fiche):
    action = ActionFactory(fiche=fiche, demonstration=True)
    for role in ("pilote", "chef_de_file"):
        PartenariatFactory(action=action, role=role)
    titres = client.get(action.get_absolute_url()).text.split("<h3>")[1:3]
    assert ["démonstration" in titre.split("</h3>")[0] for titre in titres] == [True, False]


def test_un_badge_dit_oui_et_le_formulaire_tait_les_filtres_techniques(client, fiche):
    adresse = reverse("contrats:action-list")
    page = client.get(adresse, {"en_retard": "true"}).content.decode()
    assert "Oui</a>" in page
    assert 'name="fiche"' not in page
    filtree = client.get(adresse, {"fiche": str(fiche.public_id)}).content.decode()
    assert f'<input type="hidden" name="fiche" value="{fiche.public_id}"' in filtree
