"""Outils des tests de l'atelier : lire la page d'une fiche, la renvoyer comme un navigateur."""

from urllib.parse import urlencode

from django.urls import reverse

from bench.formulaire import LecteurDeFormulaire, avec
from contrats.enums import EtatSection, Horizon, NatureSection
from contrats.models import (
    Action,
    Critere,
    Jalon,
    Periode,
    ProjetLie,
    Renvoi,
    Responsable,
    Risque,
    Section,
    SectionModele,
)
from partenaires.models import Personne
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    PartenariatFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory

URLENCODE = "application/x-www-form-urlencoded"


def adresse(fiche, nom="fiche-modifier", *args):
    return reverse(f"contrats:{nom}", args=[fiche.public_id, *args])


class PageDeFiche:
    """La page d'édition telle que le client la reçoit, prête à être remplie et envoyée."""

    def __init__(self, client, fiche, reponse=None):
        self.client, self.fiche = client, fiche
        self.reponse = reponse or client.get(adresse(fiche))
        self.html = self.reponse.content.decode()
        lecteur = LecteurDeFormulaire("fiche")
        lecteur.feed(self.html)
        self.champs, self.boutons = lecteur.champs, lecteur.boutons

    def __getitem__(self, nom):
        """Valeur du champ ; échoue s'il n'est pas dans la page."""
        return next(valeur for n, valeur in self.champs if n == nom)

    def liste(self, nom):
        return [valeur for n, valeur in self.champs if n == nom]

    def remplir(self, **valeurs):
        """Réécrit des champs ; `__` dans un nom vaut un tiret (`s__contexte__texte`)."""
        self.champs = avec(self.champs, **{n.replace("__", "-"): v for n, v in valeurs.items()})
        return self

    def poser(self, nom, valeur):
        self.champs = avec(self.champs, **{nom: valeur})
        return self

    def presser(self, geste):
        """Envoie la page par ce bouton, qui doit y être ; rend la page reçue."""
        assert geste in self.boutons, f"aucun bouton « {geste} »"
        return PageDeFiche(self.client, self.fiche, self.envoyer(geste))

    def envoyer(self, geste="enregistrer"):
        corps = self.corps(geste=geste)
        return self.client.post(adresse(self.fiche), corps, content_type=URLENCODE)

    def corps(self, **en_plus):
        """Ce qui partirait de la page, tel quel."""
        return urlencode([*self.champs, *en_plus.items()])


def fiche_riche(**champs):
    """Fiche qui porte au moins une chose de chaque nature."""
    fiche = fiche_complete(**champs)
    action = Action.objects.filter(fiche=fiche, horizon=Horizon.COURT).first()
    sous_point = ActionFactory(fiche=fiche, parent=action, ordre=9)
    action.territoires.add(TerritoireFactory(), TerritoireFactory())
    PartenariatFactory(action=action, role="pilote")
    PartenariatFactory(action=sous_point, role="partenaire")
    Periode.objects.create(
        action=action,
        ordre=1,
        libelle="2015-2017",
        debut="2015-01-01",
        fin="2017-12-31",
        precision_debut="annee",
        precision_fin="annee",
    )
    personne, _ = Personne.objects.get_or_create(cle="awa-diop", prenom="Awa", nom="Diop")
    lignes = {
        NatureSection.JALONS: (Jalon, {"echeance_texte": "fin 2015", "echeance": "2015-12-31"}),
        NatureSection.RISQUES: (Risque, {"imprime_sous": "Facteurs"}),
        NatureSection.CRITERES: (Critere, {"nature": "qualitatif"}),
        NatureSection.PROJETS_LIES: (ProjetLie, {"cible": ContratFactory(publie=True)}),
        NatureSection.RESPONSABLES: (
            Responsable,
            {"personne": personne, "organisme": OrganismeFactory()},
        ),
    }
    for rang, (nature, (modele, valeurs)) in enumerate(lignes.items(), 6):
        section = ajouter_section(fiche, nature, rang)
        modele.objects.create(section=section, ordre=1, intitule=f"Ligne de {nature}", **valeurs)
    contexte = fiche.sections.get(modele__cle="contexte")
    Renvoi.objects.create(section=contexte, ordre=1, texte="cf. bilan", document="Bilan 2016")
    return fiche


def ajouter_section(fiche, nature, ordre):
    modele, _ = SectionModele.objects.get_or_create(
        modele=fiche.modele,
        cle=str(nature).replace("_", "-"),
        defaults={"ordre": ordre, "libelle": nature.label, "nature": nature},
    )
    return Section.objects.create(
        fiche=fiche, modele=modele, ordre=ordre, libelle=nature.label, etat=EtatSection.RENSEIGNEE
    )
