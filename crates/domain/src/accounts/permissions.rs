//! What a membership permits beyond plain membership (S1, S13), as data: another permission is a variant here, a row in the
//! table `permissions`, and a line in the policy that asks for it.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};

crate::texts::enum_of_texts! {
    /// One thing that a membership permits, in its group and in every group below it.
    Permission, else NoPermission;
    /// Administers the group.
    Admin = "admin",
    /// Creates tickets and customers, within the product filters and quotas above (S13).
    CreateTicket = "create_ticket",
    /// Reads the reports of the branch: numbers, and the names of the products in it. No ticket, code, person or group, no
    /// history, and nothing to change.
    ViewReports = "view_reports",
    /// Renews and extends what tickets grant, within the product filters and quotas above (N17).
    RenewTicket = "renew_ticket",
    /// Changes how many licences tickets grant, within the product filters and quotas above; suspends and reinstates them (N17).
    ChangeTicket = "change_ticket",
    /// Revokes what tickets grant, for good, within the product filters above (N17).
    RevokeTicket = "revoke_ticket",
}

impl Permission {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of permissions. Written as a map from each name to yes or no, so that forms have a field for each:
/// `permissions[admin]=true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Permissions(u32);

impl Permissions {
    /// A plain member.
    pub const NONE: Self = Self(0);
    /// An admin.
    pub const ADMIN: Self = Self::NONE.with(Permission::Admin);
    /// What every admin has, without being given it: who sees the whole branch can read its reports.
    pub const OF_ADMINS: Self = Self::ADMIN.with(Permission::ViewReports);

    /// Every permission: what ISV admins have.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the permission is in the set.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether they make an admin.
    #[must_use]
    pub const fn admin(self) -> bool {
        self.has(Permission::Admin)
    }

    /// The set with that permission, too.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | permission.bit())
    }

    /// The set with the permission where it was missing, and without it where it was there.
    #[must_use]
    pub const fn switched(self, permission: Permission) -> Self {
        Self(self.0 ^ permission.bit())
    }

    /// What is in one of the two sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in one of the two sets and not in the other.
    #[must_use]
    pub const fn changed(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }

    /// Whether everything in `other` is in `self` too.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Those in the set.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(move |permission| self.has(*permission))
    }

    /// The names of the permissions in the set, as organisation files write them.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        self.iter().map(|permission| permission.to_string()).collect()
    }

    /// Adds the permission of that name.
    ///
    /// # Errors
    /// The name itself, when there is no such permission.
    pub fn with_name(self, name: &str) -> Result<Self, UnknownPermission> {
        let permission = name.parse().map_err(|_| UnknownPermission(name.to_owned()))?;
        Ok(self.with(permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}

/// There is no permission of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPermission(pub String);

impl fmt::Display for UnknownPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Permissions::all().names().join(", ");
        write!(f, "there is no permission {:?}; known are {known}", self.0)
    }
}

impl std::error::Error for UnknownPermission {}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Permission::ALL.len()))?;
        for permission in Permission::ALL {
            map.serialize_entry(&permission.to_string(), &self.has(*permission))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Permissions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("permissions by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Permissions, A::Error> {
                let mut set = Permissions::NONE;
                while let Some(name) = map.next_key::<String>()? {
                    match name.parse::<Permission>() {
                        Ok(permission) if map.next_value::<Given>()?.0 => set = set.with(permission),
                        Ok(_) => {}
                        // Another field of the same form.
                        Err(NoPermission) => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(set)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Yes or no; in forms it is a text.
struct Given(bool);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct YesOrNo;
        impl Visitor<'_> for YesOrNo {
            type Value = Given;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Given, E> {
                Ok(Given(yes))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Given, E> {
                text.parse()
                    .map(Given)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(YesOrNo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_cover_what_they_contain() {
        let both = Permissions::ADMIN.with(Permission::CreateTicket);
        assert!(both.covers(Permissions::ADMIN) && both.covers(both) && both.covers(Permissions::NONE));
        assert!(!Permissions::ADMIN.covers(both) && !Permissions::NONE.covers(Permissions::ADMIN));
        assert_eq!(both.changed(Permissions::ADMIN).names(), ["create_ticket"]);
    }

    #[test]
    fn permissions_are_written_by_name() {
        let set = Permissions::NONE.with(Permission::ViewReports);
        let text = serde_json::to_string(&set).unwrap();
        assert_eq!(
            text,
            "{\"admin\":false,\"create_ticket\":false,\"view_reports\":true,\"renew_ticket\":false,\
             \"change_ticket\":false,\"revoke_ticket\":false}"
        );
        assert_eq!(serde_json::from_str::<Permissions>(&text).unwrap(), set);
        let forms = r#"{"admin":"true","user":7}"#;
        assert_eq!(
            serde_json::from_str::<Permissions>(forms).unwrap(),
            Permissions::ADMIN
        );
        assert!(serde_json::from_str::<Permissions>(r#"{"admin":"x"}"#).is_err());
        let all = Permissions::all().names();
        let read = all
            .iter()
            .try_fold(Permissions::NONE, |sum, name| sum.with_name(name));
        assert_eq!(read, Ok(Permissions::all()));
        assert!(Permissions::NONE.with_name("root").is_err());
    }

    #[test]
    fn a_permission_that_is_there_already_stays() {
        assert_eq!(Permissions::ADMIN.with(Permission::Admin), Permissions::ADMIN);
    }

    #[test]
    fn a_permission_is_switched_on_and_off() {
        let both = Permissions::ADMIN.with(Permission::ViewReports);
        assert_eq!(Permissions::ADMIN.switched(Permission::ViewReports), both);
        assert_eq!(both.switched(Permission::ViewReports), Permissions::ADMIN);
    }

    #[test]
    fn what_are_no_permissions_is_told_what_was_expected() {
        let why = |json: &str| serde_json::from_str::<Permissions>(json).unwrap_err().to_string();
        assert!(why("7").contains("expected permissions by name"));
        assert!(why(r#"{"admin":7}"#).contains("expected true or false"));
    }

    #[test]
    fn who_misspells_a_permission_reads_which_there_are() {
        let why = Permissions::NONE.with_name("root").unwrap_err();
        assert_eq!(
            why.to_string(),
            "there is no permission \"root\"; known are admin, create_ticket, view_reports, renew_ticket, change_ticket, \
             revoke_ticket"
        );
    }
}
