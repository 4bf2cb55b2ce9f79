"""What moto's Glue lacks: UpdateJob, BatchStopJobRun, runs that fail, and the refusal of a name that is taken.

How a run ends is chosen by its argument `--moto_outcome` (FAILED, TIMEOUT, ERROR; SUCCEEDED when absent), the message
of the failure by `--moto_error`.
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.glue.exceptions import AlreadyExistsException, JobRunNotFoundException
from moto.glue.models import FakeJob, FakeJobRun, GlueBackend
from moto.glue.responses import GlueResponse

RUNNING = ("STARTING", "RUNNING")
FINAL = ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT", "ERROR")
FAILED = ("FAILED", "TIMEOUT", "ERROR")

# The fields of JobUpdate that moto keeps, by the names of its job's attributes.
JOB_FIELDS = {
    "Description": "description",
    "LogUri": "log_uri",
    "Role": "role",
    "ExecutionProperty": "execution_property",
    "Command": "command",
    "DefaultArguments": "default_arguments",
    "NonOverridableArguments": "non_overridable_arguments",
    "Connections": "connections",
    "MaxRetries": "max_retries",
    "AllocatedCapacity": "allocated_capacity",
    "Timeout": "timeout",
    "MaxCapacity": "max_capacity",
    "SecurityConfiguration": "security_configuration",
    "NotificationProperty": "notification_property",
    "GlueVersion": "glue_version",
    "NumberOfWorkers": "number_of_workers",
    "WorkerType": "worker_type",
    "CodeGenConfigurationNodes": "code_gen_configuration_nodes",
    "ExecutionClass": "execution_class",
    "SourceControlDetails": "source_control_details",
}
DEFAULTS = {"ExecutionProperty": {}, "DefaultArguments": {}, "ExecutionClass": "STANDARD"}


def fill():
    GlueBackend.create_job = _refusing_twice(GlueBackend.create_job)
    FakeJob.start_job_run = _ending_as_told(FakeJob.start_job_run)
    FakeJobRun.as_dict = _telling_the_truth(FakeJobRun.as_dict)
    GlueResponse.update_job = _update_job
    GlueResponse.batch_stop_job_run = _batch_stop_job_run


def _refusing_twice(create_job):
    def create(self, name, **rest):
        if name in self.jobs:
            raise AlreadyExistsException(f"Job with name {name}")
        create_job(self, name=name, **rest)

    return create


def _ending_as_told(start_job_run):
    def start(self, **rest):
        run_id = start_job_run(self, **rest)
        run = next(run for run in self.job_runs if run.job_run_id == run_id)
        outcome = (run.arguments or {}).get("--moto_outcome", "SUCCEEDED")
        run._transitions = [("STARTING", "RUNNING"), ("RUNNING", outcome)]
        return run_id

    return start


def _telling_the_truth(as_dict):
    """moto says CompletedOn of a run that goes on, and Glue 0.9 of every run."""

    def told(self):
        told = as_dict(self)
        state = told["JobRunState"]
        told["GlueVersion"] = "5.0"
        if state not in FINAL:
            del told["CompletedOn"]
        if state in FAILED:
            told["ErrorMessage"] = (self.arguments or {}).get("--moto_error", f"{state}: as the test asked")
        return told

    return told


def _update_job(self):
    """UpdateJob replaces the whole definition: what the update does not name is gone."""
    name, update = self._get_param("JobName"), self._get_param("JobUpdate")
    job = self.glue_backend.get_job(name)
    for field, attribute in JOB_FIELDS.items():
        setattr(job, attribute, update.get(field, DEFAULTS.get(field)))
    job.last_modified_on = utcnow()
    return ActionResult({"JobName": name})


def _batch_stop_job_run(self):
    name, ids = self._get_param("JobName"), self._get_param("JobRunIds")
    job = self.glue_backend.get_job(name)
    stopped, errors = [], []
    for run_id in ids:
        refusal = _stop(job, run_id)
        if refusal is None:
            stopped.append({"JobName": name, "JobRunId": run_id})
        else:
            code, message = refusal
            detail = {"ErrorCode": code, "ErrorMessage": message}
            errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": detail})
    return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})


def _stop(job, run_id):
    """None when the run is being stopped, else the error's code and message."""
    run = next((run for run in job.job_runs if run.job_run_id == run_id), None)
    if run is None:
        missing = JobRunNotFoundException(run_id)
        return missing.error_type, missing.message
    if run.status not in RUNNING:
        return "InvalidInputException", f"Job run {run_id} is {run.status} and cannot be stopped."
    run._transitions = [("STOPPING", "STOPPED")]
    run.status = "STOPPING"
    run._tick = 0
    return None
