//! What happened in the demo before anybody looked at it: a year of containers, moves, customers, amendments and machines, done by
//! the same functions as by people, at the times at which they would have done it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use domain::{
    groups::tree::Node,
    ids::{ContainerId, GroupId, LicenseId, ProductId, TicketId, UserId},
    licensing::{containers::ContainerKind, licenses::Binding},
    resellers::quotas::Period,
    tickets::{SelectedTickets, owners::Owner},
    time::{at_millisecond, date_at, days, earlier, later},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ops::{
        OpError,
        instance::{
            Vendor,
            demo::errors::DemoError,
            organisation::{ImportError, OfDemo, import},
        },
        licensing::{amendments, containers, containers::NewContainer, licenses},
        resellers::{creations, quotas},
        tickets,
    },
    store::{self, Store, StoreError},
    views::{
        licensing::amendments::{AmendedLicense, AmendmentKind, NewAmendment},
        resellers::{
            creations::{NewTickets, Recipient, ValidityChoice},
            customers::NewCustomer,
        },
        tickets::{TicketQuery, TicketRow},
    },
};

/// How long ago it begins.
pub(super) const YEAR: SignedDuration = days(365);

/// A store at another time: whatever is done with it happens then.
#[derive(Clone)]
pub(super) struct Past {
    pub(super) store: Store,
    at: Arc<AtomicI64>,
    /// When the story ends.
    pub(super) now: Timestamp,
}

impl Past {
    pub(super) fn of(store: &Store) -> Self {
        let now = store.sources.now();
        let at = Arc::new(AtomicI64::new(earlier(now, YEAR).as_millisecond()));
        let mut store = store.clone();
        let clock = Arc::clone(&at);
        // A millisecond passes with each look at the clock: no two things happen at once.
        store.sources = store.sources.with_clock(move || {
            at_millisecond(clock.fetch_add(1, Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
        });
        Self { store, at, now }
    }

    /// Goes on to that moment; time never runs backwards.
    pub(super) fn go_to(&self, at: Timestamp) {
        self.at.fetch_max(at.as_millisecond(), Ordering::Relaxed);
    }

    fn go_on(&self, days_ago: u32) {
        self.go_to(earlier(self.now, days(days_ago)));
    }
}

/// Licences that machines use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pool {
    pub(super) license: LicenseId,
    pub(super) owner: Owner,
    /// How many the ticket grants, how many of them are activated, and how many machines come for them.
    pub(super) granted: u32,
    pub(super) activated: u32,
    pub(super) machines: u32,
    pub(super) article: &'static str,
    pub(super) container: ContainerId,
    /// Whose container it is.
    pub(super) by: &'static str,
    /// What the names of the machines begin with.
    pub(super) name: &'static str,
}

pub(super) struct Story<'a> {
    pub(super) past: Past,
    vendor: &'a Vendor,
    people: BTreeMap<String, UserId>,
    groups: BTreeMap<String, GroupId>,
    products: BTreeMap<String, ProductId>,
    requests: u32,
}

impl<'a> Story<'a> {
    /// Of the example tree, once it is stored.
    pub(super) async fn of(past: Past, vendor: &'a Vendor) -> Result<Self, OpError> {
        let mut tx = past.store.begin_read().await?;
        let people = store::accounts::people::all_with_email(&mut tx).await?;
        let groups = store::instance::files::groups_after(&mut tx, None, 100).await?;
        let products = store::licensing::products::all(&mut tx).await?;
        drop(tx);
        Ok(Self {
            past,
            vendor,
            people: people
                .into_iter()
                .map(|(user, _)| (user.login.to_string(), user.id))
                .collect(),
            groups: groups
                .into_iter()
                .map(|group| (group.name, group.lineage.group()))
                .collect(),
            products: products
                .into_iter()
                .map(|product| (product.data.article, product.id))
                .collect(),
            requests: 0,
        })
    }

    fn store(&self) -> &Store {
        &self.past.store
    }

    pub(super) fn person(&self, login: &str) -> Result<UserId, OpError> {
        known(&self.people, login)
    }

    fn group(&self, name: &str) -> Result<GroupId, OpError> {
        known(&self.groups, name)
    }

    /// A key for a request, each time another one.
    pub(super) fn key(&mut self) -> String {
        self.requests += 1;
        format!("demo-{:08}", self.requests)
    }

    /// The ticket with so many licences of a product that an owner has.
    async fn ticket(&self, owner: Owner, article: &str, quantity: u32) -> Result<TicketRow, OpError> {
        let (_, name) = NAMES
            .iter()
            .find(|(known, _)| *known == article)
            .ok_or_else(broken)?;
        let all = TicketQuery::of(Node::All);
        let page = tickets::page(self.store(), self.person("isv-admin")?, &all).await?;
        let fits = |row: &TicketRow| {
            row.owner() == owner
                && row
                    .licenses
                    .iter()
                    .any(|license| license.product.en == *name && license.quantity == quantity)
        };
        page.rows.into_iter().find(fits).ok_or_else(broken)
    }

    async fn license(&self, owner: Owner, article: &str, quantity: u32) -> Result<LicenseId, OpError> {
        let ticket = self.ticket(owner, article, quantity).await?;
        let license = ticket
            .licenses
            .iter()
            .find(|license| license.quantity == quantity);
        license.map(|license| license.id).ok_or_else(broken)
    }

    /// A container of a person, with licences that they activate in it.
    async fn container(
        &mut self,
        login: &str,
        context: Option<&str>,
        new: NewContainer<'_>,
    ) -> Result<ContainerId, OpError> {
        let user = self.person(login)?;
        let context = context.map(|name| self.group(name)).transpose()?;
        let key = self.key();
        containers::create(self.store(), user, Owner::User { user, context }, new, &key).await
    }

    async fn activate(
        &mut self,
        login: &str,
        license: LicenseId,
        container: ContainerId,
        quantity: u32,
    ) -> Result<(), OpError> {
        let key = self.key();
        licenses::activate(
            self.store(),
            self.person(login)?,
            license,
            container,
            quantity,
            &key,
        )
        .await
    }

    /// Licences of a group's ticket in a cloud container, for the machines that come there.
    async fn pool(
        &mut self,
        (by, group): (&'static str, &str),
        (container, name): (ContainerId, &'static str),
        article: &'static str,
        [granted, activated, machines]: [u32; 3],
    ) -> Result<Pool, OpError> {
        let owner = Owner::Group(self.group(group)?);
        let license = self.license(owner, article, granted).await?;
        self.activate(by, license, container, activated).await?;
        Ok(Pool {
            license,
            owner,
            granted,
            activated,
            machines,
            article,
            container,
            by,
            name,
        })
    }

    async fn hand_over(
        &mut self,
        login: &str,
        ticket: TicketId,
        from: Owner,
        to: Owner,
    ) -> Result<(), OpError> {
        let key = self.key();
        let one = SelectedTickets::new(vec![(ticket, from)]).map_err(|_| broken())?;
        tickets::reassign(self.store(), self.person(login)?, &one, to, None, &key).await?;
        Ok(())
    }

    async fn amend(&mut self, license: LicenseId, new: NewAmendment) -> Result<(), OpError> {
        let new = NewAmendment {
            licenses: vec![AmendedLicense {
                license,
                version: None,
            }],
            ..new
        };
        let key = self.key();
        amendments::amend(self.store(), self.person("isv-admin")?, &new, &key).await?;
        Ok(())
    }

    /// The first half: what the machines need, and who came and went. Yields what they use.
    pub(super) async fn begin(&mut self) -> Result<Vec<Pool>, OpError> {
        let cloud = |name| NewContainer {
            kind: ContainerKind::Cloud,
            serial: "",
            name,
        };
        let mut pools = Vec::new();
        self.past.go_on(362);
        let of = ("admin-1.1", "Group 1");
        let here = (
            self.container(of.0, Some(of.1), cloud("Build servers")).await?,
            "build",
        );
        pools.push(self.pool(of, here, "ST-PRO", [25, 12, 9]).await?);
        self.past.go_on(358);
        let of = ("admin-2.1", "Group 2");
        let here = (
            self.container(of.0, Some(of.1), cloud("Render farm")).await?,
            "render",
        );
        pools.push(self.pool(of, here, "ST-PRO", [40, 12, 11]).await?);
        // These end a year after they were activated first.
        self.past.go_on(352);
        pools.push(self.pool(of, here, "AUTO-SDK", [5, 5, 8]).await?);
        self.past.go_on(345);
        let of = ("admin-1.1.1", "Group 1.1");
        let here = (
            self.container(of.0, Some(of.1), cloud("Test laboratory")).await?,
            "lab",
        );
        pools.push(self.pool(of, here, "ST-PRO", [10, 4, 4]).await?);
        pools.push(self.pool(of, here, "AUTO-SDK", [1, 1, 1]).await?);
        self.past.go_on(320);
        let bench = NewContainer {
            kind: ContainerKind::Dongle,
            serial: "3-4711082",
            name: "Workbench",
        };
        let bench = self.container("user-1.1.1", None, bench).await?;
        let user = self.person("user-1.1.1")?;
        let own = self
            .license(Owner::User { user, context: None }, "VIEW", 1)
            .await?;
        self.activate("user-1.1.1", own, bench, 1).await?;
        Ok(pools)
    }

    /// The partner, with customers and a quota.
    pub(super) async fn partner(&mut self, organisation: OfDemo<'_>) -> Result<(), DemoError> {
        self.past.go_on(300);
        let file = serde_json::from_str(include_str!("partner.json"))
            .map_err(|error| ImportError::Io(error.into()))?;
        import(self.store(), self.vendor, &file, Some(organisation)).await?;
        let known = Story::of(self.past.clone(), self.vendor).await?;
        (self.people, self.groups) = (known.people, known.groups);
        let isv = self.person("isv-admin")?;
        let group = self.group("Partner North")?;
        let sold = ["ST-PRO", "VIEW"].map(|article| self::known(&self.products, article));
        let sold = sold.into_iter().collect::<Result<_, OpError>>()?;
        quotas::set_filter(self.store(), isv, group, Some(&sold)).await?;
        for (article, quantity) in [("ST-PRO", 60), ("VIEW", 500)] {
            let product = self::known(&self.products, article)?;
            quotas::set_quota(self.store(), isv, group, product, Period::Year, Some(quantity)).await?;
        }
        let end = date_at(later(self.past.now, days(21)));
        self.past.go_on(280);
        self.sell(
            ("ST-PRO", 5, 2),
            Recipient::NewCustomer,
            "Brandt Engineering",
            &end.to_string(),
        )
        .await?;
        self.past.go_on(170);
        Ok(self
            .sell(("VIEW", 50, 1), Recipient::NewCustomer, "Lindner Medical", "")
            .await?)
    }

    async fn sell(
        &mut self,
        (article, quantity, series): (&str, u32, u32),
        recipient: Recipient,
        customer: &str,
        until: &str,
    ) -> Result<(), OpError> {
        let key = self.key();
        let first = customer.split(' ').next().unwrap_or_default();
        let new = NewTickets {
            group: Some(self.group("Partner North")?),
            product: known(&self.products, article)?,
            quantity,
            series,
            validity: if until.is_empty() {
                ValidityChoice::Perpetual
            } else {
                ValidityChoice::Between
            },
            from: if until.is_empty() {
                String::new()
            } else {
                date_at(self.past.store.sources.now()).to_string()
            },
            to: until.to_owned(),
            days: None,
            binding: Binding::Floating,
            returns: None,
            recipient,
            customer: None,
            new_customer: NewCustomer {
                group_name: customer.to_owned(),
                name: first.to_owned(),
                email: format!("{}@example.org", first.to_lowercase()),
                login: first.to_lowercase(),
            },
        };
        creations::create(
            self.store(),
            self.vendor,
            self.person("partner")?,
            &new,
            "en",
            &key,
        )
        .await?;
        Ok(())
    }

    /// Tickets that were lent and came back, so that the tree is that of the task again.
    pub(super) async fn lend(&mut self) -> Result<(), OpError> {
        let group = Owner::Group(self.group("Group 1.2")?);
        let context = Some(self.group("Group 1.2")?);
        let lent = Owner::User {
            user: self.person("user-1.2.1")?,
            context,
        };
        let ticket = self.ticket(group, "ST-PRO", 5).await?.id();
        self.past.go_on(150);
        self.hand_over("admin-1.1", ticket, group, lent).await?;
        self.past.go_on(96);
        self.hand_over("admin-1.1", ticket, lent, group).await?;
        let (stock, two) = (Owner::Unassigned, Owner::Group(self.group("Group 2")?));
        let ticket = self.ticket(stock, "VIEW", 50).await?.id();
        self.past.go_on(60);
        self.hand_over("isv-admin", ticket, stock, two).await?;
        self.past.go_on(58);
        self.hand_over("isv-admin", ticket, two, stock).await
    }

    /// What was sold and changed lately.
    pub(super) async fn lately(&mut self) -> Result<(), OpError> {
        let new = |kind, reason: &str| NewAmendment {
            licenses: Vec::new(),
            kind,
            days: None,
            months: None,
            begin: None,
            until: String::new(),
            quantity: None,
            on: String::new(),
            reason: reason.to_owned(),
        };
        self.past.go_on(20);
        self.sell(("ST-PRO", 1, 3), Recipient::Codes, "", "").await?;
        let lab = Owner::Group(self.group("Group 1.1")?);
        let renewed = self.license(lab, "AUTO-SDK", 1).await?;
        self.past.go_on(14);
        let renewal = NewAmendment {
            days: Some(365),
            ..new(AmendmentKind::Renew, "Order 4500-1187")
        };
        self.amend(renewed, renewal).await?;
        self.past.go_on(12);
        let suspended = Owner::Group(self.group("Group 1.2")?);
        let suspended = self.license(suspended, "FIELD", 2).await?;
        self.amend(suspended, new(AmendmentKind::Suspend, "Invoice 2291 is open"))
            .await
    }
}

/// What the products of the example are called.
const NAMES: [(&str, &str); 4] = [
    ("AUTO-SDK", "Automation SDK"),
    ("FIELD", "Field Analyzer"),
    ("ST-PRO", "Studio Professional"),
    ("VIEW", "Viewer"),
];

fn broken() -> OpError {
    StoreError::Inconsistent("demo").into()
}

fn known<T: Copy>(known: &BTreeMap<String, T>, name: &str) -> Result<T, OpError> {
    known.get(name).copied().ok_or_else(broken)
}
