//! What happened, and webhooks.

// What happened

texts! {
    history_explained:
        "What you did, what happened to you, and what happened in the groups you administer. Times are UTC.";
    search_history: "Search people, groups, tickets, containers";
    about: "About";
    everything: "Everything";
    from_day: "From day";
    to_day: "To day";
    show: "Show";
    when: "When";
    what_happened: "What happened";
    by_whom: "By whom";
    over_channel: "Over";
    no_events: "Nothing that you may see has happened, or nothing of this kind.";
    not_among_newest: "Nothing among the events that were looked through. There are older ones.";
    older: "Older";
    newest: "Newest";
    download_csv: "Download as CSV";
    show_all_events: "Show everything";
    operator: "operator of the server";
    a_machine: "a machine";
    hidden_group: "a group you cannot see";
    hidden_container: "a container you cannot see";

    topic_containers: "Containers and machines";
    topic_groups: "Groups and members";
    topic_accounts: "Accounts";
    topic_instance: "This portal";
    channel_browser: "Browser";
    channel_client: "Headless client";
    channel_api: "Access token";
    channel_import: "Import";
    channel_command_line: "Command line";

    history: "History";
    history_empty: "Nothing has happened yet.";

    only_events_of(name: &str): "Only events of {name}";
    only_events_in(name: &str): "Only events in {name} and below";
    from_backup_of(made_at: &str): "from the backup of {made_at}";
}

// Changes

texts! {
    no_quota: "no limit";
    no_filter: "no filter";
    nothing_through: "no products";
    no_member: "no member";
    plain_member: "member";
    a_former_product: "a product that is gone";

    count_events(n: u32): "{n} events";
}

// Kinds of events

texts! {
    event_ticket_created: "Created";
    event_ticket_moved: "Assigned";
    event_ticket_moved_back: "Undone";
    event_ticket_redeemed: "Added by code";
    event_ticket_protection: "Protected Mode switched";
    event_take_back_asked: "Asked back";
    event_take_back_kept: "Kept, though asked back";
    event_take_back_cancelled: "No longer asked back";
    event_take_back_given: "Given back at once";
    event_take_back_ended: "Not taken back";
    event_codes_mailed: "Codes sent by mail";
    event_codes_downloaded: "Codes downloaded";
    event_product_filter_changed: "Product filter changed";
    event_quota_changed: "Quota changed";
    event_webhook_created: "Webhook created";
    event_webhook_changed: "Webhook changed";
    event_webhook_stopped: "Webhook switched itself off";
    event_webhook_deleted: "Webhook deleted";
    event_customer_created: "Customer created";
    event_group_created: "Group created";
    event_group_renamed: "Group renamed";
    event_group_moved: "Group moved";
    event_group_deleted: "Group deleted";
    event_member_set: "Member or permissions changed";
    event_member_removed: "Member removed";
    event_user_created: "Account created";
    event_user_changed: "Account changed";
    event_user_activated: "Account switched on";
    event_user_deactivated: "Account switched off";
    event_login_ended: "Login ended";
    event_leaver_processed: "Leaver processed";
    event_password_generated: "Password generated";
    event_password_changed: "Password changed";
    event_second_factor_added: "Second factor added";
    event_second_factor_removed: "Second factor removed";
    event_recovery_codes_renewed: "New recovery codes";
    event_token_created: "Access token made";
    event_token_revoked: "Access token revoked";
    event_identity_linked: "Sign-in linked";
    event_identity_unlinked: "Sign-in unlinked";
    event_identity_provider_created: "Identity provider added";
    event_identity_provider_changed: "Identity provider changed";
    event_identity_provider_deleted: "Identity provider removed";
    event_view_began: "View as this person began";
    event_view_ended: "View as this person ended";
    event_second_factor_demanded: "Second factor demanded of admins";
    event_second_factor_optional: "Second factor no longer demanded";
    event_use_by_person_kept: "Use kept by person from now on";
    event_use_by_person_deleted: "Use no longer kept by person, and deleted";
    event_license_requested: "Seats or variant requested";
    event_license_request_withdrawn: "Request withdrawn";
    event_license_replaced: "Licence of the instance replaced";
    event_product_created: "Product created";
    event_product_changed: "Product changed";
    event_history_accepted: "Events with a wrong time accepted";
    event_restored: "Portal restored";
    event_container_created: "Container created";
    event_container_renamed: "Container renamed";
    event_license_activated: "Licence activated";
    event_license_deactivated: "Licence deactivated";
    event_license_withdrawn: "Licence withdrawn";
    event_container_removed: "Container removed";
    event_machine_updated: "Update for a machine";
    event_machine_confirmed: "Confirmed by a machine";
    event_machine_lost: "Machine reported lost";
    event_machine_found: "Machine found again";
    event_license_asked_back: "Licence asked back from a machine";
    event_license_recovered: "Licence recovered from a lost machine";
    event_license_bound: "Bound to a machine";
    event_license_unbound: "Given back by a machine";
    event_license_renewed: "Renewed";
    event_license_extended: "Extended";
    event_ticket_split: "Part split off";
    event_ticket_split_off: "Split off from another ticket";
    event_ticket_joined: "Another ticket joined to it";
    event_ticket_joined_into: "Joined to another ticket";
    event_license_quantity_changed: "Quantity changed";
    event_license_suspended: "Suspended";
    event_license_reinstated: "Reinstated";
    event_license_revoked: "Revoked";
    event_license_amendment_planned: "Change planned";
    event_license_amendment_undone: "Change taken back";
    event_credential_issued: "Credential file issued";
    event_credential_rotated: "Credential replaced";
    event_credential_disabled: "Credential disabled";
    event_credential_enabled: "Credential enabled";
    event_credential_revoked: "Credential revoked";
    event_credentials_reset: "Credentials reset";
}

// Webhooks

texts! {
    webhooks: "Webhooks";
    webhooks_explained:
        "A webhook tells another system what happens here, right after it happened: a ticketing or accounting system, a chat, a script of yours. It is told what the admins of this group read in the history, and nothing from above.";
    webhooks_of_instance_explained:
        "These webhooks tell other systems everything that happens in this portal, as ISV admins read it in the history. Groups have webhooks of their own, on their pages.";
    no_webhooks: "There are no webhooks yet.";
    new_webhook: "New webhook";
    create_webhook: "Create webhook";
    webhook_name_help: "What you call it here: the receiving system.";
    webhook_url: "Address of the receiver";
    webhook_url_help:
        "Begins with https://. Admins of the group see it here; lists, log and history leave out what follows a question mark.";
    webhook_topics: "What it is told";
    webhook_topics_help: "Nothing ticked: everything.";
    webhook_signed: "Every message is signed with the portal’s key and can be checked with";
    webhook_on: "On";
    webhook_off: "Off";
    webhook_stopped_short: "Stopped by itself";
    switch_on: "Switch on";
    switch_off: "Switch off";
    switch_on_help: "It goes on where it stopped. Whoever switches it on answers for it.";
    made_by: "Made by";
    answers_for_it: "Answers for it";
    send_test: "Send a test";
    test_asked_for: "The test is on its way. Its outcome shows in the log.";
    delete_webhook: "Delete webhook";
    webhook_is_deleted: "The webhook was deleted.";
    delete_webhook_help: "It sends nothing any more, and its log is deleted.";
    delivery_log: "Log";
    delivery_log_help: "Kept for 30 days, and no more than 1,000 deliveries. Times are UTC.";
    no_deliveries: "Nothing was sent yet. Send a test, or wait until something happens.";
    a_test: "Test";
    send_again: "Send again";
    outcome: "Outcome";
    attempts: "Attempts";
    webhook_settings: "Settings";

    invalid_webhook_insecure: "The address has to begin with https://.";
    invalid_webhook_user_info:
        "Leave out user name and password: messages are signed, check the signature instead.";
    delivery_waits: "Waiting to be sent";
    delivery_withheld: "Not sent: it no longer belongs to this branch";
    delivery_done: "Delivered";
    delivery_failed: "Not taken";
    failure_timeout: "no answer within 10 seconds";
    failure_no_host:
        "no such host, or one on a private network, which the operator does not allow";
    failure_unreachable: "cannot be reached";
    failure_tls: "its certificate is not good, or it has no TLS";
    failure_protocol: "does not answer in HTTP";

    invalid_webhook_address(most: usize):
        "This is not an address of a receiver. Expected is https://host/path, at most {most} characters.";
    invalid_webhook_too_many(most: usize): "There are {most} webhooks here already. Delete one first.";
    webhook_stopped_keeper(keeper: &str, at: &str):
        "Stopped {at}: {keeper}, who answers for it, no longer administers this group. Another admin can switch it on.";
    webhook_stopped_gone(at: &str):
        "Stopped {at}: the receiver said that it is gone for good. Correct the address, then switch it on.";
    webhook_stopped_failing(at: &str):
        "Stopped {at}: for three days the receiver did not take a message. Once it works, switch the webhook on; it goes on where it stopped.";
    webhook_waits_until(at: &str): "On, waiting until {at}";
    send_again_of(what: &str, at: &str): "Send again: {what}, {at}";
    webhook_waits(at: &str): "Waiting: next attempt {at}. Later messages follow it.";
    delivery_waits_until(due: &str): "Waiting: next attempt {due}";
    answer_redirects(status: u16): "status {status}; redirects are not followed";
    answer_status(status: u16): "status {status}";
}
