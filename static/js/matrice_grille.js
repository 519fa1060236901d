/* La grille : ses places, le foyer, ce qui se dit, les totaux. */
export const parId = (id) => document.getElementById(id);
export const table = parId("matrice");
export const CHAMPS = ["texte", "statut", "modalites", "motif"];
/* `courante` a le foyer ; `ancre` est l'autre coin du bloc choisi ; `edition` est la cellule ouverte :
   { td, formulaire, depart, version }. */
export const ici = { courante: null, ancre: null, edition: null };

/* Places */

export const rangees = () => [...table.querySelectorAll("tr.l")];
export const cases = (rangee) => [...rangee.children].filter((c) => c.id);
export const place = (td) => {
  const rangee = td.closest("tr");
  return [rangees().indexOf(rangee), cases(rangee).indexOf(td)];
};
export const cellule = (ligne, colonne) => {
  const rangee = rangees()[ligne];
  return rangee && cases(rangee)[colonne];
};
export const nom = (td) => `${td.closest("tr").querySelector("th b").textContent} ${td.querySelector("a").dataset.l}`;
export const estCellule = (noeud) => noeud?.matches?.("#matrice tr.l > td[id]");
export const contenuDe = (td, selecteur) => td.querySelector(`:scope > div ${selecteur}`)?.textContent ?? "";

export function valeurs(td) {
  return {
    texte: contenuDe(td, ".t"),
    statut: td.dataset.s ?? "texte",
    modalites: contenuDe(td, ".mo"),
    motif: contenuDe(td, ".mf"),
  };
}

export function bloc() {
  const [l1, c1] = place(ici.ancre ?? ici.courante);
  const [l2, c2] = place(ici.courante);
  const entre = (a, b) => Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i);
  return entre(l1, l2).map((l) => entre(c1, c2).map((c) => cellule(l, c)).filter(estCellule));
}

export function aller(vers, { etendre = false } = {}) {
  if (!vers) return;
  if (ici.courante) ici.courante.tabIndex = -1;
  ici.ancre = etendre ? (ici.ancre ?? ici.courante) : null;
  ici.courante = vers;
  ici.courante.tabIndex = 0;
  ici.courante.focus({ preventScroll: true });
  degager(ici.courante);
  for (const td of table.querySelectorAll("[aria-selected]")) td.removeAttribute("aria-selected");
  if (ici.ancre) bloc().flat().forEach((td) => td.setAttribute("aria-selected", "true"));
}

/* Une cellule atteinte au clavier ne reste pas sous les en-têtes figés. */
function degager(td) {
  const zone = table.parentElement;
  td.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (getComputedStyle(table).display === "block") return; // en liste, rien n'est figé
  const cadre = td.getBoundingClientRect();
  const tete = table.tHead.getBoundingClientRect().bottom;
  const pied = table.tFoot.getBoundingClientRect().top;
  const cote = td.matches("td") ? td.closest("tr").querySelector("th").getBoundingClientRect().right : -Infinity;
  if (cadre.top < tete) zone.scrollTop -= tete - cadre.top;
  else if (cadre.bottom > pied) zone.scrollTop += Math.min(cadre.bottom - pied, cadre.top - tete);
  if (cadre.left < cote) zone.scrollLeft -= cote - cadre.left;
}

/* La grille est une seule étape du clavier : les liens de ses cellules n'en sont pas d'autres. */
export function preparer(noeud) {
  noeud.tabIndex = -1;
  for (const lien of noeud.querySelectorAll("a")) lien.tabIndex = -1;
}

/* Ce qui se dit */

export function dire(phrase, signe = "e-realise") {
  const texte = parId("etat").firstElementChild;
  texte.className = `signe ${signe}`;
  texte.textContent = phrase;
}

export function alerter(phrase) {
  const alerte = parId("alerte");
  alerte.textContent = phrase;
  alerte.hidden = false;
  dire("Non enregistré.", "e-retard");
}

/* Totaux : ce que le tableau montre, filtre compris. */
export function compter() {
  const pleine = (td) => td.dataset.v && !td.classList.contains("hors");
  const lignes = rangees().map((r) => ({ r, tds: cases(r).filter(estCellule) }));
  let total = 0;
  for (const { r, tds } of lignes) {
    const n = tds.filter(pleine).length;
    total += n;
    r.lastElementChild.textContent = `${n} / ${tds.length}`;
  }
  const pied = [...table.tFoot.rows[0].cells].slice(1);
  const largeur = pied.length - 1;
  pied.slice(0, -1).forEach((td, c) => (td.textContent = lignes.filter(({ tds }) => pleine(tds[c])).length));
  pied.at(-1).textContent = `${total} / ${lignes.length * largeur}`;
  for (const pilier of table.querySelectorAll("tr.pilier")) {
    const siennes = [];
    for (let t = pilier.parentElement.nextElementSibling; t?.matches(".programme"); t = t.nextElementSibling) siennes.push(...t.querySelectorAll("tr.l"));
    [...pilier.cells].slice(1, -1).forEach((td, c) => {
      td.textContent = `${siennes.filter((r) => pleine(cases(r).filter(estCellule)[c])).length} sur ${siennes.length}`;
    });
  }
}
