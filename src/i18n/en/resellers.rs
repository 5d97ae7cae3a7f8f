//! Creating tickets, customers, quotas and reports.

// Creating tickets

texts! {
    create_tickets_title: "Create tickets";
    create_in_group: "In the group";
    create_in_no_group: "No group: as the maker";
    choose: "Choose";
    nothing_to_create:
        "No product may be created here. Ask an admin of a group above, or an ISV admin, to allow some.";
    licenses_per_ticket: "Licences in each ticket";
    number_of_tickets: "Number of tickets";
    series_help: "Several are a series of equal tickets.";
    rules: "Rules";
    validity_perpetual: "Perpetual";
    validity_between: "From a day to a day";
    validity_days: "So many days from the first activation";
    first_day: "First day (UTC)";
    last_day: "Last day (UTC)";
    days: "Days";
    returns_allowed: "How often it may be given back";
    returns_help: "Empty: as often as one likes.";
    recipient: "For";
    recipient_codes: "Nobody yet: I hand out the codes";
    recipient_stock: "The group itself, in Protected Mode";
    recipient_customer: "A customer";
    recipient_new_customer: "A new customer";
    customer: "Customer";
    customers: "Customers";
    customer_invited: "link sent";
    customer_not_invited: "link not sent yet";
    customer_person: "Name of the person";
    customer_login: "Login";
    customer_login_help: "Empty: the mail address.";
    customer_group: "Name of a group for the customer";
    customer_group_help:
        "Empty: the customer is this person alone. Otherwise a group is made below yours, and the person is its admin.";
    customer_gets_link:
        "The customer gets a mail with a link that sets the password. The account takes a seat.";
    create_now: "Create";
    created_lately: "Created by you";
    nothing_created: "You have not created any tickets yet.";
    number: "Number";
    still_free: "Not taken yet";
    created_at: "Created";
    created_tickets: "Created tickets";
    codes_help:
        "Whoever has a code can take its ticket. You see the codes here again for as long as you create tickets in this group; others do not.";
    all_assigned: "All of these tickets have an owner, so no code is to be handed out.";
    made_for: "For:";
    ticket_free: "free";
    ticket_taken: "taken";
    copy_all_codes: "Copy all free codes";
    print: "Print";
    download_codes_text: "Download as text";
    download_codes_csv: "Download as CSV";
    mail_codes: "Send the free codes by mail";
    codes_mailed: "The mail with the codes is on its way.";
    create_more: "Create more tickets";

    no_free_codes: "All of these tickets have an owner already: there is no code to hand out.";

    invalid_creation_dates: "Enter the first day, the last day, or both; the last one must be still to come.";
    invalid_creation_returns:
        "That is too often. Enter a smaller number, or nothing for as often as one likes.";
    invalid_creation_no_email: "Enter the mail address of the customer: the link goes there.";
    invalid_creation_no_customer: "Choose a customer.";

    invalid_creation_quantity(most: u32): "Enter 1 to {most} licences for each ticket.";
    invalid_creation_series(most: u32): "Enter 1 to {most} tickets.";
    invalid_creation_days(most: u32): "Enter 1 to {most} days.";
}

// Products and quotas

texts! {
    partner_rules: "Products and quotas";
    allowed_products: "Products that may be created here";
    nothing_allowed: "None. Until a group on the path names products, only ISV admins create tickets.";
    changed_from_above: "This is changed by the admins of the groups above, and by ISV admins.";
    product_filter: "Product filter";
    filter_help:
        "The filter holds for this group and all below. What the groups above do not let through stays forbidden.";
    has_filter: "This group has a filter of its own";
    quotas: "Quotas";
    quotas_help: "So many licences can be created in this group and all below, by calendar (UTC).";
    no_quotas: "This group has no quota of its own.";
    period: "Period";
    quota: "Quota";
    quota_help: "Empty: no limit.";
    used: "Used";
    set_quota: "Set the quota";
    invalid_quota: "A quota is a number from 0 to 1,000,000,000. Enter one, or nothing for no limit.";
    per_day: "per day";
    per_month: "per month";
    per_year: "per year";
    in_total: "in total";

    quota_left(left: &str): "{left} left";
    quota_left_today(left: &str): "{left} left today";
    quota_left_this_month(left: &str): "{left} left this month";
    quota_left_this_year(left: &str): "{left} left this year";
    over_quota(wanted: &str, left: &str):
        "The quota does not have room for {wanted} licences: {left}. Create fewer, or ask an admin above for more.";
    over_hidden_quota(wanted: &str):
        "A quota that holds here does not have room for {wanted} licences. Create fewer, or ask an admin above for more.";
}

// Reports

texts! {
    reports: "Reports";
    reports_explained:
        "Licences by period and product. Assigned, activated and expiring are those in tickets of the branch now, counted where their tickets came into being; expiring ones end within 90 days. Days are UTC.";
    branch: "Branch";
    all_you_may_see: "All that you may see";
    report_created: "Created";
    report_assigned: "Assigned";
    report_activated: "Activated";
    report_expiring: "Expiring";
    nothing_to_report: "Nothing was created or came into being in these days.";
}
