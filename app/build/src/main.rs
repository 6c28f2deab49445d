//! Builds the page: `cargo run -p page -- [--release] --out <folder>`.
//!
//! Why it exists: the product builds with cargo alone, on a machine without a network beside the package registries.
//! One file per step: `inputs` (is there anything to do?), `wasm_std` and `wasm` (compile), `bindgen`, `names`
//! and `wasm_opt` (make it callable and small), `styles`, `words`, `assets` (names, compressed copies, the folder).
//! Invariant: the folder holds a whole page at every moment; `index.html` is written last.

mod assets;
mod bindgen;
mod inputs;
mod names;
mod order;
mod rust_src;
mod styles;
mod wasm;
mod wasm_opt;
mod wasm_std;
mod words;

use std::{process::ExitCode, time::Instant};

use anyhow::Result;

use crate::{
    assets::Page,
    inputs::Stamp,
    order::{Order, Profile},
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The whole chain of causes in one line; a backtrace of a build program helps nobody.
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let order = Order::from_process()?;
    let begun = Instant::now();
    let stamp = Stamp::of(&order)?;
    if stamp.is_fresh(&order.out) {
        say(&format!("{} is up to date", order.out.display()));
        return Ok(());
    }
    let page = build(&order)?;
    page.write_to(&order.out, order.profile)?;
    stamp.save()?;
    say(&format!("{} in {} s", page.sizes(), begun.elapsed().as_secs()));
    Ok(())
}

fn build(order: &Order) -> Result<Page> {
    let css = styles::compile(&order.root)?;
    let wasm_std = wasm_std::find_or_make(&order.target)?;
    let words = [words::compile(&order.root, "en")?, words::compile(&order.root, "zh")?];
    let compiled = wasm::compile(order, &wasm_std)?;
    let mut app = bindgen::bind(&compiled, &order.scratch())?;
    if order.profile == Profile::Release {
        names::few(&mut app)?;
        app.wasm = wasm_opt::shrink(app.wasm, order)?;
        names::short(&mut app)?;
    }
    app.script = bindgen::lean(&app.script);
    Ok(Page::of(&app, &css, &words))
}

/// One line to the person at the terminal; standard output stays free.
fn say(line: &str) {
    eprintln!("page: {line}");
}
