//! The water beside the gate: waves that grow towards the reader.

use crate::html::{AnyView, IntoAny, view};

/// One wave: its path and how faint it is. Further down they lie wider apart, are longer and higher.
fn wave(row: u32) -> (String, String) {
    let (y, length, height) = (14 + row * (row + 22) / 2, 65 + row * 2 / 3, 3 + row * 4 / 5);
    let from = 130 + row * 67 % 260;
    let crests = format!(" t {length} 0").repeat(22);
    (format!("M-{from} {y} q {} -{height} {length} 0{crests}", length / 2), format!("0.{:02}", 62 - row * 2))
}

/// The waves.
pub fn water() -> AnyView {
    let waves: Vec<_> = (0..22)
        .map(|row| {
            let (path, opacity) = wave(row);
            view! { <path d=path opacity=opacity></path> }
        })
        .collect();
    view! {
        <svg class="water" viewBox="0 0 1000 500" preserveAspectRatio="none" aria-hidden="true">{waves}</svg>
    }
    .into_any()
}
