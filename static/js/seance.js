// L'écran de séance : garder ce qui se tape, passer d'un point à l'autre au clavier.
// Sans ce script, les boutons de la page font tout.
"use strict";

(() => {
  const formulaire = document.getElementById("saisie");
  if (!formulaire) return;
  const garde = document.getElementById("garde");
  let attente = 0;
  let aGarder = false;
  let parti = false;

  const champs = () => {
    formulaire.elements.ordre.value = Number(formulaire.elements.ordre.value) + 1;
    return new FormData(formulaire);
  };

  const garder = async () => {
    if (!aGarder || parti) return;
    aGarder = false;
    try {
      const reponse = await fetch(formulaire.dataset.brouillon, { method: "POST", body: champs() });
      const json = reponse.headers.get("content-type")?.includes("json");
      if (!json) throw new Error("refus");
      garde.textContent = (await reponse.json()).phrase;
    } catch {
      aGarder = true;
      garde.textContent = "Rien ne peut être gardé pour l’instant : laissez la page ouverte, appuyez sur Noter.";
      attente = setTimeout(garder, 5000);
    }
  };

  formulaire.addEventListener("input", () => {
    aGarder = true;
    clearTimeout(attente);
    attente = setTimeout(garder, 600);
  });
  formulaire.addEventListener("submit", () => {
    parti = true;
    clearTimeout(attente);
    formulaire.elements.ordre.value = Number(formulaire.elements.ordre.value) + 1;
  });
  addEventListener("pagehide", () => {
    if (aGarder && !parti) navigator.sendBeacon(formulaire.dataset.brouillon, champs());
  });

  const geste = (nom) => {
    const bouton = formulaire.querySelector(`button[name=geste][value=${nom}]`);
    if (bouton) formulaire.requestSubmit(bouton);
    return Boolean(bouton);
  };
  const SUIVANTS = ["ArrowRight", "PageDown"];
  const PRECEDENTS = ["ArrowLeft", "PageUp"];

  document.addEventListener("keydown", (evenement) => {
    if (evenement.altKey || evenement.metaKey || parti) return;
    const cible = evenement.target;
    const dansUnChamp = cible.matches("input, textarea, select");
    if (evenement.key === "Enter" && evenement.ctrlKey) {
      evenement.preventDefault();
      geste("noter");
    } else if (evenement.key === "Escape" && dansUnChamp) {
      cible.blur();
    } else if (dansUnChamp || evenement.ctrlKey || evenement.shiftKey) {
      return;
    } else if (SUIVANTS.includes(evenement.key)) {
      evenement.preventDefault();
      geste("suivant") || geste("clore");
    } else if (PRECEDENTS.includes(evenement.key)) {
      evenement.preventDefault();
      geste("precedent");
    } else if (evenement.key === "Enter" && !cible.closest("a, button, summary")) {
      evenement.preventDefault();
      formulaire.elements.texte.focus();
    }
  });

  const plein = formulaire.querySelector("[data-plein-ecran]");
  if (plein && document.fullscreenEnabled) {
    plein.hidden = false;
    plein.addEventListener("click", () =>
      document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
    );
  }
})();
