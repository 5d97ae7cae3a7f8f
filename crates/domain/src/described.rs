//! How programs are told what a type looks like in JSON, where the type itself does not say it.

use utoipa::ToSchema;

/// Stands for a `Result`: a member `Ok`, or a member `Err`.
#[derive(ToSchema)]
pub enum Either<T, E> {
    /// What it is.
    Ok(T),
    /// Why there is none.
    Err(E),
}

/// Describes a type by the type that it has in JSON, under a name.
macro_rules! described {
    ($type:ident, $json:expr, $name:expr) => {
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type($json)
                    .into()
            }
        }

        impl utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
        }
    };
}

pub(crate) use described;
