//! Anmeldung über Identitätsanbieter.

texts! {
    sign_in_with(name: &str): "Mit {name} anmelden";
    or_password: "Oder mit einem Passwort dieses Portals";
    signed_in_elsewhere: "Auch beim Identitätsanbieter abmelden";

    linked_sign_ins: "Verknüpfte Anmeldungen";
    linked_sign_ins_help: "Mit einer verknüpften Anmeldung melden Sie sich über den Identitätsanbieter Ihrer Firma statt mit Ihrem Passwort an.";
    no_linked_sign_ins: "Mit Ihrem Konto ist nichts verknüpft.";
    link_sign_in: "Verknüpfen";
    unlink_sign_in: "Verknüpfung lösen";
    sign_in_is_linked: "Die Anmeldung ist mit Ihrem Konto verknüpft.";
    sign_in_is_unlinked: "Die Anmeldung ist nicht mehr mit Ihrem Konto verknüpft.";
    linked_since: "Verknüpft seit";
    last_signed_in: "Zuletzt benutzt";
    never_signed_in: "nie";
    linking_needs_password: "Zum Verknüpfen und Lösen brauchen Sie Ihr Passwort. Sie haben noch keines: Setzen Sie eines über den Link für ein vergessenes Passwort.";
    password_confirmed: "Ihr Passwort war richtig. Fahren Sie innerhalb von zehn Minuten in diesem Browser fort.";
    go_on_to(name: &str): "Weiter zu {name}";

    identity_providers: "Anmeldung der Firma";
    identity_providers_help: "Identitätsanbieter (OpenID Connect), die neben dem Portal selbst Personen anmelden.";
    no_identity_providers: "Personen melden sich bisher mit Passwörtern des Portals an; ein Identitätsanbieter ist nicht bekannt.";
    new_identity_provider: "Neuer Identitätsanbieter";
    new_identity_provider_dots: "Neuer Identitätsanbieter…";
    add_provider: "Anbieter hinzufügen";
    issuer: "Aussteller (Issuer)";
    issuer_help: "Die Adresse, unter der sich der Anbieter selbst nennt, Zeichen für Zeichen, etwa https://login.example.org/realms/firma.";
    client_id: "Client-ID";
    client_secret: "Client-Geheimnis";
    client_secret_kept: "Leer lassen, um das gespeicherte Geheimnis zu behalten.";
    client_secret_lost: "Das gespeicherte Geheimnis ging mit seinem Schlüssel verloren: Geben Sie es neu ein.";
    scopes: "Berechtigungen (Scopes)";
    scopes_help: "Was außer openid verlangt wird, durch Leerzeichen getrennt, etwa: profile email";
    back_address: "Rückkehradresse (Redirect URI)";
    back_address_help: "Beim Anbieter einzutragen, Zeichen für Zeichen.";
    branch_of_provider: "Meldet an";
    branch_of_provider_help: "Ein Anbieter eines Zweigs meldet Personen an, die dort und nirgends sonst Mitglied sind, und nie ISV-Administratoren.";
    whole_instance: "Personen der ganzen Instanz";
    branch_address: "Adresse dieser Anmeldung";
    branch_address_help: "Die Anmeldeseite zeigt sie nicht, damit niemand erfährt, welche Zweige es gibt: Geben Sie diese Adresse den Personen des Zweigs.";
    join_group: "Wer noch kein Konto hat, kommt in";
    join_group_help: "Das Konto entsteht bei der ersten Anmeldung, im Rahmen der Plätze, als Mitglied ohne Rechte.";
    nobody_joins: "Niemand: nur verknüpfte Konten werden angemeldet";
    login_is_email: "Wer dazukommt, hat seine bestätigte Mailadresse als Anmeldename, nicht den Benutzernamen von dort";
    gives_factor: "Der Anbieter fragt selbst nach einem zweiten Faktor";
    gives_factor_help: "Dann fragt das Portal danach nach keinem mehr, auch wenn es einen verlangt.";
    provider_on: "an";
    provider_off: "aus";
    switch_provider_on: "Einschalten";
    switch_provider_off: "Ausschalten";
    remove_provider: "Entfernen";
    remove_provider_help: "Er meldet niemanden mehr an, und alle Verknüpfungen mit ihm sind weg. Konten bleiben; die ohne Passwort brauchen eines.";
    provider_removed: "Der Identitätsanbieter ist entfernt.";
    linked_accounts: "Verknüpfte Konten";
    test_provider: "Testen";
    test_provider_help: "Fragt den Anbieter, was er veröffentlicht, wie bei einer Anmeldung. Geändert wird nichts.";
    provider_works: "Der Anbieter antwortet, und was er veröffentlicht, ist brauchbar.";
    provider_does_not_work: "Der Anbieter kann niemanden anmelden:";
    provider_sends_to(address: &str): "Personen werden zu {address} geschickt";
    provider_signs_with(keys: u32, algorithms: &str): "Schlüssel: {keys}; Verfahren: {algorithms}";
    no_usable_algorithm: "keines, das das Portal annimmt";
    provider_names_itself: "Er nennt sich, wenn er Personen zurückschickt: Zwei Anbieter lassen sich nicht verwechseln.";
    provider_does_not_name_itself: "Er nennt sich nicht, wenn er Personen zurückschickt (RFC 9207).";
    provider_logs_out: "Personen können sich auch dort abmelden.";

    failed_off: "Diese Anmeldung gibt es nicht. Nehmen Sie eine andere oder Ihr Passwort.";
    failed_expired: "Die Anmeldung wurde in einem anderen Browser oder vor zu langer Zeit begonnen oder ist schon erledigt. Beginnen Sie neu.";
    failed_declined: "Der Identitätsanbieter hat Sie nicht durchgelassen. Versuchen Sie es noch einmal, oder fragen Sie, wer ihn betreut.";
    failed_unreachable: "Der Identitätsanbieter antwortet gerade nicht. Versuchen Sie es später, oder nehmen Sie Ihr Passwort.";
    failed_untrusted: "Der Antwort des Identitätsanbieters ist nicht zu trauen. Beginnen Sie neu; geschieht es wieder, sagen Sie es Ihrem Administrator.";
    failed_unknown: "Mit dieser Identität ist hier kein Konto verknüpft. Melden Sie sich mit Ihrem Passwort an und verknüpfen Sie es auf der Seite Ihres Kontos, oder fragen Sie Ihren Administrator.";
    failed_login_taken: "Es gibt schon ein Konto mit Ihrem Anmeldenamen. Melden Sie sich mit seinem Passwort an und verknüpfen Sie es auf der Seite Ihres Kontos.";
    failed_no_login: "Der Identitätsanbieter nennt nichts, was hier Ihr Anmeldename sein könnte. Sagen Sie es Ihrem Administrator.";
    failed_of_another: "Diese Identität ist mit einem anderen Konto verknüpft.";
    failed_linked_already: "Ihr Konto ist mit diesem Anbieter schon verknüpft. Lösen Sie die Verknüpfung zuerst.";

    invalid_issuer: "Der Aussteller ist eine Adresse, die mit https:// beginnt, ohne ? und #.";
    invalid_client_id: "Die Client-ID fehlt oder enthält Zeichen, die es darin nicht gibt.";
    invalid_client_secret: "Das Client-Geheimnis fehlt oder enthält Zeichen, die es darin nicht gibt.";
    invalid_scopes: "Scopes sind Wörter, durch Leerzeichen getrennt.";
    too_many_providers(most: usize): "Es gibt schon {most} Identitätsanbieter.";
    invalid_outside_branch: "Die Gruppe für neue Personen liegt nicht im Zweig.";
    provider_changed_meanwhile: "Jemand anderes hat diesen Anbieter inzwischen geändert. Laden Sie die Seite neu.";
}
