//! What surrounds every page: sections, help, keys.

use crate::i18n::Language;

// The bar

index! { shell:
    activity, help;
}

// Help

index! { shell:
    words, license_explained, ticket_explained, container_explained, group_context_explained,
    protected_explained, keys, key_enter, key_space, key_control, key_tab, key_arrows, key_branch,
    key_open, key_lift, key_undo, key_messages, key_escape;
}
