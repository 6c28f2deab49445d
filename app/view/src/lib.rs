//! `view!`, as leptos writes it, made small; and `word!`, the place of a word in the file of words.
//!
//! Why ours: leptos makes a type of every element and code of every attribute. Here all that stands still becomes one
//! text, a template, and only what changes becomes code: `app/src/html` reads the template and fills its places. The same
//! page measured 318 KB of brotli with the macro of leptos and 270 KB with this one.
//! Invariant: what the places get stands in the order of the template.
//!
//! The template: `<tag name="value">text</>`, a void element ends with `/>`. `\u{1}` is a place: behind `=` a value, else a
//! child. A name that begins with `.` is a property, with `@` an event, `&` gives the element away. `<!tag` is SVG.

mod keys;

use std::sync::OnceLock;
use std::{env, fs};

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Code;
use quote::quote;
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement};
use syn::spanned::Spanned;
use syn::{Block, Error, Expr, Result, Stmt};

/// A view of elements, texts, and `{…}` for what changes.
#[proc_macro]
pub fn view(tokens: TokenStream) -> TokenStream {
    let made = rstml::parse2(tokens.into()).and_then(|nodes| {
        let mut template = Template::default();
        for node in &nodes {
            template.node(node, false)?;
        }
        Ok(template.code())
    });
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// The place of a key of `locales/` among the words of a language. A key that is missing does not compile.
#[proc_macro]
pub fn word(key: TokenStream) -> TokenStream {
    static WORDS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let key: Code = key.into();
    let name: String = key.clone().into_iter().map(|part| part.to_string()).collect();
    let words = WORDS.get_or_init(|| {
        let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        let text = fs::read_to_string(format!("{folder}/locales/en.json")).unwrap_or_default();
        keys::sorted(&text).unwrap_or_default()
    });
    match words.binary_search_by(|(known, _)| known.as_str().cmp(&name)) {
        Ok(place) => quote! { #place },
        Err(_) => Error::new_spanned(key, format!("locales/en.json has no {name}")).to_compile_error(),
    }
    .into()
}

/// A place, in the template.
const PLACE: char = '\u{1}';

/// Elements without an inside.
const VOID: [&str; 4] = ["br", "hr", "img", "input"];

/// What is SVG wherever it stands: an inside may be a view of its own.
const SVG: [&str; 14] = [
    "svg",
    "g",
    "rect",
    "path",
    "circle",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "defs",
    "pattern",
    "linearGradient",
    "stop",
];

#[derive(Default)]
struct Template {
    text: String,
    fill: Vec<Code>,
}

impl Template {
    fn code(self) -> Code {
        let Self { text, fill } = self;
        if fill.is_empty() {
            return quote! { crate::html::Html::new(#text) };
        }
        quote! {{
            let mut html = crate::html::Html::new(#text);
            #(html #fill;)*
            html
        }}
    }

    fn node(&mut self, node: &Node, in_svg: bool) -> Result<()> {
        match node {
            Node::Element(element) => self.element(element, in_svg),
            Node::Fragment(fragment) => fragment.children.iter().try_for_each(|node| self.node(node, in_svg)),
            Node::Text(text) => self.plain(&text.value_string(), '<', text),
            Node::Block(block) => {
                let value = inside(block)?;
                self.text.push(PLACE);
                self.fill.push(quote! { .child(#value) });
                Ok(())
            }
            Node::Comment(_) => Ok(()),
            Node::Doctype(_) | Node::RawText(_) | Node::Custom(_) => Err(Error::new(node.span(), "quote the text")),
        }
    }

    fn element(&mut self, element: &NodeElement<rstml::Infallible>, in_svg: bool) -> Result<()> {
        let tag = element.name().to_string();
        if !tag.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(Error::new(element.name().span(), "call it as a function: {name(…)}"));
        }
        let in_svg = in_svg || SVG.contains(&tag.as_str());
        self.text.push_str(if in_svg { "<!" } else { "<" });
        self.text.push_str(&tag);
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(attribute) => self.attribute(&tag, attribute)?,
                NodeAttribute::Block(block) => return Err(Error::new(block.span(), "name the attribute")),
            }
        }
        if VOID.contains(&tag.as_str()) {
            self.text.push_str("/>");
            return Ok(());
        }
        self.text.push('>');
        for child in element.children() {
            self.node(child, in_svg)?;
        }
        self.text.push_str("</>");
        Ok(())
    }

    fn attribute(&mut self, tag: &str, attribute: &KeyedAttribute) -> Result<()> {
        let name = attribute.key.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        if name == "style" {
            return Err(Error::new(attribute.span(), "the browser refuses style attributes: write a class"));
        }
        let Some(value) = attribute.value() else {
            self.text.extend([" ", name, "=\"\""]);
            return Ok(());
        };
        if let Some(event) = name.strip_prefix("on:") {
            return self.event(tag, event, value);
        }
        if name == "node_ref" {
            self.place("&");
            self.fill.push(quote! { .give(#value) });
            return Ok(());
        }
        let name = match name.strip_prefix("prop:") {
            Some(property) => format!(".{property}"),
            None if name == "inner_html" => ".innerHTML".to_owned(),
            None => name.to_owned(),
        };
        match attribute.value_literal_string() {
            Some(literal) if !name.starts_with('.') => {
                self.text.extend([" ", &name, "=\""]);
                self.plain(&literal, '"', value)?;
                self.text.push('"');
            }
            _ => {
                self.place(&name);
                self.fill.push(quote! { .value(#value) });
            }
        }
        Ok(())
    }

    fn event(&mut self, tag: &str, event: &str, told: &Expr) -> Result<()> {
        let (event, aimed) = match event.strip_suffix(":target") {
            Some(event) => (event, true),
            None => (event, false),
        };
        self.place(&format!("@{event}"));
        let event = syn::Ident::new(event, told.span());
        self.fill.push(match (aimed, tag) {
            (false, _) => quote! { .on(::leptos::ev::#event, #told) },
            (true, "input") => quote! { .on_input(#told) },
            (true, "textarea") => quote! { .on_area(#told) },
            (true, "select") => quote! { .on_select(#told) },
            (true, _) => return Err(Error::new(told.span(), "only fields are told of by their target")),
        });
        Ok(())
    }

    /// A place among the attributes.
    fn place(&mut self, name: &str) {
        self.text.extend([" ", name, "="]);
        self.text.push(PLACE);
    }

    /// A text as it stands; `end` would end it.
    fn plain(&mut self, text: &str, end: char, at: &impl Spanned) -> Result<()> {
        if text.contains([end, PLACE]) {
            return Err(Error::new(at.span(), format!("write {end} as a value")));
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// What stands between the braces.
fn inside(block: &NodeBlock) -> Result<Code> {
    let block: &Block = block.try_block().ok_or_else(|| Error::new(block.span(), "this is no Rust"))?;
    Ok(match &block.stmts[..] {
        [Stmt::Expr(value, None)] => quote! { #value },
        _ => quote! { #block },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(tokens: Code) -> Result<(String, usize)> {
        let mut template = Template::default();
        for node in rstml::parse2(tokens)? {
            template.node(&node, false)?;
        }
        Ok((template.text, template.fill.len()))
    }

    #[test]
    fn what_stands_still_is_text() {
        let (text, fill) =
            made(quote! { <p class="a">"b" <br/> "c"</p><svg><rect rx="1"></rect></svg> }).expect("good");
        assert_eq!(text, r#"<p class="a">b<br/>c</><!svg><!rect rx="1"></></>"#);
        assert_eq!(fill, 0);
    }

    #[test]
    fn what_changes_is_a_place() {
        let view = quote! { <a href=to on:click=go prop:value="x" node_ref=it disabled>{name}</a> };
        let (text, fill) = made(view).expect("good");
        let text = text.replace(PLACE, "_");
        assert_eq!(text, r#"<a href=_ @click=_ .value=_ &=_ disabled="">_</>"#);
        assert_eq!(fill, 5);
    }

    #[test]
    fn what_the_browser_or_the_reader_would_misread_is_refused() {
        for view in
            [quote! { <p style="x"></p> }, quote! { <p>"a < b"</p> }, quote! { <Part/> }, quote! { <p {..x}></p> }]
        {
            assert!(made(view.clone()).is_err(), "{view}");
        }
    }
}
