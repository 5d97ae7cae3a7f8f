//! What the portal says about importing and exporting files.

use domain::instance::imports::{ImportFailure, ImportState, MAX_LICENSES, Noun, Verdict};

use crate::{
    i18n::Language,
    views::instance::imports::{Field, Import},
};

words! {
    import_export: "Import and export", "Import und Export";
    import_file: "Import a file", "Datei importieren";
    imports: "Imports", "Importe";
    import_explained: "A JSON organisation file, or a CSV table of groups, users, memberships, tickets or products. First you see what would become of each line; nothing is changed before you confirm it, and nothing is ever deleted by it.",
        "Eine JSON-Organisationsdatei oder eine CSV-Tabelle mit Gruppen, Benutzern, Mitgliedschaften, Tickets oder Produkten. Zuerst sehen Sie, was aus jeder Zeile würde; nichts wird geändert, bevor Sie es bestätigen, und nie wird etwas dadurch gelöscht.";
    file_to_import: "File (CSV or JSON, UTF-8, at most 256 MB)", "Datei (CSV oder JSON, UTF-8, höchstens 256 MB)";
    check_file: "Check the file", "Datei prüfen";
    export_files: "Export", "Export";
    export_explained: "Everything in the portal as one JSON file, or one kind of it as a CSV table. Ticket codes are in it: keep the files like the tickets themselves. Passwords, containers and the history are not.",
        "Alles im Portal als eine JSON-Datei oder eine Art davon als CSV-Tabelle. Ticket-Codes stehen darin: Verwahren Sie die Dateien wie die Tickets selbst. Passwörter, Container und der Verlauf nicht.";
    everything_json: "Everything (JSON)", "Alles (JSON)";
    no_imports: "Nothing has been imported here yet.", "Hier wurde noch nichts importiert.";
    uploaded_at: "Uploaded", "Hochgeladen";
    import_state: "State", "Zustand";
    import_result: "Result", "Ergebnis";
    confirm_import: "Import now", "Jetzt importieren";
    discard_import: "Do not import", "Nicht importieren";
    refresh_import: "Refresh", "Aktualisieren";
    import_report: "Report", "Bericht";
    line: "Line", "Zeile";
    entry: "Entry", "Eintrag";
    kind_of_entry: "Kind", "Art";
    what_becomes: "What becomes of it", "Was daraus wird";
    all_lines: "All", "Alle";
    no_lines: "No lines.", "Keine Zeilen.";
    nothing_in_file: "There is nothing in the file that could be imported.", "In der Datei steht nichts, was importiert werden könnte.";
    correct_file: "Nothing is imported as long as one line is refused. Correct the file and upload it again.",
        "Nichts wird importiert, solange eine Zeile abgelehnt wird. Berichtigen Sie die Datei und laden Sie sie erneut hoch.";
    all_or_nothing: "All of it is stored in one step, or nothing. Meanwhile, changes by others wait.",
        "Alles wird in einem Schritt gespeichert oder nichts. Währenddessen warten Änderungen durch andere.";
    import_done: "The file is imported.", "Die Datei ist importiert.";
    nothing_imported: "Nothing of the file was imported.", "Nichts aus der Datei wurde importiert.";
    refused_import_open: "Another file is being imported. Wait until it is done, or discard it, and try again.",
        "Eine andere Datei wird gerade importiert. Warten Sie, bis das fertig ist, oder verwerfen Sie sie, und versuchen Sie es erneut.";
    refused_import_over: "The file cannot be imported, or not any more. Upload it again.",
        "Die Datei kann nicht oder nicht mehr importiert werden. Laden Sie sie erneut hoch.";
    file: "File", "Datei";
    created_inactive: "Would be created, and stay inactive: no seat is left", "Würde angelegt und bliebe inaktiv: kein Platz ist frei";
    line_utf16: "The file is in UTF-16, or no text. Save it as UTF-8.", "Die Datei ist in UTF-16 oder kein Text. Speichern Sie sie als UTF-8.";
    line_encoding: "This line is not UTF-8. Save the file as UTF-8.", "Diese Zeile ist kein UTF-8. Speichern Sie die Datei als UTF-8.";
    line_empty: "The file is empty.", "Die Datei ist leer.";
    line_unknown_header: "The first line does not name the columns of such a table. It has to, for example: login,name,email. Columns are separated by commas or semicolons.",
        "Die erste Zeile nennt nicht die Spalten einer solchen Tabelle. Das muss sie, zum Beispiel: login,name,email. Spalten sind durch Komma oder Semikolon getrennt.";
    line_open_quote: "A quotation mark is opened and not closed, or stands within a cell without being doubled.",
        "Ein Anführungszeichen wird geöffnet und nicht geschlossen, oder steht in einer Zelle, ohne verdoppelt zu sein.";
    line_too_long: "Longer than 1 MB. Is a quotation mark or bracket missing?", "Länger als 1 MB. Fehlt ein Anführungszeichen oder eine Klammer?";
    line_too_many: "More than 1,000,000 entries of one kind. Split the file.", "Mehr als 1.000.000 Einträge einer Art. Teilen Sie die Datei.";
    line_other_format: "The file is of another kind than was said.", "Die Datei ist von anderer Art, als gesagt wurde.";
    line_key: "The key of a group has 1 to 200 characters, and no line breaks.", "Der Schlüssel einer Gruppe hat 1 bis 200 Zeichen und keine Zeilenumbrüche.";
    line_binding: "The binding is floating or node_locked.", "Die Bindung ist floating oder node_locked.";
    line_days_and_dates: "A licence has days or dates, not both.", "Eine Lizenz hat Tage oder Daten, nicht beides.";
    line_ends_before: "It ends before it begins.", "Sie endet, bevor sie beginnt.";
    line_owner: "The owner is nobody, one group, or one user with or without a group as context.",
        "Der Besitzer ist niemand, eine Gruppe oder ein Benutzer mit oder ohne Gruppe als Kontext.";
    line_lines_differ: "The lines of one ticket name different owners.", "Die Zeilen eines Tickets nennen verschiedene Besitzer.";
    line_protected_personal: "Only group tickets can be protected.", "Nur Gruppen-Tickets können im Protected Mode sein.";
    line_json_ends: "The file ends in the middle of its JSON.", "Die Datei endet mitten im JSON.";
    line_circle: "The groups form a circle.", "Die Gruppen bilden einen Kreis.";
    line_isv_admin_stays: "A file makes nobody an ISV admin who has an account already.", "Eine Datei macht niemanden zum ISV-Admin, der schon ein Konto hat.";
    line_active_stays: "A file does not switch accounts on or off that exist. Do that under Persons and users.",
        "Eine Datei schaltet bestehende Konten nicht ein oder aus. Tun Sie das unter Personen und Benutzer.";
    line_licenses_stay: "The licences of a ticket that exists are not changed by a file. Leave them out, or as they are.",
        "Die Lizenzen eines bestehenden Tickets werden durch eine Datei nicht geändert. Lassen Sie sie weg oder wie sie sind.";
}

impl Language {
    /// What entries are about.
    #[must_use]
    pub const fn noun(self, noun: Noun) -> &'static str {
        match (self, noun) {
            (_, Noun::Products) => self.products(),
            (_, Noun::Groups) => self.groups(),
            (Self::En, Noun::Users) => "Users",
            (Self::De, Noun::Users) => "Benutzer",
            (Self::En, Noun::Memberships) => "Memberships",
            (Self::De, Noun::Memberships) => "Mitgliedschaften",
            (_, Noun::Tickets) => self.tickets(),
        }
    }

    /// How many of that verdict, of a file that is not imported yet: "3 refused".
    #[must_use]
    pub fn so_many(self, verdict: Verdict, count: u64, done: bool) -> String {
        let verdict = match (self, verdict) {
            (Self::En, Verdict::Created) if !done => "to create",
            (Self::De, Verdict::Created) if !done => "anzulegen",
            (Self::En, Verdict::Changed) if !done => "to change",
            (Self::De, Verdict::Changed) if !done => "zu ändern",
            (Self::En, Verdict::Refused) => "refused",
            (Self::De, Verdict::Refused) => "abgelehnt",
            (Self::En, Verdict::Created) => "created",
            (Self::De, Verdict::Created) => "angelegt",
            (Self::En, Verdict::Changed) => "changed",
            (Self::De, Verdict::Changed) => "geändert",
            (Self::En, Verdict::Unchanged) => "unchanged",
            (Self::De, Verdict::Unchanged) => "unverändert",
        };
        format!("{} {verdict}", self.count(count))
    }

    /// What would become of an entry.
    #[must_use]
    pub const fn would_be(self, verdict: Verdict, done: bool) -> &'static str {
        match (self, verdict) {
            (Self::En, Verdict::Created) if done => "Created",
            (Self::De, Verdict::Created) if done => "Angelegt",
            (Self::En, Verdict::Changed) if done => "Changed",
            (Self::De, Verdict::Changed) if done => "Geändert",
            (Self::En, Verdict::Unchanged) if done => "Was there already",
            (Self::De, Verdict::Unchanged) if done => "War schon da",
            (Self::En, Verdict::Refused) => "Refused",
            (Self::De, Verdict::Refused) => "Abgelehnt",
            (Self::En, Verdict::Created) => "Would be created",
            (Self::De, Verdict::Created) => "Würde angelegt",
            (Self::En, Verdict::Changed) => "Would be changed",
            (Self::De, Verdict::Changed) => "Würde geändert",
            (Self::En, Verdict::Unchanged) => "Is there already",
            (Self::De, Verdict::Unchanged) => "Ist schon da",
        }
    }

    /// What would change.
    #[must_use]
    pub const fn field(self, field: Field) -> &'static str {
        match (self, field) {
            (Self::En, Field::Name) => "name",
            (Self::De, Field::Name) => "Name",
            (Self::En, Field::Features) => "features",
            (Self::De, Field::Features) => "Funktionen",
            (Self::En, Field::Email) => "mail address",
            (Self::De, Field::Email) => "E-Mail-Adresse",
            (Self::En, Field::Parent) => "group above",
            (Self::De, Field::Parent) => "übergeordnete Gruppe",
            (Self::En, Field::Permissions) => "permissions",
            (Self::De, Field::Permissions) => "Rechte",
            (Self::En, Field::Owner) => "owner",
            (Self::De, Field::Owner) => "Besitzer",
            (_, Field::Protected) => "Protected Mode",
        }
    }

    /// How far an import has come.
    #[must_use]
    pub const fn import_state_of(self, import: &Import) -> &'static str {
        let refused = import.counts.refused > 0;
        let empty = import.counts.total() == 0;
        match (self, import.state) {
            (Self::En, ImportState::Checked) if refused => "Has mistakes",
            (Self::De, ImportState::Checked) if refused => "Hat Fehler",
            (Self::En, ImportState::Checked) if empty => "Has nothing in it",
            (Self::De, ImportState::Checked) if empty => "Ist leer",
            (Self::En, ImportState::Checking) => "Being checked",
            (Self::De, ImportState::Checking) => "Wird geprüft",
            (Self::En, ImportState::Checked) => "Waits for confirmation",
            (Self::De, ImportState::Checked) => "Wartet auf Bestätigung",
            (Self::En, ImportState::Confirmed | ImportState::Importing) => "Being imported",
            (Self::De, ImportState::Confirmed | ImportState::Importing) => "Wird importiert",
            (Self::En, ImportState::Done) => "Imported",
            (Self::De, ImportState::Done) => "Importiert",
            (Self::En, ImportState::Failed) => "Not imported",
            (Self::De, ImportState::Failed) => "Nicht importiert",
        }
    }

    /// Why nothing of a file was stored.
    #[must_use]
    pub const fn import_failure(self, why: ImportFailure) -> &'static str {
        match (self, why) {
            (Self::En, ImportFailure::Discarded) => "It was discarded.",
            (Self::De, ImportFailure::Discarded) => "Sie wurde verworfen.",
            (Self::En, ImportFailure::Waited) => "Nobody confirmed it within an hour. Upload it again.",
            (Self::De, ImportFailure::Waited) => {
                "Niemand hat sie binnen einer Stunde bestätigt. Laden Sie sie erneut hoch."
            }
            (Self::En, ImportFailure::ServerEnded) => "The server that had it ended. Upload it again.",
            (Self::De, ImportFailure::ServerEnded) => {
                "Der Server, der sie hatte, wurde beendet. Laden Sie sie erneut hoch."
            }
            (Self::En, ImportFailure::Overtaken) => {
                "The portal changed in between, and something in the file cannot be imported any more. Upload it again to see what."
            }
            (Self::De, ImportFailure::Overtaken) => {
                "Das Portal hat sich inzwischen geändert, und etwas in der Datei kann nicht mehr importiert werden. Laden Sie sie erneut hoch, um zu sehen, was."
            }
            (Self::En, ImportFailure::NotPermitted) => "Whoever confirmed it may not import any more.",
            (Self::De, ImportFailure::NotPermitted) => "Wer sie bestätigt hat, darf nicht mehr importieren.",
            (Self::En, ImportFailure::Fault) => {
                "Something broke. The details are in the log of the server. Try again later."
            }
            (Self::De, ImportFailure::Fault) => {
                "Etwas ist schiefgegangen. Einzelheiten stehen im Protokoll des Servers. Versuchen Sie es später erneut."
            }
        }
    }

    /// An unknown column, with those that there are.
    #[must_use]
    pub fn line_unknown_column(self, column: &str) -> String {
        match self {
            Self::En => {
                format!("There is no column “{column}” in such a table. Remove it, or correct its name.")
            }
            Self::De => format!(
                "In einer solchen Tabelle gibt es keine Spalte „{column}“. Entfernen Sie sie oder berichtigen Sie ihren Namen."
            ),
        }
    }

    /// A column that is there twice.
    #[must_use]
    pub fn line_column_twice(self, column: &str) -> String {
        match self {
            Self::En => format!("The column “{column}” is there twice."),
            Self::De => format!("Die Spalte „{column}“ ist zweimal da."),
        }
    }

    /// Too many or too few cells.
    #[must_use]
    pub fn line_cells(self, found: u64, expected: u64) -> String {
        match self {
            Self::En => format!("It has {found} cells, and the first line names {expected} columns."),
            Self::De => format!("Sie hat {found} Zellen, und die erste Zeile nennt {expected} Spalten."),
        }
    }

    /// What is no JSON.
    #[must_use]
    pub fn line_json_syntax(self, column: u64) -> String {
        match self {
            Self::En => format!("This is no JSON, from column {column} on. Nothing was read after it."),
            Self::De => format!("Ab Spalte {column} ist das kein JSON. Danach wurde nichts gelesen."),
        }
    }

    /// JSON, but not that of an organisation file.
    #[must_use]
    pub fn line_json(self, what: &str) -> String {
        match self {
            Self::En => format!("The file cannot be read on from here: {what}"),
            Self::De => format!("Die Datei kann ab hier nicht gelesen werden: {what}"),
        }
    }

    /// A format that is not known.
    #[must_use]
    pub fn line_format(self, format: &str) -> String {
        match self {
            Self::En => format!("The format “{format}” is not license-portal/organisation@1."),
            Self::De => format!("Das Format „{format}“ ist nicht license-portal/organisation@1."),
        }
    }

    /// A permission that there is not.
    #[must_use]
    pub fn line_permission(self, name: &str) -> String {
        match self {
            Self::En => format!("There is no permission “{name}”."),
            Self::De => format!("Es gibt kein Recht „{name}“."),
        }
    }

    /// What is no ticket code.
    #[must_use]
    pub fn line_code(self, why: &str) -> String {
        match self {
            Self::En => format!("The code is mistyped: {why}."),
            Self::De => format!("Der Code ist vertippt: {why}."),
        }
    }

    /// What is neither true nor false.
    #[must_use]
    pub fn line_flag(self, column: &str) -> String {
        match self {
            Self::En => format!("In the column “{column}” stands true, false, or nothing."),
            Self::De => format!("In der Spalte „{column}“ steht true, false oder nichts."),
        }
    }

    /// What is no number, or too large.
    #[must_use]
    pub fn line_number(self, column: &str) -> String {
        match self {
            Self::En => format!("“{column}” is not a number in its range."),
            Self::De => format!("„{column}“ ist keine Zahl im erlaubten Bereich."),
        }
    }

    /// What is no time.
    #[must_use]
    pub fn line_time(self, column: &str) -> String {
        match self {
            Self::En => format!("“{column}” is a time such as 2027-01-01T00:00:00Z."),
            Self::De => format!("„{column}“ ist ein Zeitpunkt wie 2027-01-01T00:00:00Z."),
        }
    }

    /// Too many licences in a ticket.
    #[must_use]
    pub fn line_too_many_licenses(self) -> String {
        match self {
            Self::En => format!("A ticket has at most {MAX_LICENSES} licences."),
            Self::De => format!("Ein Ticket hat höchstens {MAX_LICENSES} Lizenzen."),
        }
    }

    /// What stands in another line already.
    #[must_use]
    pub fn line_twice(self, first: u64) -> String {
        match self {
            Self::En => format!("The same stands in line {first} already."),
            Self::De => format!("Dasselbe steht schon in Zeile {first}."),
        }
    }

    /// A group that there is not.
    #[must_use]
    pub fn line_no_group(self, key: &str) -> String {
        match self {
            Self::En => format!("There is no group with the key “{key}”, in the file or in the portal."),
            Self::De => {
                format!("Es gibt keine Gruppe mit dem Schlüssel „{key}“, weder in der Datei noch im Portal.")
            }
        }
    }

    /// A person that there is not.
    #[must_use]
    pub fn line_no_user(self, login: &str) -> String {
        match self {
            Self::En => format!("There is no user with the login “{login}”, in the file or in the portal."),
            Self::De => {
                format!(
                    "Es gibt keinen Benutzer mit dem Benutzernamen „{login}“, weder in der Datei noch im Portal."
                )
            }
        }
    }

    /// Accounts that an import left switched off.
    #[must_use]
    pub fn left_inactive(self, count: u64) -> String {
        let count = self.count(count);
        match self {
            Self::En => format!("{count} of the accounts stay inactive: no seats are left for them."),
            Self::De => format!("{count} der Konten bleiben inaktiv: für sie sind keine Plätze frei."),
        }
    }

    /// How much of a step is done.
    #[must_use]
    pub fn percent_done(self, thousandths: u32) -> String {
        let percent = thousandths / 10;
        match self {
            Self::En => format!("{percent}% done"),
            Self::De => format!("{percent} % erledigt"),
        }
    }
}
