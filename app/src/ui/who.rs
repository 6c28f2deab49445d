//! Who: a person by name, with a face made of the first letters.

use crate::html::{AnyView, IntoAny, view};

/// The letters of a face: the first character of a Chinese name, else the initials.
fn letters(name: &str) -> String {
    let first = |word: &str| word.chars().next().filter(|c| c.is_ascii_alphanumeric() || !c.is_ascii());
    match name.chars().next() {
        Some(c) if !c.is_ascii() => c.to_string(),
        _ => name.split(' ').filter_map(first).take(2).map(|c| c.to_ascii_uppercase()).collect(),
    }
}

/// The same name has the same colour everywhere.
fn tint(name: &str) -> &'static str {
    match name.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)) % 4 {
        0 => "face",
        1 => "face is-b",
        2 => "face is-c",
        _ => "face is-d",
    }
}

/// A face alone.
pub fn face(name: &str, large: bool) -> AnyView {
    let class = format!("{}{}", tint(name), if large { " is-lg" } else { "" });
    view! { <span class=class aria-hidden="true">{letters(name)}</span> }.into_any()
}

/// A person: face and name.
pub fn who(name: &str) -> AnyView {
    view! { <span class="who">{face(name, false)}<span>{name.to_owned()}</span></span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_has_one_chinese_or_two_latin_letters() {
        assert_eq!(
            [letters("林晓雯"), letters("Priya Raghunathan-V"), letters("ana"), letters("")],
            ["林", "PR", "A", ""]
        );
    }
}
