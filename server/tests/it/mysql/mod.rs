//! Sources at real servers: MariaDB and MySQL, the same questions to both.

mod catalogue;
mod faults;
mod findings;
mod journey;
mod keys;
mod names;
mod proxy;
mod reads;
pub mod server;
pub mod types;
