// Ce que font les boutons : une commande ProseMirror et, s'il y a lieu, de quoi savoir s'il est enfoncé.

import { setBlockType, toggleMark } from "prosemirror-commands";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

function marqueActive(etat, type) {
  const { from, to, $from, empty } = etat.selection;
  if (empty) return Boolean(type.isInSet(etat.storedMarks || $from.marks()));
  return etat.doc.rangeHasMark(from, to, type);
}

/** Le bloc de l'un de ces types qui contient le curseur : `{noeud, pos}`, ou rien. */
function autour(etat, ...types) {
  const { $from } = etat.selection;
  for (let niveau = $from.depth; niveau > 0; niveau--) {
    const noeud = $from.node(niveau);
    if (types.includes(noeud.type)) return { noeud, pos: $from.before(niveau) };
  }
  return null;
}

function basculerTitre(etat, agir) {
  const type = autour(etat, nodes.titre) ? nodes.paragraph : nodes.titre;
  return setBlockType(type)(etat, agir);
}

const basculerListe = (type) => (etat, agir) => {
  const liste = autour(etat, nodes.bullet_list, nodes.ordered_list);
  if (!liste) return wrapInList(type)(etat, agir);
  if (liste.noeud.type === type) return liftListItem(nodes.list_item)(etat, agir);
  if (agir) agir(etat.tr.setNodeMarkup(liste.pos, type));
  return true;
};

/** Pose un appel au curseur et ouvre sa note en fin de texte, où l'on continue d'écrire. */
export function ajouterNote(etat, agir) {
  if (!agir) return true;
  const numeros = [0];
  etat.doc.descendants(({ attrs }) => {
    if (attrs.label) numeros.push(Number.parseInt(attrs.label, 10) || 0);
  });
  const label = String(Math.max(...numeros) + 1);
  const tr = etat.tr.setSelection(TextSelection.create(etat.doc, etat.selection.to));
  tr.replaceSelectionWith(nodes.appel_de_note.create({ label }));
  tr.insert(tr.doc.content.size, nodes.note.create({ label }, nodes.paragraph.create()));
  tr.setSelection(TextSelection.atEnd(tr.doc));
  agir(tr.scrollIntoView());
  return true;
}

/** L'étendue et l'adresse du lien sous le curseur, ou la sélection sans adresse. */
export function lienCourant(etat) {
  const { from, to, $from } = etat.selection;
  const lien = marks.link.isInSet($from.marks()) || marks.link.isInSet($from.nodeAfter?.marks ?? []);
  if (!lien) return { from, to, adresse: "" };
  let debut = $from.start();
  let fin = debut;
  $from.parent.forEach((enfant, decalage) => {
    const ici = $from.start() + decalage;
    if (!lien.isInSet(enfant.marks)) return;
    if (fin < ici) debut = ici; // un autre passage porte le même lien, plus haut
    if (ici <= from) fin = Math.max(fin, ici + enfant.nodeSize);
  });
  return { from: Math.min(debut, from), to: Math.max(fin, to), adresse: lien.attrs.href };
}

/** Pose l'adresse sur le passage ; sans sélection, l'adresse sert de texte. Vide : retire le lien. */
export const poserLien = ({ from, to }, adresse) => (etat, agir) => {
  const tr = etat.tr.removeMark(from, to, marks.link);
  if (adresse && from === to) tr.insertText(adresse, from);
  if (adresse) tr.addMark(from, Math.max(to, tr.mapping.map(to)), marks.link.create({ href: adresse }));
  agir(tr.removeStoredMark(marks.link).scrollIntoView());
  return true;
};

export const gras = toggleMark(marks.strong);
export const italique = toggleMark(marks.em);

export const BOUTONS = [
  { nom: "Gras", raccourci: "Control+B", commande: gras, actif: (e) => marqueActive(e, marks.strong) },
  { nom: "Italique", raccourci: "Control+I", commande: italique, actif: (e) => marqueActive(e, marks.em) },
  {
    nom: "Liste",
    commande: basculerListe(nodes.bullet_list),
    actif: (e) => autour(e, nodes.bullet_list, nodes.ordered_list)?.noeud.type === nodes.bullet_list,
  },
  {
    nom: "Liste numérotée",
    commande: basculerListe(nodes.ordered_list),
    actif: (e) => autour(e, nodes.bullet_list, nodes.ordered_list)?.noeud.type === nodes.ordered_list,
  },
  { nom: "Intertitre", commande: basculerTitre, actif: (e) => Boolean(autour(e, nodes.titre)) },
  { nom: "Lien", raccourci: "Control+K", ouvre: "lien", actif: (e) => marqueActive(e, marks.link) },
  { nom: "Note de bas de page", commande: ajouterNote },
];
