//! Use by person.

texts! {
    own_use: "My use";
    own_use_explained: "What is kept about what your machines use, and for how long.";
    own_use_off: "Use is not kept by person here: nothing is added up about you.";
    own_use_on(since: &str): "Use is kept by person here since {since}.";
    own_use_kept:
        "For each day (UTC) and each licence: how long machines with credentials of your containers leased it, how often they were refused it, and in how many minutes they waited. Neither names of machines nor times of day.";
    own_use_how_long(days: i64):
        "Each day is deleted after {days} days; all of it at once when this is switched off, and what is about you when your account is switched off. Backups of the operator may hold it longer.";
    own_use_for_whom:
        "You see it here. Admins who look after you and see the ticket of a licence see the sum of it on its page of use.";
    own_use_otherwise(days: i64):
        "Whether this is on or off, each lease is kept for {days} days with its machine and its container, because licences are lent by it. Who reaches the container sees it.";
    no_own_use: "Nothing is kept about you yet: use is added up once an hour is over.";
    use_by_person: "Use by person";
    use_by_person_since(since: &str): "By person, on whole days since {since}";
    use_by_person_off: "Use is not kept by person.";
    use_by_person_on(since: &str): "Use is kept by person since {since}.";
    keep_use_by_person: "Keep use by person";
    keep_use_by_person_help(days: i64):
        "How long whose machines leased which licence, day by day, for {days} days. These are personal data: have a reason for them, and agree on it with those concerned, and with their works council where there is one. Everybody sees under My use what is kept about them.";
    end_use_by_person: "Switch off and delete";
    end_use_by_person_help: "All that is kept by person is deleted at once, and cannot be brought back.";
    person_csv: "By person as CSV";
}
