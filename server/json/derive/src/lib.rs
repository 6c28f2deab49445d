//! The derive macro `FromJson`: a type takes its fields out of a tree of JSON.
//!
//! Invariant: it reads the attributes of serde that our types use, so that a type says once how it travels; one it does
//! not know does not compile.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Code;
use quote::{format_ident, quote};
use syn::{Attribute, Data, DataEnum, DeriveInput, Error, Field, Fields, LitStr, Path, Result, Type};

/// Reads the type out of JSON, as its attributes of serde say.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(tokens: TokenStream) -> TokenStream {
    let made = syn::parse(tokens).and_then(|input| implementation(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

fn implementation(input: &DeriveInput) -> Result<Code> {
    let attributes = Attributes::of(&input.attrs)?;
    let body = match (&attributes.try_from, &input.data) {
        (Some(other), _) => {
            quote! { <#other as ::json::FromJson>::from_json(json)?.try_into().ok() }
        }
        (None, Data::Struct(data)) => {
            let value = fields(&quote! { Self }, &data.fields, &attributes.default)?;
            match data.fields {
                Fields::Named(_) => quote! { let object = json.object()?; Some(#value) },
                Fields::Unnamed(_) | Fields::Unit => quote! { Some(#value) },
            }
        }
        (None, Data::Enum(data)) => variants(data, &attributes)?,
        (None, Data::Union(_)) => return Err(Error::new_spanned(&input.ident, "a union does not travel")),
    };
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote! { ::json::FromJson });
    }
    let (name, (parameters, arguments, bounds)) = (&input.ident, generics.split_for_impl());
    Ok(quote! {
        #[automatically_derived]
        impl #parameters ::json::FromJson for #name #arguments #bounds {
            fn from_json(json: &::json::Json<'_>) -> Option<Self> {
                #body
            }
        }
    })
}

/// A struct or a variant out of `object`, or out of `json` where it only wraps another type.
fn fields(name: &Code, fields: &Fields, usual: &Usual) -> Result<Code> {
    match fields {
        Fields::Unit => Ok(name.clone()),
        Fields::Unnamed(inside) if inside.unnamed.len() == 1 => {
            Ok(quote! { #name(::json::FromJson::from_json(json)?) })
        }
        Fields::Unnamed(several) => {
            let each: Vec<_> = (0..several.unnamed.len()).map(|place| format_ident!("part{place}")).collect();
            Ok(quote! {{ let (#(#each),*) = ::json::FromJson::from_json(json)?; #name(#(#each),*) }})
        }
        Fields::Named(named) => {
            let each = named.named.iter().map(|named| field(named, usual)).collect::<Result<Vec<_>>>()?;
            let first = match usual {
                Usual::OfType => quote! { let usual: Self = Default::default(); },
                Usual::None | Usual::Made(_) => quote! {},
            };
            Ok(quote! {{ #first #name { #(#each),* } }})
        }
    }
}

fn field(field: &Field, of_type: &Usual) -> Result<Code> {
    let own = Attributes::of(&field.attrs)?;
    let ident = &field.ident;
    let name = own.rename.unwrap_or_else(|| ident.as_ref().map(|it| plain(&it.to_string())).unwrap_or_default());
    Ok(match (own.default, of_type) {
        (Usual::Made(make), _) => quote! { #ident: object.get_or(#name, #make())? },
        (Usual::OfType, _) => quote! { #ident: object.get_or(#name, Default::default())? },
        (Usual::None, Usual::OfType) => quote! { #ident: object.get_or(#name, usual.#ident)? },
        (Usual::None, _) => quote! { #ident: ::json::FromJson::from_json(object.get(#name))? },
    })
}

fn variants(data: &DataEnum, attributes: &Attributes) -> Result<Code> {
    let mut arms = Vec::new();
    for variant in &data.variants {
        let own = Attributes::of(&variant.attrs)?;
        let ident = &variant.ident;
        let word = match own.rename {
            Some(word) => word,
            None if attributes.snake_case => snake_case(&ident.to_string()),
            None => ident.to_string(),
        };
        let value = fields(&quote! { Self::#ident }, &variant.fields, &Usual::None)?;
        arms.push(match (&variant.fields, &attributes.tag) {
            (Fields::Named(_), None) => quote! { #word => { let object = json.object()?; #value } },
            _ => quote! { #word => #value },
        });
    }
    let variant = match &attributes.tag {
        Some(tag) => quote! { let object = json.object()?; let word = object.get(#tag).text()?; },
        None => quote! { let (word, json) = json.variant()?; },
    };
    // Where no variant holds anything, what the object says besides is not looked at.
    Ok(quote! {
        #variant
        let _ = json;
        Some(match word { #(#arms,)* _ => return None })
    })
}

/// What a field is where nothing stands for it.
#[derive(Default)]
enum Usual {
    /// It must stand there.
    #[default]
    None,
    /// What its type, or the type it is in, says.
    OfType,
    /// What a function makes.
    Made(Path),
}

/// The attributes of serde that our types use.
#[derive(Default)]
struct Attributes {
    rename: Option<String>,
    snake_case: bool,
    tag: Option<String>,
    try_from: Option<Type>,
    default: Usual,
}

impl Attributes {
    fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut known = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let value = match meta.value() {
                    Ok(value) => Some(value.parse::<LitStr>()?),
                    Err(_) => None,
                };
                match (name.as_str(), value) {
                    ("rename", Some(word)) => known.rename = Some(word.value()),
                    ("rename_all", Some(rule)) if rule.value() == "snake_case" => known.snake_case = true,
                    ("tag", Some(tag)) => known.tag = Some(tag.value()),
                    ("try_from", Some(other)) => known.try_from = Some(other.parse()?),
                    ("default", None) => known.default = Usual::OfType,
                    ("default", Some(make)) => known.default = Usual::Made(make.parse()?),
                    // How it is written is serde's.
                    ("into" | "skip_serializing_if", Some(_)) | ("transparent", None) => {}
                    _ => return Err(meta.error("FromJson does not know it")),
                }
                Ok(())
            })?;
        }
        Ok(known)
    }
}

/// A name without the `r#` of a raw identifier.
fn plain(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_owned()
}

/// As serde does it: `SentBack` becomes `sent_back`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if place > 0 && letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
