// Lire et écrire le Markdown. Un bloc auquel personne n'a touché garde sa source, au caractère près.

import MarkdownIt from "markdown-it";
import notes from "markdown-it-footnote";
import { MarkdownParser, MarkdownSerializerState } from "prosemirror-markdown";
import { Fragment } from "prosemirror-model";
import { LIEN_ADMIS, schema } from "./schema.js";

// Les règles de texte/markdown.py. Un appel sans définition reste un appel : on peut l'écrire après.
const lecteur = new MarkdownIt("zero", { maxNesting: 100 })
  .enable(["autolink", "emphasis", "escape", "heading", "link", "list", "newline"])
  .use(notes)
  .disable(["footnote_inline", "footnote_ref", "footnote_tail"]);
lecteur.validateLink = (adresse) => LIEN_ADMIS.test(adresse);
lecteur.normalizeLink = (adresse) => adresse;
lecteur.normalizeLinkText = (adresse) => adresse;
lecteur.inline.ruler.before("link", "appel_de_note", (etat, muet) => {
  const appel = /^\[\^([^\s\]]+)\]/.exec(etat.src.slice(etat.pos, etat.posMax));
  if (!appel) return false;
  if (!muet) etat.push("appel_de_note", "", 0).meta = { label: appel[1] };
  etat.pos += appel[0].length;
  return true;
});

const serree = (jetons, i) => {
  while (++i < jetons.length) if (jetons[i].type !== "list_item_open") return jetons[i].hidden;
  return false;
};
const label = (jeton) => ({ label: jeton.meta.label });
const NOEUDS = {
  paragraph: { block: "paragraph" },
  heading: { block: "titre" },
  bullet_list: { block: "bullet_list", getAttrs: (_, jetons, i) => ({ tight: serree(jetons, i) }) },
  ordered_list: {
    block: "ordered_list",
    getAttrs: (jeton, jetons, i) => ({
      order: Number(jeton.attrGet("start") ?? 1),
      tight: serree(jetons, i),
    }),
  },
  list_item: { block: "list_item" },
  footnote_reference: { block: "note", getAttrs: label },
  appel_de_note: { node: "appel_de_note", getAttrs: label },
  softbreak: { node: "hard_break" },
  hardbreak: { node: "hard_break" },
  em: { mark: "em" },
  strong: { mark: "strong" },
  link: {
    mark: "link",
    getAttrs: (jeton) => ({ href: jeton.attrGet("href"), title: jeton.attrGet("title") || null }),
  },
};

/** Le document, et de quoi rendre leur source aux blocs intacts : `{doc, source, blocs}`. */
export function lire(source) {
  const jetons = lecteur.parse(source, {});
  const doc = new MarkdownParser(schema, { parse: () => jetons }, NOEUDS).parse(source);
  const lignes = source.split("\n");
  const etendues = etenduesDesBlocs(jetons);
  const blocs = new Map();
  if (etendues.length === doc.childCount) {
    doc.forEach((bloc, _, i) => {
      if (!etendues[i]) return;
      const [debut, fin] = etendues[i];
      const suite = etendues[i + 1] ? etendues[i + 1][0] : fin;
      const texte = lignes.slice(debut, fin).join("\n").trimEnd();
      const jusquaLaSuite = `${lignes.slice(debut, suite).join("\n")}\n`;
      blocs.set(bloc, {
        source: texte,
        suivant: doc.maybeChild(i + 1),
        ecart: jusquaLaSuite.slice(texte.length),
      });
    });
  }
  return { doc, source, blocs };
}

/** Les lignes [début, fin[ de chaque bloc du document ; `null` quand la note est vide. */
function etenduesDesBlocs(jetons) {
  const etendues = [];
  for (const jeton of jetons) {
    if (jeton.level === 0 && jeton.nesting === 1) etendues.push(null);
    if (jeton.map && etendues.length) {
      const [debut, fin] = etendues.at(-1) ?? jeton.map;
      etendues[etendues.length - 1] = [debut, Math.max(fin, jeton.map[1])];
    }
  }
  return etendues;
}

/** Le Markdown du document ; `origine` est ce que `lire` a rendu. */
export function ecrire(doc, origine) {
  if (doc.eq(origine.doc)) return origine.source;
  let texte = "";
  let precedent = null;
  doc.forEach((bloc) => {
    const connu = origine.blocs.get(bloc);
    const source = connu ? connu.source : ecrireBloc(bloc);
    if (!source) return;
    if (texte) texte += precedent?.suivant === bloc ? precedent.ecart : "\n\n";
    texte += source;
    precedent = connu;
  });
  return texte;
}

const ECRITURES = {
  paragraph(etat, noeud) {
    etat.renderInline(noeud);
    etat.closeBlock(noeud);
  },
  titre(etat, noeud) {
    etat.write("### ");
    etat.renderInline(noeud, false);
    etat.out = etat.out.replace(/(\s)(#+)$/, "$1\\$2"); // des dièses finals seraient effacés
    etat.closeBlock(noeud);
  },
  bullet_list: (etat, noeud) => etat.renderList(noeud, "  ", () => "- "),
  ordered_list(etat, noeud) {
    const debut = noeud.attrs.order;
    if (debut !== 1) etat.flushClose(2); // seule une liste qui commence à 1 peut suivre un paragraphe
    const retrait = " ".repeat(String(debut + noeud.childCount - 1).length + 2);
    etat.renderList(noeud, retrait, (i) => `${debut + i}. `.padEnd(retrait.length));
  },
  list_item: (etat, noeud) => etat.renderContent(noeud),
  note(etat, noeud) {
    etat.wrapBlock("    ", `[^${noeud.attrs.label}]: `, noeud, () => etat.renderContent(noeud));
  },
  appel_de_note: (etat, noeud) => etat.write(`[^${noeud.attrs.label}]`),
  hard_break(etat, noeud, parent, i) {
    // Dans un titre, qui tient sur une ligne, et en fin de bloc, le saut n'aurait pas de sens.
    if (parent.type === schema.nodes.titre) etat.write(" ");
    else if (i + 1 < parent.childCount) etat.write("\n");
  },
  text(etat, noeud) {
    etat.dansUnLien = schema.marks.link.isInSet(noeud.marks) && !etat.inAutolink;
    etat.text(noeud.text, !etat.inAutolink);
  },
};

const MARQUES = {
  em: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
  strong: { open: "**", close: "**", mixable: true, expelEnclosingWhitespace: true },
  link: {
    mixable: true,
    open(etat, lien, parent, i) {
      etat.inAutolink = estAdresseNue(lien, parent, i);
      return etat.inAutolink ? "<" : "[";
    },
    close(etat, lien) {
      if (etat.inAutolink) {
        etat.inAutolink = undefined;
        return ">";
      }
      const titre = lien.attrs.title ? ` "${lien.attrs.title.replace(/["\\]/g, "\\$&")}"` : "";
      return `](${lien.attrs.href.replace(/\s/g, encodeURIComponent).replace(/[()\\]/g, "\\$&")}${titre})`;
    },
  },
};

function estAdresseNue(lien, parent, i) {
  const texte = parent.child(i);
  const suivant = parent.maybeChild(i + 1);
  const seul = texte.isText && texte.text === lien.attrs.href && texte.marks.length === 1;
  return seul && /^(https?|mailto):[^\s<>]+$/i.test(texte.text) && !(suivant && lien.isInSet(suivant.marks));
}

class Etat extends MarkdownSerializerState {
  /** N'échappe que ce que le lecteur prendrait pour une marque : le texte doit rester lisible. */
  esc(texte, debutDeBloc) {
    let sur = texte
      .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, "\\\\")
      .replace(/\*/g, (marque, i) => (isolee(texte, i) ? marque : "\\*"))
      .replace(/_/g, "\\_")
      .replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, "_")
      .replace(/<(?=[^\s<>]*[:@])/g, "\\<")
      .replace(/(?<!\[\^[^\s\]]+)\](?=\()/g, "\\]");
    if (this.dansUnLien) sur = sur.replace(/\\\]/g, "]").replace(/[[\]]/g, "\\$&");
    if (/(^|\n)[-+.\d ]*\[\^[^\s\]]+\]$/.test(this.out)) sur = sur.replace(/^:/, "\\:");
    if (!debutDeBloc && !/(^|\n) *$/.test(this.out)) return sur;
    return sur.replace(/^(\s*)(#{1,6}|[-+*])(?=\s|$)/, "$1\\$2").replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
  }
}

function isolee(texte, i) {
  return /\s/.test(texte[i - 1] ?? "x") && /\s/.test(texte[i + 1] ?? "x");
}

/**
 * Certains gras et italiques ne s'écrivent pas en Markdown (marque collée à la fois à une lettre et à
 * un signe). On relit donc ce qu'on écrit : plutôt perdre une marque que changer le texte.
 */
function ecrireBloc(bloc) {
  const voulu = enTexte(bloc);
  let source = "";
  for (const preparer of [(noeud) => noeud, sortirPonctuation, sansGrasNiItalique]) {
    const etat = new Etat(ECRITURES, MARQUES, {});
    etat.render(preparer(bloc), null, 0);
    source = etat.out.trimEnd();
    if (enTexte(lire(source).doc) === voulu) break;
  }
  return source;
}

function enTexte(noeud) {
  const feuille = ({ type, attrs }) => (type === schema.nodes.appel_de_note ? `[^${attrs.label}]` : " ");
  return noeud.textBetween(0, noeud.content.size, " ", feuille).replace(/\s+/g, " ").trim();
}

function sansGrasNiItalique(noeud) {
  if (noeud.isText) return noeud.mark(noeud.marks.filter((m) => m.type === schema.marks.link));
  const enfants = [];
  noeud.forEach((enfant) => enfants.push(sansGrasNiItalique(enfant)));
  return noeud.copy(Fragment.fromArray(enfants));
}

/**
 * `**mot :**suite` ne serait pas relu comme du gras : la ponctuation collée à une lettre sort de la
 * marque. Le texte ne change pas.
 */
function sortirPonctuation(noeud) {
  const enfants = [];
  noeud.forEach((enfant, _, i) => {
    if (!noeud.inlineContent) return enfants.push(sortirPonctuation(enfant));
    let milieu = enfant;
    for (const marque of enfant.isText ? enfant.marks : []) {
      if (marque.type === schema.marks.link || !milieu) continue;
      const avant = noeud.maybeChild(i - 1);
      const apres = noeud.maybeChild(i + 1);
      const tete = sansMarque(avant, marque) && /[\p{L}\p{N}]$/u.test(avant.text) ? /^[\p{P}\p{S}]+/u.exec(milieu.text) : null;
      if (tete) {
        enfants.push(schema.text(tete[0], marque.removeFromSet(milieu.marks)));
        milieu = couper(milieu, tete[0].length);
      }
      const queue = milieu && sansMarque(apres, marque) && /^[\p{L}\p{N}]/u.test(apres.text) ? /[\p{P}\p{S}]+$/u.exec(milieu.text) : null;
      if (queue) {
        const reste = couper(milieu, 0, queue.index);
        if (reste) enfants.push(reste);
        enfants.push(schema.text(queue[0], marque.removeFromSet(milieu.marks)));
        milieu = null;
      }
    }
    if (milieu) enfants.push(milieu);
    return undefined;
  });
  return noeud.isLeaf ? noeud : noeud.copy(Fragment.fromArray(enfants));
}

const sansMarque = (voisin, marque) => voisin?.isText && !marque.isInSet(voisin.marks);
const couper = (noeud, de, a = noeud.text.length) => (de < a ? noeud.cut(de, a) : null);
