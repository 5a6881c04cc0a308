"""Prints what every Word document that the pages of a data folder offer deviates in; run by a test as a program.

One page for each kind of address is opened as the secretary, and one document for each kind of address checked.
"""

from __future__ import annotations

import json
import os
import re
import sys
from html import unescape

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "camket.config.settings"
django.setup()

from django.test import Client  # noqa: E402 - needs Django

from camket.paper.conformity import check_document  # noqa: E402

_APART = re.compile(r"^/(?:static|dang-xuat|cong-khai|ks|he-thong|nhat-ky|tim-kiem)/|/soan/")
_FILE = re.compile(r"\.(?:pdf|xlsx|csv|json|jsonl|ics|zip|png|svg)$|/(?:pdf|xlsx|csv)/$")


def kind(address: str) -> str:
    """The address without its numbers and words of a query."""
    return re.sub(r"\d+", "N", address.partition("?")[0])


def main(login: str, password: str) -> None:
    client = Client(headers={"host": "localhost"})
    client.post("/dang-nhap/", {"login": login, "password": password})
    waiting, seen, papers = ["/"], {"/"}, dict[str, str]()
    while waiting:
        page = waiting.pop()
        answer = client.get(page, follow=True)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for href in map(unescape, re.findall(r'href="([^"#]+)"', answer.content.decode())):
            address = page.partition("?")[0] + href if href.startswith("?") else href
            if not address.startswith("/") or _APART.search(address):
                continue
            if "docx" in address:
                papers.setdefault(re.sub(r"\d+", "N", address), address)
            elif not _FILE.search(address.partition("?")[0]) and kind(address) not in seen:
                seen.add(kind(address))
                waiting.append(address)
    found = {}
    for address in papers.values():
        answer = client.get(address)
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = [f"{each.code}: {each.message}" for each in check_document(data).deviations]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
