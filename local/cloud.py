"""The local cloud as one context: started, deployed, ready; and gone without a trace."""

import contextlib
import json
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from local import aws, deployment, emulator, mailbox, pages, programs, redeployment, site
from local.aws import Client
from local.mailbox import Mailbox
from local.ports import Ports
from local.progress import Progress, silent
from local.stack import ALIAS, Stack

DIRECTORY = Path(".local-cloud")
PRACTICE = Path("practice.yaml")


class Cloud:
    """The whole stack on this machine, for as long as the context lasts; run it in the project's directory.

    Args:
        ports: where it listens; free ports unless given.
        practice: a practice to apply once the stack stands, or None.
        build: whether to build first, or to deploy what the last build left.
        enforce_permissions: whether the emulated AWS enforces the functions' policies as AWS does.
        progress: is told what is being done.

    Attributes:
        ports: where it listens.
        stack: the deployed stack with its outputs and functions.
        mailbox: reads what was sent.

    """

    def __init__(
        self,
        *,
        ports: Ports | None = None,
        practice: Path | None = None,
        build: bool = True,
        enforce_permissions: bool = True,
        progress: Progress = silent,
    ) -> None:
        self.ports = ports or Ports.free()
        self.stack: Stack
        self.mailbox = Mailbox(f"http://127.0.0.1:{self.ports.mailbox}")
        self._practice = practice
        self._build = build
        self._enforce_permissions = enforce_permissions
        self._progress = progress
        self._cleanup = contextlib.ExitStack()
        self._mailbox_program: programs.Program
        self._directory: Path

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End everything that was started and remove its files; logs stay."""
        with programs.undisturbed():
            self._cleanup.close()

    @property
    def api_url(self) -> str:
        """The API's base address in a form that every resolver knows; no trailing slash."""
        api_id = self.stack.outputs["ApiId"]
        return f"{aws.endpoint(self.ports.cloud)}/_aws/execute-api/{api_id}/%24default"

    @property
    def public_api_url(self) -> str:
        """The API's base address as mails link to it; Python's resolver may not know its name."""
        return deployment.api_address(self.ports)

    @property
    def site_url(self) -> str:
        """The address of the static pages, and the origin that CORS allows."""
        return deployment.site_address(self.ports)

    @property
    def endpoint_url(self) -> str:
        """The address of the emulated AWS."""
        return aws.endpoint(self.ports.cloud)

    @property
    def table_name(self) -> str:
        """The stack's table."""
        return self.stack.outputs["TableName"]

    def reachable(self, url: str) -> str:
        """The link of a mail, in a form that every resolver knows."""
        return url.replace(self.public_api_url, self.api_url, 1)

    def client(self, service: str) -> Client:
        """Make a boto3 client of an emulated service, with all rights."""
        return aws.client(service, self.ports.cloud)

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """Call a function (`expire_requests`) and return its result.

        Raises:
            RuntimeError: the function raised; its text is what it raised.

        """
        answer = self.client("lambda").invoke(
            FunctionName=self.stack.functions[function], Qualifier=ALIAS, Payload=json.dumps(event or {})
        )
        result = answer["Payload"].read()
        if "FunctionError" in answer:
            raise RuntimeError(result.decode())
        return json.loads(result or b"null")

    def logs(self) -> list[str]:
        """What the functions have logged, group by group."""
        paginator = self.client("logs").get_paginator("filter_log_events")
        groups = [self.stack.resources[name] for name in ("ApiLog", "JobsLog")]
        pages_ = [page for group in groups for page in paginator.paginate(logGroupName=group)]
        return [event["message"] for page in pages_ for event in page["events"]]

    def set_clock_offset(self, seconds: int) -> None:
        """Set the clock of all functions ahead by `seconds` (behind, if negative), from their next call on."""
        client = self.client("lambda")

        def set_one(name: str) -> None:
            variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            changed = {**variables, "CLOCK_OFFSET_SECONDS": str(seconds)}
            client.update_function_configuration(FunctionName=name, Environment={"Variables": changed})

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(set_one, self.stack.functions.values()))
        redeployment.serve_latest(client, self.stack.functions.values())

    def stop_schedule(self) -> None:
        """Let requests expire without the scheduled job."""
        self._set_schedule("DISABLED")

    def start_schedule(self) -> None:
        """Let the scheduled job run again."""
        self._set_schedule("ENABLED")

    def stop_consumer(self, function: str) -> None:
        """Keep a function from its stream or queue; what comes meanwhile waits for it."""
        self._set_consumer(function, enabled=False)

    def start_consumer(self, function: str) -> None:
        """Give a function its stream or queue back."""
        self._set_consumer(function, enabled=True)

    def retry_mails_after(self, seconds: int) -> None:
        """Let a failed event come back to the notifier after `seconds`, not after the template's three minutes."""
        queue = self.stack.resources["DueMails"]
        self.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": str(seconds)})

    def refuse_mail(self) -> None:
        """Make SES reject whatever is sent (`MessageRejected`), as it does for an identity that is not verified."""
        self.client("ses").delete_identity(Identity=deployment.SENDER)

    def accept_mail(self) -> None:
        """Make SES take mail again."""
        self.client("ses").verify_email_identity(EmailAddress=deployment.SENDER)

    def stop_mailbox(self) -> None:
        """End the mailbox. SES still takes mail, as it does whatever becomes of it; what it takes now is lost."""
        self._mailbox_program.stop()

    def start_mailbox(self) -> None:
        """Start the mailbox again, with the messages it had."""
        self._launch_mailbox()
        mailbox.wait_until_ready(self._mailbox_program, self.ports)

    def _start(self) -> None:
        self.ports.ensure_free()
        self._directory = self._make_directory()
        running = emulator.start(
            self.ports, self._directory, self._log("cloud"), enforce_permissions=self._enforce_permissions
        )
        self._cleanup.callback(running.stop)
        self._cleanup.enter_context(pages.served(self.ports.site, self.public_api_url))
        self._progress("starting the mailbox and the emulated AWS")
        self._launch_mailbox()
        if self._build:
            self._progress("building the pages, the functions and their layers")
            site.build(self._log("site"))
            deployment.build(self._log("build"))
        emulator.wait_until_ready(running, self.ports)
        mailbox.wait_until_ready(self._mailbox_program, self.ports)
        self._progress("deploying the stack")
        self.stack = deployment.deploy(self.ports, self._log("deploy"))
        if self._practice:
            self._progress(f"loading {self._practice}")
            self._apply(self._practice)

    def _launch_mailbox(self) -> None:
        self._mailbox_program = mailbox.start(self.ports, self._directory / "mails", self._log("mailbox"))
        self._cleanup.callback(self._mailbox_program.stop)

    def _make_directory(self) -> Path:
        DIRECTORY.mkdir(exist_ok=True)
        directory = Path(tempfile.mkdtemp(prefix="run-", dir=DIRECTORY)).absolute()
        self._cleanup.callback(shutil.rmtree, directory, ignore_errors=True)
        return directory

    def _log(self, name: str) -> Path:
        return deployment.LOGS / f"{name}-{self.ports.cloud}.log"

    def _apply(self, practice: Path) -> None:
        command = [sys.executable, "-m", "operate", "practice", "apply", str(practice), "--table", self.table_name]
        command += ["--endpoint-url", self.endpoint_url, "--yes"]
        programs.run("Loading the practice", command, aws.environment(self.ports.cloud), self._log("practice"))

    def _set_schedule(self, state: str) -> None:
        scheduler = self.client("scheduler")
        current = scheduler.get_schedule(Name=f"{self.stack.name}-expire-requests")
        kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        scheduler.update_schedule(State=state, **{name: current[name] for name in kept if name in current})

    def _set_consumer(self, function: str, *, enabled: bool) -> None:
        client = self.client("lambda")
        mappings = client.list_event_source_mappings(FunctionName=self.stack.functions[function])
        for mapping in mappings["EventSourceMappings"]:
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)
