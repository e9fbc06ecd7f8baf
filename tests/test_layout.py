"""The layout of the code: narrow packages, one name for one module, imports that run one way."""

from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
from django.conf import settings

APPS = ("workshop", "participants", "sessions_app")
MOST_MODULES = 15
# Names that Django or the project's style give a fixed meaning, whatever the package.
CONVENTIONAL = {
    *("models", "admin", "urls", "forms", "views"),
    *("queries", "services", "apps", "translation"),
}


def modules() -> Iterator[Path]:
    """Every module of the apps, relative to the project; no packages, no migrations."""
    for app in APPS:
        for file in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in file.parts and file.name != "__init__.py":
                yield file.relative_to(settings.BASE_DIR)


def test_no_package_is_wider_than_a_reader_can_hold() -> None:
    width = defaultdict(list)
    for module in modules():
        width[module.parent].append(module.stem)
    assert {str(place): names for place, names in width.items() if len(names) > MOST_MODULES} == {}


def test_no_module_name_stands_in_two_packages() -> None:
    """Save conventional ones, a desk page named after its service, a model after its checks."""
    places = defaultdict(list)
    for module in modules():
        if module.stem not in CONVENTIONAL and "desk" not in module.parts:
            places[module.stem].append(module.parent)
    twice = {
        name: [str(each) for each in found]
        for name, found in places.items()
        if len([each for each in found if each.name != "models"]) > 1
    }
    assert twice == {}


def test_packages_import_one_way() -> None:
    """No cycle; `urls` tie the packages together and count as modules of their own."""
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
