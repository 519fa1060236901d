"""De la saisie à la base : valide, enregistre à version contrôlée, réunit, ou montre le conflit."""

import uuid
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.forms import BoundField
from django.http import QueryDict

from contrats.atelier import brouillon, conflit, reunion
from contrats.atelier.brouillon import Source
from contrats.atelier.cadre import Cadre
from contrats.atelier.conflit import Desaccord, Origine
from contrats.atelier.gestes import absorber_ajouts
from contrats.atelier.noms import nommer
from contrats.atelier.saisie import Saisie
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import ContenuFiche, ContenuInvalide
from contrats.contenu.lecture import lire
from contrats.models import Fiche, Version
from contrats.transitions import TransitionImpossible
from edition import brouillons
from edition.ecriture import VersionPerimee

VERSION_MAX = 2_147_483_647
LIMITE_MOTIF = 300
REUNIONS_MAX = 5  # d'affilée ; au-delà, l'agent voit le conflit plutôt que d'attendre


@dataclass
class Conflit:
    """La version lue, celle qui l'a devancée, et les champs qui diffèrent de la saisie."""

    depart: Version | None
    leur: Version | None
    version: int
    desaccords: list[Desaccord]

    def de(self, *origines: str) -> list[Desaccord]:
        return [d for d in self.desaccords if d.origine in origines]

    @property
    def a_departager(self) -> list[Desaccord]:
        return self.de(Origine.LES_DEUX)

    @property
    def leurs(self) -> list[Desaccord]:
        return self.de(Origine.LEUR, Origine.REUNIE)

    @property
    def se_reunit_seul(self) -> bool:
        """Rien à départager : chacun a changé autre chose, ou ajouté à la même liste."""
        return self.depart is not None and not self.a_departager

    @property
    def modifiables(self) -> list[BoundField]:
        """Champs que la page laisse récrire ; les autres données y sont cachées.

        Ce que l'autre a changé seul se prend ou se refuse : un texte tapé là se perdrait.
        """
        return [d.champ for d in self.a_departager if d.champ]

    def preparer(self, donnees: QueryDict) -> None:
        """Deux textes qui ne se contredisent pas se présentent déjà réunis."""
        for desaccord in self.a_departager:
            if desaccord.champ and desaccord.reunie:
                donnees[desaccord.champ.html_name] = desaccord.reunie

    @property
    def miens(self) -> list[Desaccord]:
        return self.de(Origine.MIENNE)


@dataclass
class Resultat:
    """Suite d'un enregistrement : invalide si `saisie` a des erreurs, en conflit, ou fait.

    `version` est celle qui vient d'être faite ; None si rien ne changeait. `reunis` : les champs
    pris à d'autres enregistrements sans rien demander, à dire. `ferme` : le texte s'est fermé
    pendant l'écriture (soumis, validé ou archivé).
    """

    saisie: Saisie
    version: Version | None = None
    conflit: Conflit | None = None
    valide: bool = True
    reunis: list[Desaccord] = field(default_factory=list)
    ferme: bool = False


@dataclass
class Essai:
    """Un enregistrement tenté : d'où il vient, sa saisie, la version dont elle descend."""

    source: Source
    saisie: Saisie
    contenu: ContenuFiche
    version: int
    motif: str
    reunis: list[Desaccord] = field(default_factory=list)
    tours: int = 0


def lire_version(donnees: QueryDict, nom: str = "version") -> int:
    """Version que l'agent avait sous les yeux ; 0, qui n'existe pas, si elle est illisible."""
    texte = donnees.get(nom, "")
    numero = int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= 10 else 0
    return numero if numero <= VERSION_MAX else 0


def enregistrer_saisie(cadre: Cadre, donnees: QueryDict) -> Resultat:
    """Enregistre ce que l'agent a tapé, s'il est valide et part de la version actuelle.

    Ce qu'un autre a enregistré ailleurs dans la fiche est réuni ; ce qui se contredit est un
    conflit. Lève `PermissionDenied` si l'agent ne peut pas modifier la fiche.
    """
    absorber_ajouts(donnees, cadre)
    saisie = Saisie(cadre, donnees, valider=True)
    motif = " ".join(donnees.get("motif", "").replace("\0", "").split())
    if len(motif) > LIMITE_MOTIF:
        saisie.generales.append(
            f"Motif de la version : {len(motif)} signes ; raccourcissez à {LIMITE_MOTIF} au plus."
        )
    if not saisie.est_valide() or saisie.generales:
        return Resultat(saisie, valide=False)
    source = brouillon.source(cadre.fiche, cadre.utilisateur, donnees)
    if source.script and brouillons.est_tardif(source.envoi):
        return Resultat(saisie)  # un envoi que le réseau a retenu : la page est déjà plus loin
    version = brouillons.version_de_depart(source.envoi, lire_version(donnees))
    return _ecrire(Essai(source, saisie, saisie.contenu(), version, motif))


def _ecrire(essai: Essai) -> Resultat:
    saisie, cadre = essai.saisie, essai.saisie.cadre
    try:
        with transaction.atomic():
            faite = enregistrer(
                cadre.fiche,
                essai.contenu,
                version=essai.version,
                par=cadre.utilisateur,
                motif=essai.motif,
            )
            _solder(essai, cadre.fiche.version if faite is None else faite.numero)
    except ContenuInvalide as erreur:
        saisie.refuser(erreur)
        return Resultat(saisie, valide=False)
    except TransitionImpossible as erreur:
        saisie.generales.append(f"{erreur} Copiez votre texte : il n'est pas enregistré.")
        return Resultat(saisie, valide=False, ferme=True)
    except VersionPerimee:
        return _devancee(essai)
    return Resultat(saisie, faite, reunis=essai.reunis)


def _solder(essai: Essai, version: int) -> None:
    """Rien n'attend plus dans les brouillons.

    Réunie à d'autres, la version faite n'est pas celle de la page, qui continue de descendre de
    celle qu'elle a lue.
    """
    lue = lire_version(essai.saisie.donnees)
    brouillons.solder(essai.source.envoi, version=lue if essai.reunis else version)
    brouillon.quitter_la_reprise(essai.source)


def _devancee(essai: Essai) -> Resultat:
    """Un autre enregistrement est passé avant : réunion s'il ne contredit rien, sinon conflit."""
    saisie, cadre = essai.saisie, essai.saisie.cadre
    cadre.fiche.refresh_from_db()
    gardees = {
        v.numero: v for v in versions_gardees(cadre.fiche, essai.version, cadre.fiche.version)
    }
    depart, leur = gardees.get(essai.version), gardees.get(cadre.fiche.version)
    actuel: ContenuFiche = leur.instantane if leur else lire(cadre.fiche)
    if actuel == essai.contenu:  # le même envoi, dont la réponse s'était perdue
        _solder(essai, cadre.fiche.version)
        return Resultat(saisie, reunis=essai.reunis)
    if depart and depart.instantane == actuel:  # seule la publication a changé
        return _ecrire(replace(essai, version=cadre.fiche.version))
    liste = _desaccords(cadre, depart, actuel, essai.contenu)
    croise = Conflit(depart, leur, cadre.fiche.version, liste)
    if croise.se_reunit_seul and essai.tours < REUNIONS_MAX:
        reuni = _reuni(essai, croise, actuel)
        if reuni:
            return _ecrire(reuni)
    for desaccord in croise.a_departager:
        desaccord.champ = saisie.champ(conflit.nom_du_champ(desaccord.chemin))
    return Resultat(saisie, conflit=croise)


def _desaccords(
    cadre: Cadre, depart: Version | None, actuel: ContenuFiche, mien: ContenuFiche
) -> list[Desaccord]:
    contenus: list[ContenuFiche] = [depart.instantane] if depart else []
    *debut, autre, moi = nommer([*contenus, actuel, mien], cadre)
    return conflit.desaccords(debut[0] if debut else None, autre, moi)


def _reuni(essai: Essai, croise: Conflit, actuel: ContenuFiche) -> Essai | None:
    """L'essai, complété de ce que l'autre a enregistré ; None si la réunion n'est pas valide."""
    cadre, donnees = essai.saisie.cadre, essai.saisie.donnees.copy()
    choix = {d.chemin: d.choix for d in croise.desaccords}
    depart: ContenuFiche | None = croise.depart.instantane if croise.depart else None
    reunion.reunir(donnees, actuel, choix, cadre.annuaire, depart=depart)
    saisie = Saisie(cadre, donnees, valider=True)
    if not saisie.est_valide():
        return None
    return replace(
        essai,
        saisie=saisie,
        contenu=saisie.contenu(),
        version=croise.version,
        reunis=[*essai.reunis, *croise.leurs],
        tours=essai.tours + 1,
    )


def versions_gardees(fiche: Fiche, *numeros: int) -> list[Version]:
    """Ces versions de la fiche, avec leur auteur."""
    return list(fiche.versions.filter(numero__in=numeros).select_related("auteur"))


def reunir(cadre: Cadre, donnees: QueryDict) -> bool:
    """Applique aux données les choix de la page de conflit, à partir de la version montrée.

    Un texte à soi que l'on écarte pour celui de l'autre reste dans ses brouillons : vrai alors.
    """
    choix = {n.removeprefix("choix:"): str(donnees[n]) for n in donnees if n.startswith("choix:")}
    seules = {n.removeprefix("seule:"): str(donnees[n]) for n in donnees if n.startswith("seule:")}
    for nom in [n for n in donnees if n.startswith(("choix:", "seule:"))]:
        del donnees[nom]
    for chemin, texte in seules.items():
        nom = conflit.nom_du_champ(chemin)
        if choix.get(chemin) == "seule" and nom in donnees:
            donnees[nom] = texte
    version, numero = lire_version(donnees), lire_version(donnees, "depart")
    gardees = {v.numero: v for v in versions_gardees(cadre.fiche, version, numero)}
    actuel = gardees[version].instantane if version in gardees else lire(cadre.fiche)
    depart = gardees[numero].instantane if numero in gardees else None
    avant = donnees.copy()
    reunion.reunir(donnees, actuel, choix, cadre.annuaire, depart=depart)
    ecarte = any(choix.get(chemin) == "leur" for chemin in donnees.getlist("conteste"))
    if ecarte:
        source = brouillon.source(cadre.fiche, cadre.utilisateur, avant)
        a_part = replace(source, envoi=replace(source.envoi, page=uuid.uuid4()), reprise=None)
        brouillon.garder(a_part, avant, version=numero)
    return ecarte
