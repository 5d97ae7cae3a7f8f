//! The table of routes: a route is an address for a server function, with the scope that it demands of a token.

use leptos::server_fn::ServerFn;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::{
    PartialSchema,
    openapi::{RefOr, schema::Schema},
};

/// The schema of the member `answer` of a description.
pub fn answer_of<T: PartialSchema>() -> Option<RefOr<Schema>> {
    match T::schema() {
        RefOr::T(Schema::Object(mut object)) => object
            .properties
            .remove("answer")
            .filter(|schema| !is_nothing(schema)),
        _ => None,
    }
}

/// Whether it is the schema of `()`.
fn is_nothing(schema: &RefOr<Schema>) -> bool {
    *schema == <() as PartialSchema>::schema()
}

/// The path of a server function.
pub const fn path_of<F: ServerFn>() -> &'static str {
    F::PATH
}

/// [`Make`] for an argument `T` of which bodies hold a `W`.
pub fn made<W, T>(value: Value) -> Result<Value, String>
where
    W: DeserializeOwned + TryInto<T>,
    W::Error: std::fmt::Display,
    T: Serialize,
{
    let sent: W = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let argument = sent.try_into().map_err(|error| error.to_string())?;
    serde_json::to_value(argument).map_err(|error| error.to_string())
}

/// The type of the server function, where a route names one beside its own.
macro_rules! own_type {
    ($wire:ty) => {
        $wire
    };
    ($wire:ty, $type:ty) => {
        $type
    };
}

/// A table of routes under one heading. Each has documentation, method and path, area and level of its scope, the struct of
/// the server function with its arguments, and the type of the answer.
///
/// Of an argument, `= default` says that it may be missing, `=> Key` and `=> Members` where it stands ([`Place`]); after the
/// semicolon are those that programs do not give. `Wire as Type` is what a body or an answer holds where the function has
/// another type.
macro_rules! routes {
    (
        $tag:literal;
        $(
            $(#[doc = $about:literal])+
            $method:ident $path:literal $($area:ident:$level:ident)+ =>
            $function:path {
                $($argument:ident: $wire:ty $(as $type:ty)? $(= $default:ident)? $(=> $place:ident)?),* $(,)?
                $(; $($hidden:ident),+)?
            } -> $told:ty $(as $answer:ty)?
            $(, creates $creates:literal)?;
        )*
    ) => {
        /// The routes.
        pub fn routes() -> Vec<$crate::server::rest::administration::route::Route> {
            use domain::accounts::personal_tokens::{Area, Level, Scope};
            use $crate::{
                server::rest::administration::{
                    call,
                    routes::{self, own_type},
                },
                views::schemas::*,
            };
            // Not every table names a type of the domain.
            let _ = std::marker::PhantomData::<GroupIdSchema>;
            vec![$({
                #[derive(utoipa::ToSchema)]
                struct Arguments { $($(#[serde($default)])? $argument: $wire,)* }
                #[derive(utoipa::ToSchema)]
                struct Answer { answer: $told }
                // A function with other arguments does not compile. The two structs are types of descriptions, and no more.
                const _: fn($function, Arguments, Answer) = |function, arguments, answer| {
                    let $function { $($argument,)* $($($hidden: _,)+)? } = function;
                    $(
                        let _: own_type!($wire $(, $type)?) = $argument;
                        let _: $wire = arguments.$argument;
                    )*
                    let _ = arguments;
                    let _: $told = answer.answer;
                };
                crate::server::rest::administration::route::Route {
                    method: stringify!($method),
                    path: $path,
                    scopes: const { &[$(Scope { area: Area::$area, level: Level::$level }),+] },
                    tag: $tag,
                    about: &[$($about),+],
                    function: routes::path_of::<$function>(),
                    creates: None $(.or(Some($creates)))?,
                    types: || {
                        let mut named = Vec::new();
                        <Arguments as utoipa::ToSchema>::schemas(&mut named);
                        <Answer as utoipa::ToSchema>::schemas(&mut named);
                        crate::server::rest::administration::route::Types {
                            arguments: <Arguments as utoipa::PartialSchema>::schema(),
                            answer: routes::answer_of::<Answer>(),
                            named,
                        }
                    },
                    placed: &[$($((stringify!($argument), crate::server::rest::administration::route::Place::$place),)?)*],
                    made: &[$($((stringify!($argument), routes::made::<$wire, $type>),)?)*],
                    call: |called| {
                        Box::pin(call::call::<$function, own_type!($told $(, $answer)?), $told>(called))
                    },
                }
            }),*]
        }
    };
}

pub(super) use {own_type, routes};
