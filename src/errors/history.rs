//! Refusals about webhooks.

macro_rules! history {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::InvalidWebhook(why) => 422, |lang| lang.invalid_webhook(*why);
    } };
}
