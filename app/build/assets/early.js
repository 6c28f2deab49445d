// What must be known before the page starts: the theme, before the first paint, and the words of the reader's language.
const root = document.documentElement;
try {
  // Without a choice the system decides.
  const theme = localStorage.getItem("lakegate-theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme is good.
}
// The language chosen before, else the first of the browser's that we speak.
const chosen = /(?:^|; *)i18n_pref_locale=(en|zh)(?:;|$)/.exec(document.cookie)?.[1];
root.lang = chosen ?? navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag === "en" || tag === "zh") ?? "en";
// start.js waits for it.
globalThis.lakegateWords = fetch(root.dataset[root.lang]).then((answer) => {
  if (!answer.ok) throw new Error(`the words answer ${answer.status}`);
  return answer.text();
});
globalThis.lakegateWords.catch(() => {});
