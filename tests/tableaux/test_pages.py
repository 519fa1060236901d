"""Ce que dit la page du comité, et ce que l'on dit à côté de ses chiffres."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from contrats.enums import NatureFinancement, StatutAction
from contrats.historique import constater
from contrats.models import EtatAction
from partenaires.models import Charte
from tableaux import ecriture
from tableaux.calculs.contrat import devoirs
from tableaux.lecture import lire_etat
from tableaux.models import Constat, Meteo
from tableaux.perimetre import de_l_instance, de_l_organisme, du_contrat, du_territoire
from tableaux.tableau import tableau
from territoires.enums import TypeTerritoire
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ContratFactory, PartenariatFactory
from tests.documents.factories import DocumentFigeFactory
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import DeclinaisonFactory, matrice
from tests.tableaux.histoires import DEPART, Horloge
from tests.tableaux.monde import JOUR
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


def test_les_mouvements_se_disent_en_phrases_du_plus_important_au_moindre():
    with Horloge() as horloge:
        contrat = matrice(actions=4, colonnes=1)
        actions = list(contrat.actions.order_by("ordre"))
        actions[1].echeance = horloge.jour + 2 * JOUR
        actions[1].save()
        constater(contrat, par=None)
        avant = horloge.jour
        horloge.avancer(10 * JOUR)
        actions[0].statut = StatutAction.REALISEE
        actions[2].avancement = 30
        for action in (actions[0], actions[2]):
            action.save()
        DeclinaisonFactory(
            action=actions[3], colonne=contrat.annexes_territoriales.get().colonnes.get()
        )
        constater(contrat, par=None)
        agent = UtilisateurFactory(administrateur=True)
        t = tableau(du_contrat(contrat), agent, depuis=avant)
        assert [(m.genre, m.mot) for m in t.mouvements] == [
            ("realisee", "Réalisée"),
            ("en_retard", "En retard"),
            ("avance", "À lancer"),
        ]
        assert t.mouvements[2].phrase == "passe de non dit à 30 %."
        assert t.chiffres["realisees"].precedent.texte == "0 sur 4"
        assert t.chiffres["realisees"].evolution == "+ 1"


def test_avant_son_histoire_la_plateforme_dit_qu_elle_ne_sait_pas(client):
    contrat = matrice(actions=1)
    constater(contrat, par=None)
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug]), {"au": "2015-01-01"})
    assert "avant, elle ne sait pas" in page.content.decode()
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug]), {"depuis": "2015-01-01"})
    assert "La plateforme ne sait rien d’avant" in page.content.decode()


def test_un_chiffre_invente_le_dit_et_un_chiffre_reel_ne_le_dit_pas(client):
    contrat = matrice(actions=2)
    adresse = reverse("tableaux:contrat-chiffre", args=[contrat.slug, "realisees"])
    marque = '<span class="demo">démonstration</span>'
    assert marque not in client.get(adresse).content.decode()
    contrat.actions.filter(numero="1").update(demonstration=True)
    assert marque in client.get(adresse).content.decode()
    cellules = reverse("tableaux:contrat-chiffre", args=[contrat.slug, "cellules"])
    assert marque not in client.get(cellules).content.decode()


def test_le_public_ne_sait_pas_qui_a_ecrit(client, anonyme):
    contrat = matrice(actions=1)
    agent = UtilisateurFactory(habilitations=[(contrat, "pilotage")], prenom="Jeanne", nom="Doe")
    constater(contrat, par=agent)
    assert tableau(du_contrat(contrat), anonyme).chiffres["actions"].auteur == ""
    assert tableau(du_contrat(contrat), agent).chiffres["actions"].auteur == "Jeanne Doe"


def test_un_territoire_un_organisme_et_l_instance_comptent_ce_qui_est_a_eux(anonyme):
    contrat, autre = matrice(actions=3, colonnes=2), matrice(actions=2)
    colonnes = contrat.annexes_territoriales.get().colonnes.order_by("rang")
    action = contrat.actions.get(numero="2")
    DeclinaisonFactory(action=action, colonne=colonnes[1])
    quartier = colonnes[1].quartiers.get()
    organisme = OrganismeFactory()
    PartenariatFactory(action=autre.actions.first(), organisme=organisme, role="pilote")

    def suivies(perimetre):
        return [a.identifiant for a in tableau(perimetre, anonyme).etat.suivies]

    assert suivies(du_territoire(quartier)) == [str(action.public_id)]
    assert suivies(de_l_organisme(organisme)) == [str(autre.actions.first().public_id)]
    assert len(suivies(de_l_instance())) == 5


def test_un_territoire_sans_matrice_a_les_actions_de_son_contrat(anonyme):
    contrat = ContratFactory(publie=True)
    territoire = TerritoireFactory()
    contrat.territoires.add(territoire)
    action = ActionFactory(fiche=None, contrat=contrat)
    ailleurs = ActionFactory(fiche=None, contrat=contrat)
    ailleurs.territoires.add(TerritoireFactory())
    t = tableau(du_territoire(territoire), anonyme)
    assert [a.identifiant for a in t.etat.suivies] == [str(action.public_id)]


def test_ce_qui_n_est_pas_visible_ne_se_compte_pas(anonyme):
    cache = matrice(actions=2, publie=False)
    constater(cache, par=None)
    etat = lire_etat(du_contrat(cache), anonyme)
    assert (etat.toutes, etat.contrats) == ((), ())
    hier = timezone.localdate() - JOUR
    EtatAction.objects.update(le=timezone.now() - 3 * JOUR)
    assert lire_etat(du_contrat(cache), anonyme, hier).toutes == ()


def test_la_meteo_s_ajoute_et_la_derniere_vaut(client):
    contrat = matrice(actions=1)
    agent = UtilisateurFactory(habilitations=[(contrat, "copilote")])
    client.force_login(agent)
    adresse = reverse("tableaux:contrat-dire", args=[contrat.slug])
    for valeur, phrase in (("soleil", "Tout va."), ("orage", "Plus de chef de projet.")):
        donnees = {"meteo-axe": "", "meteo-valeur": valeur, "meteo-phrase": phrase}
        assert client.post(adresse, donnees).status_code == 302
    assert Meteo.objects.count() == 2
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    assert "Orage" in page
    assert "Plus de chef de projet." in page


def test_une_meteo_sans_phrase_se_refuse_et_garde_la_saisie(client):
    contrat = matrice(actions=1)
    client.force_login(UtilisateurFactory(habilitations=[(contrat, "pilotage")]))
    adresse = reverse("tableaux:contrat-dire", args=[contrat.slug])
    reponse = client.post(adresse, {"meteo-valeur": "nuage", "meteo-phrase": ""})
    assert reponse.status_code == 400
    page = reponse.content.decode()
    assert "Dites en une phrase ce qui fonde cette météo." in page
    assert not Meteo.objects.exists()


def test_constater_un_engagement_change_la_balance(anonyme):
    contrat = matrice(actions=1)
    partie = contrat.parties.create(
        organisme=OrganismeFactory(nom="La Métropole"), rang=1, role="ville"
    )
    engagement = contrat.engagements.create(ordre=1, texte="Animer.")
    engagement.porteurs.add(partie)
    engagement.beneficiaires.add(partie)
    agent = UtilisateurFactory(habilitations=[(contrat, "pilotage")])
    [(cle, _)] = ecriture.promesses_de(contrat)
    ecriture.constater_une_promesse(contrat, promesse=cle, etat="tenu", par=agent)
    [solde] = tableau(du_contrat(contrat), anonyme).balance
    assert (solde.nom, solde.dus, solde.tenus, solde.recus) == ("La Métropole", 1, 1, 1)
    engagement.delete()
    with pytest.raises(ecriture.PromesseInconnue):
        ecriture.constater_une_promesse(contrat, promesse=cle, etat="tenu", par=agent)
    assert not Constat.objects.exists()


def devoir(contrat, nom, lecteur, au=None):
    trouves = devoirs(lire_etat(du_contrat(contrat), lecteur, au))
    return next((d.etat for d in trouves if nom in d.nom), None)


def test_un_financement_sans_charte_est_un_devoir_manque(anonyme):
    contrat = ContratFactory(publie=True)
    association = OrganismeFactory()
    contrat.financements.create(
        ordre=1,
        intitule="Subvention",
        engage=100,
        beneficiaire=association,
        nature=NatureFinancement.CONVENTION,
    )
    assert devoir(contrat, "Charte", anonyme) == "manque"
    Charte.objects.create(organisme=association, genre="cer", signee_le="2022-01-01")
    assert devoir(contrat, "Charte", anonyme) == "tenu"


def test_un_projet_de_territoire_a_douze_mois_apres_la_creation_du_petr(anonyme):
    contrat = ContratFactory(publie=True, type="projet_de_territoire")
    petr = TerritoireFactory(type=TypeTerritoire.PETR)
    contrat.territoires.add(petr)
    nom = "douze mois"
    assert devoir(contrat, nom, anonyme) == "inconnu"
    petr.valide_du = timezone.localdate() - 100 * JOUR
    petr.save()
    assert devoir(contrat, nom, anonyme) == "a_venir"
    petr.valide_du = datetime.date(2015, 1, 1)
    petr.save()
    assert devoir(contrat, nom, anonyme) == "manque"


def test_une_action_sans_nouvelle_l_est_au_jour_lu():
    with Horloge() as horloge:
        contrat = matrice(actions=1)
        constater(contrat, par=None)
        agent = UtilisateurFactory(administrateur=True)
        horloge.avancer(181 * JOUR)
        t = tableau(du_contrat(contrat), agent)
        assert t.chiffres["figees"].valeur == 1
        t = tableau(du_contrat(contrat), agent, DEPART.date() + 100 * JOUR)
        assert t.chiffres["figees"].valeur == 0


def test_un_rapport_annuel_fige_tient_le_devoir(anonyme):
    contrat = ContratFactory(publie=True, type="projet_de_territoire")
    assert devoir(contrat, "Rapport annuel", anonyme) == "manque"
    jour = timezone.localdate().isoformat()
    DocumentFigeFactory(contrat=contrat, nature="annuel", valeur="rapport", cle=jour)
    assert devoir(contrat, "Rapport annuel", anonyme) == "tenu"


def test_une_alerte_dit_son_nombre_et_son_mot(client):
    contrat = matrice(actions=3)
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    assert '<span class="signe e-suspendu">3 sur 3 sans pilote</span>' in page
    contrat.financements.create(ordre=1, intitule="Somme", montant=1000, nature="indicatif")
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    assert '<span class="signe e-lancer">Prévu : 1\xa0000 €</span>' in page
