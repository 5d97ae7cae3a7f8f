//! Use by person: what is kept, for how long, and who switches it on.

use crate::i18n::Language;

index! { use_by_person:
    own_use, own_use_explained, own_use_off, own_use_kept, own_use_for_whom, no_own_use, use_by_person, use_by_person_off,
    keep_use_by_person, end_use_by_person, end_use_by_person_help, person_csv;

    /// Since when it is kept, on one's own page.
    fn own_use_on(since: &str);

    /// After how many days it is deleted.
    fn own_use_how_long(days: i64);

    /// What is kept in any case, for so many days.
    fn own_use_otherwise(days: i64);

    /// What people used, since that day.
    fn use_by_person_since(since: &str);

    /// Since when it is kept, for ISV admins.
    fn use_by_person_on(since: &str);

    /// What is kept then, for so many days.
    fn keep_use_by_person_help(days: i64);
}
