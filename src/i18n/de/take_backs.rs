//! Zurücknehmen, was niemand nutzt.

texts! {
    take_backs: "Rücknahmen";
    take_backs_explained:
        "Tickets, die von Ihnen zurückverlangt werden, und die Sie zurückverlangt haben. Wer eines hat, kann es behalten; sonst wechselt es an seinem Tag den Besitzer, wenn es bis dahin nicht genutzt wurde.";
    no_take_backs: "Von Ihnen wird kein Ticket zurückverlangt, und Sie haben in den letzten 90 Tagen keines verlangt.";
    ask_back: "Zurücknehmen";
    take_back_explained:
        "Wer ein Ticket hat, wird benachrichtigt und kann es behalten. Behält und nutzt es bis dahin niemand, wechselt es den Besitzer, und was davon aktiviert ist, wird zurückgegeben.";
    take_back_to: "An die Gruppe";
    take_back_to_own_group: "Die Gruppe, durch die es kam";
    take_back_days: "Tage zum Antworten";
    keep_ticket: "Behalten";
    give_ticket_back: "Jetzt zurückgeben";
    cancel_take_back: "Abbrechen";
    undo_take_back: "Rückgängig machen";
    asked_back_by: "Verlangt von";
    moves_on: "Wechselt am";
    asked_back_from: "Von";

    is_asked_back(day: &str): "zum {day} zurückverlangt";
    ticket_is_asked_back(day: &str):
        "Dieses Ticket hat eine Weile niemand genutzt: am {day} wird es zurückgenommen, wenn es bis dahin nicht behalten oder genutzt wird.";
    asks_back(name: &str): "Verlangt von {name}.";
    goes_back_to(place: &str): "Es geht an {place}.";
    ticket_is_taken_back(code: &str, day: &str): "Ticket {code} wird am {day} zurückgenommen: behalten oder zurückgeben";

    state_asked(day: &str): "Zum {day} zurückverlangt";
    state_kept: "Es wird behalten.";
    state_cancelled: "Nicht mehr zurückverlangt";
    state_used: "Nicht zurückgenommen: es wurde genutzt.";
    state_done: "Zurückgenommen";
    state_moved: "Nicht zurückgenommen: das Ticket hat inzwischen den Besitzer gewechselt.";
    state_not_permitted: "Nicht zurückgenommen: wer es verlangt hat, darf es nicht mehr dorthin geben.";
    state_still_held: "Nicht zurückgenommen: seine Lizenzen können jetzt nicht zurückgegeben werden.";

    invalid_days(most: u32): "Lassen Sie 1 bis {most} Tage zum Antworten.";
    invalid_no_group: "Wählen Sie die Gruppe, die das Ticket bekommt: es kam durch keine.";
    invalid_unowned: "Niemand hat das Ticket, der gefragt werden könnte.";
    invalid_asked_already: "Eines dieser Tickets wird schon zurückverlangt.";
    invalid_over: "Das ist vorbei: das Ticket wurde behalten, genutzt oder weitergegeben, oder wird nicht mehr verlangt.";

    mail_subject_asked: "License Portal: ein Ticket wird zurückgenommen";
    mail_subject_kept: "License Portal: ein Ticket wird behalten";
    mail_subject_done: "License Portal: ein Ticket wurde zurückgenommen";
    mail_subject_ended: "License Portal: ein Ticket wurde nicht zurückgenommen";
    mail_asked(day: &str):
        "Dieses Ticket von Ihnen hat eine Weile niemand genutzt. Am {day} wird es zurückgenommen. Brauchen Sie es noch, öffnen Sie die Seite und behalten Sie es; Sie können es auch sofort zurückgeben.";
}
