//! Catalogue: is the table there, and does someone already bring it?

pub mod catalogue;
pub mod drawer;
mod facets;
pub mod model;
mod rows;
pub mod selection;
