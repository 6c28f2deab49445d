//! Named points after each act at which a test build can be made to die, as by `kill -9`.
//!
//! Without the feature `testing` a point is nothing.

#[cfg(feature = "testing")]
static AT: std::sync::OnceLock<String> = std::sync::OnceLock::new();

/// Dies at the point of that name.
#[cfg(feature = "testing")]
pub fn arm(point: String) {
    let _ = AT.set(point);
}

/// Dies here, if this point is the armed one.
pub fn point(name: &str) {
    #[cfg(feature = "testing")]
    if AT.get().is_some_and(|at| at == name) {
        tracing::error!(point = name, "dying here, as told");
        std::process::abort();
    }
    #[cfg(not(feature = "testing"))]
    let _ = name;
}
