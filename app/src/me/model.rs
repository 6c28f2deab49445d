//! What a browser calls itself, in a word people know. Pure.

/// The browser of a session; `None` when it is none we know.
pub fn browser(agent: &str) -> Option<&'static str> {
    // Each one also claims to be those below it.
    const KNOWN: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    KNOWN.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_its_own_sign() {
        let edge = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(browser(edge), Some("Edge"));
        assert_eq!(browser("Mozilla/5.0 (Macintosh) Version/26.0 Safari/605.1.15"), Some("Safari"));
        assert_eq!(browser("something"), None);
    }
}
