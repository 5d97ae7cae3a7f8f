//! Who is let in: a personal access token, its scopes, its limits.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::accounts::personal_tokens::Scope;
use http::HeaderMap;

use crate::{
    auth::portal::Portal,
    errors::ApiError,
    ops::accounts::personal_tokens::{self, Bearer},
    server::rest::{
        administration::told::problem,
        problems::{self, Problem},
        requests::{bearer, limited, within_limit},
    },
};

/// Whether the token is good for that.
pub(super) fn permit(bearer: &Bearer, headers: &HeaderMap, scope: Scope) -> Result<(), Problem> {
    bearer.permit(scope).map_err(|refusal| {
        use domain::{access::Denied, refusals::Refusal};
        match refusal {
            Refusal::Denied(Denied::BeyondToken(scope)) => Problem::insufficient(scope),
            refusal => problem(headers, &ApiError::Refused(refusal)),
        }
    })
}

/// Lets those in who show a personal access token that is good for the scope, where one is named, and not too often; handlers
/// find the [`Bearer`] among the extensions of the request.
pub(super) async fn let_in(portal: Portal, scope: Option<Scope>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let found = match limited(&portal, &parts).and_then(|()| bearer(&parts.headers).ok_or_else(refused)) {
        Ok(token) => personal_tokens::bearer(&portal.store, token).await,
        Err(problem) => return problem.into_response(),
    };
    let shown = match found {
        Ok(Some(shown)) => shown,
        Ok(None) => return refused().into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    if let Some(Err(problem)) = scope.map(|scope| permit(&shown, &parts.headers, scope)) {
        return problem.into_response();
    }
    let id = shown.token.0;
    parts.extensions.insert(shown);
    within_limit(&portal, id, || next.run(Request::from_parts(parts, body))).await
}

fn refused() -> Problem {
    Problem::plain(problems::UNAUTHORIZED)
}
