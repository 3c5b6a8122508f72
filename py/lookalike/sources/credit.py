"""Naming a photo's author and licence, as Creative Commons recommends it."""

import re


def credit(title: str, creator: str, license_name: str, service: str) -> str:
    """One line of credit: “"Title" by Creator, CC BY 4.0, via Service”; what is empty is left out.

    Title, author, source and licence:
    https://wiki.creativecommons.org/wiki/Recommended_practices_for_attribution
    """
    work = f'"{title}"' if title else "Photo"
    by = f"{work} by {creator}" if creator else work
    return ", ".join(part for part in (by, license_name, f"via {service}") if part)


def license_url(name: str) -> str:
    """Where a Creative Commons licence can be read, by its short name, such as "CC BY-SA 4.0".

    Empty for a name of another form.
    """
    if match := re.fullmatch(r"CC (BY(?:-NC)?(?:-ND|-SA)?) (\d\.\d)", name):
        return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
    if name == "CC0 1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if name == "Public domain mark":
        return "https://creativecommons.org/publicdomain/mark/1.0/"
    return ""
