//! The origin of an address: scheme, host and port.

/// The origin of an http(s) address, `None` when it is none. A trailing slash is forgiven, a path is not.
pub fn parse(url: &str) -> Option<&str> {
    let origin = url.strip_suffix('/').unwrap_or(url);
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    let fine = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    fine.then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(parse("https://a.example/"), Some("https://a.example"));
        assert_eq!(parse("http://a.example:8080"), Some("http://a.example:8080"));
        for bad in ["a.example", "ftp://a", "https://", "https://a/b", "https://u@a"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
