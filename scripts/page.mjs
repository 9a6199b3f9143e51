#!/usr/bin/env node
// Looks at a page of `tilde diff --html` in headless Chromium, at the width of a phone and of
// a desktop, light and dark, and works with it by keyboard. Installs nothing: Debian's
// `chromium` (or CHROMIUM) must be there. With a second argument, a folder, it leaves
// pictures there.
//
//     scripts/page.mjs PAGE.html [PICTURES]
//
// Speaks the protocol of Chromium's developer tools through two pipes, so that it needs no
// package.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file, pictures] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "page-"));
const options = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
  `--user-data-dir=${profile}`, "--no-first-run", "--hide-scrollbars", "about:blank"];
const browser = spawn(process.env.CHROMIUM ?? "chromium", options,
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
browser.on("error", (error) => {
  console.error(`scripts/page.mjs: ${error.message}; Debian's package is chromium`);
  process.exit(1);
});

let last = 0;
const waiting = new Map();
const events = [];
let rest = Buffer.alloc(0);
browser.stdio[4].on("data", (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
    const message = JSON.parse(rest.subarray(0, end));
    if (message.id === undefined) { events.push(message); continue; }
    const { done, failed } = waiting.get(message.id);
    if (message.error) failed(new Error(message.error.message)); else done(message.result);
  }
});
let sessionId;
const send = (method, params = {}) => new Promise((done, failed) => {
  waiting.set(++last, { done, failed });
  browser.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
});

const evaluate = async (code) => {
  const params = { expression: `(${code})()`, returnByValue: true, awaitPromise: true };
  const { result, exceptionDetails } = await send("Runtime.evaluate", params);
  if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
  return result.value;
};
const press = async (key) => {
  const text = key.length === 1 ? key : undefined;
  const code = { Tab: 9, Escape: 27, Enter: 13 }[key] ?? key.toUpperCase().charCodeAt(0);
  const params = { key, text: key === "Enter" ? "\r" : text, windowsVirtualKeyCode: code };
  await send("Input.dispatchKeyEvent", { type: "keyDown", ...params });
  await send("Input.dispatchKeyEvent", { type: "keyUp", ...params });
};

let failures = 0;
const check = (what, holds, detail) => {
  if (holds) return;
  failures += 1;
  console.error(`${what}: not so`, detail ?? "");
};

// What follows runs in the page.
const layout = () => {
  const box = (it) => it.getBoundingClientRect();
  const pairs = [...document.querySelectorAll(".row")].map((row) => [...row.children])
    .filter((cells) => cells.every((it) => box(it).height > 0 && it.querySelector("code")));
  const map = document.querySelector(".treemap");
  const outer = map && box(map);
  const boxes = map ? [...map.children].map(box) : [];
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    pairs: pairs.length,
    beside: pairs.filter(([old, now]) => box(old).top === box(now).top && box(old).left < box(now).left).length,
    below: pairs.filter(([old, now]) => box(old).bottom <= box(now).top + 1).length,
    boxesOutside: boxes.filter((it) => it.left < outer.left - 1 || it.right > outer.right + 1 ||
      it.top < outer.top - 1 || it.bottom > outer.bottom + 1).length,
    filled: outer && boxes.reduce((sum, it) => sum + it.width * it.height, 0) / (outer.width * outer.height),
    small: [...document.querySelectorAll("button, input, summary")]
      .filter((it) => box(it).height < 24).map((it) => it.outerHTML.slice(0, 80)),
  };
};
// The text that differs too little from what is behind it, as WCAG 2 counts: under 4.5.
const faint = () => {
  const parse = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((it) => it / 255).map((it) => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (it) => {
    for (; it; it = it.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(it).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (walker.nextNode()) {
    const it = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || it.closest("script") || it.getClientRects().length === 0) continue;
    const [one, other] = [light(parse(getComputedStyle(it).color).slice(0, 3)), light(behind(it))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) found.add(`${it.className || it.tagName} ${contrast.toFixed(2)}`);
  }
  return [...found];
};
const focused = () => {
  const it = document.activeElement;
  const style = getComputedStyle(it);
  const list = [...document.querySelectorAll(".change:not([hidden])")];
  return { id: it.id, name: it.className, change: list.indexOf(it), top: it.getBoundingClientRect().top,
    outline: style.outlineStyle, changes: list.length };
};
const background = () => getComputedStyle(document.body).backgroundColor;

const look = async (width, height, scheme) => {
  const name = `${width} pixels, ${scheme}`;
  const isPhone = width < 760;
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: isPhone });
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  events.length = 0;
  await send("Page.navigate", { url: pathToFileURL(resolve(file)).href });
  while (!events.some((it) => it.method === "Page.loadEventFired")) await new Promise((done) => setTimeout(done, 10));
  const found = await evaluate(layout);
  check(`${name}: nothing is wider than the page`, found.overflow <= 0, found.overflow);
  check(`${name}: there are rows on both sides`, found.pairs > 0);
  check(`${name}: both sides are where they belong`, found[isPhone ? "below" : "beside"] === found.pairs, found);
  check(`${name}: boxes are in the map and fill it`, found.boxesOutside === 0 && found.filled > 0.98 && found.filled < 1.02, found);
  check(`${name}: what is pressed is large enough`, found.small.length === 0, found.small);
  const tooFaint = await evaluate(faint);
  check(`${name}: text can be read`, tooFaint.length === 0, tooFaint);

  await press("Tab");
  let at = await evaluate(focused);
  check(`${name}: Tab comes to the link that skips`, at.name === "skip" && at.outline !== "none", at);
  const first = await evaluate(background);
  check(`${name}: the scheme is that of the system`, (first === "rgb(255, 255, 255)") === (scheme === "light"), first);
  for (const [key, change] of [["j", 0], ["j", 1], ["k", 0], ["k", 0]]) {
    await press(key);
    at = await evaluate(focused);
    check(`${name}: ${key} goes to a change`, at.change === Math.min(change, at.changes - 1) && at.outline !== "none", at);
  }
  check(`${name}: a change is scrolled to`, at.top < height / 2, at);
  await press("t");
  check(`${name}: t turns light and dark`, (await evaluate(background)) !== first);
  const turned = await evaluate(faint);
  check(`${name}: text can be read then, too`, turned.length === 0, turned);
  await press("t");
  const all = at.changes;
  await press("/");
  check(`${name}: / comes to the filter`, (await evaluate(focused)).id === "filter");
  for (const key of "zzz") await press(key);
  at = await evaluate(focused);
  const state = await evaluate(() => ({ groups: document.querySelectorAll("nav li:not([hidden])").length,
    found: document.getElementById("found").textContent }));
  check(`${name}: the filter hides what has another name`, at.changes === 0 && state.groups === 0 && state.found === "0 found", state);
  await press("Escape");
  check(`${name}: Escape leaves the filter`, (await evaluate(focused)).id !== "filter");
  await evaluate(() => { const it = document.getElementById("filter"); it.value = ""; it.dispatchEvent(new Event("input")); });
  check(`${name}: all is there again`, (await evaluate(focused)).changes === all);
  const followed = await evaluate(() => {
    const link = document.querySelector("nav a[href*=c]");
    link.focus();
    return link.getAttribute("href");
  });
  await press("Enter");
  check(`${name}: Enter follows a symbol`, (await evaluate(() => location.hash)) === followed, followed);
  const requests = events.filter((it) => it.method === "Network.requestWillBeSent");
  check(`${name}: nothing is asked of a network`, requests.length === 1, requests.map((it) => it.params.request.url));
  const errors = events.filter((it) => ["Runtime.exceptionThrown", "Log.entryAdded"].includes(it.method));
  check(`${name}: nothing goes wrong`, errors.length === 0, JSON.stringify(errors));
  if (pictures) {
    await evaluate(() => window.scrollTo(0, 0));
    const { data } = await send("Page.captureScreenshot", {});
    writeFileSync(join(pictures, `${width}-${scheme}.png`), Buffer.from(data, "base64"));
  }
};

try {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  ({ sessionId } = await send("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", "Network", "Log"]) await send(`${domain}.enable`);
  for (const [width, height] of [[390, 844], [1280, 800]]) {
    for (const scheme of ["light", "dark"]) await look(width, height, scheme);
  }
  console.log(failures === 0 ? "the page works at both widths, light and dark" : `${failures} failures`);
} finally {
  browser.kill();
  await new Promise((done) => browser.once("exit", done));
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(failures === 0 ? 0 : 1);
