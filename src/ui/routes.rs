//! Which page stands at which address.

use domain::access::Actor;
use leptos::prelude::*;
use leptos_router::{
    NestedRoute, ParamSegment, PartialPathMatch, PathSegment, PossibleRouteMatch, SsrMode, StaticSegment,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{Outlet, ParentRoute, Routes},
};

use crate::{
    ui::{
        accounts::{
            login::LoginPage,
            me::MePage,
            offboarding::OffboardingPage,
            offboarding_report::OffboardingReportPage,
            password::PasswordPage,
            password_links::{ForgottenPage, NewPasswordPage},
            personal_tokens::TokensPage,
            second_factors::{CodePage, SecondFactorPage},
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
            containers::{ContainerPage, ContainersPage},
            expiring::ExpiringPage,
            new_container::NewContainer,
            products::{NewProduct, ProductPage, ProductsPage},
        },
        overview::Overview,
        resellers::{create::CreatePage, created::CreatedPage, quotas::PartnerPage, reports::ReportsPage},
        shell::{
            help::HelpPage,
            protected::{Protected, Unknown},
            search_page::SearchPage,
        },
        tickets::{move_page::MoveTickets, redeem::AddTickets, ticket::TicketPage, viewers::ViewersPage},
    },
    views::addresses,
};

/// An address with `{name}` in the place of a segment that pages read as the parameter `name`: the form of
/// [`addresses`] and of the server's router.
#[derive(Debug, Clone, Copy)]
struct Pattern(&'static str);

impl Pattern {
    /// The segments; those with a parameter by its name.
    fn segments(self) -> impl Iterator<Item = Result<StaticSegment<&'static str>, ParamSegment>> {
        let segments = self.0.split('/').filter(|segment| !segment.is_empty());
        segments.map(
            |segment| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => Err(ParamSegment(name)),
                None => Ok(StaticSegment(segment)),
            },
        )
    }
}

impl PossibleRouteMatch for Pattern {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let mut rest = path;
        let mut parameters = Vec::new();
        for segment in self.segments() {
            let found = match segment {
                Ok(fixed) => fixed.test(rest)?,
                Err(parameter) => parameter.test(rest)?,
            };
            rest = found.remaining();
            parameters.extend(found.params());
        }
        let matched = &path[..path.len() - rest.len()];
        Some(PartialPathMatch::new(rest, parameters, matched))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        for segment in self.segments() {
            match segment {
                Ok(fixed) => fixed.generate_path(path),
                Err(parameter) => parameter.generate_path(path),
            }
        }
    }
}

/// How pages are written by the server: whole, so that they need no scripts, and with the right status.
const WHOLE: SsrMode = SsrMode::Async;

/// A page for everybody.
#[component(transparent)]
fn Open<F, V>(at: &'static str, view: F) -> AnyNestedRoute
where
    F: Fn() -> V + Clone + Send + 'static,
    V: IntoView + 'static,
{
    NestedRoute::new(Pattern(at), view)
        .ssr_mode(WHOLE)
        .into_any_nested_route()
}

/// A page for people who are logged in.
#[component(transparent)]
fn Inside<F, V>(
    at: &'static str,
    view: F,
    /// Whom it is for, where it is not for all: to the others it does not exist.
    #[prop(default = |_| true)]
    whom: fn(&Actor) -> bool,
) -> AnyNestedRoute
where
    F: Fn() -> V + Clone + Send + 'static,
    V: IntoView + 'static,
{
    let view = move || {
        let view = view.clone();
        view! { <Protected whom>{view()}</Protected> }
    };
    NestedRoute::new(Pattern(at), view)
        .ssr_mode(WHOLE)
        .into_any_nested_route()
}

/// Whom the administration of the instance is for.
const fn isv_admins(actor: &Actor) -> bool {
    actor.isv_admin
}

/// Every page of the portal.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <Unknown/> }>
            <Open at=addresses::LOGIN view=LoginPage/>
            <Open at=addresses::LOGIN_CODE view=CodePage/>
            <Open at=addresses::FORGOTTEN view=ForgottenPage/>
            <Open at=addresses::NEW_PASSWORD view=NewPasswordPage/>
            // One desk for all its addresses, so that it stays while they change.
            <ParentRoute path=Pattern("") view=|| view! { <Protected><Desk/></Protected><Outlet/> } ssr=WHOLE>
                <Open at=addresses::HOME view=|| ()/>
                <Open at=addresses::TREE view=|| ()/>
                <Open at=addresses::TICKETS view=|| ()/>
            </ParentRoute>
            <Inside at=addresses::TICKET view=TicketPage/>
            <Inside at=addresses::VIEWERS view=ViewersPage/>
            <Inside at=addresses::MOVE view=MoveTickets/>
            <Inside at=addresses::AMEND view=AmendPage/>
            <Inside at=addresses::ADD view=AddTickets/>
            <Inside at=addresses::NEW_GROUP view=NewGroup/>
            <Inside at=addresses::GROUP view=GroupPage/>
            <Inside at=addresses::PARTNER view=PartnerPage/>
            <Inside at=addresses::GROUP_WEBHOOKS view=GroupWebhooksPage/>
            <Inside at=addresses::WEBHOOKS view=WebhooksPage whom=isv_admins/>
            <Inside at=addresses::WEBHOOK view=WebhookPage/>
            <Inside at=addresses::CREATE view=CreatePage whom=Actor::creates_tickets/>
            <Inside at=addresses::CREATED view=CreatedPage/>
            <Inside at=addresses::REPORTS view=ReportsPage whom=Actor::has_reports/>
            <Inside at=addresses::ACTIVE_SESSIONS view=ActiveSessions whom=isv_admins/>
            <Inside at=addresses::ENDED_SESSIONS view=EndedSessions whom=isv_admins/>
            <Inside at=addresses::IDENTITY_PROVIDERS view=IdentityProvidersPage whom=isv_admins/>
            <Inside at=addresses::IDENTITY_PROVIDER view=IdentityProviderPage whom=isv_admins/>
            <Inside at=addresses::IMPORTS view=ImportsPage whom=isv_admins/>
            <Inside at=addresses::IMPORT view=ImportPage whom=isv_admins/>
            <Inside at=addresses::PRODUCTS view=ProductsPage whom=isv_admins/>
            <Inside at=addresses::NEW_PRODUCT view=NewProduct whom=isv_admins/>
            <Inside at=addresses::PRODUCT view=ProductPage whom=isv_admins/>
            <Inside at=addresses::CONTAINERS view=ContainersPage/>
            <Inside at=addresses::NEW_CONTAINER view=NewContainer/>
            <Inside at=addresses::CONTAINER view=ContainerPage/>
            <Inside at=addresses::HISTORY view=HistoryOverview/>
            <Inside at=addresses::INSTANCE view=InstancePage whom=isv_admins/>
            <Inside at=addresses::USERS view=UsersPage whom=Actor::looks_after_people/>
            <Inside at=addresses::NEW_USER view=NewUser whom=Actor::looks_after_people/>
            <Inside at=addresses::USER view=UserPage/>
            <Inside at=addresses::OFFBOARDING view=OffboardingPage/>
            <Inside at=addresses::OFFBOARDING_REPORT view=OffboardingReportPage/>
            <Inside at=addresses::EXPIRING view=ExpiringPage/>
            <Inside at=addresses::MY_PASSWORD view=PasswordPage/>
            <Inside at=addresses::MY_TOKENS view=TokensPage/>
            <Inside at=addresses::MY_SECOND_FACTOR view=SecondFactorPage/>
            <Inside at=addresses::MY_SIGN_INS view=SignInsPage/>
            <Inside at=addresses::ME view=MePage/>
            <Inside at=addresses::OVERVIEW view=Overview/>
            <Inside at=addresses::SEARCH view=SearchPage/>
            <Inside at=addresses::HELP view=HelpPage/>
        </Routes>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_as_the_segments_of_the_router_do() {
        let viewers = Pattern(addresses::VIEWERS);
        let found = viewers.test("/ticket/7/viewers").unwrap();
        assert_eq!((found.remaining(), found.matched()), ("", "/ticket/7/viewers"));
        assert_eq!(found.params(), [("id".into(), "7".to_owned())]);
        assert!(viewers.test("/ticket/7").is_none() && viewers.test("/ticket/7/view").is_none());
        let home = Pattern(addresses::HOME).test("/tickets/all").unwrap();
        assert_eq!((home.remaining(), home.matched()), ("/tickets/all", ""));
    }
}
