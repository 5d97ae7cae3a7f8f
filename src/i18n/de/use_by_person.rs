//! Nutzung nach Person.

texts! {
    own_use: "Meine Nutzung";
    own_use_explained: "Was über die Nutzung durch Ihre Maschinen festgehalten wird, und wie lange.";
    own_use_off: "Nutzung wird hier nicht nach Person festgehalten: über Sie wird nichts zusammengezählt.";
    own_use_on(since: &str): "Nutzung wird hier seit {since} nach Person festgehalten.";
    own_use_kept:
        "Für jeden Tag (UTC) und jede Lizenz: wie lange Maschinen mit Zugangsdaten Ihrer Container sie geliehen hatten, wie oft sie ihnen abgelehnt wurde und in wie vielen Minuten sie warteten. Weder Namen von Maschinen noch Uhrzeiten.";
    own_use_how_long(days: i64):
        "Jeder Tag wird nach {days} Tagen gelöscht; alles auf einmal, wenn dies ausgeschaltet wird, und was Sie betrifft, wenn Ihr Konto ausgeschaltet wird. Sicherungen des Betreibers können es länger enthalten.";
    own_use_for_whom:
        "Sie sehen es hier. Admins, die sich um Sie kümmern und das Ticket einer Lizenz sehen, sehen auf deren Seite zur Nutzung die Summe.";
    own_use_otherwise(days: i64):
        "Ob dies an oder aus ist: jedes Lease wird {days} Tage lang mit seiner Maschine und seinem Container aufbewahrt, weil Lizenzen danach verliehen werden. Wer den Container erreicht, sieht es.";
    no_own_use: "Über Sie ist noch nichts festgehalten: Nutzung wird zusammengezählt, sobald eine Stunde vorbei ist.";
    use_by_person: "Nutzung nach Person";
    use_by_person_since(since: &str): "Nach Person, an ganzen Tagen seit {since}";
    use_by_person_off: "Nutzung wird nicht nach Person festgehalten.";
    use_by_person_on(since: &str): "Nutzung wird seit {since} nach Person festgehalten.";
    keep_use_by_person: "Nutzung nach Person festhalten";
    keep_use_by_person_help(days: i64):
        "Wie lange wessen Maschinen welche Lizenz geliehen hatten, Tag für Tag, {days} Tage lang. Das sind personenbezogene Daten: haben Sie einen Grund dafür, und stimmen Sie es mit den Betroffenen ab und, wo es einen gibt, mit ihrem Betriebsrat. Alle sehen unter Meine Nutzung, was über sie festgehalten ist.";
    end_use_by_person: "Ausschalten und löschen";
    end_use_by_person_help: "Alles, was nach Person festgehalten ist, wird sofort gelöscht und kommt nicht wieder.";
    person_csv: "Nach Person als CSV";
}
