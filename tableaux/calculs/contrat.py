"""Les chiffres d'un contrat : sommes, engagements réciproques, jalons, devoirs."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from contrats.enums import OrigineCredits, TypeContrat
from tableaux.calculs.socle import jour
from tableaux.chiffre import Chiffre, Ligne, nombre
from tableaux.enums import EtatConstat
from tableaux.etat import ContratLu, EngagementLu, Etat, JalonLu, SommeLue

SOURCE = "Contrat et sommes saisies sur la plateforme"
AN = datetime.timedelta(days=365)


# Sommes


def _somme(
    etat: Etat,
    cle: str,
    libelle: str,
    definition: str,
    valeur: Callable[[SommeLue], Decimal | None],
    garde: Callable[[SommeLue], bool] = lambda s: True,
) -> Chiffre:
    """Total des sommes connues ; aucune : le chiffre manque, il n'est pas nul."""
    comptees, ecartees = [], []
    total: Decimal | None = None
    for s in etat.sommes:
        montant = valeur(s)
        if s.en_nature:
            ecartees.append(s.ligne("Apport en nature : compté à part."))
        elif not garde(s):
            dite = OrigineCredits(s.origine).label if s.origine else "non dite"
            ecartees.append(s.ligne(f"Origine des crédits : {dite.lower()}."))
        elif montant is None:
            ecartees.append(s.ligne("Montant inconnu."))
        else:
            total = (total or Decimal()) + montant
            comptees.append(s.ligne(f"{nombre(montant)} €"))
    return Chiffre(
        cle=cle,
        libelle=libelle,
        valeur=total,
        unite="€",
        definition=definition,
        formule="Somme des montants connus, hors apports en nature.",
        comptees=tuple(comptees),
        ecartees=tuple(ecartees),
        source=SOURCE,
    )


def prevu(etat: Etat) -> Chiffre:
    return _somme(
        etat, "prevu", "Prévu", "Montants cités par le contrat ou convenus.", lambda s: s.prevu
    )


def engage(etat: Etat) -> Chiffre:
    return _somme(etat, "engage", "Engagé", "Montants engagés par décision.", lambda s: s.engage)


def paye(etat: Etat) -> Chiffre:
    return _somme(etat, "paye", "Payé", "Montants versés.", lambda s: s.paye)


def droit_commun(etat: Etat) -> Chiffre:
    return _somme(
        etat,
        "droit_commun",
        "Prévu en droit commun",
        "Montants prévus sur les politiques ordinaires, que le contrat mobilise d'abord.",
        lambda s: s.prevu,
        lambda s: s.origine == OrigineCredits.DROIT_COMMUN,
    )


def specifiques(etat: Etat) -> Chiffre:
    return _somme(
        etat,
        "specifiques",
        "Prévu en crédits spécifiques",
        "Montants prévus sur des crédits propres au contrat ou à la politique de la ville.",
        lambda s: s.prevu,
        lambda s: s.origine == OrigineCredits.SPECIFIQUE,
    )


def en_nature(etat: Etat) -> Chiffre:
    """Temps, locaux, ingénierie : comptés, jamais additionnés à des euros."""
    return Chiffre(
        cle="en_nature",
        libelle="Apports en nature",
        valeur=sum(s.en_nature for s in etat.sommes),
        definition="Apports sans versement : temps d'agents, locaux, ingénierie.",
        formule="Nombre de lignes marquées « apport en nature ».",
        comptees=tuple(s.ligne("Apport en nature") for s in etat.sommes if s.en_nature),
        ecartees=tuple(s.ligne("Somme d'argent.") for s in etat.sommes if not s.en_nature),
        source=SOURCE,
    )


# Engagements et jalons


def engagements_tenus(etat: Etat) -> Chiffre:
    tenus = [e for e in etat.engagements if _dit(e) == EtatConstat.TENU]
    return Chiffre(
        cle="engagements_tenus",
        libelle="Engagements tenus",
        valeur=len(tenus),
        denominateur=len(etat.engagements),
        definition="Engagements du contrat dont le dernier constat est « tenu ».",
        formule="Engagements constatés tenus sur engagements du contrat.",
        comptees=tuple(e.ligne(mot_du_constat(e)) for e in tenus),
        ecartees=tuple(e.ligne(mot_du_constat(e)) for e in etat.engagements if e not in tenus),
        source="Articles du contrat et constats saisis",
    )


def jalons_manques(etat: Etat) -> Chiffre:
    """Passé sans constat qu'il est tenu : manqué, tant que personne n'a dit le contraire."""
    passes = [j for j in etat.jalons if j.echeance and j.echeance < etat.au]
    manques = [j for j in passes if _dit(j) != EtatConstat.TENU]
    tenus = [j for j in passes if _dit(j) == EtatConstat.TENU]
    ecartees = [j.ligne(mot_du_constat(j)) for j in tenus]
    for j in etat.jalons:
        if j.echeance is None:
            ecartees.append(j.ligne("Sans date vérifiable."))
        elif j.echeance >= etat.au:
            ecartees.append(j.ligne(f"À venir : {jour(j.echeance)}."))
    return Chiffre(
        cle="jalons_manques",
        libelle="Jalons manqués",
        valeur=len(manques),
        denominateur=len(passes),
        definition="Jalons des fiches dont la date est passée sans qu'on les ait constatés tenus.",
        formule="Jalons passés dont le dernier constat n'est pas « tenu », sur jalons passés.",
        comptees=tuple(
            j.ligne(f"Attendu le {jour(j.echeance)}. {mot_du_constat(j)}") for j in manques
        ),
        ecartees=tuple(ecartees),
        source="Fiches du contrat et constats saisis",
    )


def _dit(promesse: EngagementLu | JalonLu) -> str | None:
    return promesse.constat.etat if promesse.constat else None


def mot_du_constat(promesse: EngagementLu | JalonLu) -> str:
    """« Tenu : convention signée », ou « Personne n'a dit s'il est tenu. »"""
    c = promesse.constat
    if c is None:
        return "Personne n'a dit s'il est tenu."
    return f"{EtatConstat(c.etat).label} : {c.phrase}" if c.phrase else EtatConstat(c.etat).label


# Devoirs


@dataclass(frozen=True, slots=True)
class Devoir:
    """Ce qu'un texte demande, et où l'on en est : tenu, manqué, à venir, ou invérifiable."""

    contrat: ContratLu
    nom: str
    etat: str
    phrase: str
    source: str
    demonstration: bool = False

    @property
    def mot(self) -> str:
        return MOTS[self.etat]

    def ligne(self) -> Ligne:
        return Ligne(
            f"{self.nom} ({self.contrat.nom})",
            f"{self.mot} : {self.phrase}",
            self.contrat.adresse,
            self.demonstration,
        )


MOTS = {
    "tenu": "Tenu",
    "manque": "Manqué",
    "a_venir": "À venir",
    "inconnu": "Non vérifiable",
}
ANNUELS = {TypeContrat.FEUILLE_DE_ROUTE, TypeContrat.PROJET_DE_TERRITOIRE}
PETR = "Code général des collectivités territoriales, art. L. 5741-1 et suivants"


def devoirs(etat: Etat) -> list[Devoir]:
    """Tous les devoirs qui s'appliquent, contrat par contrat."""
    trouves = []
    for c in etat.contrats:
        if c.a_un_comite:
            trouves.append(
                _annuel(etat, c, "Comité de pilotage annuel", c.comites, "Contrat, gouvernance")
            )
        if c.a_une_conference:
            trouves.append(_annuel(etat, c, "Conférence des maires annuelle", c.conferences, PETR))
        if c.type in ANNUELS:
            source = PETR if c.type == TypeContrat.PROJET_DE_TERRITOIRE else "Feuille de route"
            trouves.append(_annuel(etat, c, "Rapport annuel", c.rapports, source))
        if c.type == TypeContrat.PROJET_DE_TERRITOIRE:
            trouves.append(_douze_mois(etat, c))
        if charte := _charte(etat, c):
            trouves.append(charte)
    return trouves


def devoirs_manques(etat: Etat) -> Chiffre:
    tous = devoirs(etat)
    return Chiffre(
        cle="devoirs_manques",
        libelle="Devoirs manqués",
        valeur=sum(d.etat == "manque" for d in tous),
        denominateur=len(tous),
        definition=(
            "Ce que la loi ou le contrat demande : comité annuel, conférence des maires annuelle, "
            "rapport annuel, projet de territoire sous douze mois, charte avant financement."
        ),
        formule="Devoirs dont le terme est passé sans preuve, sur devoirs qui s'appliquent.",
        comptees=tuple(d.ligne() for d in tous if d.etat == "manque"),
        ecartees=tuple(d.ligne() for d in tous if d.etat != "manque"),
        source="Textes cités et séances, rapports, chartes enregistrés sur la plateforme",
    )


def _annuel(
    etat: Etat, c: ContratLu, nom: str, dates: tuple[datetime.date, ...], source: str
) -> Devoir:
    """Une fois par an : douze mois après la dernière fois, sinon après le départ du contrat."""
    faites = [d for d in dates if d <= etat.au]
    if faites:
        terme = max(faites) + AN
        dit = f"le dernier est du {jour(max(faites))}."
        inventee = max(faites) in c.inventees
        return Devoir(c, nom, "tenu" if etat.au <= terme else "manque", dit, source, inventee)
    depart = c.signe_le or c.debut
    if depart and etat.au <= depart + AN:
        return Devoir(
            c, nom, "a_venir", f"le premier, au plus tard le {jour(depart + AN)}.", source
        )
    return Devoir(c, nom, "manque", "aucun n'est enregistré sur la plateforme.", source)


def _douze_mois(etat: Etat, c: ContratLu) -> Devoir:
    nom = "Projet de territoire sous douze mois"
    creation, adoption = c.porteurs_depuis, c.adopte_le
    if creation is None:
        dit = "la date de création du PETR n'est pas renseignée."
        return Devoir(c, nom, "inconnu", dit, PETR)
    terme = creation + AN
    if adoption and adoption <= etat.au:
        tenu = adoption <= terme
        return Devoir(c, nom, "tenu" if tenu else "manque", f"adopté le {jour(adoption)}.", PETR)
    if etat.au <= terme:
        return Devoir(c, nom, "a_venir", f"au plus tard le {jour(terme)}.", PETR)
    return Devoir(c, nom, "manque", f"attendu le {jour(terme)}, adoption non constatée.", PETR)


def _charte(etat: Etat, c: ContratLu) -> Devoir | None:
    """Tout bénéficiaire d'une somme engagée ou payée a signé la charte auparavant."""
    finances = {
        s.beneficiaire
        for s in etat.sommes
        if s.contrat == c.slug and s.beneficiaire and (s.engage or s.paye)
    }
    if not finances:
        return None
    sans = sorted(etat.nom_de(o) for o in finances if o not in etat.chartes)
    dit = f"sans charte : {', '.join(sans)}." if sans else f"{len(finances)} bénéficiaires."
    return Devoir(
        c,
        "Charte avant financement",
        "manque" if sans else "tenu",
        dit,
        "PERR 2021 ; loi n° 2021-1109 et décret n° 2021-1947",
    )
