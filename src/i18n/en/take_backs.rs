//! Taking back what nobody uses.

texts! {
    take_backs: "Taken back";
    take_backs_explained:
        "Tickets that you are asked for, and those that you asked for. Who has one can keep it; otherwise it moves on its day, unless it was used by then.";
    no_take_backs: "You are asked for no ticket, and asked for none in the last 90 days.";
    ask_back: "Take back";
    take_back_explained:
        "Whoever has a ticket is told, and can keep it. If nobody keeps or uses it until then, it moves, and what of it is activated is given back.";
    take_back_to: "To the group";
    take_back_to_own_group: "The group that it came through";
    take_back_days: "Days to answer";
    keep_ticket: "Keep it";
    give_ticket_back: "Give it back now";
    cancel_take_back: "Cancel";
    undo_take_back: "Undo";
    asked_back_by: "Asked by";
    moves_on: "Moves on";
    asked_back_from: "From";

    is_asked_back(day: &str): "asked back for {day}";
    ticket_is_asked_back(day: &str):
        "Nobody used this ticket for a while: on {day} it will be taken back, unless it is kept or used until then.";
    asks_back(name: &str): "Asked by {name}.";
    goes_back_to(place: &str): "It goes to {place}.";
    ticket_is_taken_back(code: &str, day: &str): "Ticket {code} will be taken back on {day}: keep it, or give it back";

    state_asked(day: &str): "Asked back for {day}";
    state_kept: "It is kept.";
    state_cancelled: "No longer asked back";
    state_used: "Not taken back: it was used.";
    state_done: "Taken back";
    state_moved: "Not taken back: the ticket has moved meanwhile.";
    state_not_permitted: "Not taken back: who asked may not move it there any more.";
    state_still_held: "Not taken back: its licences cannot be given back now.";

    invalid_days(most: u32): "Leave 1 to {most} days to answer.";
    invalid_no_group: "Choose the group that gets the ticket: it came through none.";
    invalid_unowned: "Nobody has the ticket who could be asked.";
    invalid_asked_already: "One of these tickets is asked for already.";
    invalid_over: "That is over: the ticket was kept, used or moved, or is no longer asked for.";

    mail_subject_asked: "License Portal: a ticket will be taken back";
    mail_subject_kept: "License Portal: a ticket is kept";
    mail_subject_done: "License Portal: a ticket was taken back";
    mail_subject_ended: "License Portal: a ticket was not taken back";
    mail_asked(day: &str):
        "Nobody used this ticket of yours for a while. On {day} it will be taken back. If you still need it, open the page and keep it; you can also give it back at once.";
}
