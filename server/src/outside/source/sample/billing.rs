//! The database `billing`: bills, payments and everything with an amount.

use super::fill::Fill::{
    BitBytes, Bits, Bytes, Code, Cycle, Day, Each, EveryDay, EveryMonth, Exact, Json, LaterDay, Moment, Money, Number,
    Person, Pick, Remark, Serial, Vast,
};
use super::table::{Table, column as c, table};

const CHANNELS: &[&str] = &["支付宝", "微信支付", "银行卡", "对公转账", "现金", "数字人民币"];
const STATES: &[&str] = &["unpaid", "paid", "paid", "paid", "overdue"];

/// Its tables.
pub fn tables() -> Vec<Table> {
    [bills(), money(), meters(), odd()].into_iter().flatten().collect()
}

fn bills() -> Vec<Table> {
    vec![
        table(
            "bill",
            24_000,
            &["bill_id"],
            "账单 / Bills",
            [
                c("bill_id", "bigint", Serial(0), "账单编号 / Bill id"),
                c("bill_no", "varchar(32)", Code("ZD"), "账单号 / Bill number"),
                c("contract_id", "bigint unsigned", Number(700_001, 730_000), "合同编号 / Contract id"),
                c("period", "char(7)", EveryMonth(600), "账期 / Period"),
                c("amount", "decimal(12,2)", Money(50_000, 2_000_000), "应收金额 / Amount due"),
                c("state", "enum('unpaid','paid','overdue')", Pick(STATES), "状态 / State"),
                c("due_date", "date", Day, "应付日 / Due date"),
            ],
        )
        .dated(),
        table(
            "bill_item",
            120_000,
            &["item_id"],
            "账单明细，行数最多 / Lines of bills, the largest table",
            [
                c("item_id", "bigint", Serial(0), "明细编号 / Line id"),
                c("bill_id", "bigint", Each(5), "账单编号 / Bill id"),
                c("line", "tinyint", Cycle(5), "行号 / Line"),
                c("fee_name", "varchar(32)", Pick(&["租金", "服务费", "水费", "电费", "网费"]), "费用名称 / Fee"),
                c("quantity", "decimal(10,3)", Pick(&["1.000", "0.500", "12.250"]), "数量 / Quantity"),
                c("amount", "decimal(12,2)", Money(100, 900_000), "金额 / Amount"),
                c("tax_rate", "decimal(5,4)", Pick(&["0.0600", "0.0900", "0.0000"]), "税率 / Tax rate"),
                c("remark", "varchar(255)", Remark, "备注 / Remark").null_in(60),
            ],
        )
        .dated(),
        table(
            "bill_archive_2019",
            0,
            &[],
            "2019 年账单归档，没有数据也没有主键 / Archive, empty and without a key",
            [
                c("bill_no", "varchar(32)", Code("ZD"), "账单号 / Bill number"),
                c("amount", "decimal(12,2)", Money(0, 1), "金额 / Amount"),
            ],
        ),
        table(
            "dunning_log",
            4_000,
            &[],
            "催缴日志，没有主键 / Reminders, without a primary key",
            [
                c("bill_id", "bigint", Number(1, 24_000), "账单编号 / Bill id"),
                c("way", "varchar(16)", Pick(&["sms", "phone", "app"]), "方式 / Way"),
                c("said", "text", Remark, "沟通内容 / What was said").null_in(20),
                c("done_by", "varchar(32)", Person, "催缴人 / Done by"),
                c("done_at", "datetime(3)", Moment(3), "时间 / When"),
            ],
        ),
    ]
}

fn money() -> Vec<Table> {
    vec![
        table(
            "payment",
            18_000,
            &["payment_id"],
            "支付流水 / Payments",
            [
                c("payment_id", "bigint", Serial(0), "流水编号 / Payment id"),
                c("payment_no", "char(12)", Code("ZFLS"), "流水号 / Payment number"),
                c("bill_id", "bigint", Number(1, 24_000), "账单编号 / Bill id"),
                c("channel", "varchar(16)", Pick(CHANNELS), "渠道 / Channel"),
                c("amount", "decimal(12,2)", Money(100, 2_000_000), "金额 / Amount"),
                c("answer", "json", Json, "渠道回执 / The channel's answer"),
                c("paid_at", "timestamp(6)", Moment(6), "支付时间 / Paid at"),
            ],
        ),
        table(
            "refund",
            1_800,
            &["refund_id"],
            "退款 / Refunds",
            [
                c("refund_id", "bigint", Serial(0), "退款编号 / Refund id"),
                c("payment_id", "bigint", Number(1, 18_000), "流水编号 / Payment id"),
                c("amount", "decimal(12,2)", Money(100, 500_000), "金额 / Amount"),
            ],
        )
        .dated(),
        table(
            "deposit",
            8_000,
            &["contract_id"],
            "押金台账 / Deposits",
            [
                c("contract_id", "bigint unsigned", Serial(700_000), "合同编号 / Contract id"),
                c("held", "decimal(12,2)", Money(0, 3_000_000), "在押金额 / Held"),
                c("returned", "decimal(12,2)", Money(0, 3_000_000), "已退金额 / Returned").null_in(60),
            ],
        )
        .dated(),
        table(
            "invoice",
            5_000,
            &["invoice_id"],
            "发票 / Invoices",
            [
                c("invoice_id", "bigint", Serial(0), "发票编号 / Invoice id"),
                c("invoice_no", "varchar(20)", Code("FP"), "发票号码 / Invoice number"),
                c("title", "varchar(128)", Person, "抬头 / Title"),
                c("amount", "decimal(12,2)", Money(1_000, 2_000_000), "金额 / Amount"),
                c("year", "year", Number(2021, 2026), "年份 / Year"),
            ],
        ),
        table(
            "payment_channel",
            6,
            &["channel_id"],
            "支付渠道 / Payment channels",
            [
                c("channel_id", "tinyint", Serial(0), "渠道编号 / Channel id"),
                c("channel", "varchar(16)", Pick(CHANNELS), "渠道 / Channel"),
                c("enabled", "bool", Number(0, 1), "是否启用 / Enabled"),
            ],
        ),
        table(
            "coupon",
            300,
            &["coupon_id"],
            "优惠券 / Coupons",
            [
                c("coupon_id", "int", Serial(0), "券编号 / Coupon id"),
                c("face_value", "decimal(8,2)", Money(1_000, 50_000), "面额 / Face value"),
                c("valid_until", "date", LaterDay, "有效期至 / Valid until"),
            ],
        ),
        table(
            "coupon_use",
            2_500,
            &["coupon_id", "member_id"],
            "用券记录，联合主键 / Used coupons, composite key",
            [
                c("coupon_id", "int", Each(10), "券编号 / Coupon id"),
                c("member_id", "bigint", Serial(0), "会员编号 / Member id"),
                c("used_at", "datetime", Moment(0), "使用时间 / Used at").null_in(15),
            ],
        ),
    ]
}

fn meters() -> Vec<Table> {
    vec![
        table(
            "meter",
            4_000,
            &["meter_id"],
            "水电表 / Meters",
            [
                c("meter_id", "bigint", Serial(0), "表编号 / Meter id"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("kind", "enum('water','power','gas')", Pick(&["water", "power", "gas"]), "类型 / Kind"),
                c("serial_no", "varbinary(16)", Bytes(3), "出厂序列号 / Maker's number"),
            ],
        ),
        table(
            "meter_reading",
            12_000,
            &["read_date", "meter_id"],
            "抄表记录，联合主键 / Readings, composite key",
            [
                c("meter_id", "bigint", Cycle(400), "表编号 / Meter id"),
                c("read_date", "date", EveryDay(400), "抄表日期 / Date of reading"),
                c("reading", "decimal(14,4)", Pick(&["1024.5000", "88.1250", "40960.0001"]), "读数 / Reading"),
                c("photo", "tinyblob", Bytes(8), "照片 / Photo").null_in(90),
            ],
        )
        .without_rowid(),
        table(
            "水电单价",
            60,
            &["城市编号", "生效月"],
            "水电单价，中文列名 / Prices of water and power, Chinese names",
            [
                c("城市编号", "int", Cycle(10), "城市编号 / City id"),
                c("生效月", "char(7)", EveryMonth(10), "生效月 / Valid from"),
                c("水价", "decimal(6,2)", Money(200, 900), "水价 / Price of water"),
                c("电价", "decimal(6,2)", Money(40, 150), "电价 / Price of power"),
            ],
        ),
    ]
}

fn odd() -> Vec<Table> {
    vec![
        table(
            "account_balance",
            6_000,
            &["account_id"],
            "账户余额，三十八位定点数 / Balances, decimals of 38 digits",
            [
                c("account_id", "bigint", Serial(0), "账户编号 / Account id"),
                c("balance", "decimal(38,10)", Exact, "余额 / Balance"),
                c("frozen", "decimal(38,10)", Exact, "冻结 / Frozen").null_in(50),
            ],
        )
        .dated(),
        table(
            "fx_rate",
            900,
            &["currency", "rate_date"],
            "汇率，联合主键 / Exchange rates, composite key",
            [
                c("currency", "char(3)", Pick(&["USD"]), "币种 / Currency"),
                c("rate_date", "date", EveryDay(1), "日期 / Date"),
                c("rate", "decimal(38,10)", Exact, "汇率 / Rate"),
            ],
        ),
        table(
            "settlement_total",
            120,
            &["settlement_id"],
            "结算总额，六十位，湖里存为文本 / 60 digits, text in the lake",
            [
                c("settlement_id", "int", Serial(0), "结算编号 / Settlement id"),
                c("total", "decimal(65,30)", Vast, "总额 / Total"),
            ],
        ),
        table(
            "subsidy",
            200,
            &["subsidy_id"],
            "补贴，含位字段 / Subsidies, with bits",
            [
                c("subsidy_id", "mediumint", Serial(0), "补贴编号 / Subsidy id"),
                c("flags", "bit(8)", Bits(8), "标志位 / Flags"),
                c("mask", "bit(12)", BitBytes(12), "掩码 / Mask"),
                c("amount", "decimal(10,2) unsigned", Money(0, 999_999), "金额 / Amount"),
            ],
        ),
    ]
}
