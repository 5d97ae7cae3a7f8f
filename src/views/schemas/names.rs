//! Types of the domain that are a text, one of several names, or a reason.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

/// Types that are texts.
macro_rules! texts {
    ($($schema:ident for $name:ident;)*) => {$(
        #[doc = concat!("A text: see `", stringify!($name), "` of the domain.")]
        pub struct $schema;

        impl PartialSchema for $schema {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).into()
            }
        }

        impl ToSchema for $schema {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

/// Types that are one of several names.
macro_rules! choices {
    ($($schema:ident for $name:ident of $module:path;)*) => {$(
        #[doc = concat!("One of several names: see `", stringify!($name), "` of the domain.")]
        pub struct $schema;

        impl PartialSchema for $schema {
            fn schema() -> RefOr<Schema> {
                use $module as module;
                let names = module::$name::ALL.iter().map(|choice| format!("{choice:?}"));
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some(names))
                    .into()
            }
        }

        impl ToSchema for $schema {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

/// Why something cannot be: a name, or an object with the name as its one member and what belongs to it.
macro_rules! reasons {
    ($($schema:ident for $name:ident;)*) => {$(
        #[doc = concat!("A reason: see `", stringify!($name), "` of the domain.")]
        pub struct $schema;

        impl PartialSchema for $schema {
            fn schema() -> RefOr<Schema> {
                let either = SchemaType::from_iter([Type::String, Type::Object]);
                ObjectBuilder::new().schema_type(either).into()
            }
        }

        impl ToSchema for $schema {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

texts! {
    ActivationIdSchema for ActivationId;
    AmendmentIdSchema for AmendmentId;
    ContainerIdSchema for ContainerId;
    CreationIdSchema for CreationId;
    CredentialIdSchema for CredentialId;
    DeliveryIdSchema for DeliveryId;
    EventIdSchema for EventId;
    GroupIdSchema for GroupId;
    IdentityProviderIdSchema for IdentityProviderId;
    ImportIdSchema for ImportId;
    LicenseIdSchema for LicenseId;
    PersonalTokenIdSchema for PersonalTokenId;
    ProductIdSchema for ProductId;
    RequestIdSchema for RequestId;
    SessionIdSchema for SessionId;
    TakeBackIdSchema for TakeBackId;
    TicketIdSchema for TicketId;
    UserIdSchema for UserId;
    ViewIdSchema for ViewId;
    WebhookIdSchema for WebhookId;
    LicenseSourceSchema for LicenseSource;
    LoginSchema for Login;
    TicketCodeSchema for TicketCode;
    SeenSchema for Seen;
}

choices! {
    ActivationStateSchema for ActivationState of domain::licensing::devices;
    AreaSchema for Area of domain::accounts::personal_tokens;
    BindingSchema for Binding of domain::licensing::licenses;
    ContainerKindSchema for ContainerKind of domain::licensing::containers;
    DeliveryStateSchema for DeliveryState of domain::history::webhooks;
    EndReasonSchema for EndReason of domain::accounts::sessions;
    EventKindSchema for EventKind of domain::history::events;
    FailureSchema for Failure of domain::history::webhooks;
    ImportFailureSchema for ImportFailure of domain::instance::imports;
    ImportStateSchema for ImportState of domain::instance::imports;
    NounSchema for Noun of domain::instance::imports;
    RenewFromSchema for RenewFrom of domain::licensing::amendments;
    PeriodSchema for Period of domain::resellers::quotas;
    StoppedSchema for Stopped of domain::history::webhooks;
    TakeBackStateSchema for TakeBackState of domain::licensing::take_backs;
    TopicSchema for Topic of domain::history;
    UseRefusalSchema for UseRefusal of domain::licensing::usage;
    UseSpanSchema for UseSpan of domain::licensing::usage;
    VerdictSchema for Verdict of domain::instance::imports;
    ChannelSchema for Channel of domain::history::events;
}

reasons! {
    DeniedSchema for Denied;
    ForecastSchema for Forecast;
    InvalidCodeSchema for InvalidCode;
    InvalidLicenseSchema for InvalidLicense;
    InvalidNameSchema for InvalidName;
    InvalidProductSchema for InvalidProduct;
    RefusalSchema for Refusal;
}
