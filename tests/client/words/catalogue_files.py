"""Reads the catalogues' sources and keeps their compiled twins level: what `make words` runs."""

import io
import re
import string
import sys
from collections import Counter
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from client.words.catalogues import LANGUAGES, LOCALE_FOLDER
from tests.client.words.usage import Use, uses

HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def sources(language: str) -> dict[str, Path]:
    folder = LOCALE_FOLDER / language / "LC_MESSAGES"
    return {path.stem: path for path in sorted(folder.glob("*.po"))}


def domains() -> set[str]:
    return {domain for language in LANGUAGES for domain in sources(language)}


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=path.stem, abort_invalid=True)


def messages(language: str) -> dict[str, Message]:
    """Every message of a language by its key."""
    return {
        key_of(message): message
        for path in sources(language).values()
        for message in read(path, language)
        if message.id
    }


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def placeholders(message: Message) -> set[str]:
    return {
        name
        for form in forms(message)
        for _, name, _, _ in string.Formatter().parse(form)
        if name is not None
    }


def duplicates(path: Path) -> list[str]:
    keys = re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE)
    return [key for key, times in Counter(keys).items() if times > 1]


def compiled(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def content(mo: bytes) -> dict[object, str]:
    """What a compiled catalogue says, without the header's dates and tool versions."""
    spoken = dict(vars(GNUTranslations(io.BytesIO(mo)))["_catalog"])
    spoken.pop("", None)
    return spoken


def is_level(path: Path, language: str) -> bool:
    twin = path.with_suffix(".mo")
    return twin.exists() and content(twin.read_bytes()) == content(compiled(read(path, language)))


def gaps() -> list[str]:
    """Every way in which code and catalogues disagree, one line each."""
    found = [f"{key} twice in {path}" for path in _paths() for key in duplicates(path)]
    spoken = uses()
    by_language = {language: messages(language) for language in LANGUAGES}
    for language, known in by_language.items():
        found += [
            f"{key}: {language} has no words"
            for key, message in known.items()
            if not all(forms(message))
        ]
        for use in spoken:
            found += [f"{use.place} {problem}" for problem in _problems(use, known, language)]
    found += _uneven(*(by_language[language] for language in LANGUAGES))
    for key in set().union(*by_language.values()) - _covered(spoken, by_language[LANGUAGES[0]]):
        found.append(f"{key}: no code uses it")
    return sorted(found)


def _paths() -> list[Path]:
    return [path for language in LANGUAGES for path in sources(language).values()]


def _problems(use: Use, known: dict[str, Message], language: str) -> list[str]:
    if use.family:
        empty = not any(key.startswith(use.key) for key in known)
        return [f"{use.key}…: {language} has no such family"] if empty else []
    if use.key not in known:
        return [f"{use.key}: missing in {language}"]
    message = known[use.key]
    problems = []
    if use.speaker != "key" and message.pluralizable != (use.speaker == "n"):
        problems.append(f"{use.key}: {language} has it in the wrong form for {use.speaker}()")
    if use.values is not None and (lacking := placeholders(message) - use.values):
        problems.append(f"{use.key}: {language} asks for {', '.join(sorted(lacking))}")
    return problems


def _uneven(chinese: dict[str, Message], english: dict[str, Message]) -> list[str]:
    found = [f"{key}: only in one language" for key in chinese.keys() ^ english.keys()]
    for key in chinese.keys() & english.keys():
        different = placeholders(chinese[key]) ^ placeholders(english[key])
        if chinese[key].pluralizable:
            different -= {"count"}  # a form for one may spell the number out
        if different:
            found.append(f"{key}: the languages ask for different values")
    return found


def _covered(spoken: list[Use], known: dict[str, Message]) -> set[str]:
    families = tuple(use.key for use in spoken if use.family)
    return {use.key for use in spoken} | {key for key in known if key.startswith(families)}


def tidy(path: Path, language: str) -> bool:
    """Sort a source and compile it where that changes anything."""
    catalog = read(path, language)
    text = io.BytesIO()
    write_po(text, catalog, width=0, omit_header=True, sort_output=True)
    header = HEADER.format(language=language, plurals=catalog.plural_forms)
    source = header + text.getvalue().decode().strip() + "\n"
    stale = not is_level(path, language)
    if stale:
        path.with_suffix(".mo").write_bytes(compiled(catalog))
    if source != path.read_text("utf-8"):
        path.write_text(source, "utf-8")
    return stale


def main() -> None:
    for language in LANGUAGES:
        for path in sources(language).values():
            if doubled := duplicates(path):
                sys.exit(f"{path}: written twice, keep one: {', '.join(doubled)}")
            if tidy(path, language):
                print(f"compiled {language} {path.stem}")
    disagreements = gaps()
    print(*disagreements, sep="\n")
    sys.exit(1 if disagreements else 0)


if __name__ == "__main__":
    main()
