// Starts the app. Where it cannot start, says so in both languages: at this moment there is no app that knows one.
import init from "{script}";

const sentences = [
  ["en", "Lakegate could not start in this browser. Load the page again; if that does not help, use a newer browser."],
  ["zh", "Lakegate 无法在此浏览器中启动。请重新加载此页；若仍无效，请换用较新的浏览器。"],
];

async function start() {
  globalThis.lakegateWords = await globalThis.lakegateWords;
  await init({ module_or_path: new URL("{wasm}", import.meta.url) });
}

start().catch((cause) => {
  console.error(cause);
  const box = document.createElement("main");
  box.setAttribute("role", "alert");
  for (const [lang, sentence] of sentences) {
    const p = document.createElement("p");
    p.lang = lang;
    p.textContent = sentence;
    box.append(p);
  }
  document.body.append(box);
});
