// Ce que markdown-it importe et que notre dialecte n'utilise pas, ou que le navigateur sait faire.
// `construire.mjs` met ce module à la place de ces paquets, des règles éteintes et du rendu HTML.

export function decodeHTML(texte) {
  return new DOMParser().parseFromString(texte, "text/html").documentElement.textContent;
}
export const decodeHTMLStrict = decodeHTML;

export const P = /\p{P}/u;
export const S = /\p{S}/u;

export default class {
  rules = {};
}
