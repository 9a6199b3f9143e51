"""Reads a page of HTML as HTML 5 demands it, and prints what is in it as JSON.

Every tag is closed in its order, no id is there twice, each link leads to an id of the page,
and nothing in it asks for anything else.
"""

import html.parser
import json
import re
import sys

VOID = {"meta", "input", "br", "link", "img"}
OPTIONAL = {"html"}


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.texts, self.classes = [], [], [], [], {}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert len(attrs) == len(dict.fromkeys(attrs)), self.get_starttag_text()
        if "id" in attrs:
            assert attrs["id"] not in self.ids, attrs
            self.ids.append(attrs["id"])
        if "href" in attrs:
            self.links.append(attrs["href"])
        assert not {"src", "srcset", "action", "background"} & set(attrs), attrs
        assert not any(name.startswith("on") for name in attrs), attrs
        for name in attrs.get("class", "").split():
            self.classes[name] = self.classes.get(name, 0) + 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)


text = sys.stdin.buffer.read().decode()
reader = Reader()
reader.feed(text)
reader.close()
assert not reader.open, reader.open
for link in reader.links:
    assert link.startswith("#") and link[1:] in reader.ids, link
styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
assert "url(" not in styles and "@import" not in styles
assert "Content-Security-Policy" in text and "default-src 'none'" in text
print(json.dumps({"classes": reader.classes, "text": "".join(reader.texts)}))
