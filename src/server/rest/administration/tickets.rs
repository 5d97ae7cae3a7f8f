//! Tickets by programs: listing, moving (S5), creating (S13).

use domain::{
    groups::tree::Node,
    ids::{CreationId, GroupId, TicketId, ViewId},
    tickets::{Activated, SelectedTickets, owners::Owner},
};

use crate::{
    api::{
        resellers::creations,
        tickets::{self as api, bulk, saved, splits, viewers},
    },
    server::rest::administration::wire::{Codes, OwnerObject, TicketChoice, TicketList},
    views::{
        resellers::creations::{CreationChoices, CreationDetail, CreationPage, NewTickets},
        tickets::{
            HistoryRow, Moved, Target, TicketPage, TicketQuery, TicketRow,
            bulk::{Preview, Seen, TicketSelection},
            facets::FacetCounts,
            saved::{SavedViews, ViewQuery},
            splits::{JoinCandidate, Wanted},
            viewers::Sight,
        },
    },
};

crate::server::rest::administration::routes::routes! {
    "Tickets";
    /// Tickets
    ///
    /// At a `node`: `all`, `mine`, `none` (without an owner), or an owner such as `group:7`. `facets` narrows the list:
    /// `product:ID`, `state:free` (`active`, `full`, `ended`, `suspended`, `revoked`, `protected`), `owner:group` (`person`, `me`,
    /// `nobody`), `ends:30` (`90`, `later`, `never`), `binding:floating` (`node_locked`), with commas between them. Of several values
    /// of one facet any will do: `state:free,state:full,owner:group`.
    get "/tickets" Tickets:Read => api::Tickets { query: TicketQuery => Members } -> TicketPage;
    /// How many tickets there are of each kind
    ///
    /// Of those that a list holds: by product, state, owner, end and binding; of more than 10,000, how many there are at least.
    /// What `facets` wants of a facet counts for the others, and not for its own values.
    get "/tickets/facets" Tickets:Read => api::TicketFacets { query: TicketQuery => Members } -> FacetCounts;
    /// Saved views of lists
    ///
    /// Your own, and those of the group of the `node` and of the groups above it that you see.
    get "/tickets/views" Tickets:Read => saved::TicketViews { node: Node } -> SavedViews;
    /// Save a view of lists
    ///
    /// For yourself, or for a group and all who see it; one of the same name is overwritten.
    post "/tickets/views" Tickets:Write => saved::SaveTicketView { name: String, group: Option<GroupId>, query: ViewQuery } -> ViewId;
    /// Remove a saved view
    delete "/tickets/views/{view}" Tickets:Write => saved::RemoveTicketView { view: ViewId } -> ();
    /// Tickets by id
    ///
    /// As far as you see them: `ids[0]=…&ids[1]=…`.
    get "/tickets/selected" Tickets:Read => api::Selected { ids: Vec<TicketId> } -> Vec<TicketRow>;
    /// The history of a ticket
    ///
    /// The newest first, as far as you may see the places and people in it.
    get "/tickets/{ticket}/history" Tickets:Read => api::History { ticket: TicketId } -> Vec<HistoryRow>;
    /// Who can see a ticket, and why
    ///
    /// With a search, the people whom it finds, with the answer for each.
    get "/tickets/{ticket}/viewers" Tickets:Read => viewers::Viewers { ticket: TicketId, search: String = default } -> Sight;
    /// To whom tickets can be given
    ///
    /// At most 100 owners that match the search.
    post "/tickets/targets" Tickets:Read => api::Targets { tickets: TicketChoice as TicketSelection, search: String = default } -> Vec<Target>;
    /// Protect a ticket
    ///
    /// Switches the protected mode of a group ticket.
    put "/tickets/{ticket}/protection" Tickets:Write => api::Protect { ticket: TicketId, on: bool } -> ();
    /// Protect tickets
    ///
    /// All of them or none: switches the protected mode of group tickets, and yields how many changed.
    put "/tickets/protection" Tickets:Write => bulk::ProtectTickets { tickets: TicketList as SelectedTickets, on: bool } -> u32;
    /// Split a ticket
    ///
    /// So many of its licences become a ticket of the same owner, with a code of its own. What is split off is free, or a licence as
    /// a whole, which goes on as it is.
    post "/tickets/{ticket}/splits" Tickets:Write => splits::SplitTicket { ticket: TicketId, parts: Vec<Wanted>, key: String => Key } -> TicketId;
    /// The tickets that can be joined to a ticket
    ///
    /// Of the same owner, protected like it or not, those of the same products first; at most 50.
    get "/tickets/{ticket}/join-candidates" Tickets:Read => splits::JoinCandidates { ticket: TicketId } -> Vec<JoinCandidate>;
    /// Join a ticket to another one
    ///
    /// Of the same owner: equal licences that nothing was done with become one, the others go over as they are. The ticket and its
    /// code are no more.
    post "/tickets/{ticket}/join" Tickets:Write => splits::JoinTickets { ticket: TicketId, into: TicketId, key: String => Key } -> ();
    /// Redeem codes
    ///
    /// All of them or none.
    post "/tickets/redeem" Tickets:Write => api::Redeem { codes: Codes as String, to: OwnerObject as Owner } -> Moved;
    /// Move tickets
    ///
    /// All of them or none, in one transaction. `tickets` are the tickets with the owner that each has now: where somebody
    /// else was faster, nothing is moved. `activated` says what becomes of activated licences.
    post "/moves" Tickets:Write => api::Reassign { tickets: TicketList as SelectedTickets, to: OwnerObject as Owner, activated: Option<Activated>, key: String => Key } -> Moved;
    /// Take a move back
    ///
    /// `key` is the idempotency key of the move. It works for as long as nothing overtook it.
    post "/moves/{key}/undo" Tickets:Write => api::Undo { key: String, undo_key: String => Key } -> Moved;
    /// Preview a move of many tickets
    ///
    /// `tickets` are tickets with their owners, or all that a list of tickets holds.
    post "/moves/preview" Tickets:Read => bulk::PreviewMove { tickets: TicketChoice as TicketSelection, to: OwnerObject as Owner } -> Preview;
    /// Move many tickets, as the preview said
    ///
    /// `seen` is what the preview yielded. With `only_permitted`, those that may not be moved stay.
    post "/moves/previewed" Tickets:Write => bulk::MoveAsPreviewed { tickets: TicketChoice as TicketSelection, to: OwnerObject as Owner, seen: Seen, only_permitted: bool = default, activated: Option<Activated>, key: String => Key } -> Moved;
    /// What you may create
    ///
    /// The groups, and in the chosen one the products and customers.
    get "/creations/choices" Tickets:Read => creations::CreationForm { group: Option<GroupId>, search: String = default } -> CreationChoices;
    /// What you created
    get "/creations" Tickets:Read => creations::Creations { page: u32 = default } -> CreationPage;
    /// Create tickets
    ///
    /// For codes, for stock, for a customer, or for a new customer, in one transaction.
    post "/creations" Tickets:Write Users:Write => creations::CreateTickets { new: NewTickets => Members, key: String => Key } -> CreationId, creates "/creations";
    /// Tickets that were created together, with their codes
    get "/creations/{creation}" Tickets:Read => creations::Creation { creation: CreationId } -> CreationDetail;
    /// Mail the codes that can still be handed out
    post "/creations/{creation}/mail" Tickets:Write => creations::MailCodes { creation: CreationId, email: String } -> ();
}
