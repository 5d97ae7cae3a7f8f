//! What nodes of the tree are called on the screen.

use domain::groups::tree::Node;

use crate::i18n::Language;

/// The name of a node, in the language of the page where it has none of its own.
#[must_use]
pub fn node_name(lang: Language, node: Node, name: &str) -> String {
    match node {
        Node::All => lang.all_tickets().to_owned(),
        Node::Mine => lang.my_tickets().to_owned(),
        Node::Unassigned => lang.unassigned().to_owned(),
        Node::Loose => lang.without_a_group().to_owned(),
        Node::Group(_) | Node::Person { .. } => name.to_owned(),
    }
}
