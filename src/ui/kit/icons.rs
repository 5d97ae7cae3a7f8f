//! Small drawings. They say nothing that the words beside them do not say, and are hidden from screen readers.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {$(
        $(#[$doc])*
        #[component]
        pub fn $name() -> impl IntoView {
            view! {
                <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                    <path d=$path/>
                </svg>
            }
        }
    )*};
}

icons! {
    /// A group: one above two.
    GroupIcon = "M8 3.5v3M3.5 11.5v-1.8h9v1.8M8 6.5v3.2M8 1.2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6M3.5 11.6a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6M12.5 11.6a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6";
    PersonIcon = "M8 2.6a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2M3 13.6c.6-2.7 2.6-4 5-4s4.4 1.3 5 4";
    TicketIcon = "M2 4.5h12V7a1.2 1.2 0 0 0 0 2.4v2.1H2V9.4A1.2 1.2 0 0 0 2 7zM10 4.5v1M10 7.5v1M10 10.5v1";
    /// Tickets, all of them.
    TicketsIcon = "M4.5 3h9.5v7.5M2 5.5h9.5v7H2zM4.5 8h4.5M4.5 10.3h2.5";
    LockIcon = "M4 7.2h8v6H4zM5.6 7.2V5.1a2.4 2.4 0 0 1 4.8 0v2.1";
    /// Closed; turned by style when open.
    ChevronIcon = "M6 3.5 10.5 8 6 12.5";
    /// Copies to the clipboard.
    CopyIcon = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";
    /// Something that is kept to come back to.
    ViewsIcon = "M4 2.5h8v11l-4-3-4 3z";
    /// Columns beside each other.
    ColumnsIcon = "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10";
    /// Shows only some of a list.
    FilterIcon = "M2.5 4h11M4.5 8h7M6.5 12h3";
    SearchIcon = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4 14 14";
    MoveIcon = "M2 8h11M9 3.8 13.2 8 9 12.2";
    /// More to do with this.
    DotsIcon = "M8 3v.6M8 7.7v.6M8 12.4v.6";
    /// Done, or chosen.
    CheckIcon = "M3 8.5 6.5 12 13 4.5";
    /// Tickets that are nobody's yet.
    InboxIcon = "M2.5 9.2 4.3 3h7.4l1.8 6.2v3.8h-11zM2.5 9.2h3.2l.8 1.6h3l.8-1.6h3.2";
    ContainerIcon = "M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.8v6";
    PlusIcon = "M8 3v10M3 8h10";
    /// Takes something back.
    UndoIcon = "M5.5 3.5 2.5 6.5l3 3M2.5 6.5h7a4 4 0 0 1 0 8H6";
    /// Panels beside each other.
    OverviewIcon = "M2.5 2.5h4.5v5.5h-4.5zM9 2.5h4.5v3h-4.5zM9 7.5h4.5v6h-4.5zM2.5 10h4.5v3.5h-4.5z";
    /// Explains something.
    HelpIcon = "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M6.2 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.7.5-.7 1v.4M8 11.6v.1";
    /// Closes something.
    CrossIcon = "M4 4l8 8M12 4l-8 8";
}

/// The portal's sign: a tree.
#[component]
pub fn Sign() -> impl IntoView {
    view! {
        <svg class="sign" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false">
            <path d="M11 20V8M11 13l-5-4M11 11l5-4"/>
            <circle cx="11" cy="5" r="2.6"/>
            <circle cx="4.6" cy="8" r="2"/>
            <circle cx="17.4" cy="6" r="2"/>
        </svg>
    }
}
