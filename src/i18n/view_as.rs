//! What the portal says to whoever looks at it as another person.

use crate::i18n::Language;

words! {
    view_as_person: "View as this person", "Als diese Person ansehen";
    view_as_help: "You see the portal as they see it, for an hour at most. Nothing can be changed meanwhile. It is recorded, and they can read so in their history.",
        "Sie sehen das Portal wie diese Person, höchstens eine Stunde lang. Währenddessen lässt sich nichts ändern. Es wird aufgezeichnet; die Person kann es in ihrem Verlauf lesen.";
    viewing_as_somebody: "View as somebody else", "Ansicht als andere Person";
    end_view: "End the view", "Ansicht beenden";
    refused_viewing_as: "You are viewing the portal as somebody else: nothing can be changed, and no files or secrets are given out. End the view first.",
        "Sie sehen das Portal als eine andere Person an: Nichts lässt sich ändern, und Dateien und Geheimnisse werden nicht herausgegeben. Beenden Sie zuerst die Ansicht.";
    refused_view_over: "The view as somebody else is over. Load the page again.",
        "Die Ansicht als andere Person ist zu Ende. Laden Sie die Seite neu.";
    refused_not_viewing: "You are not viewing the portal as somebody else.",
        "Sie sehen das Portal nicht als eine andere Person an.";
    denied_oneself: "That is you: you see the portal as yourself already.", "Das sind Sie selbst: So sehen Sie das Portal schon.";
    event_view_began: "View as this person began", "Ansicht als diese Person begonnen";
    event_view_ended: "View as this person ended", "Ansicht als diese Person beendet";
}

impl Language {
    /// What is said of a login beside the name of its user.
    #[must_use]
    pub fn views_as(self, name: &str) -> String {
        match self {
            Self::En => format!("views as {name}"),
            Self::De => format!("sieht als {name}"),
        }
    }

    /// As whom, until when.
    #[must_use]
    pub fn viewing_as(self, name: &str, until: &str) -> String {
        match self {
            Self::En => {
                format!("You are viewing the portal as {name}, until {until}. Nothing can be changed.")
            }
            Self::De => format!("Sie sehen das Portal als {name}, bis {until}. Nichts lässt sich ändern."),
        }
    }
}
