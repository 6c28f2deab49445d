//! One binary of integration tests, so that it links once.

mod client;
mod closed;
mod console;
mod crash;
mod deadlines;
mod decisions;
mod embedded;
mod events;
mod harness;
mod input;
mod lake;
mod place;
mod process;
mod provision;
mod requests;
mod saga_laws;
mod saga_provision;
mod session;
mod shown;
mod source;
mod store_rows;
mod store_rules;
mod store_story;
mod tidy;
mod wire;
