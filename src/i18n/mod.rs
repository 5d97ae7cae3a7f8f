//! What the portal says, in English and German.
//!
//! A word that lacks one of the languages does not compile. Sentences with something in them are functions.

macro_rules! words {
    ($($name:ident: $en:literal, $de:literal;)*) => {
        impl Language {
            $(
                #[doc = $en]
                #[must_use]
                pub const fn $name(self) -> &'static str {
                    match self { Self::En => $en, Self::De => $de }
                }
            )*
        }
    };
}

pub mod accounts;
pub mod bulk;
pub mod credentials;
pub mod devices;
pub mod expiry;
pub mod format;
pub mod history;
pub mod imports;
pub mod leavers;
pub mod license_drag;
pub mod licenses;
pub mod password_links;
pub mod personal_tokens;
pub mod requests;
pub mod resellers;
pub mod second_factors;
pub mod sessions;
pub mod view_as;
pub mod viewers;
pub mod webhooks;

use serde::{Deserialize, Serialize};

use crate::views::tickets::COUNTED;

/// The cookie in which a browser remembers its language.
pub const LANGUAGE_COOKIE: &str = "lang";

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// The language tag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language of a tag or of an `Accept-Language` header: the first that we speak, else English.
    #[must_use]
    pub fn from_tags(tags: &str) -> Self {
        let spoken = |tag: &str| match tag.trim().get(..2) {
            Some(start) if start.eq_ignore_ascii_case("de") => Some(Self::De),
            Some(start) if start.eq_ignore_ascii_case("en") => Some(Self::En),
            _ => None,
        };
        tags.split(',').find_map(spoken).unwrap_or_default()
    }
}

words! {
    log_in: "Log in", "Anmelden";
    login: "Login", "Benutzername";
    password: "Password", "Passwort";
    log_out: "Log out", "Abmelden";
    groups_and_people: "Groups and people", "Gruppen und Personen";
    tickets: "Tickets", "Tickets";

    license_portal: "License Portal", "License Portal";
    skip_to_content: "Skip to content", "Zum Inhalt springen";
    main_navigation: "Main navigation", "Hauptnavigation";
    groups: "Groups", "Gruppen";
    add: "Add", "Hinzufügen";
    me: "Me", "Ich";
    add_ticket: "Add ticket", "Ticket hinzufügen";
    logged_in_as: "Logged in as", "Angemeldet als";
    isv_admin: "ISV admin", "ISV-Admin";
    save: "Save", "Speichern";
    saved: "Saved.", "Gespeichert.";
    close: "Close", "Schließen";
    search: "Search", "Suchen";
    go_to_tickets: "Go to the tickets", "Zu den Tickets";
    try_again: "Try again", "Erneut versuchen";
    no_matches: "Nothing matches.", "Nichts gefunden.";

    unassigned: "Unassigned", "Nicht zugewiesen";
    elsewhere: "somewhere you cannot see", "an einem für Sie nicht sichtbaren Ort";
    group_ticket: "group ticket", "Gruppen-Ticket";
    personal_ticket: "personal ticket", "persönliches Ticket";
    protected_mode: "Protected Mode", "Protected Mode";

    demo_data: "Demo data", "Demodaten";
    demo_warning: "This server runs with demo data. Do not enter anything real: everyone can log in as anyone.",
        "Dieser Server läuft mit Demodaten. Geben Sie nichts Echtes ein: Jeder kann sich als jeder anmelden.";
    password_of_all: "Password of all of them:", "Passwort von allen:";

    not_found: "Not found", "Nicht gefunden";
    not_found_text: "It does not exist, or you may not see it.",
        "Es existiert nicht, oder Sie dürfen es nicht sehen.";
    tickets_added: "The tickets were added.", "Die Tickets wurden hinzugefügt.";
    tickets_moved: "The tickets were moved.", "Die Tickets wurden verschoben.";
    offline_text: "This page shows again as soon as the portal answers. Nothing you did before is lost.",
        "Diese Seite erscheint wieder, sobald das Portal antwortet. Nichts, was Sie vorher getan haben, ist verloren.";
    too_large: "That was too large", "Das war zu groß";
    too_large_text: "The portal does not take that much here. Send less at once, or a smaller file.",
        "So viel nimmt das Portal hier nicht an. Senden Sie weniger auf einmal oder eine kleinere Datei.";
    foreign_request: "This request came from another site", "Diese Anfrage kam von einer anderen Website";
    foreign_request_text: "The portal does only what is asked for on its own pages. Nothing was changed.",
        "Das Portal tut nur, was auf seinen eigenen Seiten verlangt wird. Es wurde nichts geändert.";
    took_too_long: "That took too long", "Das hat zu lange gedauert";
    took_too_long_text: "The portal is very busy. Try again in a minute; check first whether it was done after all.",
        "Das Portal ist stark ausgelastet. Versuchen Sie es in einer Minute erneut und prüfen Sie zuvor, ob es doch getan wurde.";
    needs_scripts: "Switch JavaScript on for this: the answer is shown once, and cannot be shown without.",
        "Schalten Sie dafür JavaScript ein: Die Antwort wird einmal angezeigt, und ohne geht das nicht.";
    offline: "The server cannot be reached", "Der Server ist nicht erreichbar";
    something_broke: "Something broke on our side", "Bei uns ist etwas schiefgegangen";

    session_ended: "You are not logged in, or no longer. Log in and try again.",
        "Sie sind nicht oder nicht mehr angemeldet. Melden Sie sich an und versuchen Sie es erneut.";
    wrong_login: "Login or password is wrong. Check both and try again.",
        "Benutzername oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut.";
    malformed_request: "The request was incomplete or garbled. Load the page again and repeat it.",
        "Die Anfrage war unvollständig oder unlesbar. Laden Sie die Seite neu und wiederholen Sie sie.";
    server_unreachable: "The server cannot be reached; nothing was changed as far as we know. Check the connection and try again.",
        "Der Server ist nicht erreichbar; soweit bekannt, wurde nichts geändert. Prüfen Sie die Verbindung und versuchen Sie es erneut.";
    internal_error: "Something broke on our side; nothing was changed. It was recorded. Try again later.",
        "Bei uns ist etwas schiefgegangen; nichts wurde geändert. Der Fehler wurde aufgezeichnet. Versuchen Sie es später erneut.";
    name_taken: "There is a group of that name here already. Choose another name.",
        "Hier gibt es schon eine Gruppe dieses Namens. Wählen Sie einen anderen Namen.";
    name_empty: "Enter a name.", "Geben Sie einen Namen ein.";
    name_too_long: "The name is too long: at most 120 characters.", "Der Name ist zu lang: höchstens 120 Zeichen.";
    name_control: "The name contains line breaks or control characters. Remove them.",
        "Der Name enthält Zeilenumbrüche oder Steuerzeichen. Entfernen Sie diese.";
    nothing_to_undo: "There is nothing to undo: the move is not yours or was undone already.",
        "Es gibt nichts rückgängig zu machen: Die Zuordnung ist nicht Ihre oder wurde schon zurückgenommen.";
    key_reused: "This form was already sent. Load the page again before you change it.",
        "Dieses Formular wurde schon gesendet. Laden Sie die Seite neu, bevor Sie es ändern.";
    no_codes: "Enter one to 50 ticket codes, separated by semicolons.",
        "Geben Sie einen bis 50 Ticket-Codes ein, getrennt durch Semikolons.";
    code_length: "a code has five groups of five characters", "ein Code hat fünf Gruppen zu fünf Zeichen";
    code_check: "a character is wrong, or two are swapped", "ein Zeichen ist falsch, oder zwei sind vertauscht";
    group_not_empty: "The group is not empty. Choose a group that gets what it holds.",
        "Die Gruppe ist nicht leer. Wählen Sie eine Gruppe, die ihren Inhalt bekommt.";
    nothing_selected: "No ticket is selected. Select one first.", "Kein Ticket ist ausgewählt. Wählen Sie zuerst eines aus.";
    too_many_selected: "At most 500 tickets can be moved at once. Select fewer.",
        "Höchstens 500 Tickets können auf einmal verschoben werden. Wählen Sie weniger aus.";

    denied_hidden: "It does not exist, or you may not see it. Load the page again to see what is there now.",
        "Es existiert nicht, oder Sie dürfen es nicht sehen. Laden Sie die Seite neu, um den jetzigen Stand zu sehen.";
    denied_already_there: "It is already there. Choose another target.", "Es ist schon dort. Wählen Sie ein anderes Ziel.";
    denied_keeps_to_level: "Only an admin may take this ticket out of its group. Ask an admin of the group.",
        "Nur ein Admin darf dieses Ticket aus seiner Gruppe nehmen. Fragen Sie einen Admin der Gruppe.";
    denied_context_needed: "Choose the group through which the person gets the ticket.",
        "Wählen Sie die Gruppe, über die die Person das Ticket bekommt.";
    denied_not_a_member: "The person is not a member of that group. Choose another group.",
        "Die Person ist nicht Mitglied dieser Gruppe. Wählen Sie eine andere Gruppe.";
    denied_admins_only: "Only an admin of the group may do that. Ask one.",
        "Nur ein Admin der Gruppe darf das. Fragen Sie einen.";
    denied_isv_only: "Only ISV admins may do that at the top level. Ask one.",
        "Auf oberster Ebene dürfen das nur ISV-Admins. Fragen Sie einen.";
    denied_inside_itself: "A group cannot be moved into itself. Choose a group outside of it.",
        "Eine Gruppe kann nicht in sich selbst verschoben werden. Wählen Sie eine Gruppe außerhalb.";
    denied_too_deep: "The tree would become too deep. Choose a place further up.",
        "Der Baum würde zu tief. Wählen Sie einen Platz weiter oben.";
    denied_beyond_own: "Nobody grants or takes more rights than they have. Ask an admin above you.",
        "Niemand gibt oder nimmt mehr Rechte, als er hat. Fragen Sie einen übergeordneten Admin.";
    denied_group_tickets_only: "Only group tickets have Protected Mode. Assign the ticket to a group first.",
        "Nur Gruppen-Tickets haben den Protected Mode. Ordnen Sie das Ticket zuerst einer Gruppe zu.";

    not_allowed: "not allowed", "nicht erlaubt";
    already_there: "already there", "schon dort";
    stays_in_its_group: "stays in its group", "bleibt in seiner Gruppe";
    choose_a_group: "choose a group", "Gruppe wählen";
    not_a_member: "not a member", "kein Mitglied";
    admins_only: "admins only", "nur Admins";
    isv_admins_only: "ISV admins only", "nur ISV-Admins";
    inside_itself: "inside itself", "in sich selbst";
    too_deep: "too deep", "zu tief";
    beyond_your_rights: "beyond your rights", "über Ihre Rechte";
    group_tickets_only: "group tickets only", "nur Gruppen-Tickets";

    move_to: "Move to…", "Verschieben nach…";
    move_word: "Move", "Verschieben";
    search_targets: "Search targets", "Ziele suchen";
    targets: "New owner", "Neuer Besitzer";
    no_targets: "There is no other place where you may move all of these.",
        "Es gibt keinen anderen Ort, an den Sie alle diese verschieben dürfen.";
    top_of_what_you_see: "top of what you see", "oberste Ebene, die Sie sehen";
    without_group_context: "without group context", "ohne Gruppenkontext";
    narrow_search: "Only the first 100 are shown. Search to find others.",
        "Nur die ersten 100 sind zu sehen. Suchen Sie nach weiteren.";
    gone_from_selection: "Some of the selected tickets are no longer there, or you may no longer see them.",
        "Einige der ausgewählten Tickets sind nicht mehr da, oder Sie dürfen sie nicht mehr sehen.";

    ticket: "Ticket", "Ticket";
    content: "Content", "Inhalt";
    owner: "Owner", "Besitzer";
    kind: "Kind", "Art";
    since: "Since", "Seit";
    history: "History", "Verlauf";
    history_empty: "Nothing has happened yet.", "Noch ist nichts geschehen.";
    someone: "someone", "jemand";
    protect_on: "Switch Protected Mode on", "Protected Mode einschalten";
    protect_off: "Switch Protected Mode off", "Protected Mode ausschalten";
    protect_help: "In Protected Mode only admins of the group see the ticket.",
        "Im Protected Mode sehen nur Admins der Gruppe das Ticket.";
    copied: "Copied", "Kopiert";

    ticket_codes: "Ticket codes", "Ticket-Codes";
    ticket_codes_help: "Several codes are separated by semicolons.", "Mehrere Codes werden durch Semikolons getrennt.";
    for_whom: "For", "Für";
    for_myself: "Myself, without a group", "Mich selbst, ohne Gruppe";

    group: "Group", "Gruppe";
    group_name: "Name of the group", "Name der Gruppe";
    new_group: "New group", "Neue Gruppe";
    new_subgroup: "New subgroup", "Neue Untergruppe";
    create_group: "Create group", "Gruppe anlegen";
    top_level: "Top level", "Oberste Ebene";
    rename: "Rename", "Umbenennen";
    rename_group: "Rename group", "Gruppe umbenennen";
    move_group: "Move group", "Gruppe verschieben";
    new_parent: "New parent group", "Neue übergeordnete Gruppe";
    search_groups: "Search groups", "Gruppen suchen";
    search_heirs: "Search groups to give it to", "Erbende Gruppen suchen";
    delete_group: "Delete group", "Gruppe löschen";
    delete_group_final: "A deleted group does not come back.", "Eine gelöschte Gruppe kommt nicht zurück.";
    heir: "Who gets what it holds", "Wer den Inhalt bekommt";
    no_heir: "Nobody (only if it is empty)", "Niemand (nur wenn sie leer ist)";
    people_follow: "Its people become members there, too", "Ihre Personen werden dort auch Mitglied";
    members: "Members", "Mitglieder";
    no_members: "Nobody is a member yet.", "Noch ist niemand Mitglied.";
    person: "Person", "Person";
    permissions: "Permissions", "Rechte";
    admin: "Admin", "Admin";
    create_tickets: "Creates tickets", "Erstellt Tickets";
    remove: "Remove", "Entfernen";
    add_member: "Add member", "Mitglied hinzufügen";
    search_people: "Search people", "Personen suchen";
    nobody_to_add: "Nobody else can be added.", "Niemand weiter kann hinzugefügt werden.";
    show_tickets: "Show tickets", "Tickets anzeigen";
    my_groups: "My groups", "Meine Gruppen";

    event_ticket_created: "Created", "Erstellt";
    event_ticket_moved: "Assigned", "Zugeordnet";
    event_ticket_moved_back: "Undone", "Rückgängig gemacht";
    event_ticket_redeemed: "Added by code", "Per Code hinzugefügt";
    event_ticket_protection: "Protected Mode switched", "Protected Mode umgeschaltet";
    event_group_created: "Group created", "Gruppe angelegt";
    event_group_renamed: "Group renamed", "Gruppe umbenannt";
    event_group_moved: "Group moved", "Gruppe verschoben";
    event_group_deleted: "Group deleted", "Gruppe gelöscht";
    event_member_set: "Member or permissions changed", "Mitglied oder Rechte geändert";
    event_member_removed: "Member removed", "Mitglied entfernt";

    all_tickets: "All tickets", "Alle Tickets";
    my_tickets: "My tickets", "Meine Tickets";
    without_a_group: "Without a group", "Ohne Gruppe";
    filter_tree: "Filter groups and people", "Gruppen und Personen filtern";
    you_see_all: "You see all groups, people and tickets.", "Sie sehen alle Gruppen, Personen und Tickets.";
    you_see_own: "You see your groups and your own tickets.", "Sie sehen Ihre Gruppen und Ihre eigenen Tickets.";
    you_admin: "you: admin", "Sie: Admin";
    you: "you", "Sie";
    admin_pill: "admin", "Admin";
    drop_to_assign: "Drop to assign", "Zum Zuordnen ablegen";
    no_target: "not a target", "kein Ziel";
    new_owner: "the new owner", "neuer Besitzer";
    select_all: "Select all", "Alle auswählen";
    code: "Code", "Code";
    search_tickets: "Search tickets", "Tickets suchen";
    search_tickets_hint: "Search by code, product, owner", "Code, Produkt, Besitzer suchen";
    with_subgroups: "with subgroups", "mit Untergruppen";
    loading: "Loading…", "Lädt…";
    no_matching_tickets: "No ticket matches. Search for something else, or in another group.",
        "Kein Ticket passt. Suchen Sie nach etwas anderem oder in einer anderen Gruppe.";
    no_tickets_yet: "No tickets here yet. Drag some here, or add one by its code:",
        "Noch keine Tickets. Ziehen Sie welche hierher, oder fügen Sie eines mit seinem Code hinzu:";
    hold_to_drag: "Hold to drag, ⋮ to move", "Halten zum Ziehen, ⋮ zum Verschieben";
    pages: "Pages", "Seiten";
    page_before: "Previous page", "Vorige Seite";
    page_after: "Next page", "Nächste Seite";
    live: "live", "live";
    offline_trying: "Offline — trying again", "Offline – neuer Versuch läuft";
    notifications: "Notifications", "Meldungen";
    undo: "Undo", "Rückgängig";
    nothing_to_undo_here: "There is nothing to undo.", "Es gibt nichts rückgängig zu machen.";
    drag_cancelled: "Drag cancelled. Nothing was moved.", "Ziehen abgebrochen. Nichts wurde verschoben.";
}

/// Sentences with something in them.
impl Language {
    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::De,
            Self::De => Self::En,
        }
    }

    /// The language's own name.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// Of a personal ticket: the group through which it came.
    #[must_use]
    pub fn via(self, group: &str) -> String {
        match self {
            Self::En => format!("via {group}"),
            Self::De => format!("über {group}"),
        }
    }

    /// A number, in groups of three.
    #[must_use]
    pub fn count(self, count: impl std::fmt::Display) -> String {
        let digits = count.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(match self {
                    Self::En => ',',
                    Self::De => '.',
                });
            }
            text.push(digit);
        }
        text
    }

    /// So many of what is counted so far, or more.
    #[must_use]
    pub fn count_up_to(self, n: u64, counted: u32) -> String {
        if n <= u64::from(counted) {
            return self.count(n);
        }
        let counted = self.count(counted);
        match self {
            Self::En => format!("more than {counted}"),
            Self::De => format!("mehr als {counted}"),
        }
    }

    /// So many tickets, as lists and trees count them.
    #[must_use]
    pub fn count_tickets(self, n: u64) -> String {
        match (self, n) {
            (Self::En, 1) => "1 ticket".to_owned(),
            (Self::En, _) => format!("{} tickets", self.count_up_to(n, COUNTED)),
            (Self::De, 1) => "1 Ticket".to_owned(),
            (Self::De, _) => format!("{} Tickets", self.count_up_to(n, COUNTED)),
        }
    }

    /// So many groups right below.
    #[must_use]
    pub fn count_subgroups(self, n: u32) -> String {
        match (self, n) {
            (Self::En, 1) => "1 subgroup".to_owned(),
            (Self::En, _) => format!("{} subgroups", self.count(n)),
            (Self::De, 1) => "1 Untergruppe".to_owned(),
            (Self::De, _) => format!("{} Untergruppen", self.count(n)),
        }
    }

    /// So many members.
    #[must_use]
    pub fn count_members(self, n: usize) -> String {
        match (self, n) {
            (Self::En, 1) => "1 member".to_owned(),
            (Self::En, _) => format!("{} members", self.count(n)),
            (Self::De, 1) => "1 Mitglied".to_owned(),
            (Self::De, _) => format!("{} Mitglieder", self.count(n)),
        }
    }

    /// Heading of the choice of a new owner.
    #[must_use]
    pub fn move_what_to(self, what: &str) -> String {
        match self {
            Self::En => format!("Move {what} to…"),
            Self::De => format!("{what} verschieben nach…"),
        }
    }

    /// Button that logs a demo person in.
    #[must_use]
    pub fn log_in_as(self, name: &str) -> String {
        match self {
            Self::En => format!("Log in as {name}"),
            Self::De => format!("Als {name} anmelden"),
        }
    }

    /// Name of the button that copies a ticket code.
    #[must_use]
    pub fn copy_code(self, code: &str) -> String {
        match self {
            Self::En => format!("Copy {code}"),
            Self::De => format!("{code} kopieren"),
        }
    }

    /// Too many attempts.
    #[must_use]
    pub fn too_many_attempts(self, seconds: u64) -> String {
        match self {
            Self::En => format!("Too many attempts. Wait {seconds} seconds and try again."),
            Self::De => {
                format!("Zu viele Versuche. Warten Sie {seconds} Sekunden und versuchen Sie es erneut.")
            }
        }
    }

    /// Somebody else moved the ticket first.
    #[must_use]
    pub fn overtaken(self, code: &str, now: &str, by: Option<&str>) -> String {
        match (self, by) {
            (Self::En, Some(by)) => {
                format!(
                    "{by} was faster: ticket {code} is now here: {now}. Nothing was moved. Look at it again."
                )
            }
            (Self::En, None) => {
                format!(
                    "Somebody else was faster: ticket {code} is now here: {now}. Nothing was moved. Look at it again."
                )
            }
            (Self::De, Some(by)) => {
                format!(
                    "{by} war schneller: Ticket {code} ist jetzt hier: {now}. Nichts wurde verschoben. Sehen Sie es sich noch einmal an."
                )
            }
            (Self::De, None) => {
                format!(
                    "Jemand war schneller: Ticket {code} ist jetzt hier: {now}. Nichts wurde verschoben. Sehen Sie es sich noch einmal an."
                )
            }
        }
    }

    /// A mistyped code.
    #[must_use]
    pub fn code_mistyped(self, at: u32, why: &str) -> String {
        match self {
            Self::En => format!("Code {at} is mistyped: {why}. Correct it and try again."),
            Self::De => {
                format!("Code {at} ist vertippt: {why}. Berichtigen Sie ihn und versuchen Sie es erneut.")
            }
        }
    }

    /// A character that no code contains.
    #[must_use]
    pub fn code_character(self, character: char) -> String {
        match self {
            Self::En => format!("“{character}” does not occur in ticket codes"),
            Self::De => format!("„{character}“ kommt in Ticket-Codes nicht vor"),
        }
    }

    /// A code that cannot be redeemed.
    #[must_use]
    pub fn code_unknown(self, at: u32) -> String {
        match self {
            Self::En => {
                format!("Code {at} cannot be redeemed. Ask whoever gave it to you. No ticket was added.")
            }
            Self::De => {
                format!(
                    "Code {at} kann nicht eingelöst werden. Fragen Sie, von wem Sie ihn haben. Kein Ticket wurde hinzugefügt."
                )
            }
        }
    }

    /// Of a form field: the permissions of one person.
    #[must_use]
    pub fn permission_of(self, permission: &str, name: &str) -> String {
        match self {
            Self::En | Self::De => format!("{permission}: {name}"),
        }
    }

    /// What a deleted group leaves behind.
    #[must_use]
    pub fn group_holds(self, subgroups: u32, tickets: u64, members: usize) -> String {
        let (subgroups, tickets) = (self.count_subgroups(subgroups), self.count_tickets(tickets));
        let members = self.count_members(members);
        match self {
            Self::En => format!("It holds {subgroups}, {tickets} and {members}."),
            Self::De => format!("Sie enthält {subgroups}, {tickets} und {members}."),
        }
    }

    /// A ticket for a person, through a group.
    #[must_use]
    pub fn myself_via(self, group: &str) -> String {
        match self {
            Self::En => format!("Myself, via {group}"),
            Self::De => format!("Mich selbst, über {group}"),
        }
    }
}
