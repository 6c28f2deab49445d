"""Fills a store with a catalogue of SOURCES x TABLES tables of 20 columns, the same one every time.

Usage: python3 seed_catalogue.py lakegate.db SOURCES TABLES NOW (milliseconds). The server must not run.
"""

import json
import random
import sqlite3
import sys

WORDS = (
    "contract tenant room lease bill deposit invoice refund coupon member point order payment channel store city district "
    "community building floor key meter repair clean visit lead agent broker owner commission salary staff depart role log "
    "audit event message push sms mail template version history archive snapshot daily monthly stat report rule config"
).split()
CHINESE = (
    "合同 租客 房间 租约 账单 押金 发票 退款 优惠券 会员 积分 订单 支付 渠道 门店 城市 区域 小区 楼栋 楼层 钥匙 水电 维修 保洁 带看 "
    "线索 管家 中介 业主 佣金 工资 员工 部门 角色 日志 审计 事件 消息 推送 短信 邮件 模板 版本 历史 归档 快照 每日 每月 统计 报表"
).split()
TAILS = ["", "_main", "_detail", "_ext", "_log", "_rel", "_tmp", "_bak", "_his", "_2023", "_2024", "_item", "_flow", "_snapshot"]
KINDS = [
    ("bigint", "big_int"),
    ("int", "int"),
    ("varchar(64)", {"var_char": 64}),
    ("decimal(18,2)", {"decimal": [18, 2]}),
    ("datetime", {"timestamp": 0}),
    ("text", "string"),
    ("date", "date"),
]
COLUMN_TAILS = ["id", "no", "name", "type", "status", "at", "by", "amount", "count", "remark", "code", "time", "flag", "url"]


def column(rng, number):
    if number == 0:
        return {"name": "id", "source_type": "bigint", "nullable": False, "comment": "主键", "lake_type": "big_int", "loss": None}
    place = rng.randrange(len(WORDS))
    second = rng.randrange(len(WORDS))
    # Columns are called alike from table to table, as they are in real databases: some 300,000 names with comments.
    name = f"{WORDS[place]}_{WORDS[second]}_{COLUMN_TAILS[rng.randrange(len(COLUMN_TAILS))]}"
    kind, lake = KINDS[rng.randrange(len(KINDS))]
    comment = f"{CHINESE[place % len(CHINESE)]}{CHINESE[second % len(CHINESE)]}{rng.choice(['编号', '名称', '类型', '状态', '时间', '金额', '备注'])}"
    return {"name": name, "source_type": kind, "nullable": True, "comment": comment, "lake_type": lake, "loss": None}


def table(rng, number):
    place, second = rng.randrange(len(WORDS)), rng.randrange(len(WORDS))
    name = f"{WORDS[place]}_{WORDS[second]}{rng.choice(TAILS)}_{number}"
    comment = f"{CHINESE[place % len(CHINESE)]}{CHINESE[second % len(CHINESE)]}表，{rng.choice(CHINESE)}{rng.choice(CHINESE)}用"
    columns = {}
    while len(columns) < 20:
        each = column(rng, len(columns))
        columns.setdefault(each["name"], each)
    columns = list(columns.values())
    rows = None if rng.random() < 0.01 else int(10 ** rng.uniform(1, 8.6))
    size = None if rows is None else rows * rng.randrange(60, 400)
    key = [] if rng.random() < 0.05 else ["id"]
    return name, comment, columns, key, rows, size


def main(path, sources, tables, now):
    store = sqlite3.connect(path)
    store.execute("PRAGMA synchronous = OFF")
    for number in range(sources):
        rng = random.Random(number)
        source = f"bench-{number:02}"
        name = f"{WORDS[number % len(WORDS)]}-prod-{number:02}"
        store.execute(
            "INSERT INTO sources (id, name, kind, place, closed, read_at) VALUES (?, ?, 'sqlite', ?, 0, ?)", (source, name, source, now)
        )
        store.execute(
            "INSERT INTO readings (source_id, seen, ended_at, changed_at) VALUES (?, 0, ?, ?)", (source, now, now)
        )
        rows = []
        for at in range(tables):
            database = f"{WORDS[number % len(WORDS)]}{'' if at % 5 else '_archive'}"
            made, comment, columns, key, count, size = table(rng, at)
            columns = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
            rows.append((source, database, made, comment, columns, json.dumps(key), count, size, now))
        store.executemany("INSERT INTO tables VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", rows)
        store.commit()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
