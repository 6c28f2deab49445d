//! The water beside the gate: waves that grow towards the reader.

use leptos::prelude::*;

/// One wave: where it lies and how high it goes, further down the larger.
fn wave(row: u32) -> (String, String) {
    let t = f64::from(row) / 21.0;
    let (y, length, height) = (14.0 + 470.0 * t.powf(1.45), 65.0 + 15.0 * t, 3.0 + 17.0 * t);
    let from = -130.0 - f64::from(row * 67 % 260);
    let crests = format!(" t {length:.1} 0").repeat(22);
    let path = format!("M{from:.0} {y:.1} q {:.1} {:.1} {length:.1} 0{crests}", length / 2.0, -height);
    (path, format!("{:.2}", 0.62 - 0.42 * t))
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
