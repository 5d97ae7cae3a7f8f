//! Every page of the portal and its address; what brings it to life stands in a file of its own.

use domain::access::Actor;

use crate::{
    ui::{
        accounts::{
            me::MePage,
            offboarding::OffboardingPage,
            offboarding_report::OffboardingReportPage,
            password::PasswordPage,
            personal_tokens::TokensPage,
            second_factors::SecondFactorPage,
            sessions::{ActiveSessions, EndedSessions},
            sign_ins::SignInsPage,
            user::{NewUser, UserPage},
            users::UsersPage,
        },
        desk::page::Desk,
        groups::group::{GroupPage, NewGroup},
        history::{
            overview::HistoryOverview,
            webhook::WebhookPage,
            webhooks::{GroupWebhooksPage, WebhooksPage},
        },
        instance::{
            identity_providers::{IdentityProviderPage, IdentityProvidersPage},
            imports::{ImportPage, ImportsPage},
            license::InstancePage,
        },
        licensing::{
            amendments::page::AmendPage,
            container::ContainerPage,
            containers::ContainersPage,
            expiring::ExpiringPage,
            new_container::NewContainer,
            products::{NewProduct, ProductPage, ProductsPage},
            take_backs::TakeBacksPage,
            usage::{branch::BranchUsePage, own::OwnUsePage, ticket::TicketUsePage, unused::UnusedPage},
        },
        overview::Overview,
        page::Page,
        resellers::{create::CreatePage, created::CreatedPage, quotas::PartnerPage, reports::ReportsPage},
        shell::{help::HelpPage, search_page::SearchPage},
        tickets::{
            join::JoinPage, move_page::MoveTickets, redeem::AddTickets, split::SplitPage, ticket::TicketPage,
            viewers::ViewersPage,
        },
    },
    views::addresses,
};

#[cfg(feature = "ssr")]
use crate::ui::accounts::{
    login::LoginPage,
    password_links::{ForgottenPage, NewPasswordPage},
    second_factors::CodePage,
};

/// A page that needs no program in the browser, whose code is not in there.
macro_rules! plain {
    ($at:expr, $page:ident) => {{
        #[cfg(feature = "ssr")]
        let view = || leptos::prelude::IntoAny::into_any($page());
        #[cfg(not(feature = "ssr"))]
        let view = || leptos::prelude::IntoAny::into_any(());
        crate::ui::page::Page::plain($at, view)
    }};
}

/// A page for people who are logged in, in a file of that name.
macro_rules! inside {
    ($at:expr, $name:ident: $page:ident) => {
        inside!($at, $name: $page, |_| true)
    };
    ($at:expr, $name:ident: $page:ident, $whom:expr) => {{
        #[leptos::wasm_split::wasm_split($name, wasm_split_path = ::leptos::wasm_split, fallible)]
        fn $name() -> Result<fn() -> leptos::prelude::AnyView, leptos::wasm_split::SplitLoaderError> {
            Ok(|| leptos::prelude::IntoAny::into_any($page()))
        }
        crate::ui::page::Page::inside($at, stringify!($name), || Box::pin($name()), $whom)
    }};
}

/// Every page of the portal, with its address. The first that matches is the one.
pub static PAGES: &[Page] = &[
    plain!(addresses::LOGIN, LoginPage),
    plain!(addresses::LOGIN_CODE, CodePage),
    plain!(addresses::FORGOTTEN, ForgottenPage),
    plain!(addresses::NEW_PASSWORD, NewPasswordPage),
    DESK.at(addresses::HOME),
    DESK.at(addresses::TREE),
    DESK.at(addresses::TICKETS),
    inside!(addresses::TICKET, ticket: TicketPage),
    inside!(addresses::VIEWERS, viewers: ViewersPage),
    inside!(addresses::SPLIT, split: SplitPage),
    inside!(addresses::JOIN, join: JoinPage),
    inside!(addresses::TICKET_USE, ticket_use: TicketUsePage),
    inside!(addresses::USE, branch_use: BranchUsePage, Actor::has_use),
    inside!(addresses::UNUSED, unused: UnusedPage),
    inside!(addresses::TAKE_BACKS, take_backs: TakeBacksPage),
    inside!(addresses::MOVE, move_tickets: MoveTickets),
    inside!(addresses::AMEND, amend: AmendPage),
    inside!(addresses::ADD, add: AddTickets),
    inside!(addresses::NEW_GROUP, new_group: NewGroup),
    inside!(addresses::GROUP, group: GroupPage),
    inside!(addresses::PARTNER, partner: PartnerPage),
    inside!(addresses::GROUP_WEBHOOKS, group_webhooks: GroupWebhooksPage),
    inside!(addresses::WEBHOOKS, webhooks: WebhooksPage, isv_admins),
    inside!(addresses::WEBHOOK, webhook: WebhookPage),
    inside!(addresses::CREATE, create: CreatePage, Actor::creates_tickets),
    inside!(addresses::CREATED, created: CreatedPage),
    inside!(addresses::REPORTS, reports: ReportsPage, Actor::has_reports),
    inside!(addresses::ACTIVE_SESSIONS, active_sessions: ActiveSessions, isv_admins),
    inside!(addresses::ENDED_SESSIONS, ended_sessions: EndedSessions, isv_admins),
    inside!(addresses::IDENTITY_PROVIDERS, identity_providers: IdentityProvidersPage, isv_admins),
    inside!(addresses::IDENTITY_PROVIDER, identity_provider: IdentityProviderPage, isv_admins),
    inside!(addresses::IMPORTS, imports: ImportsPage, isv_admins),
    inside!(addresses::IMPORT, import: ImportPage, isv_admins),
    inside!(addresses::PRODUCTS, products: ProductsPage, isv_admins),
    inside!(addresses::NEW_PRODUCT, new_product: NewProduct, isv_admins),
    inside!(addresses::PRODUCT, product: ProductPage, isv_admins),
    inside!(addresses::CONTAINERS, containers: ContainersPage),
    inside!(addresses::NEW_CONTAINER, new_container: NewContainer),
    inside!(addresses::CONTAINER, container: ContainerPage),
    inside!(addresses::HISTORY, history: HistoryOverview),
    inside!(addresses::INSTANCE, instance: InstancePage, isv_admins),
    inside!(addresses::USERS, users: UsersPage, Actor::looks_after_people),
    inside!(addresses::NEW_USER, new_user: NewUser, Actor::looks_after_people),
    inside!(addresses::USER, user: UserPage),
    inside!(addresses::OFFBOARDING, offboarding: OffboardingPage),
    inside!(addresses::OFFBOARDING_REPORT, offboarding_report: OffboardingReportPage),
    inside!(addresses::EXPIRING, expiring: ExpiringPage),
    inside!(addresses::MY_PASSWORD, my_password: PasswordPage),
    inside!(addresses::MY_TOKENS, my_tokens: TokensPage),
    inside!(addresses::MY_SECOND_FACTOR, my_second_factor: SecondFactorPage),
    inside!(addresses::MY_SIGN_INS, my_sign_ins: SignInsPage),
    inside!(addresses::MY_USE, my_use: OwnUsePage),
    inside!(addresses::ME, me: MePage),
    inside!(addresses::OVERVIEW, overview: Overview),
    inside!(addresses::SEARCH, search: SearchPage),
    inside!(addresses::HELP, help: HelpPage),
];

/// The desk, at which address it may be.
pub const DESK: Page = inside!("", desk: Desk).with_outlet();

/// Whom the administration of the instance is for.
const fn isv_admins(actor: &Actor) -> bool {
    actor.isv_admin
}
