// Ce qu'un texte peut contenir : le dialecte de texte/markdown.py, et rien d'autre.

import { Schema } from "prosemirror-model";

export const LIEN_ADMIS = /^(https?:\/\/|mailto:|#|\/(?!\/))/i;

function attributsDuLien(a) {
  const adresse = a.getAttribute("href");
  return LIEN_ADMIS.test(adresse) && { href: adresse, title: a.getAttribute("title") };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    titre: {
      group: "block",
      content: "inline*",
      defining: true,
      parseDOM: ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag })),
      toDOM: () => ["h3", 0],
    },
    bullet_list: {
      group: "block",
      content: "list_item+",
      attrs: { tight: { default: true } },
      parseDOM: [{ tag: "ul" }],
      toDOM: () => ["ul", 0],
    },
    ordered_list: {
      group: "block",
      content: "list_item+",
      attrs: { order: { default: 1 }, tight: { default: true } },
      parseDOM: [{ tag: "ol", getAttrs: (ol) => ({ order: ol.start || 1 }) }],
      toDOM: (liste) => ["ol", liste.attrs.order === 1 ? {} : { start: liste.attrs.order }, 0],
    },
    list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    note: {
      group: "block",
      content: "block+",
      attrs: { label: {} },
      defining: true,
      isolating: true,
      parseDOM: [{ tag: "div[data-note]", getAttrs: (div) => ({ label: div.dataset.note }) }],
      toDOM: (note) => ["div", { class: "editeur-note", "data-note": note.attrs.label }, 0],
    },
    appel_de_note: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { label: {} },
      parseDOM: [{ tag: "sup[data-note]", getAttrs: (sup) => ({ label: sup.dataset.note }) }],
      toDOM: ({ attrs: { label } }) => ["sup", { class: "appel-de-note", "data-note": label }, label],
    },
    hard_break: {
      group: "inline",
      inline: true,
      selectable: false,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
    text: { group: "inline" },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: attributsDuLien }],
      toDOM: (lien) => ["a", { href: lien.attrs.href, rel: "noopener" }, 0],
    },
    strong: {
      // Certains logiciels enveloppent tout ce qu'ils copient d'un <b> sans graisse.
      parseDOM: [
        { tag: "strong" },
        { tag: "b", getAttrs: (b) => b.style.fontWeight !== "normal" && null },
        { style: "font-weight", getAttrs: (v) => /^(bold(er)?|[6-9]\d\d)$/.test(v) && null },
      ],
      toDOM: () => ["strong", 0],
    },
    em: {
      parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }],
      toDOM: () => ["em", 0],
    },
  },
});
