"""Runs a plan with plainbox 0.38's own runner, from the beginning or from where somebody else stopped.

A request holds `do` and `units`. `begin` runs all in a new session below `repository`, with a copy of the session's
directory in `copies`/K after K jobs; `finish` loads the session in the directory `session`, runs what has no
outcome, and saves it; `read` only loads it. Each answers with what it knows of the jobs.
"""

import contextlib
import os
import shutil
import types

# First, as it quietens the log.
from driver import serve, text

from plainbox.impl.ctrl import UserJobExecutionController
from plainbox.impl.job import JobDefinition
from plainbox.impl.runner import JobRunner
from plainbox.impl.session import SessionManager, SessionStorage, SessionStorageRepository


class Provider:
    """What the runner asks of the provider of a job: nothing is there."""

    namespace = "run"

    def __getattr__(self, name):
        return None


def run(manager, job):
    location = manager.storage.location
    logs = os.path.join(location, "io-logs")
    os.makedirs(logs, exist_ok=True)
    controllers = [UserJobExecutionController([])]
    runner = JobRunner(location, [], logs, execution_ctrl_list=controllers)
    # The runner wants a provider, which would change the id and the checksum of the job in the session.
    twin = JobDefinition(job._data, provider=Provider())
    state = manager.state.job_state_map[job.id]
    assert state.can_start(), "%s cannot start: %s" % (job.id, state.get_readiness_description())
    config = types.SimpleNamespace(extcmd=None, environment={})
    # The runner shows what the job prints.
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        result = runner.run_job(twin, state, config)
    result = result.get_result() if hasattr(result, "get_result") else result
    manager.state.update_job_result(job, result)
    manager.checkpoint()


def told(manager):
    answer = {}
    for key, value in manager.state.job_state_map.items():
        result = value.result
        streams = {"stdout": b"", "stderr": b""}
        for record in result.get_io_log():
            streams[record[1]] += record[2]
        answer[key] = {
            "outcome": result.outcome,
            "return_code": result.return_code,
            "stdout": text(streams["stdout"]),
            "stderr": text(streams["stderr"]),
            "results": len(value.result_history),
            "can_start": value.can_start(),
        }
    return answer


def answer(request):
    jobs = [JobDefinition(dict(fields)) for fields in request["units"]]
    if request["do"] == "begin":
        repository = SessionStorageRepository(request["repository"])
        manager = SessionManager.create_with_unit_list(jobs, repository)
        manager.state.update_desired_job_list(jobs)
    else:
        manager = SessionManager.load_session(jobs, SessionStorage(request["session"]))
    if request["do"] != "read":
        manager.checkpoint()
        done = 0
        for job in list(manager.state.run_list):
            copies = request.get("copies")
            if copies:
                copy = os.path.join(copies, str(done), os.path.basename(manager.storage.location))
                shutil.copytree(manager.storage.location, copy)
            if manager.state.job_state_map[job.id].result.outcome is None:
                run(manager, job)
            done += 1
    return {"session": manager.storage.location, "jobs": told(manager)}


if __name__ == "__main__":
    os.environ.setdefault("USER", "root")
    serve(answer)
