//! What stands in a column of the sample, as an SQL expression over the row's number `i`.

use super::random::Seed;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "欧阳", "上官",
];
const GIVEN: &[&str] = &[
    "伟", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "桂英",
    "建国", "志强", "晓燕", "雨桐", "子涵", "浩然", "思远", "佳怡", "文博", "若曦", "梓萱", "俊熙",
];
const REGIONS: &[&str] = &["110105", "310115", "440304", "440106", "330106", "510107", "420111", "320106", "610113"];
const OPERATORS: &[&str] = &["130", "135", "138", "139", "150", "158", "166", "177", "186", "189", "198"];
const ROADS: &[&str] =
    &["人民路", "中山路", "解放大道", "学院路", "滨江东路", "建国门外大街", "科技园南路", "天府三街"];
const REMARKS: &[&str] = &[
    "租客希望周末看房",
    "空调不制冷，已派单",
    "合同到期前一个月提醒",
    "押金已退回原账户",
    "业主同意更换门锁",
    "The tenant asked for an English receipt",
    "水表读数有争议，待复核",
    "更新予定、駐車場あり",
    "",
];

/// How a column is filled.
#[derive(Debug, Clone, Copy)]
pub enum Fill {
    /// The row's number, after so many others.
    Serial(u64),
    /// 1, 1, 1, 2, 2, 2: each number so many times.
    Each(u64),
    /// 1, 2, 3, 1, 2, 3: up to this number.
    Cycle(u64),
    /// Some number from the first to the second.
    Number(i64, i64),
    /// Hundredths from the first to the second, as `decimal(p,2)`.
    Money(i64, i64),
    /// Twenty-six digits before the point and ten after it, as text inside a BLOB.
    Exact,
    /// Thirty digits before the point and thirty after it, as text inside a BLOB.
    Vast,
    /// A whole number between 10^19 and 2^64, as text inside a BLOB.
    Huge,
    /// 10^19 and the row's number, as text inside a BLOB; in order.
    HugeSerial,
    /// A prefix and the row's number in eight digits.
    Code(&'static str),
    /// One of these.
    Pick(&'static [&'static str]),
    /// One, two or three of these, with commas.
    Several(&'static [&'static str]),
    /// A person's name.
    Person,
    /// A mobile number.
    Mobile,
    /// A number of an identity card, 18 characters.
    IdCard,
    /// A street and a number.
    Address,
    /// A few words, sometimes none.
    Remark,
    /// A text of exactly 128 characters.
    Exactly128,
    /// An object with a list in it.
    Json,
    /// So many groups of four bytes, behind the first bytes of a JPEG.
    Bytes(usize),
    /// So many random bits, as a number.
    Bits(u32),
    /// So many random bits, as bytes.
    BitBytes(u32),
    /// A day of 2021 to 2026.
    Day,
    /// A day on which a grown-up may be born.
    Birthday,
    /// A day of 2027 or 2028: after every [`Fill::Day`].
    LaterDay,
    /// One day more for every so many rows.
    EveryDay(u64),
    /// A month, `2023-01` and up, one more for every so many rows.
    EveryMonth(u64),
    /// A moment of 2021 to 2026 with so many digits after the second.
    Moment(u32),
    /// A time of day with so many digits after the second.
    Clock(u32),
    /// Thousandths from the first to the second, as a floating number.
    Float(i64, i64),
}

impl Fill {
    /// The expression for this column.
    pub fn sql(self, seed: &mut Seed) -> String {
        match self {
            Self::Serial(after) => format!("i+{after}"),
            Self::Each(times) => format!("1+(i-1)/{times}"),
            Self::Cycle(length) => format!("1+(i-1)%{length}"),
            Self::Number(low, high) => number(seed, low, high),
            Self::Money(low, high) => {
                let cents = number(seed, low, high);
                format!("printf('%d.%02d',({cents})/100,({cents})%100)")
            }
            Self::Exact | Self::Vast | Self::Huge | Self::HugeSerial => format!("CAST({} AS BLOB)", self.digits(seed)),
            Self::Bits(bits) => number(seed, 0, (1 << bits) - 1),
            Self::BitBytes(bits) => {
                format!("unhex(printf('%02x%02x',{},{}))", number(seed, 0, (1 << (bits - 8)) - 1), number(seed, 0, 255))
            }
            Self::Bytes(groups) => bytes(seed, groups),
            Self::Float(low, high) => format!("({})/1000.0", number(seed, low, high)),
            Self::Day
            | Self::Birthday
            | Self::LaterDay
            | Self::EveryDay(_)
            | Self::EveryMonth(_)
            | Self::Moment(_)
            | Self::Clock(_) => self.time(seed),
            _ => self.text(seed),
        }
    }

    fn digits(self, seed: &mut Seed) -> String {
        let nine = |seed: &mut Seed| number(seed, 0, 999_999_999);
        match self {
            Self::Huge => format!("printf('1%d%09d%09d',{},{},{})", number(seed, 0, 7), nine(seed), nine(seed)),
            Self::HugeSerial => "printf('1%019d',i)".to_owned(),
            Self::Vast => {
                let parts: Vec<String> = (0..6).map(|_| nine(seed)).collect();
                format!("printf('123%09d%09d%09d.%09d%09d%09d789',{})", parts.join(","))
            }
            _ => {
                let sign = pick(seed, &["", "-"]);
                let parts: Vec<String> = (0..3).map(|_| nine(seed)).collect();
                format!("{sign}||printf('12345678%09d%09d.%09d7',{})", parts.join(","))
            }
        }
    }

    fn text(self, seed: &mut Seed) -> String {
        match self {
            Self::Code(prefix) => format!("printf('{prefix}%08d',i)"),
            Self::Pick(list) => pick(seed, list),
            Self::Several(list) => several(seed, list),
            Self::Person => format!("{}||{}", pick(seed, SURNAMES), pick(seed, GIVEN)),
            Self::Mobile => format!("{}||printf('%08d',{})", pick(seed, OPERATORS), number(seed, 0, 99_999_999)),
            Self::IdCard => id_card(seed),
            Self::Address => format!("{}||{}||'号'||i%40||'室'", pick(seed, ROADS), number(seed, 1, 999)),
            Self::Remark => pick(seed, REMARKS),
            Self::Exactly128 => {
                let clause =
                    "乙方应于每月五日前以转账方式支付当月租金，逾期超过十五日的，甲方有权解除本合同并收回房屋。";
                format!("substr(printf('第%d条 ',i)||'{}',1,128)", clause.repeat(3))
            }
            Self::Json => format!(
                "json_object('floor',{},'name',{},'tags',json_array({},{}),'smart',json({}))",
                number(seed, 1, 33),
                pick(seed, ROADS),
                pick(seed, &["近地铁", "朝南", "可养宠物"]),
                pick(seed, &["balcony", "独立卫浴", "Wi-Fi 6"]),
                pick(seed, &["true", "false", "null"]),
            ),
            _ => "NULL".to_owned(),
        }
    }

    fn time(self, seed: &mut Seed) -> String {
        let day = |first: &str, days: String| format!("date('{first}','+'||({days})||' days')");
        match self {
            Self::Day => day("2021-01-01", number(seed, 0, 2_100)),
            Self::Birthday => day("1965-01-01", number(seed, 0, 14_000)),
            Self::LaterDay => day("2027-01-01", number(seed, 0, 700)),
            Self::EveryDay(rows) => format!("date('2025-01-01','+'||((i-1)/{rows})||' days')"),
            Self::EveryMonth(rows) => format!("strftime('%Y-%m','2023-01-01','+'||((i-1)/{rows})||' months')"),
            Self::Moment(digits) => {
                let second = number(seed, 1_609_459_200, 1_790_899_199);
                format!("datetime({second},'unixepoch'){}", fraction(seed, digits))
            }
            _ => format!("time({},'unixepoch'){}", number(seed, 0, 86_399), fraction(seed, self.clock_digits())),
        }
    }

    const fn clock_digits(self) -> u32 {
        if let Self::Clock(digits) = self { digits } else { 0 }
    }
}

fn number(seed: &mut Seed, low: i64, high: i64) -> String {
    format!("{low}+{}%{}", seed.stream(), high - low + 1)
}

fn pick(seed: &mut Seed, list: &[&str]) -> String {
    let arms: Vec<String> =
        list.iter().enumerate().map(|(index, text)| format!("WHEN {index} THEN '{text}'")).collect();
    format!("CASE {}%{} {} END", seed.stream(), list.len(), arms.join(" "))
}

fn several(seed: &mut Seed, list: &[&str]) -> String {
    let more: Vec<String> = list
        .iter()
        .skip(1)
        .map(|text| format!("||CASE {}%3 WHEN 0 THEN ',{text}' ELSE '' END", seed.stream()))
        .collect();
    format!("'{}'{}", list[0], more.concat())
}

fn id_card(seed: &mut Seed) -> String {
    let region = pick(seed, REGIONS);
    let birth = number(seed, 0, 14_000);
    let last = pick(seed, &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"]);
    let serial = number(seed, 1, 999);
    format!("{region}||strftime('%Y%m%d','1965-01-01','+'||({birth})||' days')||printf('%03d',{serial})||{last}")
}

fn bytes(seed: &mut Seed, groups: usize) -> String {
    let streams: Vec<String> = (0..groups).map(|_| seed.stream()).collect();
    format!("unhex(printf('ffd8ffe0{}',{}))", "%08x".repeat(groups), streams.join(","))
}

fn fraction(seed: &mut Seed, digits: u32) -> String {
    match digits {
        0 => String::new(),
        _ => format!("||printf('.%0{digits}d',{})", number(seed, 0, 10_i64.pow(digits) - 1)),
    }
}
