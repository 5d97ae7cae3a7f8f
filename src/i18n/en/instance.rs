//! The licence of the instance, requests, imports and exports.

// The licence of the instance

texts! {
    administration: "Administration";
    license_administration: "Licence administration";
    maximum_active: "Maximum number of active users";
    current_active: "Current number of active users";
    customer_id: "Customer ID";
    instance_number: "Instance number";
    instance_id: "Instance ID";
    instance_id_help: "The maker of the portal issues licences for this ID.";
    server_ip: "Server IP";
    current_version: "Current version";
    usage_variant: "Usage variant";
    special_functions: "Special functions";
    license_and_seats: "Licence and seats";
    license_file_tab: "Licence file";
    valid_until: "Valid until";
    without_end: "without end";
    your_customer_information: "Your customer information";
    company: "Company";
    main_contact: "Main contact person";
    phone: "Telephone";
    unlicensed:
        "This instance has no licence: it has 5 seats. Ask the maker of the portal for a licence file, and name the instance ID.";
    replace_license: "Replace the licence";
    license_file: "Contents of the licence file";
    license_replaced: "The licence is in force.";
    invalid_license_malformed: "This is not a licence file. Paste the whole file.";
    invalid_license_forged:
        "This licence was not signed by the maker of the portal, or was altered since. Ask the maker for a new one.";
    invalid_license_expired: "This licence has expired. Ask the maker for a new one.";
    invalid_license_foreign:
        "This licence was issued for another instance. Ask the maker for one with the instance ID below.";
    invalid_license_no_vendor:
        "This server does not know the maker's key: its operator starts it with --maker-key.";

    restored(made_at: &str, at: &str): "This portal was restored on {at} from the backup of {made_at}.";
    held_after_restore(until: &str):
        "Machines may hold licences that it handed out in between and does not know of: until {until} at the latest, those that no machine was known to have are held back.";
}

// Requests to the vendor

texts! {
    request_license: "Request more users or another variant";
    request_seats: "Number of active users";
    request_variant_help: "Empty: the variant stays.";
    requested_by: "Requested by";
    request_note: "Note to the maker";
    send_request: "Send the request";
    request_recorded: "The request was recorded.";
    request_is_withdrawn: "The request was withdrawn.";
    withdraw: "Withdraw";
    requests: "Requests";
    request_not_mailed:
        "This server does not know the maker's mail address: requests are recorded here, but you have to send them yourself.";

    request_state_recorded: "recorded, not mailed yet";
    invalid_wish_nothing: "This is what the instance has already. Change the number or the variant.";
    invalid_wish_text: "Variant or note are too long, or contain control characters. Shorten them.";

    request_state_mailed(at: &str): "mailed to the maker, {at}";
    request_state_granted(at: &str): "granted, {at}";
    request_state_withdrawn(at: &str): "withdrawn, {at}";
    requests_go_to(address: &str): "The request is mailed to {address}.";
    invalid_wish_seats(most: u32): "Enter a number of users between 1 and {most}.";
}

// Imports and exports

texts! {
    import_export: "Import and export";
    import_file: "Import a file";
    imports: "Imports";
    import_explained:
        "A JSON organisation file, or a CSV table of groups, users, memberships, tickets or products. First you see what would become of each line; nothing is changed before you confirm it, and nothing is ever deleted by it.";
    file_to_import: "File (CSV or JSON, UTF-8, at most 256 MB)";
    check_file: "Check the file";
    export_files: "Export";
    export_explained:
        "Everything in the portal as one JSON file, or one kind of it as a CSV table. Ticket codes are in it: keep the files like the tickets themselves. Passwords, containers and the history are not.";
    everything_json: "Everything (JSON)";
    no_imports: "Nothing has been imported here yet.";
    uploaded_at: "Uploaded";
    import_state: "State";
    import_result: "Result";
    confirm_import: "Import now";
    discard_import: "Discard";
    refresh_import: "Refresh";
    import_report: "Report";
    line: "Line";
    entry: "Entry";
    kind_of_entry: "Kind";
    what_becomes: "What becomes of it";
    all_lines: "All";
    no_lines: "No lines.";
    nothing_in_file: "There is nothing in the file that could be imported.";
    correct_file: "Nothing is imported as long as one line is refused. Correct the file and upload it again.";
    all_or_nothing: "All of it is stored in one step, or nothing. Meanwhile, changes by others wait.";
    import_done: "The file is imported.";
    nothing_imported: "Nothing of the file was imported.";
    refused_import_open:
        "Another file is being imported. Wait until it is done, or discard it, and try again.";
    refused_import_over: "The file cannot be imported, or not any more. Upload it again.";
    file: "File";
    created_inactive: "Would be created, and stay inactive: no seat is left";
    line_utf16: "The file is in UTF-16, or no text. Save it as UTF-8.";
    line_encoding: "This line is not UTF-8. Save the file as UTF-8.";
    line_empty: "The file is empty.";
    line_unknown_header:
        "The first line does not name the columns of such a table. It has to, for example: login,name,email. Columns are separated by commas or semicolons.";
    line_open_quote:
        "A quotation mark is opened and not closed, or stands within a cell without being doubled.";
    line_too_long: "Longer than 1 MB. Is a quotation mark or bracket missing?";
    line_too_many: "More than 1,000,000 entries of one kind. Split the file.";
    line_other_format: "The file is of another kind than was said.";
    line_key: "The key of a group has 1 to 200 characters, and no line breaks.";
    line_binding: "The binding is floating or node_locked.";
    line_days_and_dates: "A licence has days or dates, not both.";
    line_ends_before: "It ends before it begins.";
    line_amendments: "What was done to the licence does not lead to what is said of it otherwise.";
    line_owner: "The owner is nobody, one group, or one user with or without a group as context.";
    line_lines_differ: "The lines of one ticket name different owners.";
    line_protected_personal: "Only group tickets can be protected.";
    line_json_ends: "The file ends in the middle of its JSON.";
    line_circle: "The groups form a circle.";
    line_isv_admin_stays: "A file makes nobody an ISV admin who has an account already.";
    line_active_stays:
        "A file does not switch accounts on or off that exist. Do that under Persons and users.";
    line_licenses_stay:
        "The licences of a ticket that exists are not changed by a file. Leave them out, or as they are.";

    noun_users: "Users";
    noun_memberships: "Memberships";
    to_create: "to create";
    to_change: "to change";
    so_many_refused: "refused";
    so_many_created: "created";
    so_many_changed: "changed";
    so_many_unchanged: "unchanged";
    was_created: "Created";
    was_changed: "Changed";
    was_there_already: "Was there already";
    is_refused: "Refused";
    would_be_created: "Would be created";
    would_be_changed: "Would be changed";
    is_there_already: "Is there already";
    field_name: "name";
    field_features: "features";
    field_email: "mail address";
    field_parent: "group above";
    field_permissions: "permissions";
    field_owner: "owner";
    field_protected: "Protected Mode";
    import_has_mistakes: "Has mistakes";
    import_is_empty: "Has nothing in it";
    import_is_checked: "Being checked";
    import_waits: "Waits for confirmation";
    import_runs: "Being imported";
    import_is_done: "Imported";
    import_failed: "Not imported";
    import_failure_discarded: "It was discarded.";
    import_failure_waited: "Nobody confirmed it within an hour. Upload it again.";
    import_failure_server_ended: "The server that had it ended. Upload it again.";
    import_failure_overtaken:
        "The portal changed in between, and something in the file cannot be imported any more. Upload it again to see what.";
    import_failure_not_permitted: "Whoever confirmed it may not import any more.";
    import_failure_fault: "Something broke. The details are in the log of the server. Try again later.";

    line_unknown_column(column: &str):
        "There is no column “{column}” in such a table. Remove it, or correct its name.";
    line_column_twice(column: &str): "The column “{column}” is there twice.";
    line_cells(found: u64, expected: u64):
        "It has {found} cells, and the first line names {expected} columns.";
    line_json_syntax(column: u64): "This is no JSON, from column {column} on. Nothing was read after it.";
    line_json(what: &str): "The file cannot be read on from here: {what}";
    line_format(format: &str): "The format “{format}” is not license-portal/organisation@1.";
    line_permission(name: &str): "There is no permission “{name}”.";
    line_code(why: &str): "The code is mistyped: {why}.";
    line_flag(column: &str): "In the column “{column}” stands true, false, or nothing.";
    line_number(column: &str): "“{column}” is not a number in its range.";
    line_time(column: &str): "“{column}” is a time such as 2027-01-01T00:00:00Z.";
    line_too_many_licenses(most: usize): "A ticket has at most {most} licences.";
    line_twice(first: u64): "The same stands in line {first} already.";
    line_no_group(key: &str): "There is no group with the key “{key}”, in the file or in the portal.";
    line_no_user(login: &str): "There is no user with the login “{login}”, in the file or in the portal.";
    left_inactive(count: &str): "{count} of the accounts stay inactive: no seats are left for them.";
    percent_done(percent: u32): "{percent}% done";
}
