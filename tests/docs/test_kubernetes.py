"""The manifests start what the compose file starts, from the same image, with no more rights than that takes."""

import re
from typing import Any

import pytest
import yaml

from hitl_project.settings import env
from tests.docs import manifests
from tests.docs.manifests import container, of_kind, pods
from tests.management.running import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
RUNNING = ("web", "waits", "worker", "clock")
EVERY = pytest.mark.parametrize("name", ["migrate", *RUNNING])


def command(name: str) -> str:
    (text,) = container(name)["args"]
    return str(text)


def variables(name: str) -> dict[str, Any]:
    """The variables of a process; a secret is its reference."""
    given = dict(of_kind("ConfigMap")["hitl"]["data"])
    return given | {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container(name)["env"]}


class TestTheManifests:
    def test_start_every_process(self) -> None:
        assert set(pods()) == {"migrate", *RUNNING}

    @pytest.mark.parametrize("name", RUNNING)
    def test_start_the_commands_of_the_compose_file(self, name: str) -> None:
        # Without exec, the shell would get the SIGTERM and pass it on to nobody.
        assert command(name) == f"exec {COMPOSE[name]['command']}"

    def test_migrate_as_the_compose_file_does(self) -> None:
        assert command("migrate") == COMPOSE["migrate"]["command"].split('"')[1]
        assert pods()["migrate"]["restartPolicy"] == "Never"

    @EVERY
    def test_set_only_what_the_settings_read(self, name: str) -> None:
        assert set(variables(name)) - env.asked - env.secrets == set()

    @EVERY
    def test_set_what_production_cannot_start_without(self, name: str) -> None:
        needed = {"HITL_MODE", "HITL_SECRET_KEY", "HITL_DECISION_KEYS", "HITL_HOSTS", "HITL_URL", "DATABASE_URL"}
        assert needed | {"REDIS_URL", "EMAIL_URL"} <= set(variables(name))

    @EVERY
    def test_name_each_secret_by_reference(self, name: str) -> None:
        given = of_kind("ConfigMap")["hitl"]["data"]
        assert set(given) & env.secrets == set()
        assert not any(each["kind"] == "Secret" for each in manifests.objects())

    def test_give_the_owner_to_migrations_alone(self) -> None:
        assert [name for name in pods() if "DATABASE_OWNER_URL" in variables(name)] == ["migrate"]

    @EVERY
    def test_run_without_rights(self, name: str) -> None:
        pod, limits = pods()[name], container(name)["securityContext"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert limits["readOnlyRootFilesystem"] is True and limits["allowPrivilegeEscalation"] is False
        assert limits["capabilities"] == {"drop": ["ALL"]}

    @EVERY
    def test_let_no_service_look_like_a_setting(self, name: str) -> None:
        assert pods()[name]["enableServiceLinks"] is False

    @EVERY
    def test_can_write_where_the_process_does(self, name: str) -> None:
        mounted = {each["mountPath"] for each in container(name)["volumeMounts"]}
        home = of_kind("ConfigMap")["hitl"]["data"]["HITL_HOME"]
        # Not the volume itself: it belongs to root, and HITL uses only a folder of its own.
        assert home.rpartition("/")[0] in mounted and "/tmp" in mounted

    @pytest.mark.parametrize("name", RUNNING)
    def test_keep_the_file_of_what_was_sent(self, name: str) -> None:
        volumes = {each["name"]: each for each in pods()[name]["volumes"]}
        assert volumes["home"]["persistentVolumeClaim"] == {"claimName": "hitl"}

    @pytest.mark.parametrize("name", ["web", "waits"])
    def test_ask_each_server_whether_it_can_serve(self, name: str) -> None:
        found = container(name)
        assert found["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
        assert (
            found["livenessProbe"]["httpGet"] == found["startupProbe"]["httpGet"] == {"path": "/livez", "port": "http"}
        )
        (port,) = found["ports"]
        assert f":{port['containerPort']} " in command(name)
        assert of_kind("Service")[name]["spec"]["ports"][0]["port"] == port["containerPort"]

    @pytest.mark.parametrize("name", RUNNING)
    def test_have_more_time_to_stop_than_the_process_takes(self, name: str) -> None:
        (waits,) = re.findall(r"graceful-timeout (\d+)", command(name)) or ["20"]
        before = container(name).get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", ["", "0"])[1]
        assert pods()[name]["terminationGracePeriodSeconds"] > int(waits) + int(before)

    @pytest.mark.parametrize("name", RUNNING)
    def test_keep_one_of_each_while_nodes_are_drained(self, name: str) -> None:
        deployment, budget = of_kind("Deployment")[name], of_kind("PodDisruptionBudget")[name]
        assert budget["spec"]["maxUnavailable"] < deployment["spec"]["replicas"]
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert budget["spec"]["selector"] == deployment["spec"]["selector"] == {"matchLabels": labels}


class TestTheImage:
    def test_is_the_one_that_the_manifests_run(self) -> None:
        (user,) = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
        assert {pod["securityContext"]["runAsUser"] for pod in pods().values()} == {int(user)}
        assert f"--uid {user} " in DOCKERFILE

    def test_has_the_static_files(self) -> None:
        (root,) = re.findall(r"HITL_STATIC_ROOT=(\S+)", DOCKERFILE)
        assert "manage.py collectstatic --noinput" in DOCKERFILE
        assert not root.startswith(of_kind("ConfigMap")["hitl"]["data"]["HITL_HOME"])
        assert COMPOSE["web"]["environment"]["HITL_STATIC_ROOT"] == root

    def test_copies_what_is_there(self) -> None:
        copied = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)
        assert [path for line in copied for path in line.split() if not (ROOT / path).exists()] == []
