/* What is looked for on each page, beside axe. Each function returns what is wrong, in words. */
({
  async axe(tags) {
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(";")}`),
    );
  },

  /* Links inside a sentence are as high as their line (WCAG 2.5.8 lets them); what is hidden is no target. */
  smallTargets(least) {
    return [...document.querySelectorAll("button, a[href], input, select, textarea, [role=option], [role^=menuitem]")]
      .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .filter((one) => getComputedStyle(one).display !== "inline" && !one.closest('[style*="clip"]'))
      .map((one) => [one, one.getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 1 && height > 1 && (width < least || height < least))
      .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 120)} is ${Math.round(width)} × ${Math.round(height)}`);
  },

  sideways() {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide, its window ${clientWidth}`] : [];
  },

  /* A ring is drawn around what has the focus, or around the part of it that people see. */
  focused() {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const isRing = (part) => getComputedStyle(part).outlineStyle !== "none" && parseFloat(getComputedStyle(part).outlineWidth) >= 2;
    const label = one.closest("label");
    const { x, y, width, height } = one.getBoundingClientRect();
    const above = document.elementFromPoint(x + width / 2, y + height / 2);
    const isOwn = above === null || one.contains(above) || above.contains(one) || label?.contains(above) === true;
    const seen = [one, ...one.querySelectorAll("*"), ...(label ? label.querySelectorAll("*") : [])];
    return { name: one.outerHTML.slice(0, 120), isShown: seen.some(isRing), isCovered: !isOwn };
  },

  /* Names, addresses, codes, keys and moments are data; all else is said by the console. */
  plainTexts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      if (parentElement.closest("bdi, code, kbd, time, script, noscript, style, [lang]:not(html), [data-of-server]")) continue;
      if (parentElement.checkVisibility() && /\b[A-Za-z]{4,}\b/.test(textContent)) found.push(textContent.trim());
    }
    return found;
  },

  isSettled() {
    const heading = document.querySelector("#main h1");
    const isWaiting = document.querySelector("#main [role=status][aria-label], [aria-busy=true]");
    /* Who looks is known once there is somewhere to go; of an organisation of others nothing ever is; one page asks nobody. */
    const isKnown = document.querySelector("nav a, main:not(nav ~ *)") !== null || document.title.startsWith("There is no such page");
    return heading !== null && isWaiting === null && isKnown;
  },

  plantFaults() {
    const [image, button, wide] = ["img", "button", "div"].map((name) => document.createElement(name));
    button.textContent = "planted";
    button.style = "display: block; inline-size: 9px; block-size: 9px; padding: 0; outline: none";
    wide.style = "inline-size: 5000px; block-size: 1px";
    document.querySelector("#main").append(image, button, wide);
    const heading = document.querySelector("#main h1");
    (heading.querySelector("bdi") ?? heading).append(" planted");
  },
});
