//! The page's binary: what the browser starts.

fn main() {
    app::start();
}
