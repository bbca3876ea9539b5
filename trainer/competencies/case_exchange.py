"""The competencies as 1EdTech CASE 1.1, which other systems read.

Names and required fields are those of the information model and the REST/JSON binding, “Competencies and Academic
Standards Exchange (CASE) Service 1.1”, final release of 24 January 2025. Identifiers are UUIDs of version 5 over the
code of a competency: they are the same at every address and in every release.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from trainer.curriculum.values import Competency

NAMESPACE: Final = UUID("5b4f0f6e-6a0c-5d3b-9a57-0c0b9d7c1a11")
"""Ours, for ever: whoever changes it gives every competency another identity."""
FRAMEWORK: Final = "framework"
CASE_PREFIX: Final = "/ims/case/v1p1"
_TITLE = "Competencies in psychedelic-assisted therapy"
_ABOUT = (
    "What a graduate can be seen to do. Drawn from Phelps 2017, Wolff 2025, trial manuals and the rules of Oregon and "
    "Colorado; not validated as a set. An educational framework, not a licence to practise."
)
_LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")

CaseObject = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CaseFramework:
    """The competencies of one release, to be given to other systems.

    Attributes:
        base_url: the public address of this installation, without a slash at its end.
        creator: who issues certificates here.
        changed: when this release was published, UTC.
        release: its hash.
    """

    competencies: Iterable[Competency]
    base_url: str
    creator: str
    changed: datetime
    release: str

    @property
    def at(self) -> str:
        """Return the moment of the last change as CASE writes it."""
        return self.changed.isoformat(timespec="seconds").replace("+00:00", "Z")

    def address(self, kind: str, identifier: str) -> str:
        """Return where an object of this kind is found, such as `CFItems`."""
        return f"{self.base_url}{CASE_PREFIX}/{kind}/{identifier}"


def identifier_of(name: str) -> str:
    """Return the identifier of a competency by its code, or of another thing of ours by its name."""
    return str(uuid5(NAMESPACE, name))


def cf_package(framework: CaseFramework) -> CaseObject:
    """Return everything in one object (CFPackage)."""
    return {
        "CFDocument": _document(framework),
        "CFItems": [_item(framework, competency) for competency in framework.competencies],
        "CFAssociations": [
            _association(framework, competency, number)
            for number, competency in enumerate(framework.competencies, start=1)
        ],
    }


def cf_documents(framework: CaseFramework) -> CaseObject:
    """Return the list of all frameworks: ours is the only one."""
    return {"CFDocuments": [cf_objects(framework, "CFDocuments")[identifier_of(FRAMEWORK)]]}


def cf_objects(framework: CaseFramework, kind: str) -> Mapping[str, CaseObject]:
    """Return the objects of a kind by their identifiers, each as it stands by itself; none of a kind we do not have."""
    package = cf_package(framework)
    document = package["CFDocument"]
    home = _link(framework, "CFDocuments", FRAMEWORK, _TITLE)
    match kind:
        case "CFPackages":
            return {document["identifier"]: package}
        case "CFDocuments":
            link = _link(framework, "CFPackages", FRAMEWORK, _TITLE)
            return {document["identifier"]: {**document, "CFPackageURI": link}}
        case "CFItems" | "CFAssociations":
            return {found["identifier"]: {**found, "CFDocumentURI": home} for found in package[kind]}
    return {}


def _document(framework: CaseFramework) -> CaseObject:
    title, uri = _LICENCE
    identifier = identifier_of(FRAMEWORK)
    return {
        "identifier": identifier,
        "uri": framework.address("CFDocuments", identifier),
        "caseVersion": "1.1",
        "creator": framework.creator,
        "title": _TITLE,
        "lastChangeDateTime": framework.at,
        "officialSourceURL": f"{framework.base_url}/competencies/",
        "description": _ABOUT,
        "language": "en",
        "version": framework.release[:12],
        "adoptionStatus": "Draft",
        "licenseURI": {"title": title, "identifier": identifier_of(uri), "uri": uri},
    }


def _item(framework: CaseFramework, competency: Competency) -> CaseObject:
    identifier = identifier_of(competency.code)
    return {
        "identifier": identifier,
        "uri": framework.address("CFItems", identifier),
        "fullStatement": competency.behaviour,
        "abbreviatedStatement": competency.title,
        "humanCodingScheme": competency.code,
        "CFItemType": "Competency",
        "language": "en",
        "lastChangeDateTime": framework.at,
    }


def _association(framework: CaseFramework, competency: Competency, number: int) -> CaseObject:
    identifier = identifier_of(f"{competency.code} isChildOf {FRAMEWORK}")
    return {
        "identifier": identifier,
        "associationType": "isChildOf",
        "sequenceNumber": number,
        "uri": framework.address("CFAssociations", identifier),
        "originNodeURI": {**_link(framework, "CFItems", competency.code, competency.title), "targetType": "CASE"},
        "destinationNodeURI": {**_link(framework, "CFDocuments", FRAMEWORK, _TITLE), "targetType": "CASE"},
        "lastChangeDateTime": framework.at,
    }


def _link(framework: CaseFramework, kind: str, name: str, title: str) -> CaseObject:
    identifier = identifier_of(name)
    return {"title": title, "identifier": identifier, "uri": framework.address(kind, identifier)}
