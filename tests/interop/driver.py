"""Lets a released plainbox resume and suspend sessions, one JSON line in, one JSON line out.

A request holds `units` (the fields of each job), `namespace` or null, `session` (base64 of a checkpoint file),
`location` (the directory of the session) and `flags` of resume. The answer holds what the release makes of it:
`state`, in the words of the corpus, and for each version it writes `written`: the text, the file in base64, and
the state it resumes from that file itself; or `error`. Written for this project against the public names of both releases.
"""

import base64
import gzip
import json
import logging
import sys
import types
import warnings

warnings.simplefilter("ignore")
# Each ignored checksum would be told.
logging.disable(logging.CRITICAL)

from plainbox.impl.session import resume, suspend  # noqa: E402

try:
    from plainbox.impl.unit.job import JobDefinition
    OLD = False
except ImportError:
    from plainbox.impl.job import JobDefinition
    OLD = True


def made(units, namespace):
    provider = None
    if namespace is not None:
        provider = types.SimpleNamespace(namespace=namespace, gettext_domain=None)
    return [JobDefinition(dict(fields), provider=provider) for fields in units]


def resumed(request, data):
    jobs = made(request["units"], request["namespace"])
    if OLD:
        return resume.SessionResumeHelper(jobs).resume(data)
    helper = resume.SessionResumeHelper(jobs, request["flags"], request["location"])
    return helper.resume(data)


def written(state, version, location):
    helper = getattr(suspend, "SessionSuspendHelper%d" % version)()
    return helper.suspend(state) if OLD else helper.suspend(state, location)


def text(data):
    return base64.b64encode(data).decode("ASCII")


def number(value):
    """JSON has no word for these."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return repr(value)
    return value


def result(value):
    told = {
        "outcome": value.outcome,
        "comments": value.comments,
        "return_code": value.return_code,
        "execution_duration": number(value.execution_duration),
    }
    if hasattr(value, "io_log_filename"):
        told["kind"] = "disk"
        told["io_log_filename"] = value.io_log_filename
    else:
        told["kind"] = "memory"
        told["io_log"] = [[number(each[0]), each[1], text(each[2])] for each in value.get_io_log()]
    return told


def is_hollow(value):
    parts = (value.outcome, value.comments, value.return_code, value.execution_duration)
    return all(part is None for part in parts) and not value.io_log


def history(value):
    """The oldest release keeps the last result only."""
    if OLD:
        return [] if is_hollow(value.result) else [result(value.result)]
    return [result(each) for each in value.result_history]


def inhibitor(value):
    expression = value.related_expression
    return {
        "cause": value.cause_name if OLD else value.cause.name,
        "related_job": value.related_job.id if value.related_job is not None else None,
        "related_expression": expression.text if expression is not None else None,
    }


def job(value):
    return {
        "outcome": value.result.outcome,
        "result_history": history(value),
        "readiness_inhibitors": [inhibitor(each) for each in value.readiness_inhibitor_list],
        "can_start": value.can_start(),
    }


def record(value):
    data = object.__getattribute__(value, "_data")
    return {key: data[key] for key in data}


def told(state):
    metadata = state.metadata
    answer = {
        "metadata": {
            "title": metadata.title,
            "flags": sorted(metadata.flags),
            "running_job_name": metadata.running_job_name,
            "app_blob": None if metadata.app_blob is None else text(metadata.app_blob),
            "app_id": metadata.app_id,
        },
        "job_ids": sorted(each.id for each in state.job_list),
        "job_list": [each.id for each in state.job_list],
        "desired_job_list": [each.id for each in state.desired_job_list],
        "run_list": [each.id for each in state.run_list],
        "job_states": {key: job(value) for key, value in state.job_state_map.items()},
        "resource_map": {
            key: [record(each) for each in records] for key, records in state.resource_map.items()
        },
        "job_checksums": {each.id: each.checksum for each in state.job_list},
    }
    if not OLD:
        answer["mandatory_job_list"] = [each.id for each in state.mandatory_job_list]
    return answer


def answer(request):
    state = resumed(request, base64.b64decode(request["session"]))
    versions = {}
    for version in range(1, 4 if OLD else 7):
        data = written(state, version, request["location"])
        versions[version] = {
            "text": gzip.decompress(data).decode("UTF-8"),
            "session": text(data),
            "state": told(resumed(request, data)),
        }
    return {"state": told(state), "written": versions}


def serve(answer):
    """Answers every request; an error is an answer too."""
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:
            reply = {"error": "%s: %s" % (type(error).__name__, error)}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(answer)
