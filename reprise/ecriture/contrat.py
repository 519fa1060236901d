"""Écrit un document compris : contrat en préparation, texte mot à mot, première version."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.duplication import adresse_libre, confier
from contrats.enums import ContenuAnnexe, NatureFinancement, RolePartie, RoleSignature, TypeContrat
from contrats.models import Contrat, ModeleFiche, Partie
from contrats.permissions import Acte, peut
from contrats.reprise import territoires_de_reprise
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from gouvernance.enums import StatutDeliberation
from gouvernance.models import Deliberation, Session
from partenaires.models import Organisme, Personne
from reprise.ecriture.faits import lire_faits
from reprise.ecriture.fiches import Fiches, axes_des_fiches
from reprise.ecriture.instances import ecrire_instances, lire_instances
from reprise.ecriture.references import References
from reprise.ecriture.refus import RepriseImpossible
from reprise.ecriture.session import ecrire_session, lire_session, resume_de_session
from reprise.ecriture.textes import en_markdown, rattacher_les_notes
from reprise.lecture.formes import sans_marques
from reprise.models import DocumentRepris
from reprise.rapprochement import mentions_de, parties_de, rapprocher
from reprise.reconnaissance.formes import AxeCompris, Compris
from reprise.reconnaissance.listes import date_exacte
from territoires.models import Territoire


@transaction.atomic
def ecrire(
    document: DocumentRepris,
    compris: Compris,
    *,
    version: int,
    par: Utilisateur | None,
    territoire: Territoire | None = None,
    contrat_cible: Contrat | None = None,
) -> Contrat | Session:
    """Tout, ou rien. Qui reprend pilote le contrat écrit ; `par` vide : ligne de commande.

    `contrat_cible` : celui qu'une délibération seule approuve, ou qu'une session concerne. Lève
    `RepriseImpossible`, `PermissionDenied`, `VersionPerimee` ou `ValidationError`.
    """
    if not document.est_ouvert:
        raise RepriseImpossible(f"Ce document est {document.etat.lower()} : il ne change plus.")
    _exiger_complet(compris)
    if compris.session is not None:
        return _session(document, compris, version=version, par=par, contrat=contrat_cible)
    seule = compris.deliberation is not None and not (compris.articles or compris.fiches)
    if seule:
        contrat = _attacher_la_deliberation(compris, contrat_cible, par)
        bilan: dict[str, Any] = {"deliberation": compris.deliberation.numero}  # type: ignore[union-attr]
    else:
        contrat = _Ecrivain(document, compris, par, territoire).ecrire()
        bilan = resume(compris)
    mettre_a_jour(document, version=version, contrat=contrat, ecrit_le=timezone.now(), bilan=bilan)
    return contrat


def _exiger_complet(compris: Compris) -> None:
    if compris.non_places:
        raise RepriseImpossible(
            f"{len(compris.non_places)} passages ne sont pas placés : placez-les, ou ignorez-les "
            "en disant pourquoi."
        )
    if not compris.intitule and compris.deliberation is None and compris.session is None:
        raise RepriseImpossible("Dites quel passage est l'intitulé du contrat.")


def _session(
    document: DocumentRepris,
    compris: Compris,
    *,
    version: int,
    par: Utilisateur | None,
    contrat: Contrat | None,
) -> Session:
    decidees = document.decisions.get("session", {})
    session = ecrire_session(compris, decidees, par=par, contrat=contrat)
    bilan = resume_de_session(lire_session(compris, decidees))
    mettre_a_jour(document, version=version, session=session, ecrit_le=timezone.now(), bilan=bilan)
    return session


def _attacher_la_deliberation(
    compris: Compris, contrat: Contrat | None, par: Utilisateur | None
) -> Contrat:
    if contrat is None:
        raise RepriseImpossible("Dites de quel contrat cette délibération est l'acte.")
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'y ajouter un acte.")
    if hasattr(contrat, "document_repris"):
        raise RepriseImpossible("Un document est déjà attaché à ce contrat.")
    _deliberation(contrat, compris)
    return contrat


def _deliberation(contrat: Contrat, compris: Compris) -> None:
    """Sans date de séance imprimée, elle reste un projet."""
    d = compris.deliberation
    if d is None or contrat.deliberations.filter(numero=d.numero[:40]).exists():
        return
    Deliberation.objects.create(
        contrat=contrat,
        numero=d.numero[:40] or "sans numéro",
        point=d.point[:20],
        statut=StatutDeliberation.PROJET,
        objet=d.objet[:500],
        organe=d.organe[:200],
        commission=d.commission[:200],
        avis=d.avis[:60],
        avis_le=datetime.date.fromisoformat(d.avis_le) if d.avis_le else None,
        expose=en_markdown(d.expose),
        visas=d.visas,
        articles=[{"numero": a.numero, "texte": a.texte} for a in d.articles],
    )


class _Ecrivain:
    def __init__(
        self,
        document: DocumentRepris,
        compris: Compris,
        par: Utilisateur | None,
        territoire: Territoire | None,
    ) -> None:
        self.document, self.compris, self.par = document, compris, par
        self.territoire = territoire
        decides = document.decisions.get("organismes", {})
        self.references = References(rapprocher(mentions_de(compris), decides))
        faits = lire_faits(compris, document.decisions.get("faits", {}))
        self.faits = [f for f in faits if f.retenu]
        self.motif = f"Repris de « {document.nom} »"[:300]

    def ecrire(self) -> Contrat:
        if self.par is not None and self.territoire not in territoires_de_reprise(self.par):
            raise PermissionDenied("Reprendre un contrat : votre rôle ne le permet pas ici.")
        rattacher_les_notes(self.compris)
        self.contrat = self._contrat()
        parties = self._parties()
        self._texte(parties)
        self._signatures(parties)
        ordre = self._axes()
        axes_des_fiches(self.contrat, self.compris, ordre)
        Fiches(self.contrat, self.compris, self.references, self.par).ecrire(self.motif)
        _deliberation(self.contrat, self.compris)
        versionner(self.contrat, par=self.par, motif=self.motif)
        return self.contrat

    def _contrat(self) -> Contrat:
        c = self.compris
        if c.type not in TypeContrat.values:
            raise RepriseImpossible("Dites de quel type est ce contrat.")
        court = self.document.decisions.get("intitule_court") or intitule_court(c)
        contrat = Contrat(
            slug=adresse_libre(court),
            type=c.type,
            intitule=c.intitule[:300],
            intitule_court=court[:120],
            sous_titre=c.sous_titre[:300],
            source=f"Document « {self.document.nom} »"[:300],
            preambule=en_markdown(c.preambule),
            numero_projet=c.numero_projet[:20],
            version_source=c.version_source[:20],
            maj_source_le=date_exacte(c.date) if c.version_source else None,
            debut=self._date("debut"),
            fin=self._date("fin"),
            modele_fiche=ModeleFiche.objects.filter(cle=c.modele).first() if c.fiches else None,
        )
        contrat.full_clean()
        contrat.save()
        if self.par is not None:
            confier(contrat, self.par)
        if self.territoire is not None:
            contrat.territoires.add(self.territoire)
        return contrat

    def _date(self, genre: str) -> datetime.date | None:
        dite = next((f.valeur for f in self.faits if f.genre == genre), "")
        return datetime.date.fromisoformat(dite) if dite else None

    def _parties(self) -> list[Partie]:
        roles = [RolePartie.PORTEUR, RolePartie.MEMBRE]
        if self.compris.type == TypeContrat.RECIPROCITE:
            roles = [RolePartie.VILLE, RolePartie.CAMPAGNE]
        parties: list[Partie] = []
        vues: set[str] = set()
        for nom, _ in parties_de(self.compris):
            cle_organisme = self.references.organisme(nom)
            if not cle_organisme or cle_organisme in vues:
                continue
            vues.add(cle_organisme)
            rang = len(parties) + 1
            parties.append(
                self.contrat.parties.create(
                    organisme=Organisme.objects.get(cle=cle_organisme),
                    role=roles[rang - 1] if rang <= 2 else RolePartie.MEMBRE,
                    rang=rang,
                    libelle=nom[:254],
                )
            )
        return parties

    def _texte(self, parties: list[Partie]) -> None:
        c, contrat = self.compris, self.contrat
        articles = {}
        for ordre, a in enumerate(c.articles, 1):
            numero = a.numero[:10] if a.numero not in articles else f"{a.numero[:6]}-{ordre}"
            articles[a.numero] = contrat.articles.create(
                numero=numero,
                ordre=ordre,
                titre=a.titre[:300] or f"Article {a.numero}",
                texte=en_markdown(a.texte),
            )
        for ordre, (article, passage) in enumerate(c.engagements, 1):
            engagement = contrat.engagements.create(
                ordre=ordre, texte=passage.texte, article=articles.get(article)
            )
            engagement.porteurs.set(parties)
            engagement.beneficiaires.set(parties)
        for ordre, annexe in enumerate(c.annexes, 1):
            contenu = ContenuAnnexe.TEXTE if annexe.texte else ContenuAnnexe.VIDE
            contrat.annexes.create(
                numero=annexe.numero[:10], ordre=ordre, contenu=contenu,
                intitule=(annexe.titre or f"Annexe {annexe.numero}")[:300],
                texte=en_markdown(annexe.texte),
            )  # fmt: skip
        for nature, nombre, libelle in c.annonces:
            contrat.annonces.get_or_create(
                objet=f"{nature}s"[:60], defaults={"nombre": nombre, "libelle": libelle[:300]}
            )
        self._financements()
        ecrire_instances(contrat, c)

    def _financements(self) -> None:
        sommes = [f for f in self.faits if f.genre == "montant"]
        for ordre, somme in enumerate(sommes, 1):
            self.contrat.financements.create(
                ordre=ordre, intitule=f"{somme.imprime} ({somme.ou.lower()})"[:300],
                montant=somme.valeur, nature=NatureFinancement.INDICATIF,
            )  # fmt: skip

    def _signatures(self, parties: list[Partie]) -> None:
        par_element = {e: n for n, e in parties_de(self.compris)}
        par_nom = {p.libelle: p for p in parties}
        jour = date_exacte(self.compris.date) or _iso(self.compris.date)
        for rang, s in enumerate([s for s in self.compris.signatures if s.personne], 1):
            partie = par_nom.get(par_element.get(s.element, ""))
            temoin = s.role == RoleSignature.TEMOIN or partie is None
            self.contrat.signatures.create(
                personne=Personne.objects.get(cle=self.references.personne(s.personne)),
                role=RoleSignature.TEMOIN if temoin else RoleSignature.SIGNATAIRE,
                partie=None if temoin else partie,
                qualite=s.qualite[:254],
                rang=rang,
                lieu=self.compris.lieu[:120],
                le=jour if not self.compris.version_source else None,
            )

    def _axes(self) -> int:
        ordre = 0
        for axe in self.compris.axes:
            ordre += 1
            self.contrat.axes.create(
                cle=f"{axe.nature}-{ordre}",
                nature=axe.nature,
                numero=axe.numero[:10],
                intitule=nom_d_axe(axe, self.compris).rstrip(" ,;.")[:500],
                texte=en_markdown(axe.texte),
                ordre=ordre,
            )
        return ordre + 1


def nom_d_axe(axe: AxeCompris, compris: Compris) -> str:
    """Un axe énuméré par un article y garde sa phrase, et n'a pour nom que ce qu'elle met en gras :
    le document imprimé ne la dit pas deux fois."""
    for passage in (p for a in compris.articles for p in a.texte if p.element == axe.element):
        gras = passage.texte.partition("**")[2].partition("**")[0]
        return sans_marques(gras) or axe.intitule.partition(",")[0]
    return axe.intitule


def _iso(texte: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(texte)
    except ValueError:
        return None


def intitule_court(compris: Compris) -> str:
    """« Ville – Pays » d'après les parties, le nom entre guillemets, ou le début de l'intitulé."""
    parties = [nom for nom, _ in parties_de(compris)]
    if len(parties) == 2:
        return f"{parties[0]} – {parties[1]}"[:120]
    suite = compris.intitule.partition("«")[2]
    entre = suite.partition("»")[0].strip()
    return (entre or compris.intitule)[:120]


def resume(compris: Compris) -> dict[str, Any]:
    """Ce que le document a donné, en nombres."""
    sections = [s for f in compris.fiches for s in f.sections]

    def actions(horizon: str | None) -> int:
        return sum(
            len(s.actions) + sum(len(a.sous) for a in s.actions)
            for s in sections
            if s.nature == "actions" and (horizon is None or s.horizon == horizon)
        )

    listes = [s for s in sections if s.nature == "partenaires"]
    return {
        "articles": len(compris.articles),
        "engagements": len(compris.engagements),
        "axes": len(compris.axes),
        "annexes": len(compris.annexes),
        "instances": len(lire_instances(compris)),
        "fiches": len(compris.fiches),
        "actions": actions(None),
        "actions_pilotes": actions("pilote"),
        "actions_court": actions("court"),
        "actions_moyen_long": actions("moyen_long"),
        "listes_de_partenaires": len(listes),
        "mentions": sum(len(s.partenaires) for s in listes),
        "signataires": sum(s.role == "signataire" for s in compris.signatures),
        "temoins": sum(s.role == "temoin" for s in compris.signatures),
        "blocs": len(compris.places),
        "doutes": len(compris.doutes),
        "non_places": len(compris.non_places),
        "anomalies": len(compris.anomalies),
    }
