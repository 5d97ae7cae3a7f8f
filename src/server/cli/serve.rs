//! `license-portal serve`: everything is started, runs side by side, and ends in order.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    auth::{limits::Limits, portal::Portal},
    jobs::{
        self, Resources,
        certificate::Certificate,
        mails::mailer::Mailer,
        supervisor::{self, Health},
    },
    metrics::{self, Listener},
    ops::{
        self,
        accounts::{
            identity_providers::protocol::{self, Providers},
            sessions::Sessions,
        },
        history::live::Live,
        instance::{demo::Extent, imports::Imports},
        licensing::access_tokens::Headless,
        outbox::Outbox,
    },
    server::{
        self, assets,
        cli::{
            failure::Failure,
            people::{load_demo, vendor},
            systemd,
        },
        config::{Mail, Settings},
        connections,
        metrics::look::Look,
        router::router,
    },
    store::{Store, without_password},
};

/// How long running requests may take after the signal to end.
const GRACE: Duration = Duration::from_secs(10);
/// How long jobs may take after the last request. Whoever starts the portal should leave it both times.
const JOBS_GRACE: Duration = Duration::from_secs(10);

/// Serves until it is told to end.
///
/// # Errors
/// In words for the operator.
pub async fn serve(settings: &Settings, store: Store) -> Result<(), Failure> {
    let demo_password = if settings.demo {
        Some(load_demo(&store, settings.demo_password.0.clone(), Extent::Year).await?)
    } else {
        None
    };
    let assets = assets::read(&settings.site)?;
    if !ops::accounts::people::has_isv_admin(&store).await? {
        tracing::warn!("there is no ISV admin yet: license-portal admin create LOGIN");
    }
    ops::instance::ensure_id(&store).await?;
    ops::instance::restoration::note_lease(&store, settings.lease).await?;
    ops::instance::restoration::record(&store).await?;
    let live = Live::default();
    let vendor = vendor(settings, &store).await?;
    if let Some(why) = ops::instance::invalid_license(&store, &vendor).await? {
        tracing::warn!(%why, "the licence of this instance is not in force");
    }
    let (outbox, orders) = Outbox::new(settings.maker_mail.clone());
    let imports = Imports::new(store.clone(), vendor.clone());
    imports.recover().await?;
    let portal = Portal {
        store: store.clone(),
        imports: imports.clone(),
        vendor,
        outbox,
        headless: Headless {
            url: settings.url.clone(),
            lifetime: settings.lease,
        },
        address: settings.listen.to_string(),
        demo_password: demo_password.clone(),
        https: settings.https,
        host: settings.host.clone(),
        security_contact: settings.security_contact.clone(),
        proxies: settings.proxies.clone(),
        sessions: Sessions::new(store.clone(), settings.idle),
        live: live.clone(),
        receivers: settings.receivers,
        providers: Providers::new(settings.receivers, protocol::PATIENCE),
        limits: Arc::new(Limits::default()),
    };
    let sessions = portal.sessions.clone();
    let certificate = settings.tls.clone().map(Certificate::read).transpose()?;
    let health = Health::default();
    let jobs = jobs::all(Resources {
        store: store.clone(),
        vendor: portal.vendor.clone(),
        url: settings.url.clone(),
        live,
        orders,
        mailer: mailer(&settings.mail, &store)?,
        vendor_mail: settings.maker_mail.clone(),
        receivers: settings.receivers,
        checkpoints: settings.checkpoints.clone(),
        imports,
        sessions: sessions.clone(),
        limits: Arc::clone(&portal.limits),
        certificate: certificate.clone(),
    });
    let listener = match systemd::handed_over()? {
        Some(listener) => listener,
        None => listening(settings.listen).await?,
    };
    let address = listener.local_addr()?;
    let metrics = match settings.metrics {
        Some(address) => Some((listening(address).await?, metrics::install()?)),
        None => None,
    };
    let asked = asked_to_end()?;
    let running = supervisor::start(jobs, health.clone());
    tracing::info!(%address, database = without_password(&settings.database), "serving");
    let scheme = if certificate.is_some() { "https" } else { "http" };
    eprintln!("\n  License Portal: {scheme}://{address}\n");
    if let Some(password) = demo_password {
        eprintln!(
            "  Demo data. Log in as admin-1.1 (or isv-admin, user-1.1.1, admin-2.1 …) with: {password}\n"
        );
    }
    let (ended, mut ending) = tokio::sync::watch::channel(false);
    if let Some((listener, exposition)) = metrics {
        let address = listener.local_addr()?;
        let (live, outbox) = (portal.live.clone(), portal.outbox.clone());
        let look = Look::new(store.clone(), portal.vendor.clone(), live, outbox, health.clone());
        let mut ending = ended.subscribe();
        tokio::spawn(server::metrics::serve(listener, exposition, look, async move {
            let _ = ending.wait_for(|ended| *ended).await;
        }));
        tracing::info!(%address, "telling metrics");
    }
    let live = portal.live.clone();
    let router = router(portal, health, assets, &settings.site);
    let most = connections::raise_limit();
    systemd::tell("READY=1");
    let server = connections::serve(
        listener,
        certificate,
        router,
        most,
        connections::HEAD_TIMEOUT,
        Listener::Portal,
        async move {
            asked.await;
            tracing::info!("ending");
            systemd::tell("STOPPING=1");
            // They never end by themselves.
            live.close();
            let _ = ended.send(true);
        },
    );
    tokio::select! {
        () = server => {}
        // What takes longer is cut off.
        () = async {
            let _ = ending.wait_for(|ended| *ended).await;
            tokio::time::sleep(GRACE).await;
        } => {}
    }
    // After the requests: they ask for mails.
    running.end(JOBS_GRACE).await;
    // What was heard last; whoever reads the sessions next knows it.
    sessions.save().await?;
    ops::history::chain::seal(&store).await?;
    Ok(())
}

async fn listening(address: SocketAddr) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    Ok(listener.map_err(|error| format!("cannot listen on {address}: {error}"))?)
}

fn mailer(mail: &Mail, store: &Store) -> Result<Mailer, Failure> {
    let sources = store.sources.clone();
    let mailer = match &mail.smtp {
        // The address holds a password, and what is wrong with it might quote it.
        Some(smtp) => Mailer::smtp(smtp, &mail.from, sources)
            .map_err(|_| "smtp: not the address of a mail server, such as smtps://USER:PASSWORD@HOST")?,
        None => {
            tracing::warn!(folder = %mail.folder.display(), "no mail server is set up: mails become files in a folder");
            Mailer::folder(mail.folder.clone(), &mail.from, sources)?
        }
    };
    Ok(mailer)
}

/// What asks the server to end; it is heard from now on, and not only once somebody waits for it.
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
