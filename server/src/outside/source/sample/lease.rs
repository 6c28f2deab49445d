//! The database `lease`: flats, owners, contracts, and what happens to them.

use super::fill::Fill::{
    Address, Bytes, Clock, Code, Cycle, Day, Each, EveryMonth, Exactly128, Float, HugeSerial, Json, LaterDay, Mobile,
    Moment, Money, Number, Person, Pick, Remark, Serial, Several,
};
use super::table::{Column, Table, column as c, table};

const CITIES: &[&str] = &["北京", "上海", "深圳", "广州", "杭州", "成都", "武汉", "南京", "西安", "苏州"];
const FACILITIES: &[&str] = &["空调", "洗衣机", "冰箱", "热水器", "智能门锁", "书桌"];

/// Its tables.
pub fn tables() -> Vec<Table> {
    [places(), contracts(), visits(), upkeep(), odd()].into_iter().flatten().collect()
}

fn places() -> Vec<Table> {
    vec![
        table(
            "city",
            24,
            &["city_id"],
            "城市字典 / Cities",
            [
                c("city_id", "int unsigned", Serial(0), "城市编号 / City id"),
                c("city_name", "varchar(32)", Pick(CITIES), "城市名称 / City name"),
                c("opened_on", "date", Day, "开城日期 / Opened on"),
            ],
        ),
        table(
            "apartment",
            260,
            &["apartment_id"],
            "公寓项目 / Apartment buildings",
            [
                c("apartment_id", "bigint", Serial(100), "项目编号 / Building id"),
                c("apartment_no", "varchar(16)", Code("GY"), "项目编码 / Building code"),
                c("city_id", "int unsigned", Number(1, 24), "城市编号 / City id"),
                c("address", "varchar(255)", Address, "地址 / Address"),
                c("longitude", "double", Float(113_000, 121_999), "经度 / Longitude"),
                c("latitude", "double", Float(22_000, 40_999), "纬度 / Latitude"),
                c("manager", "varchar(32)", Person, "店长 / Manager"),
                c("attributes", "json", Json, "扩展属性 / More attributes"),
            ],
        )
        .dated(),
        table(
            "room",
            12_000,
            &["room_id"],
            "房间 / Rooms",
            [
                c("room_id", "bigint", Serial(0), "房间编号 / Room id"),
                c("apartment_id", "bigint", Number(101, 360), "项目编号 / Building id"),
                c("room_no", "varchar(16)", Code("R"), "房号 / Room number"),
                c("area", "decimal(8,2)", Money(800, 14_000), "面积（平方米） / Area in square metres"),
                c("floor", "smallint", Number(-1, 33), "楼层 / Floor"),
                c("status", "enum('vacant','let','repair')", Pick(&["vacant", "let", "repair"]), "状态 / Status"),
                c("is_smart", "tinyint(1)", Number(0, 1), "是否智能 / Has smart devices"),
            ],
        )
        .dated(),
        table(
            "room_facility",
            14_400,
            &["room_id", "facility_no"],
            "房间设施 / Facilities of rooms",
            [
                c("room_id", "bigint", Each(6), "房间编号 / Room id"),
                c("facility_no", "tinyint unsigned", Cycle(6), "设施编号 / Facility number"),
                c("facility", "varchar(32)", Pick(FACILITIES), "设施 / Facility"),
                c("quantity", "smallint unsigned", Number(1, 4), "数量 / Quantity"),
            ],
        )
        .without_rowid(),
    ]
}

fn contracts() -> Vec<Table> {
    vec![
        table(
            "owner",
            3_200,
            &["owner_id"],
            "业主 / Owners",
            [
                c("owner_id", "bigint", Serial(0), "业主编号 / Owner id"),
                c("owner_name", "varchar(64)", Person, "业主姓名 / Owner's name"),
                c("mobile", "varchar(20)", Mobile, "手机号 / Mobile number"),
                c("bank_name", "varchar(64)", Pick(&["工商银行", "建设银行", "招商银行"]), "开户行 / Bank"),
            ],
        )
        .dated(),
        table(
            "owner_contract",
            3_600,
            &["owner_contract_id"],
            "托管合同 / Contracts with owners",
            [
                c("owner_contract_id", "bigint", Serial(0), "托管合同编号 / Contract id"),
                c("owner_id", "bigint", Number(1, 3_200), "业主编号 / Owner id"),
                c("guaranteed_amount", "decimal(12,2)", Money(150_000, 1_200_000), "保底租金 / Guaranteed rent"),
                c("start_date", "date", Day, "开始日期 / Start date"),
            ],
        )
        .dated(),
        table(
            "contract",
            30_000,
            &["contract_id"],
            "租赁合同主表 / Lease contracts",
            [
                c("contract_id", "bigint unsigned", Serial(700_000), "合同编号 / Contract id"),
                c("contract_no", "varchar(32)", Code("HT"), "合同号 / Contract number"),
                c("tenant_id", "bigint", Number(1, 16_000), "租客编号 / Tenant id"),
                c("tenant_name", "varchar(64)", Person, "租客姓名 / Tenant's name"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("rent_amount", "decimal(12,2)", Money(80_000, 1_500_000), "月租金 / Monthly rent"),
                c("deposit_amount", "decimal(12,2)", Money(80_000, 3_000_000), "押金 / Deposit"),
                c("pay_months", "tinyint", Pick(&["1", "3", "6", "12"]), "付款周期（月） / Months per payment"),
                c("status", "enum('draft','signed','ended')", Pick(&["signed", "signed", "ended"]), "状态 / Status"),
                c("start_date", "date", Day, "起租日 / First day"),
                c("end_date", "date", LaterDay, "到期日 / Last day").null_in(5),
                c("signed_at", "datetime", Moment(0), "签约时间 / Signed at").null_in(8),
                c("remark", "text", Remark, "备注 / Remark").null_in(30),
            ],
        )
        .dated(),
        table(
            "contract_fee",
            20_000,
            &["fee_id"],
            "合同费用项 / Fees of contracts",
            [
                c("fee_id", "bigint", Serial(0), "费用项编号 / Fee id"),
                c("contract_id", "bigint unsigned", Number(700_001, 730_000), "合同编号 / Contract id"),
                c("fee_name", "varchar(32)", Pick(&["服务费", "水费", "电费", "网费", "车位费"]), "费用名称 / Fee"),
                c("amount", "decimal(10,2)", Money(0, 99_999), "金额 / Amount"),
                c("is_monthly", "bit(1)", Number(0, 1), "是否按月 / Monthly"),
            ],
        ),
        table(
            "contract_clause",
            800,
            &["clause_id"],
            "合同条款，正文恰好一百二十八字 / Clauses of exactly 128 characters",
            [
                c("clause_id", "int", Serial(0), "条款编号 / Clause id"),
                c("body", "varchar(128)", Exactly128, "正文 / Text"),
            ],
        ),
        table(
            "contract_draft",
            0,
            &["draft_id"],
            "合同草稿，还没有数据 / Drafts of contracts, still empty",
            [
                c("draft_id", "bigint", Serial(0), "草稿编号 / Draft id"),
                c("body", "longtext", Remark, "正文 / Text").null_in(50),
                c("scan", "longblob", Bytes(4), "扫描件 / Scan").null_in(50),
            ],
        ),
    ]
}

fn visits() -> Vec<Table> {
    vec![
        table(
            "viewing",
            10_000,
            &["viewing_id"],
            "带看记录 / Viewings",
            [
                c("viewing_id", "bigint", Serial(0), "带看编号 / Viewing id"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("visitor", "varchar(64)", Person, "访客 / Visitor"),
                c("visitor_mobile", "varchar(20)", Mobile, "访客手机号 / Visitor's mobile number"),
                c("viewing_date", "date", Day, "带看日期 / Date"),
                c("viewing_time", "time", Clock(0), "带看时间 / Time"),
                c("feedback", "mediumtext", Remark, "反馈 / Feedback").null_in(40),
            ],
        ),
        table(
            "booking",
            6_500,
            &["booking_id"],
            "预订 / Bookings",
            [
                c("booking_id", "bigint", Serial(0), "预订编号 / Booking id"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("member_id", "bigint", Number(1, 16_000), "会员编号 / Member id"),
                c("earnest_money", "decimal(10,2)", Money(10_000, 200_000), "定金 / Earnest money"),
                c("wishes", "set('朝南','电梯','阳台')", Several(&["朝南", "电梯", "阳台"]), "要求 / Wishes"),
            ],
        )
        .dated(),
        table(
            "check_in",
            6_000,
            &["contract_id"],
            "入住办理 / Move-ins",
            [
                c("contract_id", "bigint unsigned", Serial(700_000), "合同编号 / Contract id"),
                c("keys_handed", "tinyint unsigned", Number(1, 5), "钥匙数 / Keys handed over"),
                c("handled_by", "varchar(32)", Person, "办理人 / Handled by"),
            ],
        )
        .dated(),
        table(
            "check_out",
            4_200,
            &["contract_id", "room_id"],
            "退租办理 / Move-outs",
            [
                c("contract_id", "bigint unsigned", Serial(700_000), "合同编号 / Contract id"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("deduction", "decimal(12,2)", Money(0, 500_000), "扣款 / Deduction"),
                c("reason", "varchar(64)", Pick(&["到期", "换租", "违约", "转租"]), "原因 / Reason"),
            ],
        )
        .dated(),
    ]
}

fn upkeep() -> Vec<Table> {
    vec![
        table(
            "repair_order",
            8_000,
            &["order_id"],
            "维修工单 / Repair orders",
            [
                c("order_id", "bigint", Serial(0), "工单编号 / Order id"),
                c("order_no", "char(10)", Code("WX"), "工单号 / Order number"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("facility", "varchar(32)", Pick(FACILITIES), "设施 / Facility"),
                c("cost", "decimal(10,2)", Money(0, 300_000), "费用 / Cost").null_in(20),
                c("description", "text", Remark, "描述 / Description"),
            ],
        )
        .dated(),
        table(
            "room_price_history",
            10_000,
            &[],
            "调价记录，没有主键 / Price changes, without a primary key",
            [
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("old_price", "decimal(10,2)", Money(80_000, 900_000), "原价 / Old price"),
                c("new_price", "decimal(10,2)", Money(80_000, 900_000), "新价 / New price"),
                c("changed_by", "varchar(32)", Person, "调价人 / Changed by").null_in(10),
            ],
        )
        .dated(),
        table(
            "room_photo",
            600,
            &["photo_id"],
            "房间照片 / Photos of rooms",
            [
                c("photo_id", "bigint", Serial(0), "照片编号 / Photo id"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("thumbnail", "blob", Bytes(24), "缩略图 / Thumbnail"),
                c("original", "mediumblob", Bytes(40), "原图 / Original").null_in(70),
            ],
        ),
        table(
            "smart_lock_event",
            12_000,
            &["event_id"],
            "门锁事件，主键大于二的六十三次方 / Lock events, keys above 2^63",
            [
                c("event_id", "bigint unsigned", HugeSerial, "事件编号 / Event id"),
                c("room_id", "bigint", Number(1, 12_000), "房间编号 / Room id"),
                c("kind", "varchar(16)", Pick(&["open", "close", "low_battery"]), "事件类型 / Kind"),
                c("battery", "float", Float(0, 100_000), "电量 / Battery"),
                c("happened_at", "timestamp(6)", Moment(6), "发生时间 / Happened at"),
            ],
        ),
    ]
}

fn odd() -> Vec<Table> {
    vec![
        table(
            "门店业绩",
            480,
            &["门店", "月份"],
            "门店业绩，中文表名和列名 / Results of branches, Chinese names",
            [
                c("门店", "int", Cycle(20), "门店编号 / Branch"),
                c("月份", "char(7)", EveryMonth(20), "月份 / Month"),
                c("城市", "varchar(32)", Pick(CITIES), "城市 / City"),
                c("签约数", "int unsigned", Number(0, 400), "签约数 / Contracts signed"),
                c("出租率", "decimal(5,2)", Money(5_000, 10_000), "出租率（%） / Occupancy in percent"),
            ],
        ),
        table("room_profile", 1_500, &["room_id"], "房间画像宽表，六十列 / Profiles of rooms, 60 columns", profile()),
    ]
}

fn profile() -> Vec<Column> {
    let mut columns = vec![
        c("room_id", "bigint", Serial(0), "房间编号 / Room id"),
        c("profile_day", "date", Day, "画像日期 / Day of the profile"),
        c("summary", "text", Remark, "摘要 / Summary"),
        c("extra", "json", Json, "扩展 / Extra"),
    ];
    columns.extend((1..=56).map(|number| {
        let comment = format!("特征{number} / Feature {number}");
        match number % 4 {
            0 => c(&format!("feature_{number:02}"), "decimal(12,2)", Money(0, 999_999), &comment).null_in(10),
            1 => c(&format!("feature_{number:02}"), "int", Number(-9_999, 9_999), &comment),
            2 => c(&format!("feature_{number:02}"), "varchar(16)", Pick(&["高", "中", "低"]), &comment).null_in(5),
            _ => c(&format!("feature_{number:02}"), "double", Float(-100_000, 100_000), &comment),
        }
    }));
    columns
}
