//! After a panic the page is dead: say so, in both languages, with the way out.

use std::panic::{PanicHookInfo, set_hook};

use leptos::prelude::document;

const SENTENCES: [(&str, &str); 2] = [
    ("en", "Something broke in this page. What you submitted is safe."),
    ("zh", "此页面出现故障。已提交的内容不受影响。"),
];

/// Logs a panic and shows the box.
pub fn hook() {
    set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // Nothing more can be done if the box cannot be shown: the log has it.
        let _ = show(panic);
    }));
}

fn show(_: &PanicHookInfo<'_>) -> Option<()> {
    let document = document();
    let shown = document.get_element_by_id("panic").is_some();
    if shown {
        return None;
    }
    let make = |name: &str, class: &str| {
        let element = document.create_element(name).ok()?;
        element.set_class_name(class);
        Some(element)
    };
    let corner = make("div", "toasts")?;
    corner.set_id("panic");
    corner.set_attribute("role", "alert").ok()?;
    let toast = make("div", "toast is-failed")?;
    let text = make("div", "stack is-tight")?;
    for (lang, sentence) in SENTENCES {
        let line = make("p", "")?;
        line.set_attribute("lang", lang).ok()?;
        line.set_text_content(Some(sentence));
        text.append_child(&line).ok()?;
    }
    let reload = make("a", "btn is-sm is-primary")?;
    reload.set_attribute("href", "").ok()?;
    reload.set_attribute("rel", "external").ok()?;
    reload.set_text_content(Some("Reload · 重新加载"));
    text.append_child(&reload).ok()?;
    toast.append_child(&text).ok()?;
    corner.append_child(&toast).ok()?;
    document.body()?.append_child(&corner).ok()?;
    Some(())
}
