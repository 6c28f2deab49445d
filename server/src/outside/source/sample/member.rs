//! The database `member`: tenants, staff, and what they say.

use super::fill::Fill::{
    Address, Birthday, BitBytes, Bits, Bytes, Clock, Code, Cycle, Day, EveryDay, Exact, Float, Huge, IdCard, Json,
    Mobile, Moment, Money, Number, Person, Pick, Remark, Serial, Several, Vast,
};
use super::table::{Column, Table, column as c, table};

const TAGS: &[&str] = &["学生", "白领", "家庭", "企业", "老客户"];

/// Its tables.
pub fn tables() -> Vec<Table> {
    [people(), traces(), staff(), odd()].into_iter().flatten().collect()
}

fn people() -> Vec<Table> {
    vec![
        table(
            "member",
            16_000,
            &["member_id"],
            "会员（租客） / Members, the tenants",
            [
                c("member_id", "bigint", Serial(0), "会员编号 / Member id"),
                c("real_name", "varchar(64)", Person, "姓名 / Name"),
                c("mobile", "varchar(20)", Mobile, "手机号 / Mobile number"),
                c("id_card_no", "char(18)", IdCard, "身份证号 / Identity card number").null_in(12),
                c("gender", "tinyint", Number(0, 2), "性别 / Gender"),
                c("birthday", "date", Birthday, "生日 / Birthday").null_in(20),
                c("is_verified", "tinyint(1)", Number(0, 1), "是否实名 / Verified"),
                c("level", "enum('普通','银卡','金卡')", Pick(&["普通", "银卡", "金卡"]), "等级 / Level"),
            ],
        )
        .dated(),
        table(
            "member_profile",
            8_000,
            &["member_id"],
            "会员画像 / Profiles of members",
            [
                c("member_id", "bigint", Serial(0), "会员编号 / Member id"),
                c("profile", "json", Json, "画像 / Profile"),
                c("tags", "set('学生','白领','家庭','企业','老客户')", Several(TAGS), "标签 / Tags"),
                c("score", "float", Float(0, 100_000), "评分 / Score").null_in(10),
            ],
        ),
        table(
            "member_address",
            6_000,
            &["address_id"],
            "会员地址 / Addresses of members",
            [
                c("address_id", "bigint", Serial(0), "地址编号 / Address id"),
                c("member_id", "bigint", Number(1, 16_000), "会员编号 / Member id"),
                c("address", "varchar(255)", Address, "地址 / Address"),
            ],
        )
        .dated(),
        table(
            "emergency_contact",
            3_000,
            &["member_id", "contact_no"],
            "紧急联系人，联合主键 / Contacts, composite key",
            [
                c("member_id", "bigint", Serial(0), "会员编号 / Member id"),
                c("contact_no", "tinyint", Cycle(3), "序号 / Number"),
                c("contact_name", "varchar(64)", Person, "姓名 / Name"),
                c("contact_mobile", "varchar(20)", Mobile, "手机号 / Mobile number"),
            ],
        ),
        table(
            "id_photo",
            250,
            &["member_id"],
            "证件照片 / Photos of identity cards",
            [
                c("member_id", "bigint", Serial(0), "会员编号 / Member id"),
                c("front", "blob", Bytes(60), "正面 / Front"),
                c("back", "blob", Bytes(60), "反面 / Back").null_in(30),
            ],
        ),
        table(
            "blacklist",
            90,
            &["id_card_no"],
            "黑名单，主键是文本 / Blacklist, the key is text",
            [
                c("id_card_no", "varchar(20)", Code("4403"), "身份证号 / Identity card number"),
                c("reason", "tinytext", Remark, "原因 / Reason"),
            ],
        )
        .dated(),
    ]
}

fn traces() -> Vec<Table> {
    vec![
        table(
            "member_login",
            16_000,
            &["login_id"],
            "登录日志 / Sign-ins",
            [
                c("login_id", "bigint", Serial(0), "登录编号 / Sign-in id"),
                c("member_id", "bigint", Number(1, 16_000), "会员编号 / Member id"),
                c("ip", "varbinary(16)", Bytes(2), "网络地址 / Network address"),
                c("login_at", "timestamp(6)", Moment(6), "登录时间 / Signed in at"),
            ],
        ),
        table(
            "member_device",
            5_000,
            &["device_id"],
            "会员设备，含大于二的六十三次方的数 / Devices, numbers above 2^63",
            [
                c("device_id", "bigint", Serial(0), "设备编号 / Device id"),
                c("fingerprint", "bigint unsigned", Huge, "设备指纹 / Fingerprint"),
                c(
                    "model",
                    "varchar(64)",
                    Pick(&["华为 Mate 80", "小米 17", "iPhone 17", "OPPO Find X9"]),
                    "型号 / Model",
                ),
            ],
        )
        .dated(),
        table(
            "points_ledger",
            10_000,
            &["entry_id"],
            "积分流水 / Points",
            [
                c("entry_id", "bigint", Serial(0), "流水编号 / Entry id"),
                c("member_id", "bigint", Number(1, 16_000), "会员编号 / Member id"),
                c("points", "int", Number(-5_000, 5_000), "积分 / Points"),
                c("reason", "varchar(32)", Pick(&["签约", "准时缴费", "兑换", "推荐好友"]), "原因 / Reason"),
            ],
        )
        .dated(),
        table(
            "questionnaire_answer",
            5_000,
            &["answer_id"],
            "问卷回答 / Answers to questionnaires",
            [
                c("answer_id", "bigint", Serial(0), "回答编号 / Answer id"),
                c("answers", "json", Json, "回答 / Answers"),
                c("comment", "longtext", Remark, "意见 / Comment").null_in(50),
            ],
        ),
        table(
            "complaint",
            1_200,
            &["complaint_id"],
            "投诉 / Complaints",
            [
                c("complaint_id", "int unsigned", Serial(0), "投诉编号 / Complaint id"),
                c("member_id", "bigint", Number(1, 16_000), "会员编号 / Member id"),
                c("content", "text", Remark, "内容 / Content"),
                c("satisfaction", "decimal(3,1)", Pick(&["1.0", "3.5", "5.0"]), "满意度 / Satisfaction").null_in(35),
            ],
        )
        .dated(),
    ]
}

fn staff() -> Vec<Table> {
    vec![
        table(
            "staff",
            420,
            &["staff_id"],
            "员工 / Staff",
            [
                c("staff_id", "int", Serial(0), "员工编号 / Staff id"),
                c("staff_name", "varchar(32)", Person, "姓名 / Name"),
                c("mobile", "varchar(20)", Mobile, "手机号 / Mobile number"),
                c("base_salary", "decimal(10,2)", Money(400_000, 3_000_000), "基本工资 / Base salary"),
                c("hired_on", "date", Day, "入职日期 / Hired on"),
            ],
        )
        .dated(),
        table(
            "staff_schedule",
            5_040,
            &["staff_id", "work_date"],
            "排班，联合主键 / Shifts, composite key",
            [
                c("staff_id", "int", Cycle(420), "员工编号 / Staff id"),
                c("work_date", "date", EveryDay(420), "日期 / Date"),
                c("starts", "time", Clock(0), "上班时间 / Starts"),
                c("clocked_in", "time(3)", Clock(3), "打卡时间 / Clocked in").null_in(6),
            ],
        ),
        table(
            "notice_template",
            60,
            &["template_id"],
            "通知模板 / Templates of notices",
            [
                c("template_id", "smallint", Serial(0), "模板编号 / Template id"),
                c("body", "text", Remark, "正文 / Text"),
            ],
        ),
        table(
            "会员等级",
            6,
            &["等级"],
            "会员等级，中文列名 / Levels of members, Chinese names",
            [
                c("等级", "tinyint unsigned", Serial(0), "等级 / Level"),
                c("名称", "varchar(16)", Pick(&["普通", "银卡", "金卡", "钻石"]), "名称 / Name"),
                c("折扣", "decimal(3,2)", Pick(&["1.00", "0.95", "0.88"]), "折扣 / Discount"),
            ],
        ),
    ]
}

fn odd() -> Vec<Table> {
    vec![table("every_type", 500, &["id"], "每种类型一列 / One column of every type", [numbers(), others()].concat())]
}

fn numbers() -> Vec<Column> {
    vec![
        c("id", "serial", Serial(0), "编号 / Id"),
        c("c_bit", "bit", Bits(1), "位 / Bit").null_in(10),
        c("c_bit8", "bit(8)", Bits(8), "八位 / 8 bits").null_in(10),
        c("c_bit12", "bit(12)", BitBytes(12), "十二位 / 12 bits").null_in(10),
        c("c_bool", "boolean", Number(0, 1), "布尔 / Boolean").null_in(10),
        c("c_tinyint1", "tinyint(1)", Number(0, 1), "布尔 / Boolean").null_in(10),
        c("c_tinyint", "tinyint", Number(-128, 127), "一字节 / 1 byte").null_in(10),
        c("c_tinyint_u", "tinyint unsigned", Number(0, 255), "一字节无符号 / 1 byte").null_in(10),
        c("c_smallint", "smallint", Number(-32_768, 32_767), "两字节 / 2 bytes").null_in(10),
        c("c_smallint_u", "smallint unsigned", Number(0, 65_535), "两字节无符号 / 2 bytes").null_in(10),
        c("c_mediumint", "mediumint", Number(-8_388_608, 8_388_607), "三字节 / 3 bytes").null_in(10),
        c("c_mediumint_u", "mediumint unsigned", Number(0, 16_777_215), "三字节无符号 / 3 bytes").null_in(10),
        c("c_int", "int", Number(-1_000_000_000, 1_000_000_000), "四字节 / 4 bytes").null_in(10),
        c("c_int_u", "int(10) unsigned zerofill", Number(2_147_483_648, 4_294_967_294), "四字节无符号 / 4 bytes")
            .null_in(10),
        c("c_bigint", "bigint(20)", Number(-9_007_199_254_740_993, -9_007_199_254_700_000), "八字节 / 8 bytes")
            .null_in(10),
        c("c_bigint_u", "bigint unsigned", Huge, "八字节无符号 / 8 bytes").null_in(10),
        c("c_float", "float", Float(-99_999, 99_999), "单精度 / Single precision").null_in(10),
        c("c_double", "double precision", Float(-999_999_999, 999_999_999), "双精度 / Double precision").null_in(10),
        c("c_decimal", "decimal(12,2)", Money(0, 999_999_999), "定点数 / Decimal").null_in(10),
        c("c_decimal38", "decimal(38,10)", Exact, "三十八位 / 38 digits").null_in(10),
        c("c_decimal65", "decimal(65,30)", Vast, "六十位 / 60 digits").null_in(10),
    ]
}

fn others() -> Vec<Column> {
    vec![
        c("c_char", "char(18)", IdCard, "定长文本 / Text of fixed length").null_in(10),
        c("c_varchar", "varchar(64)", Person, "变长文本 / Text").null_in(10),
        c("c_tinytext", "tinytext", Remark, "短文本 / Short text").null_in(10),
        c("c_text", "text", Remark, "文本 / Text").null_in(10),
        c("c_mediumtext", "mediumtext", Remark, "中长文本 / Longer text").null_in(10),
        c("c_longtext", "longtext", Remark, "长文本 / Long text").null_in(10),
        c("c_json", "json", Json, "JSON / JSON").null_in(10),
        c("c_enum", "enum('甲','乙','丙')", Pick(&["甲", "乙", "丙"]), "枚举 / One of a list").null_in(10),
        c("c_set", "set('甲','乙','丙')", Several(&["甲", "乙", "丙"]), "集合 / Some of a list").null_in(10),
        c("c_binary", "binary(16)", Bytes(3), "定长字节 / Bytes of fixed length").null_in(10),
        c("c_varbinary", "varbinary(64)", Bytes(5), "变长字节 / Bytes").null_in(10),
        c("c_tinyblob", "tinyblob", Bytes(2), "短二进制 / Short bytes").null_in(10),
        c("c_blob", "blob", Bytes(6), "二进制 / Bytes").null_in(10),
        c("c_mediumblob", "mediumblob", Bytes(7), "中二进制 / Longer bytes").null_in(10),
        c("c_longblob", "longblob", Bytes(8), "长二进制 / Long bytes").null_in(10),
        c("c_date", "date", Day, "日期 / Date").null_in(10),
        c("c_time", "time", Clock(0), "时间 / Time").null_in(10),
        c("c_time3", "time(3)", Clock(3), "毫秒时间 / Time with milliseconds").null_in(10),
        c("c_time6", "time(6)", Clock(6), "微秒时间 / Time with microseconds").null_in(10),
        c("c_datetime", "datetime", Moment(0), "日期时间 / Date and time").null_in(10),
        c("c_datetime3", "datetime(3)", Moment(3), "毫秒 / With milliseconds").null_in(10),
        c("c_timestamp6", "timestamp(6)", Moment(6), "微秒 / With microseconds").null_in(10),
        c("c_year", "year", Number(1901, 2155), "年 / Year").null_in(10),
    ]
}
