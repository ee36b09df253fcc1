"""The line of each key of a TOML file: by hand for what is easily misread, and of written texts that record them."""

import textwrap
import tomllib

import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.files.toml._lines import lines_of
from riskresearch.files.toml._toml_file import read_toml
from tests.examples import examples

# Each case: a text, and the lines counted by eye.
BY_HAND = {
    "comments": (
        "# deny = 1\n\ndeny = 2 # warn = 3\n# [[limit]]\nwarn = 4\n",
        {("deny",): 3, ("warn",): 5},
    ),
    "a multi-line string that looks like keys": (
        'note = """\ndeny = 1\n[[limit]]\n"""\ndeny = 2\n',
        {("note",): 1, ("deny",): 5},
    ),
    "a multi-line literal": (
        "note = '''\ndeny = 1 \\'''\ndeny = 2\n",
        {("note",): 1, ("deny",): 3},
    ),
    "quotation marks before the closing ones": (
        'a = """x"""""\nb = \'\'\'y\'\'\'\'\'\nc = 1\n',
        {("a",): 1, ("b",): 2, ("c",): 3},
    ),
    "escaped quotation marks": (
        'a = "x\\" # = \\\\"\nb = """\n\\"""\n"""\nc = 1\n',
        {("a",): 1, ("b",): 2, ("c",): 5},
    ),
    "empty strings": (
        'a = """"""\nb = \'\'\'\'\'\'\nc = ""\nd = \'\'\n',
        {("a",): 1, ("b",): 2, ("c",): 3, ("d",): 4},
    ),
    "arrays of tables": (
        "[[limit]]\ndeny = 1\n\n[[limit]]\ndeny = 2\n[limit.deep]\nx = 1\n"
        "[[limit.test]]\ny = 1\n[[limit.test]]\ny = 2\n",
        {
            ("limit",): 1, ("limit", 0): 1, ("limit", 0, "deny"): 2,
            ("limit", 1): 4, ("limit", 1, "deny"): 5, ("limit", 1, "deep"): 6, ("limit", 1, "deep", "x"): 7,
            ("limit", 1, "test"): 8, ("limit", 1, "test", 0): 8, ("limit", 1, "test", 0, "y"): 9,
            ("limit", 1, "test", 1): 10, ("limit", 1, "test", 1, "y"): 11,
        },
    ),
    "inline tables in an array over lines": (
        "limit = [ # the limits\n  {type = 'A', deny = {X = 1, Y.Z = [1,\n2]}}, # ]\n\n  {type = 'B'},\n]\nz = 1",
        {
            ("limit",): 1, ("limit", 0): 2, ("limit", 0, "type"): 2, ("limit", 0, "deny"): 2,
            ("limit", 0, "deny", "X"): 2, ("limit", 0, "deny", "Y"): 2, ("limit", 0, "deny", "Y", "Z"): 2,
            ("limit", 0, "deny", "Y", "Z", 0): 2, ("limit", 0, "deny", "Y", "Z", 1): 3,
            ("limit", 1): 5, ("limit", 1, "type"): 5, ("z",): 7,
        },
    ),
    "dotted and quoted keys": (
        "a . \"b.c\".'d # e' = 1\na.\"b.c\".f = 2\n\"\\u0041\" = 3\n'' = 4\n",
        {("a",): 1, ("a", "b.c"): 1, ("a", "b.c", "d # e"): 1, ("a", "b.c", "f"): 2, ("A",): 3, ("",): 4},
    ),
    "headers with blanks and quotation marks": (
        "[ a . 'b]' ]\nx = 1\n[[ \"c\" ]] # [d]\ny = 1\n",
        {("a",): 1, ("a", "b]"): 1, ("a", "b]", "x"): 2, ("c",): 3, ("c", 0): 3, ("c", 0, "y"): 4},
    ),
    "a table above its parent": (
        "[a.b]\nx = 1\n[a]\ny = 2\n",
        {("a",): 1, ("a", "b"): 1, ("a", "b", "x"): 2, ("a", "y"): 4},
    ),
    "line ends of Windows": ("a = 1\r\n\r\nb = '''\r\n'''\r\nc = 2\r\n", {("a",): 1, ("b",): 3, ("c",): 5}),
    "dates and other bare values": (
        "a = 1979-05-27 07:32:00Z # b = 1\nb = +inf\nc = 0xff\n",
        {("a",): 1, ("b",): 2, ("c",): 3},
    ),
    "line separators of Unicode, which end no line of TOML": (
        "a = '\u2028\u0085x' # \u2029\nb = 1\n",
        {("a",): 1, ("b",): 2},
    ),
    "nothing": ("", {}),
    "a comment without an end": ("# a = 1", {}),
}  # fmt: skip


@pytest.mark.parametrize("case", BY_HAND)
def test_lines_are_those_counted_by_eye(case):
    text, expected = BY_HAND[case]
    assert paths_of(tomllib.loads(text)) == set(expected)
    assert lines_of(text) == expected


def paths_of(content, keys=()):
    """Return the way to every value of a parsed text."""
    found = {keys} if keys else set()
    if isinstance(content, dict):
        for name, value in content.items():
            found |= paths_of(value, (*keys, name))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            found |= paths_of(value, (*keys, place))
    return found


class Writer:
    """Write random values in random spellings, and record the line of each."""

    def __init__(self, draw):
        self.draw, self.lines, self.text = draw, {}, ""

    def choose(self, *choices):
        return self.draw(st.sampled_from(choices))

    def mark(self, keys):
        self.lines.setdefault(keys, self.text.count("\n") + 1)

    def key(self, name):
        bare = name and all(each.isascii() and (each.isalnum() or each in "-_") for each in name)
        literal = "'" not in name and name.isprintable()
        escaped = '"' + "".join(f"\\U{ord(each):08x}" if each in '"\\' else each for each in name) + '"'
        return self.choose(*([name] if bare else []), *([f"'{name}'"] if literal else []), escaped)

    def noise(self):
        self.text += self.choose("", "", "\n", "# deny = 1\n", "  # [[a]] '''\n", ' # """\n\n', "\t\n")

    def value(self, keys, value):
        if isinstance(value, dict):
            self.several(keys, value.items(), "{}", self.choose("", " "))
        elif isinstance(value, list):
            self.several(keys, enumerate(value), "[]", self.choose("", " ", "\n", " # ], x = 1\n"))
        elif isinstance(value, str):
            self.text += self.choose(
                '"a = 1 # \\" "', "'[b] \\'", '"""\n[[a]]\nb = """""', "'''x\n''y'''", '"""a\\"""\n\\\\"""', '""', "''"
            )
        else:
            self.text += self.choose("1", "-1.5e3", "1979-05-27 07:32:00", "true", "nan", "0b1")

    def several(self, keys, items, brackets, gap):
        self.text += brackets[0] + gap
        for number, (name, value) in enumerate(items):
            self.text += f",{gap}" * (number > 0)
            self.mark((*keys, name))
            if brackets == "{}":
                self.text += f"{self.key(name)}{self.choose(' = ', '=')}"
            self.value((*keys, name), value)
        self.text += gap + brackets[1]

    def table(self, keys, head, content):
        """Write the pairs of a table and then its tables, as headers, dotted keys or inline."""
        below = []
        for name, value in content.items():
            headed = isinstance(value, dict) or (value and isinstance(value, list) and all_tables(value))
            style = self.choose("header", "inline") if headed else "inline"
            if style == "header":
                below.append((name, value))
            elif isinstance(value, dict) and value and self.choose(True, False):
                for inner, each in value.items():  # dotted keys
                    self.mark((*keys, name))
                    self.mark((*keys, name, inner))
                    self.text += f"{self.key(name)} . {self.key(inner)} = "
                    self.value((*keys, name, inner), each)
                    self.text += "\n"
            else:
                self.mark((*keys, name))
                self.text += f"{self.key(name)}{self.choose(' = ', '=')}"
                self.value((*keys, name), value)
                self.text += self.choose("\n", " # x = 1\n")
            self.noise()
        for name, value in below:
            inner = [*head, self.key(name)]
            for place, each in enumerate(value) if isinstance(value, list) else [(None, value)]:
                self.mark((*keys, name))
                way = (*keys, name) if place is None else (*keys, name, place)
                self.mark(way)
                dots = self.choose(".", " . ").join(inner)
                self.text += f"[{dots}]\n" if place is None else f"[[ {dots} ]] # [c]\n"
                self.noise()
                self.table(way, inner, each)


def all_tables(items):
    return all(isinstance(each, dict) for each in items)


NAMES = st.sampled_from(["limit", "deny", "a.b", "BRK-B", "", "# x", "株", "it's", 'q"q', "[[a]]", "1"])
VALUES = st.recursive(
    st.sampled_from(["text", 1]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.data(), st.dictionaries(NAMES, VALUES, max_size=4))
@examples(120)
def test_lines_of_a_written_text_are_those_on_which_it_was_written(data, content):
    writer = Writer(data.draw)
    writer.noise()
    writer.table((), [], content)
    assert paths_of(tomllib.loads(writer.text)) == set(writer.lines)
    assert lines_of(writer.text) == writer.lines
    assert lines_of(writer.text.replace("\n", "\r\n")) == writer.lines


def read(path):
    return read_toml(path, what="a policy", example='type = "Leverage"')


def test_a_place_is_that_of_the_innermost_key_that_is_there(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text("[[limit]]\n\ndeny = 1\n", encoding="utf-8-sig")
    file = read(path)
    assert file.place("limit", 0, "deny") == "desk.toml, line 3"
    assert file.place("limit", 0, "warn", "A") == "desk.toml, line 1"
    assert file.place("name") == file.place() == "desk.toml"


def test_what_cannot_be_read_is_refused_in_words(tmp_path):
    def refused(content, match):
        path = tmp_path / "desk.toml"
        path.write_bytes(content)
        with pytest.raises(InvalidInputError, match=match):
            read(path)

    refused(
        b"a = 1\nb = x\n",
        r"desk.toml is no valid TOML: Invalid value \(at line 2, column 5\). Text has quotation marks: type",
    )
    refused(b"a = 1\na = 2\n", r"Cannot overwrite a value")
    refused("a = 'ü'".encode("latin-1"), "desk.toml must be UTF-8, as TOML is")
    refused(b"a = " + b"9" * 5000, "desk.toml is no valid TOML: Exceeds the limit")
    refused(b"a = " + b"[" * 100_000 + b"]" * 100_000, "desk.toml is nested too deeply for a policy")
    refused(b"#" * 1_000_001, "desk.toml is too large for a policy")
    with pytest.raises(InvalidInputError, match=r"absent\.toml: No such file or directory"):
        read(tmp_path / "absent.toml")
    with pytest.raises(InvalidInputError, match="Is a directory"):
        read(tmp_path)
    for path in (None, 3, b"desk.toml", "", "a = 1\nb = 2\n", "a\0b"):
        with pytest.raises(InvalidInputError, match="path must be the name of a file, got"):
            read(path)


def test_the_line_of_a_long_text_is_found_in_one_pass():
    text = textwrap.dedent("[[limit]]\nname = '''\n'''\n") * 20_000
    assert lines_of(text)["limit", 19_999, "name"] == 3 * 19_999 + 2
