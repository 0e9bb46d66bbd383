import json

from app.market.rules.frames import Frame, Row, document, frame_of, rows_of

ROW = Row(7, "0.000012", 1_700_000_000_123, 12, -5, None, "1500.5", "0.00002", "0.00001", 3, 14, None)


def test_a_frame_comes_back_from_its_json_as_it_was() -> None:
    frame = Frame(epoch=7, seq=12, at=1_700_000_000_200, oldest=1_700_000_000_150_000, rows=[list(ROW)])
    assert frame_of(json.loads(json.dumps(document(frame)))) == frame
    assert list(rows_of(frame)) == [ROW]


def test_only_what_is_said_travels() -> None:
    quiet = document(Frame(epoch=1, seq=2, at=3, oldest=None, rows=[]))
    assert quiet == {"stream": "market", "epoch": 1, "seq": 2, "at": 3, "oldest": None, "rows": []}


def test_a_snapshot_adds_the_sentiment_of_each_token() -> None:
    frame = Frame(epoch=1, seq=2, at=3, oldest=None, rows=[list(ROW)], sentiments={"7": -40})
    assert frame_of(document(frame)).sentiments == {"7": -40}
