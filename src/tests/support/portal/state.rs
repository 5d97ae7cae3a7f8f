//! What is in a portal, as text, to see whether it changed.

use license_portal::store::Engine;

use crate::support::portal::TestPortal;

/// Lines with all that requests change.
const STATE: &str = "SELECT 'group ' || id || ' ' || COALESCE(parent_id, 0) || ' ' || path || ' ' || name AS line FROM groups
     UNION ALL SELECT 'person ' || id || ' ' || login || ' ' || name || ' ' || COALESCE(email, '') || isv_admin || active
         || COALESCE(password_hash, '') || COALESCE(password_until, 0) FROM users
     UNION ALL SELECT 'request ' || id || ' ' || seats || variant || note || COALESCE(mailed_at, 0) || COALESCE(ended_at, 0) || granted
         FROM license_requests
     UNION ALL SELECT 'link ' || token_hash || user_id || until FROM password_links
     UNION ALL SELECT 'factor ' || user_id || secret || COALESCE(confirmed_at, 0) || last_step FROM second_factors
     UNION ALL SELECT 'recovery ' || user_id || code_hash FROM recovery_codes
     UNION ALL SELECT 'fact ' || name || ' ' || value FROM instance
     UNION ALL SELECT 'member ' || user_id || ' ' || group_id FROM memberships
     UNION ALL SELECT 'permission ' || user_id || ' ' || group_id || ' ' || permission FROM membership_permissions
     UNION ALL SELECT 'ticket ' || id || ' ' || code || ' ' || COALESCE(owner_group_id, 0) || ' ' || COALESCE(owner_user_id, 0)
         || ' ' || COALESCE(context_group_id, 0) || ' ' || COALESCE(level_group_id, 0) || ' ' || protected || owner_since FROM tickets
     UNION ALL SELECT 'filter ' || group_id FROM product_filters
     UNION ALL SELECT 'filtered ' || group_id || ' ' || product_id FROM filtered_products
     UNION ALL SELECT 'quota ' || group_id || ' ' || product_id || ' ' || period || quantity FROM quotas
     UNION ALL SELECT 'creation ' || id || ' ' || quantity || ' ' || tickets || ' ' || created_by FROM creations
     UNION ALL SELECT 'customer ' || user_id || ' ' || COALESCE(group_id, 0) || ' ' || COALESCE(own_group_id, 0) FROM customers
     UNION ALL SELECT 'product ' || id || ' ' || article || ' ' || name || ' ' || name_de || ' ' || features FROM products
     UNION ALL SELECT 'licence ' || id || ' ' || ticket_id || ' ' || product_id || ' ' || quantity || ' ' || activated
         || ' ' || COALESCE(started_at, 0) || ' ' || COALESCE(returns_left, -1) || ' ' || COALESCE(valid_until, 0)
         || ' ' || COALESCE(reduced_to, 0) || ' ' || COALESCE(suspended_at, 0) || ' ' || COALESCE(revoked_at, 0)
         || ' ' || COALESCE(planned, '') FROM licenses
     UNION ALL SELECT 'amendment ' || id || ' ' || license_id || ' ' || number || what || settled || COALESCE(undone_at, 0) FROM amendments
     UNION ALL SELECT 'take-back ' || id || ' ' || ticket_id || ' ' || from_owner || ' ' || to_group_id || ' ' || asked_by || ' ' || due_at
         || state || COALESCE(ended_at, 0) FROM take_backs
     UNION ALL SELECT 'use ' || begins || ' ' || license_id || ' ' || person_id || ' ' || leased FROM use_by_person
     UNION ALL SELECT 'container ' || id || ' ' || user_id || ' ' || COALESCE(context_group_id, 0) || ' ' || name
         || kind || COALESCE(removed_at, 0) FROM containers
     UNION ALL SELECT 'device ' || container_id || ' ' || COALESCE(public_key, '') || number || COALESCE(update_text, '')
         || COALESCE(lost_at, 0) || ' ' || COALESCE(confirmed_at, 0) FROM devices
     UNION ALL SELECT 'activation ' || id || ' ' || license_id || ' ' || container_id || ' ' || quantity || state FROM activations
     UNION ALL SELECT 'credential ' || id || ' ' || container_id || ' ' || label || COALESCE(expires_at, 0) || ' '
         || COALESCE(disabled_at, 0) || ' ' || COALESCE(revoked_at, 0) FROM credentials
     UNION ALL SELECT 'lease ' || id || ' ' || activation_id || ' ' || expires_at || ' ' || COALESCE(ended_at, 0) FROM leases
     UNION ALL SELECT 'event ' || id || ' ' || kind FROM events
     UNION ALL SELECT 'request ' || request_key || ' ' || what FROM requests
     UNION ALL SELECT 'import ' || id || ' ' || state FROM imports
     UNION ALL SELECT 'webhook ' || id || ' ' || name || ' ' || url || topics || active || kept_by FROM webhooks
     UNION ALL SELECT 'view ' || id || ' ' || COALESCE(user_id, 0) || ' ' || COALESCE(group_id, 0) || name || query FROM ticket_views
     UNION ALL SELECT 'provider ' || id || ' ' || name || issuer || client_id || scopes || login_claim || gives_factor || active || version
         || COALESCE(branch_id, 0) || ' ' || COALESCE(join_group_id, 0) FROM identity_providers
     UNION ALL SELECT 'identity ' || user_id || ' ' || provider_id || issuer || subject FROM linked_identities
     UNION ALL SELECT 'delivery ' || id || ' ' || webhook_id || state FROM webhook_deliveries";

impl TestPortal {
    /// All that a request could change, row by row; who is logged in is not part of it.
    pub async fn state(&self) -> Vec<String> {
        // Put together by the database: to take hundreds of rows one by one takes longer than to find them.
        let together = match self.store.engine() {
            Engine::Sqlite => "group_concat(line, char(10))",
            Engine::Postgres => "string_agg(line, chr(10))",
        };
        let state = self
            .texts(&format!(
                "SELECT COALESCE({together}, '') FROM ({STATE} ORDER BY 1) AS state"
            ))
            .await;
        state
            .iter()
            .flat_map(|lines| lines.lines())
            .map(str::to_owned)
            .collect()
    }
}
