//! Products, licences and containers.

use super::general::count;

// Products

texts! {
    products: "Products";
    product: "Product";
    new_product: "New product";
    no_products: "There are no products yet. They come with the first tickets, or are made here.";
    article: "Article number";
    name_english: "Name in English";
    name_german: "Name in German";
    name_german_help: "Empty: as in English.";
    features: "Features";
    features_help: "One a line, in the words that the software asks for.";
    article_taken: "There is a product with that article number already. Choose another number.";
    invalid_article: "Enter an article number of at most 120 visible characters.";
    invalid_features: "Enter at most 50 features, one a line.";
}

// Licences

texts! {
    licenses: "Licences";
    no_licenses: "There is nothing in this ticket.";
    quantity: "Quantity";
    validity: "Validity";
    perpetual: "perpetual";
    binding: "Binding";
    floating: "floating";
    node_locked: "node-locked";
    returns: "Returns";
    returns_unlimited: "as often as you like";
    activate: "Activate";
    deactivate: "Deactivate";
    withdraw_license: "Withdraw";
    transfer: "Transfer";
    transfer_to: "Transfer the selected licences to";
    activate_in: "Activate in";
    not_activated: "Nothing of it is activated.";
    in_hidden_container: "in a container that you cannot see";
    license_expired: "The licence has expired. Ask who gave you the ticket for a new one.";
    no_returns_left:
        "This licence was given back as often as it may be. Ask an admin of the ticket to withdraw it.";
    still_activated: "Some of these licences are activated. Say whether they stay activated.";
    keep_activated: "Keep them activated";
    deactivate_first: "Deactivate them first";
    activated_licenses: "Activated licences";
    do_not_move: "Do not move";
    expired: "expired";

    too_many_containers(most: u32):
        "This person has {most} containers already, which is the most. Delete one that is not needed first.";
    activated_of(activated: u32, quantity: u32): "{activated} of {quantity} activated";
    valid_between(from: &str, until: &str): "from {from} until {until}";
    valid_from(from: &str): "from {from}";
    valid_to(until: &str): "until {until}";
    leased_of(used: u64, all: u64): "{used} of {all} licences in use", used = count(used), all = count(all);
    of_total(total: &str): "of {total}";
    first_ends(day: &str): "the first until {day}";
}

pub fn not_enough(free: u32) -> String {
    match free {
        0 => "None of them is free. Deactivate one elsewhere first.".to_owned(),
        _ => format!("Only {free} are free. Enter a smaller number."),
    }
}

pub fn valid_days(days: u32) -> String {
    match days {
        1 => "1 day from the first activation".to_owned(),
        _ => format!("{days} days from the first activation"),
    }
}

pub fn returns_left(left: u32) -> String {
    match left {
        0 => "not any more".to_owned(),
        1 => "once more".to_owned(),
        _ => format!("{left} more times"),
    }
}

// Bringing licences into containers

texts! {
    activate_in_dots: "Activate in…";
    transfer_to_dots: "Transfer to…";
    drop_to_activate: "drop to activate";
    drop_to_transfer: "drop to transfer";
    no_container_permits: "There is no other container into which you may bring it.";

    count_in_use(n: u32): "{n} in use", n = count(n);
    count_free(n: u32): "{n} free", n = count(n);
    activate_what_in(what: &str): "Activate {what} in…";
    transfer_what_to(what: &str): "Transfer {what} to…";
    activate_how_many(what: &str, container: &str): "Activate how many of {what} in {container}?";
    activated_in(n: u32, what: &str, container: &str): "{n} × {what} activated in {container}";
    transferred_to(n: u32, what: &str, container: &str): "{n} × {what} transferred to {container}";
    not_activated_because(what: &str, why: &str): "{what} was not activated. {why}";
    not_transferred_because(what: &str, why: &str): "{what} was not transferred. {why}";
}

// What expires

texts! {
    expiring: "Expiring";
    expiring_explained:
        "Licences among what you see that end soon. Perpetual ones, and those whose days have not begun, are not counted. Times are UTC.";
    nothing_expires: "Nothing of it expires in this time.";
    within: "Within";
    by_branch: "By branch";
    in_all: "In all";
    ends: "Ends";
    all_products: "All products";
    people_without_group: "People, without a group";
    only_here: "directly here";
    all_branches: "All branches";
    licenses_by_time: "Licences by the time they have left";
    mail_what_expires:
        "Mail me what expires and I can act about: 90, 60, 30, 14, 7 and 1 days ahead, at most one mail a day";
    mails: "Mails";

    one_day: "1 day";

    days_of_step(from: u32, to: u32): "{from}–{to} days";
    other_branches(count: u32): "{count} other branches";
}

// Containers

texts! {
    containers: "Containers";
    container: "Container";
    new_container: "New container";
    create_container: "Create";
    cloud_container: "cloud container";
    no_containers: "There are no containers yet. Licences are activated in one.";
    search_containers: "Search containers";
    container_help:
        "Licences that are activated in a cloud container can be used from every machine that has its credential file.";
    container_empty: "Nothing is activated in this container.";
    no_container_to_choose: "no other container";
    no_license_selected: "No licence is selected. Select one first.";
    narrow_containers: "Only the first 50 are shown. Search to find others.";
    group_context: "Group context";
    whose: "Belongs to";

    containers_of(person: &str): "Containers of {person}";
    container_of(name: &str, person: &str): "{name} of {person}";
}

// Machines

texts! {
    kind_cloud: "Cloud container, for machines with a network";
    kind_device: "Device: one machine, also without a network";
    kind_dongle: "Dongle: hardware with a serial number";
    serial_number: "Serial number";
    serial_number_help: "As it stands on the dongle. Only dongles have one.";
    invalid_serial: "Enter the serial number of the dongle: at most 128 visible characters without spaces.";
    device: "device";
    dongle: "dongle";
    machine: "Machine";
    machine_help:
        "Licences come to this machine as files or QR codes, without a network. It can use them for up to 90 days without another update.";
    machine_unknown: "has not come yet";
    reported_lost: "reported lost";
    state_assigned: "waits for the machine to fetch it";
    offline_exchange: "Offline exchange";
    set_up_machine: "Set the machine up, once";
    download_setup: "Download the setup file";
    write_request: "Let the machine write a request, and bring it here";
    take_update: "Take the update to the machine";
    bring_receipt: "Bring its receipt here, in the same way as the request";
    on_machine: "on the machine";
    file_or_photo: "File, or photo of the QR code";
    exchange_text: "or its text";
    upload: "Upload";
    download_update: "Download the update";
    update_too_long: "There are too many licences in it for a QR code. Take the file.";
    update_needed: "Something has changed since this update: let the machine write another request.";
    not_confirmed: "The machine has not confirmed it yet.";
    exchanged_update: "The request was taken. The update for the machine is ready.";
    exchanged_receipt: "The receipt was taken. The machine holds what this page shows.";
    not_done: "This was not done";
    not_permitted: "You may not do this";
    report_lost: "Report lost";
    report_lost_help:
        "For a machine that is broken or gone. It gets no updates any more, and its licences can be recovered: each when the time of its last update is over, or at once by an admin of its ticket.";
    report_found: "It was found";
    report_found_help: "Then it gets updates again. What was recovered meanwhile stays where it is.";
    recover: "Recover";
    recover_now: "Recover now";
    remove_container: "Remove the container";
    remove_container_help: "Nothing may be activated in it. Its credentials stop working at once.";
    container_not_empty: "Licences are activated in the container. Deactivate or transfer them first.";
    other_kind: "That cannot be done with a container of this kind.";
    refused_on_machine: "The licence is on a machine. Deactivate it, and let the machine confirm that first.";
    whole_only: "From a machine, all of an activation comes back at once. Activate fewer afterwards.";
    activation_over: "That has ended already. Load the page again.";
    asked_back_already:
        "It was given back already. The machine has yet to confirm that: bring its next receipt.";
    exchange_unreadable:
        "This is neither a request nor a receipt of a machine. Bring the file that license-client wrote, as it is.";
    exchange_no_code:
        "No QR code was found in the picture. Take it closer, straight and sharp, or bring the file.";
    exchange_too_large:
        "The picture is too large: at most 16 megapixels. Crop it to the QR code, or make it smaller.";
    exchange_altered:
        "The text was altered on the way, or another machine wrote it. Let the machine write it again.";
    exchange_foreign:
        "It belongs to another machine, container or portal. Look for the container whose setup file the machine got.";
    exchange_replayed:
        "This request was used before, or the machine wrote a later one. Let it write a new one.";
    exchange_not_expected:
        "The receipt is not about the last update of this machine. Import that first; then bring its receipt.";
    exchange_lost: "The machine is reported lost. If it was found, say so on this page first.";
    exchange_restored:
        "The portal was restored from a backup, and other machines may hold what this one would get. Take back what it has not got yet, or ask the operator of the portal how long that lasts.";

    removal_of_container(name: &str):
        "“{name}” goes for good, with its credentials. This cannot be undone.";
    state_collected(until: &str): "in an update until {until}, not confirmed yet";
    state_confirmed(until: &str): "on the machine until {until}";
    state_run_out(until: &str): "was on the machine until {until}";
    state_given_back(until: &str):
        "given back; free when the machine confirms it, at the latest after {until}";
    state_withdrawn(until: &str): "withdrawn; free when the machine confirms it, at the latest after {until}";
    state_lost(until: &str):
        "on the lost machine until {until}; an admin of its ticket can recover it before";
    bound_since(date: &str): "since {date}";
    update_of(date: &str): "Update of {date}.";
    confirmed_on(date: &str): "The machine confirmed it: {date}.";
    lost_machine_may_use_it(until: &str):
        "The lost machine may use it until {until}. Recover it then, or ask an admin of its ticket to recover it now.";
}

// Amendments

texts! {
    license_suspended: "The licence is suspended. Ask who gave you the ticket to reinstate it.";
    license_revoked: "The licence is revoked. Ask who gave you the ticket for a new one.";
    amendment_no_end: "This licence has no end, so there is nothing to renew.";
    amendment_not_begun: "The time of this licence begins with its first activation. Renew it once that has been.";
    amendment_not_later: "The licence would not end later than it does anyway. Choose a longer term, or a later day.";
    amendment_over_already:
        "The licence would have ended before that comes into force. Choose a longer term, or renew it from then on.";
    amendment_same_quantity: "There are as many licences as that already.";
    amendment_suspended: "The licence is suspended already.";
    amendment_not_suspended: "The licence is not suspended, so there is nothing to reinstate.";
    amendment_revoked: "The licence is revoked for good. Create a new ticket instead.";
    amendment_in_the_past: "That day has been. Choose today or a later one.";
    amendment_day: "Enter a day of the calendar.";
    amendment_overtaken: "Somebody amended this licence meanwhile. Look at it again, and decide anew.";
    amendment_gone: "This amendment was taken back already.";
    amendment_followed:
        "Something followed from this amendment, so it cannot be taken back. Make another one that says how it is to be now.";

    amendment_of_two_tickets:
        "This concerns two tickets. Join them to take a split back, and split again to take a join back.";

    amended_suspend: "Suspend";
    amended_reinstate: "Reinstate";
    amended_revoke: "Revoke";

    amended_extend(day: &str): "Extend until {day}";
    amendment_reason(most: usize): "A reason has at most {most} characters, all of which can be shown.";
    suspended_since(day: &str): "suspended since {day}";
    revoked_since(day: &str): "revoked since {day}";
    amendment_term(days: u32, months: u32): "A term has 1 to {days} days, or 1 to {months} months.";
    amendment_quantity(most: u32): "Enter 1 to {most} licences. To take all of them away, suspend or revoke them.";
    amendment_too_many(most: u32): "This licence has been amended {most} times, more is not possible.";
    amendment_too_often(most: u32): "This licence has been amended {most} times, and cannot be split or joined any more. Move its ticket as a whole.";
    amendment_conflict(number: u32):
        "Amendment {number}, which is planned for later, would not be possible any more. Take it back first.";
}

pub fn amended_renew_days(n: u32) -> String {
    match n {
        1 => "Renew for 1 day".to_owned(),
        _ => format!("Renew for {} days", count(n)),
    }
}

pub fn amended_renew_months(n: u32) -> String {
    match n {
        1 => "Renew for 1 month".to_owned(),
        _ => format!("Renew for {} months", count(n)),
    }
}

pub fn amended_quantity(n: u32) -> String {
    match n {
        1 => "Change to 1 licence".to_owned(),
        _ => format!("Change to {} licences", count(n)),
    }
}

pub fn amended_split(n: u32) -> String {
    match n {
        1 => "Split off 1 licence".to_owned(),
        _ => format!("Split off {} licences", count(n)),
    }
}

pub fn amended_join(n: u32) -> String {
    match n {
        1 => "Join 1 licence".to_owned(),
        _ => format!("Join {} licences", count(n)),
    }
}

pub fn granted_licenses(n: u32) -> String {
    match n {
        1 => "1 licence".to_owned(),
        _ => format!("{} licences", count(n)),
    }
}

// Credentials

texts! {
    credentials: "Credentials";
    credentials_help:
        "With a credential file, and nothing else, a machine uses the licences of this container: in images, templates and CI.";
    no_credentials: "There are no credentials yet.";
    remove_container_dots: "Remove the container…";
    issue_credential: "Issue a credential file";
    issue_and_download: "Issue and download";
    credential_shown_once:
        "The file cannot be shown again. If it is lost, issue a new one, then disable and revoke the lost one.";
    credential_label: "Label";
    credential_label_help: "What uses it: a machine, an image, a pipeline.";
    credential_days: "Expires after days";
    credential_days_help: "Empty: never.";
    credential_issued: "Issued";
    credential_expires: "Expires";
    credential_never: "never";
    credential_last_used: "Last used";
    credential_active: "active";
    credential_disabled: "disabled";
    credential_expired: "expired";
    credential_revoked: "revoked";
    disable_credential: "Disable";
    enable_credential: "Enable";
    revoke_credential: "Revoke";
    revoke_credential_help: "For good: what its machines use ends.";
    rotate_credential: "Replace";
    credential_overlap: "The old one stays good for days";
    replace_and_download: "Replace and download";
    reset_credentials: "Reset credentials";
    reset_credentials_help:
        "All credentials of this container stop working at once, and what its machines use ends.";
    reset_with_new: "Reset, issue a new file and download it";
    more_about_credential: "Replace, revoke";
    reset_ends_nothing: "There is nothing to end: no credential works.";
    disable_before_revoking:
        "An active credential is disabled first; if nothing misses it, it can be revoked here.";
    credential_not_disabled: "Disable the credential first. If nothing misses it, revoke it then.";
    credential_over: "The credential is revoked or has expired. Issue a new one.";

    reset_ends(labels: &str):
        "This ends: {labels}. It cannot be undone; machines that are to go on need new files.";
    labels_and_more(labels: &str, more: usize): "{labels} and {more} more";
    issued_by(name: &str): "by {name}";
    invalid_credential_too_many(most: usize):
        "There are {most} credentials already. Disable and revoke one that nothing needs.";
    invalid_credential_days(most: u32):
        "Enter 1 to {most} days, or nothing for a credential that does not expire.";
    invalid_credential_overlap(most: u32): "The old credential stays good for 0 to {most} days. Enter fewer.";
}

// Pages of amendments

texts! {
    term_and_quantity: "Term and quantity";
    amend_title: "Change licences";
    amend_dots: "Change…";
    renew_dots: "Renew…";
    extend_dots: "Extend…";
    change_quantity_dots: "Change quantity…";
    suspend_dots: "Suspend…";
    reinstate_dots: "Reinstate…";
    revoke_dots: "Revoke…";
    amend_renew: "Renew";
    amend_extend: "Extend";
    amend_quantity: "Change quantity";
    what_to_do: "What to do";
    new_term: "New term";
    another_length: "Another length";
    length: "Length";
    unit: "Unit";
    months: "Months";
    term_begins: "The new term begins";
    begins_at_end: "when the present one ends";
    begins_now: "when the change takes effect";
    begins_now_if_ended: "when the present one ends; if it has ended by then, when the change takes effect";
    new_quantity: "New quantity";
    takes_effect: "Takes effect";
    at_once: "at once";
    on_a_day: "on a day";
    day_of_effect: "Day (UTC)";
    reason_help: "Read by those who see you.";
    stands_before: "Before";
    stands_after: "After";
    who_loses: "Who loses what";
    nobody_loses: "Nobody loses anything by that.";
    suspend_explained: "Nobody can use it until it is reinstated. Its time goes on meanwhile.";
    revoke_explained:
        "This ends for good, wherever it is activated: it cannot be used, renewed or reinstated any more. To stop it only for a while, suspend it.";
    revoke_for_good: "Revoke for good";
    revoke_asked: "Yes, all of this ends for good";
    all_items_or_none: "Either all of these are changed, or none.";
    leave_refused_ones_out: "Leave the refused ones out";
    nothing_left_to_amend: "None of them can be changed like that.";
    amendments_made: "The licences were changed.";
    amendment_taken_back: "The change was taken back.";
    no_amendments: "Nothing has been changed since it was created.";
    amendments: "Amendments";
    plans: "Planned";
    can_be_used: "can be used";
    not_usable_yet: "cannot be used yet";
    who_knows_yet: "Machines that know";
    knows_yet: "Knows of the last amendment";
    knows_it: "yes";
    no_machine_holds: "No machine holds any of it.";
    planned_word: "planned";
    in_force_word: "in force";
    undone_word: "taken back";
    licenses_to_amend: "Which licences";
    nothing_to_amend: "No licence is chosen. Choose at least one.";

    amend_too_many(most: usize): "At most {most} licences can be changed at once. Select fewer tickets.";
    amend_all_listed(n: usize): "Change all {n} licences listed…", n = count(n);
    loses_until(place: &str, lost: u32, quantity: u32, until: &str):
        "{place}: {lost} of {quantity} end. Machines there may go on until {until} at the latest.";
    loses_from(place: &str, lost: u32, quantity: u32, from: &str): "{place}: {lost} of {quantity} end on {from}.";
    more_activated(activated: u32, over: u32): "{activated} are activated, {over} too many: those cannot be used.";
    amendment_number(number: u32): "Amendment {number}";
    planned_for(at: &str): "takes effect on {at}";
    in_force_since(at: &str): "since {at}";
    undone_at(at: &str): "taken back on {at}";
    undone_at_by(at: &str, by: &str): "taken back on {at} by {by}";
    amended_because(reason: &str): "Reason: {reason}";
    knows_by(until: &str): "not yet, by {until} at the latest";
    first_machines(n: u32): "Only the first {n} machines are shown, those first that do not know.";
    amendment_not_undone(why: &str): "The change was not taken back. {why}";
}

pub fn months_long(n: u32) -> String {
    match n {
        1 => "1 month".to_owned(),
        _ => format!("{} months", count(n)),
    }
}

pub fn count_items(n: usize) -> String {
    match n {
        1 => "1 item".to_owned(),
        _ => format!("{} items", count(n)),
    }
}

pub fn earlier_amendments(n: usize) -> String {
    match n {
        1 => "1 earlier amendment".to_owned(),
        _ => format!("{} earlier amendments", count(n)),
    }
}

texts! {
    usage: "Use";
    usage_explained:
        "How many licences machines had on average, while your groups, and their people through them, had the tickets.";
    use_period: "Period";
    use_day: "Day";
    use_hour: "Hour";
    use_most_at_once: "Most in use at once";
    use_on_average: "In use on average";
    use_hours_leased: "Hours in use";
    use_granted: "Granted";
    use_refused: "Refused";
    use_waited: "Minutes waited";
    use_by_weekday: "By weekday and hour";
    use_by_machine: "By machine, in the last 30 days";
    use_by_product: "By product";
    use_leases: "Leases";
    use_forecast: "Forecast";
    use_not_counted: "All times are UTC. Machines without a network do not say when they use their licences, and are not counted.";
    as_table: "As a table";
    no_use_yet: "Nothing is known yet: use is counted once an hour, or a day, is over.";
    nothing_used: "There are no licences here.";
    last_used: "Last used";
    never_used: "never, as far as is known";
    forecast_unknown: "Too few weeks are known to say anything.";
    forecast_enough: "If use goes on like this, they do not run out within two years.";
    forecast_full: "In the last week, all were in use at once.";
    unused_licenses: "Unused licences";
    unused_explained:
        "Licences that have had the same owner all the time, and that no machine had. What machines without a network hold counts as used.";
    unused_for_days: "Unused for so many days";
    nothing_unused: "All licences that you can see were used, or have not had their owner for so long.";
    use_last_day: "24 hours";
    use_last_week: "7 days";
    use_last_month: "30 days";
    use_last_year: "1 year";
    refused_none_free: "Refused: none free";
    refused_not_valid: "Refused: not valid";
    refused_suspended: "Refused: suspended";
    refused_revoked: "Refused: revoked";
    refused_reduced: "Refused: fewer than before";
    monday: "Mon";
    tuesday: "Tue";
    wednesday: "Wed";
    thursday: "Thu";
    friday: "Fri";
    saturday: "Sat";
    sunday: "Sun";

    use_of(what: &str): "Use of {what}";
    use_of_granted(peak: u32, granted: u32): "{peak} of {granted}", peak = count(peak), granted = count(granted);
    use_known(since: &str, until: &str): "Known since {since}, shown until {until}.";
    use_described(from: &str, until: &str, most: &str, at: &str, refused: &str):
        "From {from} to {until}. Most: {most}, on {at}. Refused: {refused}.";
    use_week_described(most: &str, day: &str, hour: &str): "Most on average: {most}, on {day} from {hour}.";
    forecast_gone(likely: &str, earliest: &str, latest: &str):
        "If use goes on growing like this, the last free one is gone on {likely}: probably between {earliest} and {latest} (95 %).";
    forecast_gone_perhaps(likely: &str, earliest: &str):
        "If use goes on growing like this, the last free one is gone on {likely}: probably not before {earliest}, and perhaps never (95 %).";
    unused_known_since(since: &str): "Use is known since {since} only: what was used before that is not.";
}
