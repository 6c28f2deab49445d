//! Lake: what is not as promised, and can I use this table now?

pub mod list;
mod model;
mod preview;
pub mod queries;
pub mod safe;
pub mod table;
