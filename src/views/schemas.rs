//! How types of the domain look in JSON, for the description of the REST interface.
//!
//! The domain knows nothing of descriptions. Wherever a view names one of its types, utoipa takes the type
//! with `Schema` behind its name instead: `build.rs` lists them, and the view imports them from here. Nothing makes values of these types.

mod names;

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

pub use crate::views::schemas::names::*;

/// A text: see `Node` of the domain. Addresses name places in the tree by it.
pub struct NodeSchema;

impl PartialSchema for NodeSchema {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).into()
    }
}

impl ToSchema for NodeSchema {
    fn name() -> Cow<'static, str> {
        "TreeNodeText".into()
    }
}

/// A member for each permission.
pub struct PermissionsSchema;

impl PartialSchema for PermissionsSchema {
    fn schema() -> RefOr<Schema> {
        let names = domain::accounts::Permission::ALL.iter().map(ToString::to_string);
        let object = names.fold(ObjectBuilder::new(), |object, name| {
            object.property(name, bool::schema())
        });
        object.into()
    }
}

impl ToSchema for PermissionsSchema {
    fn name() -> Cow<'static, str> {
        "Permissions".into()
    }
}

/// A level for each area.
#[derive(ToSchema)]
#[schema(as = Scopes)]
pub struct ScopesSchema(pub BTreeMap<String, String>);

/// A `Result`: a member `Ok`, or a member `Err`.
#[derive(ToSchema)]
pub enum Either<T, E> {
    /// What it is.
    Ok(T),
    /// Why there is none.
    Err(E),
}

/// How a webhook is kept.
#[derive(ToSchema)]
#[schema(as = WebhookState)]
pub struct WebhookStateSchema {
    /// What people call it.
    pub name: String,
    /// Where it sends to: scheme, host and port. Not known of one that was given up because the key of its address was lost.
    pub origin: Option<String>,
    /// What it is told; everything where there are none.
    pub topics: Vec<TopicSchema>,
    /// Whether it is switched on.
    pub on: bool,
}

/// What becomes of activated licences.
#[derive(ToSchema)]
#[schema(as = Activated)]
#[serde(rename_all = "lowercase")]
pub enum ActivatedSchema {
    /// They stay where they are in use.
    Keep,
    /// They are taken back first.
    Deactivate,
}

/// Where a ticket is.
#[derive(ToSchema)]
#[schema(as = Place)]
pub enum PlaceSchema {
    /// Nobody's hands.
    Unassigned,
    /// A group, and where it stands in the tree.
    Group(LineageSchema),
    /// A person.
    User {
        user: UserIdSchema,
        /// The group context, and where it stands in the tree.
        context: Option<LineageSchema>,
        /// Every group the person is a member of.
        groups: Vec<LineageSchema>,
    },
}

/// A group with those above it: their ids from the top down, the group itself last.
#[derive(ToSchema)]
#[schema(as = Lineage)]
pub struct LineageSchema(pub Vec<GroupIdSchema>);

/// What the policy needs to know of a ticket.
#[derive(ToSchema)]
#[schema(as = TicketFacts)]
pub struct TicketFactsSchema {
    pub id: TicketIdSchema,
    /// Where it is.
    pub place: PlaceSchema,
    /// Protected mode: plain members of its group do not see it.
    pub protected: bool,
}

/// Who has a ticket, as far as the reader may know.
#[derive(ToSchema)]
#[schema(as = Holder)]
pub enum HolderSchema {
    /// Nobody.
    Unassigned,
    /// A group, by its visible path.
    Group(Vec<String>),
    /// A person, with the visible path of the group context.
    Person(String, Vec<String>),
    /// The reader may not know, or it no longer exists.
    Elsewhere,
}

/// Why somebody sees a ticket.
#[derive(ToSchema)]
#[schema(as = Because)]
pub enum BecauseSchema {
    /// It is theirs.
    Own,
    /// They are a member of the group that has it.
    Member(GroupIdSchema),
    /// They are an admin of its group, or of one above.
    Admin(GroupIdSchema),
    /// They are an ISV admin.
    IsvAdmin,
}

/// Why somebody does not see a ticket.
#[derive(ToSchema)]
#[schema(as = Unseen)]
pub enum UnseenSchema {
    /// It belongs to nobody yet.
    Unassigned,
    /// They are a plain member of the group, and the ticket is in protected mode.
    Protected(GroupIdSchema),
    /// They are neither a member of the group, nor an admin of it or above.
    NotInGroup(GroupIdSchema),
    /// It is somebody else's, and they are no admin of its context.
    Personal(GroupIdSchema),
    /// It is somebody else's, without context.
    Private,
}

/// Whether a tab of a login is open.
#[derive(ToSchema)]
#[schema(as = Tab)]
#[serde(rename_all = "lowercase")]
pub enum TabSchema {
    /// At least one tab is open.
    Open,
    /// No tab has given a sign of life lately, or the last one said goodbye.
    Gone,
}

/// The seats of the instance.
#[derive(ToSchema)]
#[schema(as = Pool)]
pub struct PoolSchema {
    /// Maximum number of active users.
    pub seats: u32,
    /// Current number of active users; ISV admins count too.
    pub active: u32,
}

/// What a token is good for in an area.
#[derive(ToSchema)]
#[schema(as = Level)]
#[serde(rename_all = "lowercase")]
pub enum LevelSchema {
    /// Looking.
    Read,
    /// Looking, and changing.
    Write,
}

/// A level in an area.
#[derive(ToSchema)]
#[schema(as = Scope)]
pub struct ScopeSchema {
    /// The area.
    pub area: AreaSchema,
    /// What may be done in it.
    pub level: LevelSchema,
}

/// The name of a product.
#[derive(ToSchema)]
#[schema(as = ProductName)]
pub struct ProductNameSchema {
    /// In English.
    pub en: String,
    /// In German.
    pub de: String,
}

/// A product of the catalogue.
#[derive(ToSchema)]
#[schema(as = ProductData)]
pub struct ProductDataSchema {
    /// Number in the catalogue of the software vendor: unique, and what machines ask for.
    pub article: String,
    /// Its names.
    pub name: ProductNameSchema,
    /// What it can do, in words that the software itself asks for.
    pub features: Vec<String>,
}

/// So many of a product in a ticket.
#[derive(ToSchema)]
#[schema(as = GrantedLicense)]
pub struct LicenseSchema {
    pub id: LicenseIdSchema,
    /// Names of the product.
    pub product: ProductNameSchema,
    /// How many; at least one.
    pub quantity: u32,
    /// How many of them are activated, wherever that is.
    pub activated: u32,
    /// That it is suspended or revoked, whatever its term says; missing of one that is neither.
    pub stopped: Option<StandingSchema>,
    /// The time in which they can be used.
    pub validity: ValiditySchema,
    /// What they are bound to while a machine uses them.
    pub binding: BindingSchema,
    /// When the first of them was activated first.
    pub started: Option<Timestamp>,
}

/// From when until when a licence can be used.
#[derive(ToSchema)]
#[schema(as = Validity)]
pub enum ValiditySchema {
    /// For ever.
    Perpetual,
    /// From, until; either may be open.
    Between(Option<Timestamp>, Option<Timestamp>),
    /// So many days from the first activation.
    Days(u32),
}

/// Whether a licence can be used at present.
#[derive(ToSchema)]
#[schema(as = Standing)]
pub enum StandingSchema {
    /// Not yet: from then on.
    NotYet(Timestamp),
    /// It can, until then.
    Usable(Option<Timestamp>),
    /// Not any more, since then.
    Expired(Timestamp),
    /// Not until it is reinstated; since then.
    Suspended(Timestamp),
    /// Not any more, for good; since then.
    Revoked(Timestamp),
}

/// How a licence stands.
#[derive(ToSchema)]
#[schema(as = Grant)]
pub struct GrantSchema {
    /// How many there are, while it can be used.
    pub quantity: u32,
    /// From when until when.
    pub validity: ValiditySchema,
    /// Since when it is suspended, if it is.
    pub suspended: Option<Timestamp>,
    /// Since when it is revoked, if it is.
    pub revoked: Option<Timestamp>,
}

/// How long a new term is.
#[derive(ToSchema)]
#[schema(as = Term)]
pub enum TermSchema {
    /// So many days of 24 hours.
    Days(u32),
    /// So many months of the calendar (UTC).
    Months(u32),
}

/// What is done to a licence.
#[derive(ToSchema)]
#[schema(as = Amendment)]
pub enum AmendmentSchema {
    /// It gets another term.
    Renew {
        /// How long that is.
        term: TermSchema,
        /// When it begins.
        from: RenewFromSchema,
    },
    /// Its present term ends later.
    Extend {
        /// The first moment at which it cannot be used any more.
        until: Timestamp,
    },
    /// There are more of it, or fewer.
    Quantity {
        /// How many there are afterwards.
        to: u32,
    },
    /// So many of it became a licence of another ticket.
    Split {
        /// How many.
        off: u32,
    },
    /// So many that were a licence of another ticket came to it.
    Join {
        /// How many.
        more: u32,
    },
    /// It cannot be used until it is reinstated.
    Suspend,
    /// It can be used again.
    Reinstate,
    /// It cannot be used any more, for good.
    Revoke,
}

/// The rules of a licence.
#[derive(ToSchema)]
#[schema(as = Terms)]
pub struct TermsSchema {
    /// From when until when.
    pub validity: ValiditySchema,
    /// To what it is bound.
    pub binding: BindingSchema,
    /// How often it may still be given back; as often as one likes where it is `null`.
    pub returns_left: Option<u32>,
}

/// Where an activation is.
#[derive(ToSchema)]
#[schema(as = Custody)]
pub struct CustodySchema {
    /// How far it has come.
    pub state: ActivationStateSchema,
    /// Until when a machine may use it, whatever the portal does. `null` while no machine ever got it.
    pub signed_until: Option<Timestamp>,
}

/// How far an activation has come, and what is still to come.
#[derive(ToSchema)]
#[schema(as = Stage)]
pub struct StageSchema {
    /// How far it has come, and until when a machine may use it.
    pub custody: CustodySchema,
    /// Whether that is still to come.
    pub held: bool,
    /// Whether the machine is reported lost.
    pub lost: bool,
}

/// Whether a credential can be used.
#[derive(ToSchema)]
#[schema(as = CredentialState)]
pub enum CredentialStateSchema {
    /// It can.
    Active,
    /// Switched off; it can be switched on again.
    Disabled,
    /// Its time is over.
    Expired,
    /// Taken back for good.
    Revoked,
}

/// The customer that the instance is licensed to.
#[derive(ToSchema)]
#[schema(as = Contact)]
pub struct ContactSchema {
    /// The company.
    pub company: String,
    /// The main contact person.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their telephone number.
    pub phone: String,
}

/// The licence of the instance.
#[derive(ToSchema)]
#[schema(as = InstanceLicense)]
pub struct InstanceLicenseSchema {
    /// Customer ID.
    pub customer: String,
    /// Instance number.
    pub number: String,
    /// The instance that may use it.
    pub aud: String,
    /// Maximum number of active users.
    pub seats: u32,
    /// The usage variant.
    pub variant: String,
    /// Special functions of the variant.
    pub functions: Vec<String>,
    /// The customer.
    pub contact: ContactSchema,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it can be used; for ever where it is missing.
    pub expires_at: Option<Timestamp>,
}

/// What the vendor is asked for.
#[derive(ToSchema)]
#[schema(as = Wish)]
pub struct WishSchema {
    /// Maximum number of active users.
    pub seats: u32,
    /// The usage variant; empty where the present one is to stay.
    pub variant: String,
    /// Something for the vendor to read.
    pub note: String,
}

/// What became of a request.
#[derive(ToSchema)]
#[schema(as = RequestState)]
pub enum RequestStateSchema {
    /// Written down; the mail to the vendor is still to be sent.
    Recorded,
    /// Mailed to the vendor, then.
    Mailed(Timestamp),
    /// A licence that grants it came into force, then.
    Granted(Timestamp),
    /// It was withdrawn, then.
    Withdrawn(Timestamp),
}
