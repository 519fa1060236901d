// Aller d'un doute à l'autre au clavier : « n » pour le suivant, « p » pour le précédent.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || (e.key !== "n" && e.key !== "p")) return;
  if (e.target.closest("input, select, textarea")) return;
  const doutes = [...document.querySelectorAll(".synopse .a-decider")];
  if (!doutes.length) return;
  const ici = doutes.findIndex((d) => d.contains(document.activeElement));
  const pas = e.key === "n" ? 1 : -1;
  const suivant = doutes[(ici + pas + doutes.length) % doutes.length];
  suivant.querySelector("button").focus();
  suivant.scrollIntoView({ block: "center" });
});
