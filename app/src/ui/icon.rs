//! The icons we use: path data of Lucide (<https://lucide.dev>).
//!
//! Lucide is under the ISC Licence. Copyright (c) for portions of Lucide are held by Cole Bemis 2013-2026 as part of
//! Feather (MIT). All other copyright (c) for Lucide are held by Lucide Contributors 2026. Permission to use, copy, modify,
//! and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright
//! notice and this permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL
//! WARRANTIES WITH REGARD TO THIS SOFTWARE.

use crate::html::{Html, view};

/// An icon. It is decoration: who uses it alone names the control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Goes on.
    Arrow,
    /// The catalogue.
    Catalogue,
    /// Done.
    Check,
    /// Leads deeper.
    Chevron,
    /// Copies a text.
    Copy,
    /// Being copied.
    Copying,
    /// Not submitted yet.
    Draft,
    /// Failed.
    Failed,
    /// Home.
    Home,
    /// Good to know.
    Info,
    /// Jobs.
    Job,
    /// The lake.
    Lake,
    /// Late.
    Late,
    /// Leads back.
    Left,
    /// Not allowed.
    Lock,
    /// The dark theme.
    Moon,
    /// Everything at a glance.
    Overview,
    /// Paused.
    Paused,
    /// People.
    People,
    /// New.
    Plus,
    /// Ready.
    Ready,
    /// Rejected.
    Rejected,
    /// Requests.
    Request,
    /// Retired.
    Retired,
    /// Again.
    Retry,
    /// Routes.
    Route,
    /// Runs.
    Running,
    /// Search.
    Search,
    /// Sent back.
    SentBack,
    /// Proof.
    Shield,
    /// Filters.
    Sliders,
    /// Sources.
    Source,
    /// A decision.
    Stamp,
    /// The light theme.
    Sun,
    /// A table.
    Table,
    /// Not known yet.
    Unknown,
    /// A person.
    User,
    /// Being verified.
    Verifying,
    /// Waits.
    Waiting,
    /// Look here.
    Warn,
    /// Closes.
    X,
}

/// Draws an icon.
pub fn icon(icon: Icon) -> Html {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" inner_html=icon.shape()></svg> }
}

/// Draws a small icon.
pub fn icon_sm(icon: Icon) -> Html {
    view! { <svg class="icon is-sm" viewBox="0 0 24 24" aria-hidden="true" inner_html=icon.shape()></svg> }
}

impl Icon {
    const fn shape(self) -> &'static str {
        match self {
            Self::Arrow => "<path d='M5 12h14'/><path d='m12 5 7 7-7 7'/>",
            Self::Catalogue => "<path d='m16 6 4 14'/><path d='M12 6v14'/><path d='M8 8v12'/><path d='M4 4v16'/>",
            Self::Check => "<path d='M20 6 9 17l-5-5'/>",
            Self::Chevron => "<path d='m9 18 6-6-6-6'/>",
            Self::Copy => {
                "<rect width='14' height='14' x='8' y='8' rx='2' ry='2'/><path d='M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2'/>"
            }
            Self::Copying => {
                "<path d='M12 2v4'/><path d='m16.2 7.8 2.9-2.9'/><path d='M18 12h4'/><path d='m16.2 16.2 2.9 2.9'/><path d='M12 18v4'/><path d='m4.9 19.1 2.9-2.9'/><path d='M2 12h4'/><path d='m4.9 4.9 2.9 2.9'/>"
            }
            Self::Draft => {
                "<path d='M13 21h8'/><path d='m15 5 4 4'/><path d='M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z'/>"
            }
            Self::Failed => {
                "<circle cx='12' cy='12' r='10'/><line x1='12' x2='12' y1='8' y2='12'/><line x1='12' x2='12.01' y1='16' y2='16'/>"
            }
            Self::Home => {
                "<path d='M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8'/><path d='M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z'/>"
            }
            Self::Info => "<circle cx='12' cy='12' r='10'/><path d='M12 16v-4'/><path d='M12 8h.01'/>",
            Self::Job => {
                "<rect width='8' height='8' x='3' y='3' rx='2'/><path d='M7 11v4a2 2 0 0 0 2 2h4'/><rect width='8' height='8' x='13' y='13' rx='2'/>"
            }
            Self::Lake => {
                "<path d='M2 12q2.5 2 5 0t5 0 5 0 5 0'/><path d='M2 19q2.5 2 5 0t5 0 5 0 5 0'/><path d='M2 5q2.5 2 5 0t5 0 5 0 5 0'/>"
            }
            Self::Late => {
                "<path d='M5 22h14'/><path d='M5 2h14'/><path d='M17 22v-4.172a2 2 0 0 0-.586-1.414L12 12l-4.414 4.414A2 2 0 0 0 7 17.828V22'/><path d='M7 2v4.172a2 2 0 0 0 .586 1.414L12 12l4.414-4.414A2 2 0 0 0 17 6.172V2'/>"
            }
            Self::Left => "<path d='m12 19-7-7 7-7'/><path d='M19 12H5'/>",
            Self::Lock => {
                "<rect width='18' height='11' x='3' y='11' rx='2' ry='2'/><path d='M7 11V7a5 5 0 0 1 10 0v4'/>"
            }
            Self::Moon => {
                "<path d='M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401'/>"
            }
            Self::Overview => {
                "<path d='M22 12h-2.48a2 2 0 0 0-1.93 1.46l-2.35 8.36a.25.25 0 0 1-.48 0L9.24 2.18a.25.25 0 0 0-.48 0l-2.35 8.36A2 2 0 0 1 4.49 12H2'/>"
            }
            Self::Paused => {
                "<circle cx='12' cy='12' r='10'/><line x1='10' x2='10' y1='15' y2='9'/><line x1='14' x2='14' y1='15' y2='9'/>"
            }
            Self::People => {
                "<path d='M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2'/><path d='M16 3.128a4 4 0 0 1 0 7.744'/><path d='M22 21v-2a4 4 0 0 0-3-3.87'/><circle cx='9' cy='7' r='4'/>"
            }
            Self::Plus => "<path d='M5 12h14'/><path d='M12 5v14'/>",
            Self::Ready => "<circle cx='12' cy='12' r='10'/><path d='m16 9-5.5 5.5L8 12'/>",
            Self::Rejected => "<circle cx='12' cy='12' r='10'/><path d='M4.929 4.929 19.07 19.071'/>",
            Self::Request => {
                "<polyline points='22 12 16 12 14 15 10 15 8 12 2 12'/><path d='M5.45 5.11 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.45-6.89A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z'/>"
            }
            Self::Retired => {
                "<rect width='20' height='5' x='2' y='3' rx='1'/><path d='M4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8'/><path d='M10 12h4'/>"
            }
            Self::Retry => "<path d='M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8'/><path d='M21 3v5h-5'/>",
            Self::Route => {
                "<circle cx='6' cy='19' r='3'/><path d='M9 19h8.5a3.5 3.5 0 0 0 0-7h-11a3.5 3.5 0 0 1 0-7H15'/><circle cx='18' cy='5' r='3'/>"
            }
            Self::Running => {
                "<path d='M9 9.003a1 1 0 0 1 1.517-.859l4.997 2.997a1 1 0 0 1 0 1.718l-4.997 2.997A1 1 0 0 1 9 14.996z'/><circle cx='12' cy='12' r='10'/>"
            }
            Self::Search => "<path d='m21 21-4.34-4.34'/><circle cx='11' cy='11' r='8'/>",
            Self::SentBack => {
                "<path d='M9 14 4 9l5-5'/><path d='M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11'/>"
            }
            Self::Shield => {
                "<path d='M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z'/><path d='m9 12 2 2 4-4'/>"
            }
            Self::Sliders => {
                "<path d='M10 5H3'/><path d='M12 19H3'/><path d='M14 3v4'/><path d='M16 17v4'/><path d='M21 12h-9'/><path d='M21 19h-5'/><path d='M21 5h-7'/><path d='M8 10v4'/><path d='M8 12H3'/>"
            }
            Self::Source => {
                "<ellipse cx='12' cy='5' rx='9' ry='3'/><path d='M3 5V19A9 3 0 0 0 21 19V5'/><path d='M3 12A9 3 0 0 0 21 12'/>"
            }
            Self::Stamp => {
                "<path d='M14 13V8.5C14 7 15 7 15 5a3 3 0 0 0-6 0c0 2 1 2 1 3.5V13'/><path d='M20 15.5a2.5 2.5 0 0 0-2.5-2.5h-11A2.5 2.5 0 0 0 4 15.5V17a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1z'/><path d='M5 22h14'/>"
            }
            Self::Sun => {
                "<circle cx='12' cy='12' r='4'/><path d='M12 2v2'/><path d='M12 20v2'/><path d='m4.93 4.93 1.41 1.41'/><path d='m17.66 17.66 1.41 1.41'/><path d='M2 12h2'/><path d='M20 12h2'/><path d='m6.34 17.66-1.41 1.41'/><path d='m19.07 4.93-1.41 1.41'/>"
            }
            Self::Table => "<path d='M3 9h18'/><path d='M9 3v18'/><rect x='3' y='3' width='18' height='18' rx='2'/>",
            Self::Unknown => {
                "<circle cx='12' cy='12' r='10'/><path d='M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3'/><path d='M12 17h.01'/>"
            }
            Self::User => "<path d='M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2'/><circle cx='12' cy='7' r='4'/>",
            Self::Verifying => {
                "<path d='M3 7V5a2 2 0 0 1 2-2h2'/><path d='M17 3h2a2 2 0 0 1 2 2v2'/><path d='M21 17v2a2 2 0 0 1-2 2h-2'/><path d='M7 21H5a2 2 0 0 1-2-2v-2'/><circle cx='12' cy='12' r='3'/><path d='m16 16-1.9-1.9'/>"
            }
            Self::Waiting => "<circle cx='12' cy='12' r='10'/><path d='M12 6v6l4 2'/>",
            Self::Warn => {
                "<path d='m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3'/><path d='M12 9v4'/><path d='M12 17h.01'/>"
            }
            Self::X => "<path d='M18 6 6 18'/><path d='m6 6 12 12'/>",
        }
    }
}
