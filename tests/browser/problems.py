"""Problems of a page that a program can see: accessibility violations and overflow."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPEN_QUESTIONS = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
# The innermost elements that stick out of a page that is wider than its window.
OVERFLOWING = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(
    each => each.getBoundingClientRect().right > innerWidth + .5);
  return [document.documentElement.scrollWidth, ...new Set(wide
    .filter(each => !wide.some(other => other !== each && each.contains(other)))
    .map(each => each.parentElement.tagName + "." + each.parentElement.className + " > "
      + each.tagName + "." + each.className))];
}"""
VIOLATIONS = """options => axe.run(document, options).then(found => found.violations.map(
  each => each.id + ": " + each.nodes.map(node => node.target).join(", ")))"""


def find_problems(page: Page) -> list[str]:
    """Problems of an open page: violations as below, overflow in four windows."""
    page.evaluate(OPEN_QUESTIONS)
    problems = find_violations(page)
    for width in (320, 360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        problems += [f"{page.url} {width}: {element}" for element in page.evaluate(OVERFLOWING)]
    return problems


def find_violations(page: Page) -> list[str]:
    """Violations of any rule, on a phone in light colours and on a wide screen in dark ones."""
    page.evaluate(Axe().axe_script)
    violations = []
    for width, scheme in ((360, "light"), (1440, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        results = page.evaluate(VIOLATIONS, {"resultTypes": ["violations"]})
        violations += [f"{page.url} {scheme} {width}: {result}" for result in results]
    return violations
