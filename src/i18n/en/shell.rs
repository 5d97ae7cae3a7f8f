//! What surrounds every page: sections, help, keys.

// The bar

texts! {
    activity: "Activity";
    help: "Help";
}

// Help

texts! {
    words: "Words";
    ticket_explained:
        "What is handed on: it holds licences, and belongs to one group or one person, or to nobody yet. Whoever has its code can take one that is nobody's.";
    license_explained: "The right to use a product, so many times. It stands in a ticket, and is activated in a container.";
    container_explained: "A machine, a dongle, or a place in the cloud that uses licences. It belongs to a person.";
    group_context_explained:
        "The group through which a person has a ticket or a container. The admins of that group see it, and can take it back.";
    protected_explained: "A ticket of a group in this mode is seen by the admins of the group only, not by its other members.";
    keys: "Keys";
    key_enter: "Enter";
    key_space: "Space";
    key_control: "Ctrl";
    key_tab: "Go on to the next link, field or button";
    key_arrows: "Go up and down in the tree and in lists";
    key_branch: "Open and close a branch of the tree";
    key_open: "Open what has the focus; on the handle of a ticket, lift it, and drop it on a target";
    key_lift: "Select a node or a ticket";
    key_undo: "Take back the last move, while its message is there";
    key_messages: "Go to the messages";
    key_escape: "Close, cancel a drag";
}
