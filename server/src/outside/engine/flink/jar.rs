//! The jar that makes Flink run Paimon's program: a zip that holds a manifest and nothing else.
//!
//! Why it exists: Flink runs what was uploaded, and Paimon's classes lie in the cluster's `lib` already (real-stack §2), so
//! all that must be uploaded is the name of the class to begin with.
//! Invariant: the same bytes on every machine, and a name that tells them, so that it is found again instead of uploaded
//! twice.

use sha2::{Digest as _, Sha256};

use super::seen::Jar;

/// The class that a run begins with.
pub const ENTRY_CLASS: &str = "org.apache.paimon.flink.action.FlinkActions";

/// The jar's bytes.
pub fn bytes() -> Vec<u8> {
    let manifest = format!("Manifest-Version: 1.0\r\nMain-Class: {ENTRY_CLASS}\r\n\r\n");
    stored_zip(&[("META-INF/MANIFEST.MF", manifest.as_bytes())])
}

/// The name that it is uploaded by: tells its content.
pub fn name() -> String {
    let digest = Sha256::digest(bytes());
    let first = digest.iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    format!("lakegate-launcher-{first:016x}.jar")
}

/// It among what was uploaded: the newest, should there be several.
pub fn find(jars: &[Jar]) -> Option<&Jar> {
    let name = name();
    jars.iter().filter(|jar| jar.name == name).max_by_key(|jar| jar.uploaded_at)
}

/// 1 January 1980, the first day that a zip can say.
const DAY: u16 = 0x21;

/// A zip whose entries are stored as they are (APPNOTE.TXT §4.3). Names are ASCII.
fn stored_zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in entries {
        let at = number(zip.len());
        let about = about(name, content);
        zip.extend(b"PK\x03\x04");
        zip.extend(&about);
        zip.extend(name.as_bytes());
        zip.extend(*content);
        directory.extend(b"PK\x01\x02");
        directory.extend(20_u16.to_le_bytes());
        directory.extend(&about);
        // no comment, first disk, no attributes
        directory.extend([0; 10]);
        directory.extend(at);
        directory.extend(name.as_bytes());
    }
    let (start, size) = (number(zip.len()), number(directory.len()));
    let count = u16::try_from(entries.len()).expect("a jar of a few entries").to_le_bytes();
    zip.extend(directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend(count);
    zip.extend(count);
    zip.extend(size);
    zip.extend(start);
    zip.extend([0; 2]);
    zip
}

/// What an entry's own head and its line in the directory say alike.
fn about(name: &str, content: &[u8]) -> Vec<u8> {
    let mut about = Vec::new();
    // needs version 2.0, no flags, stored, midnight
    for short in [20_u16, 0, 0, 0, DAY] {
        about.extend(short.to_le_bytes());
    }
    about.extend(crc32(content).to_le_bytes());
    about.extend(number(content.len()));
    about.extend(number(content.len()));
    about.extend(u16::try_from(name.len()).expect("a short name").to_le_bytes());
    about.extend([0; 2]);
    about
}

fn number(size: usize) -> [u8; 4] {
    u32::try_from(size).expect("a jar of a few kilobytes").to_le_bytes()
}

/// The checksum of a zip, bit by bit: there are few bytes.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))))
}

#[cfg(test)]
mod tests {
    use domain::time::Millis;

    use super::*;

    #[test]
    fn the_checksum_is_that_of_every_zip() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926, "the check value of CRC-32");
    }

    #[test]
    fn python_reads_the_manifest_and_finds_no_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name());
        std::fs::write(&path, bytes()).expect("written");
        let program = "import sys, zipfile; jar = zipfile.ZipFile(sys.argv[1]); assert jar.testzip() is None; \
                       assert jar.namelist() == ['META-INF/MANIFEST.MF']; \
                       sys.stdout.write(jar.read('META-INF/MANIFEST.MF').decode())";
        let read =
            std::process::Command::new("python3").args(["-c", program]).arg(&path).output().expect("python3 runs");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        let manifest = String::from_utf8(read.stdout).expect("text");
        assert_eq!(
            manifest.lines().collect::<Vec<_>>(),
            ["Manifest-Version: 1.0", "Main-Class: org.apache.paimon.flink.action.FlinkActions", ""]
        );
    }

    #[test]
    fn the_newest_of_the_same_content_is_found_again() {
        let jar = |id: &str, name: String, at| Jar { id: id.to_owned(), name, uploaded_at: Millis(at) };
        let jars = [jar("a", name(), 1), jar("b", name(), 2), jar("c", "lakegate-launcher-0.jar".to_owned(), 3)];
        assert_eq!(find(&jars).map(|jar| jar.id.as_str()), Some("b"));
        assert_eq!(find(&jars[2..]), None);
        assert_eq!(name().len(), "lakegate-launcher-0011223344556677.jar".len());
    }
}
