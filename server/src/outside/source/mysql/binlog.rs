//! What one who follows the changes of a server must know of it, and how many follow by our account just now.

use domain::args::from::Zone;

use super::super::Binlog;
use super::session::{Session, Trouble, text};

/// The server's number and clock.
const SERVER: &str = "SELECT @@GLOBAL.server_id, @@GLOBAL.time_zone, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())";

/// Threads that send changes (real-stack §6): an account sees its own.
const READERS: &str = "SELECT COUNT(*) FROM information_schema.PROCESSLIST \
                       WHERE COMMAND LIKE 'Binlog Dump%' AND USER = SUBSTRING_INDEX(CURRENT_USER(), '@', 1)";

/// Looks at both.
pub async fn look(session: &mut Session) -> Result<Binlog, Trouble> {
    let row = session.row(SERVER).await?.ok_or_else(|| Trouble::Odd("no row".into()))?;
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
    let (id, zone, offset) = (number(text(&row, 0)?), text(&row, 1)?.unwrap_or_default(), number(text(&row, 2)?));
    let readers = session.row(READERS).await?;
    let readers = number(readers.map(|row| text(&row, 0)).transpose()?.flatten());
    Ok(Binlog {
        server_id: u32::try_from(id).unwrap_or_default(),
        zone: zone_of(&zone, offset),
        offset: i32::try_from(offset).unwrap_or_default(),
        readers: readers.unsigned_abs(),
    })
}

/// The zone as engines are told: its place where the server names one, which knows its seasons; else its distance.
fn zone_of(name: &str, offset: i64) -> Zone {
    let minutes = offset.abs() / 60;
    let distance = format!("{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60);
    let named = name.parse().ok().filter(|_| name.contains('/'));
    named.or_else(|| distance.parse().ok()).unwrap_or_else(|| "UTC".parse().expect("it is a zone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_told_by_its_place_or_its_distance() {
        for (name, offset, zone) in [
            ("Asia/Shanghai", 28_800, "Asia/Shanghai"),
            ("SYSTEM", 28_800, "+08:00"),
            ("SYSTEM", 0, "+00:00"),
            ("+05:30", 19_800, "+05:30"),
            ("-03:30", -12_600, "-03:30"),
            ("CST", 28_800, "+08:00"),
        ] {
            assert_eq!(zone_of(name, offset).as_str(), zone, "{name} {offset}");
        }
    }
}
