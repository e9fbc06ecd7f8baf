"""Layout rules of the code: package size, unique module names, no import cycles."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
from django.conf import settings

APPS = ("workshop", "participants", "sessions_app")
MAX_MODULES = 15
# Names with a fixed meaning in Django or the project, allowed in every package.
CONVENTIONAL = {
    *("models", "admin", "urls", "forms", "views"),
    *("queries", "services", "apps", "translation"),
}
QUESTIONS = ("What", "Who", "Whom", "Whose", "How", "Why", "Which", "When", "Where", "Whether")


def modules() -> Iterator[Path]:
    """Every module of the apps, relative to the project; no packages, no migrations."""
    for app in APPS:
        for file in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in file.parts and file.name != "__init__.py":
                yield file.relative_to(settings.BASE_DIR)


def test_no_package_has_too_many_modules() -> None:
    width = defaultdict(list)
    for module in modules():
        width[module.parent].append(module.stem)
    assert {str(place): names for place, names in width.items() if len(names) > MAX_MODULES} == {}


def test_module_names_are_unique() -> None:
    """Except conventional names, desk pages named after services, models named after checks."""
    places = defaultdict(list)
    for module in modules():
        if module.stem not in CONVENTIONAL and "desk" not in module.parts:
            places[module.stem].append(module.parent)
    twice = {
        name: [str(folder) for folder in folders]
        for name, folders in places.items()
        if len([folder for folder in folders if folder.name != "models"]) > 1
    }
    assert twice == {}


def test_every_module_says_first_what_it_is() -> None:
    """In a line of its own, with a noun: a head that asks leaves the answer to the reader."""
    heads = {
        str(module): ast.get_docstring(ast.parse((settings.BASE_DIR / module).read_text())) or ""
        for module in modules()
    }
    assert [
        name
        for name, head in heads.items()
        if not head.strip() or head.split(maxsplit=1)[0] in QUESTIONS
    ] == []


def test_packages_have_no_import_cycle() -> None:
    """`urls` modules import from many packages, so they count on their own."""
    graph = grimp.build_graph(*APPS)

    def package(module: str) -> str:
        is_own = graph.find_children(module) or module.endswith(".urls") or module.count(".") < 2
        return module if is_own else module.rpartition(".")[0]

    imports = defaultdict(set)
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            if ".migrations" not in module and package(module) != package(imported):
                imports[package(module)].add(package(imported))
    assert list(TopologicalSorter(imports).static_order())  # raises CycleError
