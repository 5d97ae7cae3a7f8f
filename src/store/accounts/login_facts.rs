//! What decides what a person has to do first after logging in.

use domain::{accounts::sessions::LoginFacts, ids::UserId};

use crate::store::{StoreError, Tx, row::rows};

/// Of a person `u`, what decides whether a login has something to do before anything else.
pub(crate) const LOGIN_FACTS: &str = "CASE WHEN u.password_until IS NULL THEN 0 ELSE 1 END AS temporary,
     (SELECT COUNT(*) FROM instance i WHERE i.name = 'second_factor_demanded') AS demanded,
     CASE WHEN u.isv_admin = 1 OR EXISTS
         (SELECT 1 FROM membership_permissions p WHERE p.user_id = u.id AND p.permission = 'admin')
         THEN 1 ELSE 0 END AS administers,
     (SELECT COUNT(*) FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS second_factor";

rows! {
    /// A row of [`LOGIN_FACTS`].
    pub(crate) struct LoginFactsRow {
        temporary: bool,
        demanded: bool,
        administers: bool,
        second_factor: bool,
    }
}

impl From<LoginFactsRow> for LoginFacts {
    fn from(row: LoginFactsRow) -> Self {
        Self {
            temporary_password: row.temporary,
            demanded: row.demanded,
            admin: row.administers,
            second_factor: row.second_factor,
        }
    }
}

/// What decides whether a login of that person has something to do before anything else.
///
/// # Errors
/// [`StoreError`].
pub async fn login_facts(tx: &mut Tx, id: UserId) -> Result<LoginFacts, StoreError> {
    let sql = format!("SELECT {LOGIN_FACTS} FROM users u WHERE u.id = $1");
    let row: Option<LoginFactsRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(LoginFacts::from).unwrap_or_default())
}
