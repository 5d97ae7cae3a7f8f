//! What the portal says about who can see a ticket.

use domain::access::{Because, Unseen};

use crate::i18n::Language;

words! {
    who_can_see: "Who can see this?", "Wer kann das sehen?";
    who_can_see_ticket: "Who can see this ticket", "Wer dieses Ticket sehen kann";
    search_viewers: "Ask about a person", "Nach einer Person fragen";
    answer: "Answer", "Antwort";
    its_group: "its group", "seiner Gruppe";
    sees_it: "Sees it", "Sieht es";
    does_not_see_it: "Does not see it", "Sieht es nicht";
    no_viewers: "Nobody of the people you may know of.", "Niemand von den Personen, die Sie kennen dürfen.";
    viewers_above: "Also the admins of the groups above those named here, and the ISV admins. You cannot see who they are.",
        "Außerdem die Admins der Gruppen über den hier genannten und die ISV-Admins. Wer das ist, können Sie nicht sehen.";
    narrow_viewers: "Only the first 100 are shown. Search for the others.",
        "Nur die ersten 100 sind zu sehen. Suchen Sie nach den anderen.";
    account_is_off: "account switched off", "Konto ausgeschaltet";
    because_own: "It is their own ticket.", "Es ist das eigene Ticket.";
    because_isv_admin: "Is an ISV admin.", "Ist ISV-Admin.";
    unseen_unassigned: "It belongs to nobody yet. Until it is assigned, only ISV admins see it.",
        "Es gehört noch niemandem. Bis es zugeordnet ist, sehen es nur ISV-Admins.";
}

impl Language {
    /// A reason to see a ticket; `group` is the path of the group in it.
    #[must_use]
    pub fn because(self, because: Because, group: &str) -> String {
        match (self, because) {
            (_, Because::Own) => self.because_own().to_owned(),
            (_, Because::IsvAdmin) => self.because_isv_admin().to_owned(),
            (Self::En, Because::Member(_)) => format!("Is a member of {group}."),
            (Self::De, Because::Member(_)) => format!("Ist Mitglied von {group}."),
            (Self::En, Because::Admin(_)) => format!("Is an admin of {group}."),
            (Self::De, Because::Admin(_)) => format!("Ist Admin von {group}."),
        }
    }

    /// Why somebody does not see a ticket, and what would change that; `person` has it, `group` is the path of its group.
    #[must_use]
    pub fn unseen(self, unseen: Unseen, person: &str, group: &str) -> String {
        match (self, unseen) {
            (_, Unseen::Unassigned) => self.unseen_unassigned().to_owned(),
            (Self::En, Unseen::Protected(_)) => {
                format!(
                    "The ticket is in protected mode: of {group}, only the admins see it, until one of them switches that off."
                )
            }
            (Self::De, Unseen::Protected(_)) => {
                format!(
                    "Das Ticket ist im Protected Mode: Von {group} sehen es nur die Admins, bis einer von ihnen das ausschaltet."
                )
            }
            (Self::En, Unseen::NotInGroup(_)) => {
                format!(
                    "Is neither a member of {group} nor an admin of it or of a group above. A member would see it."
                )
            }
            (Self::De, Unseen::NotInGroup(_)) => {
                format!("Ist weder Mitglied von {group} noch Admin dort oder darüber. Ein Mitglied sähe es.")
            }
            (Self::En, Unseen::Personal(_)) => {
                format!(
                    "It is a personal ticket of {person}: others see it only as admins of {group} or of a group above."
                )
            }
            (Self::De, Unseen::Personal(_)) => {
                format!(
                    "Es ist ein persönliches Ticket von {person}: Andere sehen es nur als Admins von {group} oder darüber."
                )
            }
            (Self::En, Unseen::Private) => {
                format!(
                    "It is a personal ticket of {person} without group context: besides them, only ISV admins see it."
                )
            }
            (Self::De, Unseen::Private) => {
                format!(
                    "Es ist ein persönliches Ticket von {person} ohne Gruppenkontext: Sonst sehen es nur ISV-Admins."
                )
            }
        }
    }
}
