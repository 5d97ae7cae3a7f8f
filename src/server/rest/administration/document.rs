//! All routes in the OpenAPI document.

use std::sync::Arc;

use utoipa::openapi::OpenApi;

use crate::server::rest::administration::{description::http_method, files::FILES, route::Described};

/// Adds the routes, and the types that they refer to, to a document.
pub fn add(document: &mut OpenApi, routes: &[Arc<Described>]) {
    for route in routes {
        let path = format!("/api/v1{}", route.path);
        document
            .paths
            .add_path_operation(path, vec![http_method(route.method)], route.operation());
        let components = document.components.get_or_insert_default();
        for (name, schema) in &route.named {
            let known = components
                .schemas
                .entry(name.clone())
                .or_insert_with(|| schema.clone());
            debug_assert!(known == schema, "two types are called {name}");
        }
    }
    for file in &FILES {
        let path = format!("/api/v1{}", file.path);
        let method = vec![http_method(file.method)];
        document.paths.add_path_operation(path, method, file.operation());
    }
}
