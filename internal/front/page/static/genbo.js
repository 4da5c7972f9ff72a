// What a page does beyond plain HTML. Every page works without it. It makes no HTML out of text, so that it
// runs where the browser forbids that (Trusted Types).

// A reader of the page hears first what must be mended.
document.querySelector("[data-focus]")?.focus();

// A form is sent once. The button is marked after the browser has gathered the form, so that its own value
// is sent too, and freed when the reader comes back to the page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", "true");
  }
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) {
      button.removeAttribute("aria-disabled");
    }
  }
});

// fold makes half and full width, upper and lower case the same to the filter.
const fold = (text) => text.normalize("NFKC").toLowerCase();

// addFilter puts a box over a table that hides the rows without the words typed.
function addFilter(region) {
  const label = document.createElement("label");
  label.className = "filter";
  label.textContent = region.dataset.filter;
  const box = document.createElement("input");
  box.className = "input";
  box.type = "search";
  label.append(box);
  region.before(label);
  const rows = [...region.querySelectorAll("tbody tr")];
  box.addEventListener("input", () => {
    const words = fold(box.value).split(/\s+/);
    for (const row of rows) {
      const text = fold(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}

document.querySelectorAll("[data-filter]").forEach(addFilter);
