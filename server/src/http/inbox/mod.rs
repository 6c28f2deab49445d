//! What waits for one's decision: the list, the card, several at once, and who else is looking.

pub mod batch;
pub mod card;
pub mod facts;
pub mod list;
pub mod look;
