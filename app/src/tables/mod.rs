//! Catalogue: is the table there, and does someone already bring it?

pub mod catalogue;
pub mod drawer;
pub mod facets;
pub mod filters;
pub mod model;
pub mod rows;
mod selbar;
pub mod selection;
