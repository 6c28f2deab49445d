//! How numbers, sizes, spans and moments are written: SCREENS §7.
//!
//! Why it exists: one place decides between 42,318,204 and 42.3 M, between 14:31 and "yesterday 14:31".
//! Invariant: pure, but for [`Parts::of`], which asks the browser for the reader's zone.

use api::domain::time::{DAY, HOUR, MINUTE, Millis, SECOND};
use api::words::Format;

use crate::words::{Lang, say};

/// A number of things, exact, with separators: 4,331.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Rows, as an estimate: three digits and a unit, 42.3 M or 4,230万.
pub fn about(lang: Lang, n: u64) -> String {
    match lang {
        Lang::En => match n {
            0..100_000 => count(n),
            100_000..1_000_000 => format!("{} K", three(n, 1_000)),
            1_000_000..1_000_000_000 => format!("{} M", three(n, 1_000_000)),
            _ => format!("{} B", three(n, 1_000_000_000)),
        },
        Lang::Zh => match n {
            0..10_000 => count(n),
            10_000..100_000_000 => format!("{}万", three(n, 10_000)),
            _ => format!("{}亿", three(n, 100_000_000)),
        },
    }
}

/// A size: 18.4 GB.
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{} KB", three(n, 1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", three(n, 1_000_000)),
        1_000_000_000..1_000_000_000_000 => format!("{} GB", three(n, 1_000_000_000)),
        _ => format!("{} TB", three(n, 1_000_000_000_000)),
    }
}

/// `n / unit` with three significant digits, without zeros at the end.
fn three(n: u64, unit: u64) -> String {
    let whole = n / unit;
    let hundredths = (n % unit) * 100 / unit;
    match whole {
        0..10 => trimmed(whole, &format!("{hundredths:02}")),
        10..100 => trimmed(whole, &(hundredths / 10).to_string()),
        100..1_000 => whole.to_string(),
        _ => {
            let mut step = 10;
            while whole / step >= 1_000 {
                step *= 10;
            }
            count(whole / step * step)
        }
    }
}

fn trimmed(whole: u64, fraction: &str) -> String {
    match fraction.trim_end_matches('0') {
        "" => whole.to_string(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// A span: 52 s, 14 min, 3 h 27 min, 2 days.
pub fn span(lang: Lang, span: i64) -> String {
    let span = span.max(0);
    match span {
        ..MINUTE => say!(lang, time.s, n = span / SECOND),
        MINUTE..HOUR => say!(lang, time.min, n = span / MINUTE),
        HOUR..DAY => match span % HOUR / MINUTE {
            0 => say!(lang, time.h, n = span / HOUR),
            minutes => say!(lang, time.h_min, n = span / HOUR, m = minutes),
        },
        _ if span < 2 * DAY => say!(lang, time.day).to_owned(),
        _ => say!(lang, time.days, n = span / DAY),
    }
}

/// A moment in the reader's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// 2026.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// Minutes east of UTC.
    pub zone: i32,
}

impl Parts {
    /// The moment as the browser's zone has it.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "both fit for the years that matter"
    )]
    pub fn of(at: Millis) -> Self {
        let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.0 as f64));
        Self {
            year: date.get_full_year(),
            month: date.get_month() + 1,
            day: date.get_date(),
            hour: date.get_hours(),
            minute: date.get_minutes(),
            second: date.get_seconds(),
            zone: -(date.get_timezone_offset() as i32),
        }
    }

    /// 14:31.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// 14:31:06, where a proof needs it.
    pub fn clock_with_seconds(self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    /// 2026-11-18T14:31:06+08:00: what a machine reads and a title shows.
    pub fn absolute(self) -> String {
        let (sign, zone) = if self.zone < 0 { ('-', -self.zone) } else { ('+', self.zone) };
        format!(
            "{}-{:02}-{:02}T{}{sign}{:02}:{:02}",
            self.year,
            self.month,
            self.day,
            self.clock_with_seconds(),
            zone / 60,
            zone % 60
        )
    }

    fn date(self) -> (u32, u32, u32) {
        (self.year, self.month, self.day)
    }

    /// Sunday is 0.
    pub fn weekday(self) -> u32 {
        const SHIFT: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = if self.month < 3 { self.year - 1 } else { self.year };
        (year + year / 4 - year / 100 + year / 400 + SHIFT[self.month as usize - 1] + self.day) % 7
    }
}

/// A moment as people say it: today 14:31, yesterday, 16 Nov 22:09, other years with the year.
pub fn when(lang: Lang, at: Millis, now: Millis) -> String {
    let near = |days: i64| Parts::of(now.plus(days * DAY)).date();
    said(lang, Parts::of(at), Parts::of(now), near(-1), near(1))
}

/// A moment inside a sentence, after "at", "since" or "until": 14:31 yesterday, 22:09 on 16 Nov.
pub fn when_said(lang: Lang, at: Millis, now: Millis) -> String {
    let (then, today) = (Parts::of(at), Parts::of(now));
    let near = |days: i64| Parts::of(now.plus(days * DAY)).date();
    let clock = then.clock();
    if then.date() == near(-1) {
        say!(lang, time.yesterday_said, clock = clock)
    } else if then.date() == near(1) {
        say!(lang, time.tomorrow_said, clock = clock)
    } else if then.date() != today.date() && then.year == today.year {
        say!(lang, time.date_said, date = day(lang, then), clock = clock)
    } else {
        when(lang, at, now)
    }
}

fn said(lang: Lang, at: Parts, now: Parts, yesterday: (u32, u32, u32), tomorrow: (u32, u32, u32)) -> String {
    let clock = at.clock();
    if at.date() == now.date() {
        clock
    } else if at.date() == yesterday {
        say!(lang, time.yesterday, clock = clock)
    } else if at.date() == tomorrow {
        say!(lang, time.tomorrow, clock = clock)
    } else if at.year == now.year {
        say!(lang, time.date_clock, date = day(lang, at), clock = clock)
    } else {
        say!(lang, time.date_year, date = day(lang, at), year = at.year)
    }
}

/// 16 Nov.
pub fn day(lang: Lang, at: Parts) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    match lang {
        Lang::En => format!("{} {}", at.day, MONTHS[at.month as usize - 1]),
        Lang::Zh => format!("{}月{}日", at.month, at.day),
    }
}

/// How the sentences of the server write what goes into their places.
#[derive(Debug, Clone, Copy)]
pub struct Local {
    /// The reader's language.
    pub lang: Lang,
    /// The server's time.
    pub now: Millis,
}

impl Format for Local {
    fn count(&self, n: u64) -> String {
        count(n)
    }

    fn at(&self, at: Millis) -> String {
        when_said(self.lang, at, self.now)
    }

    fn span(&self, of: i64) -> String {
        span(self.lang, of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_and_estimates_have_three_digits() {
        assert_eq!([count(0), count(337), count(4_331), count(42_318_204)], ["0", "337", "4,331", "42,318,204"]);
        assert_eq!(about(Lang::En, 42_318_204), "42.3 M");
        assert_eq!(about(Lang::En, 640_900), "640 K");
        assert_eq!(about(Lang::En, 1_204), "1,204");
        assert_eq!(about(Lang::Zh, 42_318_204), "4,230万");
        assert_eq!(about(Lang::Zh, 128_000_000), "1.28亿");
        assert_eq!([bytes(3_000_000), bytes(18_440_000_000), bytes(999)], ["3 MB", "18.4 GB", "999 B"]);
    }

    #[test]
    fn spans_are_short() {
        let all = [52 * SECOND, 14 * MINUTE, 3 * HOUR + 27 * MINUTE, 2 * HOUR, DAY + HOUR, 14 * DAY, -5];
        let said = all.map(|each| span(Lang::En, each));
        assert_eq!(said, ["52 s", "14 min", "3 h 27 min", "2 h", "1 day", "14 days", "0 s"]);
        assert_eq!(span(Lang::Zh, 3 * HOUR + 27 * MINUTE), "3小时27分钟");
    }

    #[test]
    fn a_moment_is_said_by_its_distance() {
        let at = |year, month, day| Parts { year, month, day, hour: 14, minute: 5, second: 9, zone: 480 };
        let now = at(2026, 11, 18);
        let said = |then| said(Lang::En, then, now, (2026, 11, 17), (2026, 11, 19));
        assert_eq!(said(now), "14:05");
        assert_eq!(said(at(2026, 11, 17)), "yesterday 14:05");
        assert_eq!(said(at(2026, 11, 19)), "tomorrow 14:05");
        assert_eq!(said(at(2026, 3, 2)), "2 Mar 14:05");
        assert_eq!(said(at(2025, 3, 2)), "2 Mar 2025");
        assert_eq!(now.absolute(), "2026-11-18T14:05:09+08:00");
        assert_eq!(now.weekday(), 3);
    }
}
