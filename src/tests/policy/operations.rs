//! The rows of `golden/operations.txt`: calls, each made by everybody on the example tree.
//!
//! A line is a server function and its form. `PERSON function form => function form` has somebody else act before;
//! `PERSON silence` lets all tabs be silent until they are gone.
//! In a form, `{g Group 1}` is the id of a group, `{u ann}` of a person, `{t name}` of a ticket; `{o @ann/Group 1}` is
//! an owner, `{s ann}` somebody's login, `{v}` a report about a leaver, `{l 12}` a licence for so many seats, `{r 30}` a request for so many, `{x}` a code of the second factor that some have, `{m}` a mail address that nobody has, `{p name}` a ticket with the owner it has, `{c name}` its code, `{i name}` its licence, `{d name}` the product of that name, `{w ann}` somebody's access token, `{n}` tickets that somebody created, `{j}` a file that was uploaded, `{k ann}` somebody's container, `{a ann}` what is activated in it, `{y ann}` its credential, `{h Group 2}` a webhook of that group or of the instance, `{z Group 2}` a delivery of it, `{f 7;9>Group 1}` the fingerprint of the preview of a move of these tickets to that owner for who may move them all; `me` is whoever makes the call.

/// The calls; a line each.
pub const CALLS: &str = "
me
demo
language language=de
language language=xx
log_in login=me&password=correct
log_in login=me&password=wrong
log_out
active_sessions
active_sessions search=user-2
ended_sessions
ended_sessions page=x
close_session session={s user-2.1}
end_session session={s user-2.1}&reason=Stolen
end_session session={s user-2.1}&reason=
beat tab=7&idle=0
beat tab=7&idle=x
leave tab=7
leave tab=x
user-2.1 silence => close_session session={s user-2.1}
isv-admin end_session session={s user-2.1}&reason=Stolen => tickets query[node]=mine

users
users query[search]=user&query[state]=active&query[page]=0
users query[state]=elsewhere
user user={u user-1.1.1}
user user={u admin-1.1}
user user={u isv-admin}
user user={u me}
user user=4611686018427387903
create_user login=new
create_user login=new&group={g Group 1}
create_user login=new&group={g Group 1.1}&name=New&email=new@example.org&permissions[admin]=true
create_user login=new&group={g Group 1.1}&permissions[create_ticket]=true
create_user login=new&group={g Group 2}
create_user login=user-2.1&group={g Group 1.1}
create_user login=<new>&group={g Group 1.1}
create_user login=new&group={g Group 1.1}&email=nowhere
save_user user={u user-1.1.1}&name=New
save_user user={u user-1.1.1}&name=
save_user user={u user-2.1}&name=New&email=new@example.org
save_user user={u isv-admin}&name=New
save_user user={u me}&name=New
save_user user={u me}&name=New&email=new@example.org
switch_users users[0]={u user-1.1.1}
switch_users users[0]={u user-1.1.1}&active=true
switch_users users[0]={u user-1.1.1}&users[1]={u user-2.1}&end_login=true
switch_users users[0]={u isv-admin}
switch_users users[0]={u me}
switch_users
generate_password user={u user-1.1.1}
generate_password user={u user-2.1}
generate_password user={u isv-admin}
generate_password user={u me}
change_password present=correct&chosen=three small goats in may
change_password present=wrong&chosen=three small goats in may
change_password present=correct&chosen=short
isv-admin generate_password user={u user-1.1.1} => tickets query[node]=mine
my_data
save_me name=New
save_me name=
change_email present=correct&email=new@example.org
change_email present=correct
change_email present=wrong&email=new@example.org
change_email present=correct&email=x
instance
request_license seats=20&variant=Enterprise&note=Please
request_license seats=0
withdraw_request request=4611686018427387903
withdraw_request request={r 30}
demand_second_factor on=true
demand_second_factor
isv-admin demand_second_factor on=true => tickets query[node]=mine
own_second_factor
begin_second_factor present=correct
begin_second_factor present=wrong
confirm_second_factor code={x}
confirm_second_factor code=000000
renew_recovery_codes present=correct
renew_recovery_codes present=wrong
remove_second_factor present=correct
remove_second_factor present=wrong
reset_second_factor user={u user-1.1.1}
reset_second_factor user={u user-2.1}
reset_second_factor user={u me}
log_in_with_code code={x}
log_in_with_code code=000000
forgot_password email={m}
forgot_password email=nowhere
password_link token=link
password_link token=x
use_password_link token=link&chosen=three small goats in may
use_password_link token=link&chosen=short
use_password_link token=x&chosen=three small goats in may
replace_license license=x
replace_license license={l 12}
tokens user={u user-1.1.1}
tokens user={u user-2.1}
tokens user={u isv-admin}
tokens user={u me}
tokens user=4611686018427387903
create_token name=Script&scopes[tickets]=read&days=90&present=correct
create_token name=Script&scopes[tickets]=read&days=90&present=wrong
create_token name=Script&scopes[tickets]=&days=90&present=correct
create_token name=Script&scopes[tickets]=x&days=90&present=correct
create_token name=Script&scopes[tickets]=read&days=0&present=correct
create_token name=&scopes[tickets]=read&days=90&present=correct
revoke_token token={w user-1.1.1}
revoke_token token={w user-2.1}
revoke_token token={w isv-admin}
revoke_token token={w me}
revoke_token token=4611686018427387903

view_as user={u user-1.1.1}
view_as user={u admin-1.1.1}
view_as user={u user-2.1}
view_as user={u isv-admin}
view_as user={u me}
view_as user=4611686018427387903
end_view
admin-1.1 view_as user={u user-1.1.1} => end_view
admin-1.1 view_as user={u user-1.1.1} => view_as user={u user-1.2.1}
admin-1.1 view_as user={u user-1.1.1} => tickets query[node]=mine
admin-1.1 view_as user={u user-1.1.1} => tickets query[node]={o Group 1.2}
admin-1.1 view_as user={u user-1.1.1} => history ticket={t user-1.1.1@1.1}
admin-1.1 view_as user={u user-1.1.1} => history ticket={t user-1.1.1}
isv-admin view_as user={u user-1.1.1} => history ticket={t user-1.1.1}
isv-admin view_as user={u user-1.1.1} => history ticket={t unassigned}
admin-1.1 view_as user={u user-1.1.1} => reassign tickets={p 1.1-open}&to={o @user-1.1.1/Group 1.1}&key=operations
admin-1.1 view_as user={u user-1.1.1} => save_me name=New
admin-1.1 view_as user={u user-1.1.1} => change_email present=correct&email=new@example.org
admin-1.1 view_as user={u user-1.1.1} => change_password present=correct&chosen=three small goats in may
admin-1.1 view_as user={u user-1.1.1} => own_second_factor

expiring
expiring query[days]=30&query[page]=1
expiring query[group]={g Group 1}
expiring query[group]={g Group 1.1}
expiring query[group]={g Group 2}
expiring query[product]={d 1.1-open}
expiring query[page]=x
expiry_mail
want_expiry_mail on=false
want_expiry_mail on=true
want_expiry_mail on=x
leaver user={u user-1.1.1}
leaver user={u user-1.1.1}&successor={u user-1.2.1}&search=user
leaver user={u user-1.1.1}&successor={u user-2.1}
leaver user={u user-2.1}
leaver user={u isv-admin}
leaver user={u me}
leaver user=4611686018427387903
rehearse_leaver user={u user-1.1.1}&plan=tickets:{g Group 1.1}={o Group 1.1}
rehearse_leaver user={u user-1.1.1}&plan=credentials:{k user-1.1.1}
rehearse_leaver user={u user-1.1.1}&plan=licenses:{k user-1.1.1}=back;membership:{g Group 1.1}
rehearse_leaver user={u user-2.1}&plan=account
rehearse_leaver user={u user-1.1.1}&plan=x
process_leaver user={u user-1.1.1}&plan=tickets:{g Group 1.1}={o Group 1.1}&key=operations
process_leaver user={u user-1.1.1}&plan=tickets:{g Group 1.1}={o Group 1}&key=operations
process_leaver user={u user-1.1.1}&plan=tickets:none={o Group 1.1}&key=operations
process_leaver user={u user-1.1.1}&plan=licenses:{k user-1.1.1}=back&key=operations
process_leaver user={u user-1.1.1}&plan=licenses:{k user-1.1.1}={k user-1.2.1}&key=operations
process_leaver user={u user-1.1.1}&plan=licenses:{k user-1.1.1}={k user-2.1}&key=operations
process_leaver user={u user-1.1.1}&plan=credentials:{k user-1.1.1}&key=operations
process_leaver user={u user-1.1.1}&plan=credentials:{k user-2.1}&key=operations
process_leaver user={u user-1.1.1}&plan=account&key=operations
process_leaver user={u user-1.1.1}&plan=account&seen=x&key=operations
process_leaver user={u user-1.1.1}&plan=login&key=operations
process_leaver user={u user-1.1.1}&plan=login&reason=Left&key=operations
process_leaver user={u user-1.1.1}&plan=membership:{g Group 1.1}&key=operations
process_leaver user={u user-2.1}&plan=membership:{g Group 2}&key=operations
process_leaver user={u isv-admin}&plan=account&key=operations
process_leaver user={u me}&plan=account&key=operations
isv-admin process_leaver user={u user-1.1.1}&plan=account&key=operations => process_leaver user={u user-1.1.1}&plan=account&key=operations
leaver_report report={v}
leaver_report report=4611686018427387903
events query[search]=
events query[search]=user-1&query[topic]=Tickets&query[from]=0&query[to]=0&query[before]=7
events query[person]={u user-1.1.1}
events query[person]={u user-2.1}
events query[person]={u me}
events query[group]={g Group 1}
events query[group]={g Group 1.1}
events query[topic]=elsewhere
tickets query[node]=all
tickets query[node]=mine
tickets query[node]=none
tickets query[node]=loose
tickets query[node]={o Group 1}
tickets query[node]={o Group 1.1}
tickets query[node]={o @user-1.1.1/Group 1.1}
tickets query[node]={o @user-1.1.1/Group 1.2}
tickets query[node]={o @user-1.1.1}
tickets query[node]=group:4611686018427387903
tickets query[node]=elsewhere
selected ids[0]={t 1.1-open}&ids[1]={t 2-open}
selected ids[0]=x
history ticket={t 1.1-open}
history ticket={t 1.1-protected}
history ticket={t user-1.1.1@1.1}
history ticket={t user-1.1.1}
history ticket={t unassigned}
history ticket=4611686018427387903
viewers ticket={t 1.1-open}
viewers ticket={t 1.1-protected}&search=User
viewers ticket={t user-1.1.1@1.1}
viewers ticket={t user-1.1.1}
viewers ticket={t unassigned}
viewers ticket=4611686018427387903
targets tickets={p 1.1-open}
targets tickets={p user-2.1@2}
targets tickets={p unassigned}
targets tickets={p 1.1-open};{p 2-open}
targets tickets=matching 1 below {o Group 1.1}
targets tickets=matching 1 below {o Group 2}
targets tickets=matching 1 below none
targets tickets=matching

reassign tickets={p 1.1-open}&to={o Group 1}&key=operations
reassign tickets={p 1.1-open}&to={o Group 1.2}&key=operations
reassign tickets={p 1.1-open}&to={o Group 2}&key=operations
reassign tickets={p 1.1-open}&to={o Group 1.1}&key=operations
reassign tickets={p 1.1-open}&to={o @user-1.1.1/Group 1.1}&key=operations
reassign tickets={p 1.1-open}&to={o @me/Group 1.1}&key=operations
reassign tickets={p 1.1-open}&to={o @me}&key=operations
reassign tickets={p 1.1-open}&to=none&key=operations
reassign tickets={p 1.1-open}&to=group:4611686018427387903&key=operations
reassign tickets={p 1.1-open}&to=group:0&key=operations
reassign tickets={p 1.1-open}&to={o Group 1}&key=short
reassign tickets={p 1.1-protected}&to={o @user-1.1.1/Group 1.1}&key=operations
reassign tickets={p 1.1-protected}&to={o Group 1}&key=operations
reassign tickets={p 1.1-open};{p 1.2-open}&to={o Group 1}&key=operations
reassign tickets={p 1.1-open};{p 2-open}&to={o Group 1}&key=operations
reassign tickets={t 1.1-open}={o Group 1.2}&to={o Group 1}&key=operations
reassign tickets={p user-1.1.1@1.1}&to={o Group 1.1}&key=operations
reassign tickets={p user-1.1.1@1.1}&to={o Group 1.2}&key=operations
reassign tickets={p user-1.1.1@1.1}&to={o @user-1.1.1}&key=operations
reassign tickets={p user-1.1.1@1.1}&to={o @admin-1.1.1/Group 1.1}&key=operations
reassign tickets={p user-1.1.1}&to={o Group 1.1}&key=operations
reassign tickets={p user-1.1.1}&to={o Group 1.2}&key=operations
reassign tickets={p user-1.1.1}&to={o @user-1.1.1/Group 1.1}&key=operations
reassign tickets={p user-2.1@2}&to={o @user-2.2/Group 2}&key=operations
reassign tickets={p unassigned}&to={o Group 2}&key=operations
admin-1.1 reassign tickets={p 1.1-open}&to={o Group 1}&key=before-all => reassign tickets={p 1.1-open}&to={o Group 1.1}&key=operations
admin-1.1 reassign tickets={p 1.1-open}&to={o Group 1}&key=before-all => undo key=before-all&undo_key=operations
isv-admin remove_member group={g Group 1}&user={u admin-1.1} => reassign tickets={p 1.1-open}&to={o Group 1}&key=operations
undo key=before-all&undo_key=operations
reassign tickets={p admin-1.1.1@1.1}&to={o Group 1.1}&key=operations
reassign tickets={p admin-1.1.1@1.1}&to={o Group 1.1}&activated=keep&key=operations
reassign tickets={p admin-1.1.1@1.1}&to={o Group 1.1}&activated=deactivate&key=operations
reassign tickets={p admin-1.1.1@1.1}&to={o Group 1.1}&activated=x&key=operations
preview_move tickets={p 1.1-open}&to={o Group 1}
preview_move tickets={p 1.1-open}&to={o Group 1.2}
preview_move tickets={p 1.1-open}&to={o Group 2}
preview_move tickets={p 1.1-open}&to=none
preview_move tickets={p 1.1-open};{p 2-open}&to={o Group 1}
preview_move tickets=matching 1 below {o Group 1.1} &to={o Group 1}
preview_move tickets=matching 1 below {o Group 2} &to={o Group 1}
preview_move tickets=matching 1 only none &to={o Group 1}
preview_move tickets=matching 1 only x &to={o Group 1}
move_as_previewed tickets={p 1.1-open}&to={o Group 1}&seen={f 1.1-open>Group 1}&key=operations
move_as_previewed tickets={p 1.1-open}&to={o Group 1.2}&seen={f 1.1-open>Group 1}&key=operations
move_as_previewed tickets={p 1-open};{p 1.1-open}&to={o Group 1}&seen={f 1-open;1.1-open>Group 1}&key=operations
move_as_previewed tickets={p 1-open};{p 1.1-open}&to={o Group 1}&seen={f 1-open;1.1-open>Group 1}&only_permitted=true&key=operations
move_as_previewed tickets={p 1.1-open}&to={o Group 2}&seen={f 1.1-open>Group 1}&key=operations
move_as_previewed tickets=matching 1 below {o Group 2} &to={o Group 1}&seen={f 1.1-open>Group 1}&key=operations
move_as_previewed tickets={p 1.1-open}&to={o Group 1}&seen=x&key=operations
redeem codes={c unassigned}&to={o @me}
redeem codes={c unassigned}&to={o @me/Group 2}
redeem codes={c unassigned}&to={o Group 1.1}
redeem codes={c unassigned}&to={o @user-1.1.1/Group 1.1}
redeem codes={c 2-open}&to={o @me}
redeem codes=00000-00000-00000-00000-00001&to={o @me}
protect ticket={t 1.1-open}&on=true
protect ticket={t 1.1-protected}
protect ticket={t user-1.1.1@1.1}&on=true
protect ticket=4611686018427387903&on=true

imports
import import={j}
import import={j}&verdict=Refused&page=1
import import={j}&page=x
import import=4611686018427387903
confirm_import import={j}
confirm_import import=4611686018427387903
discard_import import={j}
discard_import import=4611686018427387903
isv-admin discard_import import={j} => confirm_import import={j}
isv-admin confirm_import import={j} => discard_import import={j}

products
product product={d 1.1-open}
product product=4611686018427387903
save_product article=A-1&name=New
save_product product={d 1.1-open}&article=A-1&name=New&name_de=Neu&features=one
save_product product=4611686018427387903&article=A-1&name=New
save_product article=1.1-open&name=New
save_product article=&name=New
licenses ticket={t 1.1-open}
licenses ticket={t 1.1-protected}
licenses ticket={t admin-1.1.1@1.1}
licenses ticket=4611686018427387903
containers
containers query[user]={u user-1.1.1}
containers query[page]=x
container container={k user-1.1.1}
container container={k user-2.1}
container container=4611686018427387903
create_container of={o @me}&name=New&kind=Cloud&key=operations
create_container of={o @me/Group 1.1}&name=New&kind=Cloud&key=operations
create_container of={o @user-1.1.1}&name=New&kind=Cloud&key=operations
create_container of={o @user-1.1.1/Group 1.1}&name=New&kind=Cloud&key=operations
create_container of={o @user-1.1.1/Group 1.2}&name=New&kind=Cloud&key=operations
create_container of={o Group 1.1}&name=New&kind=Cloud&key=operations
create_container of={o @me}&name=&kind=Cloud&key=operations
create_container of={o @me}&name=New&kind=Device&key=operations
create_container of={o @user-1.1.1/Group 1.1}&name=New&kind=Dongle&serial=3-1234567&key=operations
create_container of={o @me}&name=New&kind=Dongle&key=operations
create_container of={o @me}&name=New&kind=Server&key=operations
remove_container container={k user-1.1.1}
remove_container container={k user-2.1}
remove_container container=4611686018427387903
set_machine_lost lost=true&container={k user-1.2.1}
set_machine_lost lost=true&container={k user-2.1}
set_machine_lost lost=true&container=4611686018427387903
isv-admin set_machine_lost lost=true&container={k user-1.2.1} => set_machine_lost container={k user-1.2.1}
rename_container container={k user-1.1.1}&name=New
rename_container container={k user-1.1.1}&name=
rename_container container={k user-2.1}&name=New
activate license={i 1.1-open}&container={k user-1.1.1}&quantity=1&key=operations
activate license={i 1.1-open}&container={k user-1.1.1}&quantity=2&key=operations
activate license={i 1.1-open}&container={k user-1.1.1}&quantity=0&key=operations
activate license={i 1.1-protected}&container={k user-1.1.1}&quantity=1&key=operations
activate license={i user-1.1.1@1.1}&container={k user-1.1.1}&quantity=1&key=operations
activate license={i user-1.1.1}&container={k user-1.1.1}&quantity=1&key=operations
activate license={i 1-open}&container={k user-1.1.1}&quantity=1&key=operations
activate license={i 1.1-open}&container={k user-2.1}&quantity=1&key=operations
activate license={i 2-open}&container={k user-2.1}&quantity=1&key=operations
activate license={i unassigned}&container={k user-2.1}&quantity=1&key=operations
activate license=4611686018427387903&container={k user-2.1}&quantity=1&key=operations
containers_for source=free:{i 1.1-open}
containers_for source=free:{i 1.1-protected}
containers_for source=free:{i unassigned}
containers_for source=free:4611686018427387903
containers_for source=activated:{a user-1.1.1}
containers_for source=activated:4611686018427387903
containers_for source=x
deactivate activation={a user-1.1.1}
deactivate activation={a user-1.1.1}&quantity=2
deactivate activation=4611686018427387903
withdraw_license activation={a user-1.1.1}
withdraw_license activation=4611686018427387903
transfer activations[0]={a user-1.1.1}&to={k user-2.1}
transfer activations[0]={a user-1.1.1}&to={k user-1.1.1}
transfer activations[0]={a user-1.1.1}&to={k user-1.2.1}
transfer to={k user-1.1.1}
credentials container={k user-1.1.1}
credentials container={k user-2.1}
credentials container=4611686018427387903
switch_credential credential={y user-1.1.1}
switch_credential credential={y user-2.1}
switch_credential credential=4611686018427387903
switch_credential on=true&credential={y user-1.1.1}
switch_credential on=true&credential={y user-2.1}
isv-admin switch_credential credential={y user-1.1.1} => switch_credential on=true&credential={y user-1.1.1}
revoke_credential credential={y user-1.1.1}
revoke_credential credential={y user-2.1}
isv-admin switch_credential credential={y user-1.1.1} => revoke_credential credential={y user-1.1.1}
reset_credentials container={k user-1.1.1}
reset_credentials container={k user-2.1}
reset_credentials container=4611686018427387903

creation_form
creation_form group={g Group 2}
creation_form group={g Group 1.1}
creation_form group=4611686018427387903
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[quantity]=5
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[quantity]=3&new[series]=2
create_tickets new[group]={g Group 2}&new[product]={d 1.1-open}
create_tickets new[group]={g Group 2}&new[product]=4611686018427387903
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[quantity]=0
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[recipient]=Stock
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[recipient]=Customer&new[customer]={u user-2.1}
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[recipient]=NewCustomer&new[new_customer][email]=n@e.org
create_tickets new[group]={g Group 2}&new[product]={d 2-open}&new[recipient]=NewCustomer
create_tickets new[group]={g Group 1.1}&new[product]={d 1.1-open}
create_tickets new[product]={d 1.1-open}
isv-admin set_member group={g Group 2}&user={u user-2.3}&permissions[create_ticket]=true => creation_form
creations
creations page=x
creation creation={n}
creation creation=4611686018427387903
isv-admin set_member group={g Group 2}&user={u user-2.2} => creation creation={n}
mail_codes creation={n}&email=new@example.org
mail_codes creation={n}&email=nowhere
mail_codes creation=4611686018427387903&email=new@example.org
partner group={g Group 1}
partner group={g Group 1.1}
partner group={g Group 2}
partner group=4611686018427387903
set_product_filter group={g Group 1.1}&filtered=true&products[0]={d 1.1-open}
set_product_filter group={g Group 1.1}&filtered=true&products[0]={d 2-open}
set_product_filter group={g Group 1.1}
set_product_filter group={g Group 1}&filtered=true
set_product_filter group={g Group 2}&filtered=true&products[0]={d 2-open}
set_quota group={g Group 1.1}&product={d 1.1-open}&period=Day&quantity=1
set_quota group={g Group 1.1}&product={d 2-open}&period=Day&quantity=1
set_quota group={g Group 1.1}&product={d 1.1-open}&period=Week&quantity=1
set_quota group={g Group 2}&product={d 2-open}&period=Total
webhooks
webhooks group={g Group 1}
webhooks group={g Group 1.1}
webhooks group={g Group 2}
webhooks group=4611686018427387903
webhook webhook={h}
webhook webhook={h Group 1.1}
webhook webhook={h Group 1.1}&before={z Group 1.1}
webhook webhook={h Group 2}
webhook webhook=4611686018427387903
create_webhook name=New&url=https://example.org/
create_webhook group={g Group 1}&name=New&url=https://example.org/
create_webhook group={g Group 1.1}&name=New&url=https://example.org/&topics[0]=Tickets
create_webhook group={g Group 1.1}&name=New&url=http://example.org/
create_webhook group={g Group 1.1}&name=New&url=https://me@example.org/
create_webhook group={g Group 1.1}&name=&url=https://example.org/
create_webhook group={g Group 1.1}&name=New&url=https://example.org/&topics[0]=x
create_webhook group={g Group 2}&name=New&url=https://example.org/
save_webhook webhook={h}&name=New&url=https://example.org/
save_webhook webhook={h Group 1.1}&name=New&url=https://example.org/
save_webhook webhook={h Group 1.1}&name=New&url=nowhere
save_webhook webhook={h Group 2}&name=New&url=https://example.org/
switch_webhook webhook={h}
switch_webhook webhook={h Group 1.1}
switch_webhook webhook={h Group 1.1}&on=true
switch_webhook webhook={h Group 2}
test_webhook webhook={h}
test_webhook webhook={h Group 1.1}
test_webhook webhook={h Group 2}
send_again delivery={z}
send_again delivery={z Group 1.1}
send_again delivery={z Group 2}
send_again delivery=4611686018427387903
delete_webhook webhook={h}
delete_webhook webhook={h Group 1.1}
delete_webhook webhook={h Group 2}
delete_webhook webhook=4611686018427387903
report
report query[group]={g Group 1.1}
report query[group]={g Group 2}
report query[group]=4611686018427387903
report query[by]=x
isv-admin set_member group={g Group 1.1}&user={u user-1.1.1}&permissions[view_reports]=true => report query[group]={g Group 1.1}

branches
branches nodes[0]={o Group 1.1}&nodes[1]=loose
branches nodes[0]=x
ancestors node={o Group 1.1}
ancestors node=x

group group={g Group 1}
group group={g Group 1.1}
group group={g Group 2}
group group=4611686018427387903
administered
administered search=1&not_within={g Group 1.1}
administered not_within=x
candidates group={g Group 1}
candidates group={g Group 1.1}
create_group name=New
create_group parent={g Group 1}&name=New
create_group parent={g Group 1.1}&name=New
create_group parent={g Group 1.1}&name=
rename_group group={g Group 1}&name=New
rename_group group={g Group 1.1}&name=New
rename_group group={g Group 2}&name=New
move_group group={g Group 1.1}
move_group group={g Group 1.1}&parent={g Group 1.2}
move_group group={g Group 1.1}&parent={g Group 1}
move_group group={g Group 1.1}&parent={g Group 2}
move_group group={g Group 1}&parent={g Group 1.1}
delete_group group={g Group 1.1}
delete_group group={g Group 1.1}&heir={g Group 1}
delete_group group={g Group 1.1}&heir={g Group 1.2}&people_follow=true
delete_group group={g Group 1.1}&heir={g Group 2}
delete_group group={g Group 1}&heir={g Group 1.1}
delete_group group={g Group 2}&heir={g Group 1}
set_member group={g Group 1.1}&user={u user-1.2.1}
set_member group={g Group 1.1}&user={u user-1.1.1}&permissions[admin]=true
set_member group={g Group 1.1}&user={u user-1.1.1}&permissions[create_ticket]=true
set_member group={g Group 1.1}&user={u user-1.1.1}&permissions[view_reports]=true
set_member group={g Group 1.1}&user={u user-1.1.1}&permissions[admin]=x
set_member group={g Group 1.1}&user={u admin-1.1.1}
set_member group={g Group 1.1}&user={u user-2.1}
set_member group={g Group 1.1}&user={u user-1.1.1}
set_member group={g Group 2}&user={u user-2.3}&permissions[admin]=true
set_member group={g Group 1}&user={u me}&permissions[admin]=true
remove_member group={g Group 1.1}&user={u user-1.1.1}
remove_member group={g Group 1.1}&user={u user-2.1}
remove_member group={g Group 1}&user={u admin-1.1}
remove_member group={g Group 2}&user={u admin-2.2}
";
