//! Our components: parts of every page.
//!
//! Invariant: no feature words inside. Each part is a function of the language and what it shows; a page renders them
//! anew when either changes, and the browser's elements stay.

pub mod anew;
pub mod button;
pub mod chain;
pub mod code;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod flash;
pub mod form;
pub mod fresh;
pub mod grid;
pub mod head;
pub mod icon;
pub mod loaded;
pub mod looks;
pub mod meter;
pub mod name;
pub mod problem;
pub mod proof;
pub mod search;
pub mod skeleton;
pub mod stamp;
pub mod state;
pub mod switcher;
pub mod tabs;
pub mod tally;
pub mod time;
pub mod timeline;
pub mod toast;
pub mod unknown;
pub mod who;
