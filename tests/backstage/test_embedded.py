"""The embedded broker against what a process leaves behind that was killed while it wrote."""

import pytest
from kombu import Connection, Exchange, Queue

from jobcenter_crm.backstage import embedded

QUEUE = Queue("tests", Exchange("tests"), routing_key="tests")


@pytest.fixture
def broker(tmp_path):
    forget()
    embedded.register()
    (tmp_path / "messages").mkdir()
    folders = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("embedded://localhost", transport_options=folders) as connection:
        yield connection
    forget()


def forget():
    """As in a new process, which has declared nothing yet."""
    embedded.Transport.global_state.clear()


def put(broker, word):
    with broker.Producer() as producer:
        producer.publish(word, exchange=QUEUE.exchange, routing_key=QUEUE.routing_key, declare=[QUEUE])


def take_all(broker):
    words = []
    with broker.SimpleQueue(QUEUE) as queue:
        while len(queue):
            words.append(queue.get(block=False).payload)
    return words


def test_messages_come_out_as_they_went_in(broker):
    put(broker, "first")
    put(broker, "second")

    assert take_all(broker) == ["first", "second"]


def test_a_message_that_was_never_finished_is_not_read(broker, tmp_path):
    (tmp_path / "messages" / "1_a.tests.msg.part").write_text('{"body": "half')
    put(broker, "whole")

    assert take_all(broker) == ["whole"]


def test_an_exchange_that_was_cut_short_is_made_anew(broker, tmp_path):
    put(broker, "first")
    for exchange in (tmp_path / "control").iterdir():
        exchange.write_text("")
    broker.close()
    forget()

    put(broker, "second")

    assert take_all(broker) == ["first", "second"]
