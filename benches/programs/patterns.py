"""Regular expressions over generated log lines: matching, searching, substitution."""

import re

LINE = re.compile(r"(?P<host>\d+\.\d+\.\d+\.\d+) - (?P<user>\w+|-) \[(?P<time>[^\]]+)\] \"(?P<verb>GET|PUT) (?P<path>\S+)\" (?P<status>\d{3})")
WORD = re.compile(r"\b[a-z]+ing\b")
TAG = re.compile(r"<(\w+)[^>]*>(.*?)</\1>", re.DOTALL)
NUMBER = re.compile(r"(\d)(?=(\d{3})+$)")
ROUNDS = 3


def lines():
    for number in range(4000):
        user = f"user{number % 37}" if number % 3 else "-"
        verb = "GET" if number % 5 else "PUT"
        yield f'10.{number % 256}.0.{number % 13} - {user} [01/Jan/2024:{number % 24:02}:00] "{verb} /items/{number}" {200 + number % 4}'


def run():
    text = "reading and <b>writing</b> are things; <i class='x'>looking</i> is nothing new. " * 400
    found = []
    for _ in range(ROUNDS):
        statuses = {}
        for line in lines():
            match = LINE.match(line)
            key = match["status"], match["verb"]
            statuses[key] = statuses.get(key, 0) + len(match["path"])
        found.append(sorted(statuses.items()))
        found.append(len(WORD.findall(text)))
        found.append(len(TAG.sub(r"[\1:\2]", text)))
        found.append([NUMBER.sub(r"\1,", str(7**power)) for power in range(60)][-1])
    return found
