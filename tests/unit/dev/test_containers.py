"""Servers as containers: what is asked of the engine, and that whatever it refuses is one sentence. A fake engine answers."""

from types import SimpleNamespace

import pytest
from docker.errors import APIError, ImageNotFound, NotFound

from deploy.dev import containers
from deploy.dev.containers import Container, ContainerBroker, ContainerDatabase, engine_answers
from deploy.dev.processes import InfrastructureError
from deploy.dev.state import Store


class Made:
    """A container of the fake engine."""

    def __init__(self, image, command, **told):
        self.image, self.command, self.told = image, command, told
        self.name = told["name"]
        self.attrs = {"State": {"Running": True, "Paused": False}}
        self.done: list[object] = []
        self.answers = 0, b""

    def kill(self, signal="SIGKILL"):
        self.done.append(signal)
        self.attrs["State"]["Running"] = False

    def start(self):
        self.attrs["State"]["Running"] = True

    def pause(self):
        self.attrs["State"]["Paused"] = True

    def unpause(self):
        self.attrs["State"]["Paused"] = False

    def remove(self, **how):
        self.engine.made.remove(self)

    def exec_run(self, command):
        self.done.append(command)
        return SimpleNamespace(exit_code=self.answers[0], output=self.answers[1])


class FakeEngine:
    """An engine with these images; `pulling` is what it says while it fetches one."""

    def __init__(self, images=(), pulling=()):
        self.made: list[Made] = []
        self.pulled: list[str] = []
        self.known = set(images)
        self.pulling = pulling
        self.containers = SimpleNamespace(run=self._run, get=self._get, list=lambda **how: list(self.made))
        self.images = SimpleNamespace(get=self._image)
        self.api = SimpleNamespace(pull=self._pull)

    def _run(self, image, command, **told):
        made = Made(image, command, **told)
        made.engine = self
        self.made.append(made)

    def _get(self, name):
        found = [one for one in self.made if one.name == name]
        if not found:
            raise NotFound(f"No such container: {name}")
        return found[0]

    def _image(self, name):
        if name not in self.known:
            raise ImageNotFound(name)

    def _pull(self, image, **how):
        self.pulled.append(image)
        yield from self.pulling


@pytest.fixture
def fake(monkeypatch):
    made = FakeEngine({"postgres:15"})
    monkeypatch.setattr(containers, "engine", lambda seconds=0: made)
    return made


def test_without_an_engine_none_answers(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    assert engine_answers() is False


def test_without_the_sdk_none_answers_and_what_to_do_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docker.errors", None)
    assert engine_answers() is False
    with pytest.raises(InfrastructureError, match="`make venv` installs it"):
        containers.engine()


def test_a_container_listens_on_the_loopback_alone(fake):
    container = Container("one", "postgres:15")
    container.start({5432: 25432}, {"A": "b"}, ("-c", "x=1"))
    (made,) = fake.made
    assert (made.told["ports"], made.command) == ({"5432/tcp": ("127.0.0.1", 25432)}, ["-c", "x=1"])
    assert (made.told["hostname"], made.told["environment"]) == ("one", {"A": "b"})
    assert container.runs()


def test_a_container_that_is_there_is_started_again_with_its_data(fake):
    container = Container("one", "postgres:15")
    container.start({}, {})
    container.stop("SIGINT")
    assert not container.runs()
    container.start({}, {})
    assert len(fake.made) == 1
    assert fake.made[0].done == ["SIGINT"]
    assert container.runs()


def test_an_image_that_is_not_there_is_fetched(fake):
    Container("one", "postgres:15").start({}, {})
    Container("two", "rabbitmq:3").start({}, {})
    assert fake.pulled == ["rabbitmq:3"]


def test_an_image_that_cannot_be_fetched_is_said(fake):
    fake.pulling = [{"status": "Pulling"}, {"error": "toomanyrequests"}]
    with pytest.raises(InfrastructureError, match="rabbitmq:3 cannot be fetched: toomanyrequests"):
        Container("two", "rabbitmq:3").start({}, {})
    assert fake.made == []


def test_what_the_engine_refuses_is_one_sentence(fake, monkeypatch):
    monkeypatch.setattr(fake.containers, "run", lambda *_, **__: (_ for _ in ()).throw(APIError("port is already allocated")))
    with pytest.raises(InfrastructureError, match=r"asked for a container of postgres:15: port is already allocated"):
        Container("one", "postgres:15").start({}, {})


def test_a_command_that_fails_inside_says_its_last_words(fake):
    container = Container("one", "postgres:15")
    container.start({}, {})
    container.execute("true")
    fake.made[0].answers = 2, b"first\npg_isready: no response\n"
    with pytest.raises(InfrastructureError, match=r"pg_isready --quiet failed in one: first \| pg_isready: no response"):
        container.execute("pg_isready", "--quiet", "--host", "127.0.0.1")


def test_a_frozen_one_goes_on_and_a_discarded_one_is_gone(fake):
    container = Container("one", "postgres:15")
    container.start({}, {})
    container.pause()
    assert container.is_paused()
    container.resume()
    assert not container.is_paused()
    container.discard()
    assert not container.exists()
    assert not container.runs()
    container.discard()


def test_each_working_copy_has_servers_of_its_own(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "wait_until", lambda look, what, seconds: True)
    for kind in (ContainerBroker, ContainerDatabase):
        (tmp_path / kind.__name__).mkdir()
        kind(Store(tmp_path / kind.__name__)).start()
    broker, database = fake.made
    assert broker.image == "rabbitmq:3.13-management"
    assert broker.told["environment"]["RABBITMQ_DEFAULT_USER"] == "servicelane"
    assert broker.told["ports"].keys() == {"5672/tcp", "15672/tcp"}
    assert "max_connections=400" in database.command
