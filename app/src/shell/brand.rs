//! The mark of Lakegate: a gate over water.

use crate::html::{Html, view};

/// The mark, drawn.
pub fn brand_mark() -> Html {
    view! {
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
            <rect class="bm-ground" width="24" height="24" rx="6.5"></rect>
            <path class="bm-gate" d="M6 12.6V6.4h12v6.2M10 6.4v5.4M14 6.4v5.4"></path>
            <path
                class="bm-water"
                d="M4.6 16.1c1.25 0 1.25 1 2.5 1s1.25-1 2.5-1 1.25 1 2.4 1 1.25-1 2.5-1 1.25 1 2.5 1 1.25-1 2.4-1"
            ></path>
        </svg>
    }
}
