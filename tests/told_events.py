"""What the events of a search tell."""

from lookalike.search.events import Scored, Troubled


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def ids(events):
    return [event.photo.id for event in of(Scored, events)]


def problem_log(events):
    return [event.problem and event.problem.code for event in of(Troubled, events)]
