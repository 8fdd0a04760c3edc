import threading

from engine.library.giving_way import GivingWay


def test_work_stands_back_until_the_answer_is_there() -> None:
    way = GivingWay()
    passed = threading.Event()

    def work() -> None:
        way.stand_back()
        passed.set()

    with way.asking():
        worker = threading.Thread(target=work)
        worker.start()
        assert not passed.wait(0.05)
    assert passed.wait(20)
    worker.join()


def test_an_answer_that_never_ends_does_not_hold_it_up_for_ever() -> None:
    way = GivingWay(at_most_s=0.01)
    with way.asking():
        way.stand_back()


def test_nobody_is_waited_for_when_nobody_asks() -> None:
    GivingWay(at_most_s=1e9).stand_back()
