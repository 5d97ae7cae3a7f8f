//! Tells utoipa that `views::schemas` says how types of the domain look.

/// Types of the domain that views name.
#[cfg(feature = "ssr")]
const DESCRIBED: [&str; 69] = [
    "Activated",
    "ActivationId",
    "ActivationState",
    "Area",
    "Because",
    "Binding",
    "Contact",
    "ContainerId",
    "ContainerKind",
    "CreationId",
    "CredentialId",
    "CredentialState",
    "Custody",
    "DeliveryId",
    "DeliveryState",
    "Denied",
    "EndReason",
    "EventId",
    "EventKind",
    "Failure",
    "GroupId",
    "Holder",
    "ImportFailure",
    "ImportId",
    "ImportState",
    "InstanceLicense",
    "InvalidCode",
    "InvalidLicense",
    "InvalidName",
    "InvalidProduct",
    "Level",
    "License",
    "LicenseId",
    "LicenseSource",
    "Lineage",
    "Login",
    "Node",
    "Noun",
    "Period",
    "Permissions",
    "PersonalTokenId",
    "Place",
    "Pool",
    "ProductData",
    "ProductId",
    "ProductName",
    "Refusal",
    "RequestId",
    "RequestState",
    "Scope",
    "Scopes",
    "Seen",
    "SessionId",
    "Stage",
    "Standing",
    "Stopped",
    "Tab",
    "Terms",
    "TicketCode",
    "TicketFacts",
    "TicketId",
    "Topic",
    "Unseen",
    "UserId",
    "Validity",
    "Verdict",
    "Channel",
    "WebhookId",
    "Wish",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "ssr")]
    {
        let targets = DESCRIBED.map(|name| format!("{name}Schema"));
        let config = DESCRIBED
            .iter()
            .zip(&targets)
            .fold(utoipa_config::Config::new(), |config, (name, target)| {
                config.alias_for(name, target)
            });
        config.write_to_file();
    }
}
