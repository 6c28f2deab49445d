//! SCSS to one CSS text.

use std::path::Path;

use anyhow::{Context, Result};
use grass::{Options, OutputStyle};

/// Compiles `style/main.scss` of the checkout.
pub fn compile(root: &Path) -> Result<String> {
    let main = root.join("style/main.scss");
    // The page is UTF-8 and says so; a byte order mark would only be in the way.
    let options = Options::default().style(OutputStyle::Compressed).allows_charset(false);
    grass::from_path(&main, &options).with_context(|| format!("cannot compile {}", main.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_styles_compile_and_keep_the_order_of_layers() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the checkout");
        let css = compile(root).expect("our styles compile");
        let order = "@layer reset,tokens,base,shell,component,page,utility;";
        assert!(css.replace(", ", ",").starts_with(order), "{}", &css[..80]);
    }
}
