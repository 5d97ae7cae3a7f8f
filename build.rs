//! Tells utoipa that `views::schemas` says how types of the domain look, and lists the migrations.

/// Types of the domain that views name.
#[cfg(feature = "ssr")]
const DESCRIBED: [&str; 82] = [
    "Activated",
    "ActivationId",
    "ActivationState",
    "Amendment",
    "AmendmentId",
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
    "Forecast",
    "GroupId",
    "IdentityProviderId",
    "Grant",
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
    "RenewFrom",
    "RequestId",
    "RequestState",
    "Scope",
    "Scopes",
    "Seen",
    "SessionId",
    "TakeBackId",
    "TakeBackState",
    "Stage",
    "Standing",
    "Stopped",
    "Tab",
    "Term",
    "Terms",
    "TicketCode",
    "TicketFacts",
    "TicketId",
    "Topic",
    "Unseen",
    "UseRefusal",
    "UseSpan",
    "UserId",
    "Validity",
    "Verdict",
    "ViewId",
    "Channel",
    "WebhookId",
    "WebhookState",
    "Wish",
];

/// The files of the folder `migrations`, as a list of number, name and text for `store::migrations`.
#[cfg(feature = "ssr")]
fn list_migrations() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut steps = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let Some((number, name)) = name.split_once('_') else {
            return Err(format!("{} is not called 0001_name.sql", path.display()).into());
        };
        steps.push((number.parse::<i64>()?, name.replace('_', " "), path));
    }
    steps.sort();
    let steps = steps
        .iter()
        .map(|(number, name, path)| format!("({number}, {name:?}, include_str!({path:?})),\n"));
    let list = format!("&[\n{}]", steps.collect::<String>());
    std::fs::write(
        std::path::Path::new(&std::env::var("OUT_DIR")?).join("migrations.rs"),
        list,
    )?;
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "ssr")]
    {
        let targets = DESCRIBED.map(|name| format!("{name}Schema"));
        // Spans are numbers.
        let mut config = utoipa_config::Config::new();
        for unit in ["Seconds", "Milliseconds"] {
            config = config.alias_for(unit, "i64");
        }
        let config = DESCRIBED
            .iter()
            .zip(&targets)
            .fold(config, |config, (name, target)| config.alias_for(name, target));
        config.write_to_file();
        list_migrations()?;
    }
    Ok(())
}
