//! The rows of `golden/operations.txt`: calls, each made by everybody on the example tree.
//!
//! A line is a server function and its form. `PERSON function form => function form` has somebody else act before;
//! `PERSON silence` lets all tabs be silent until they are gone.
//! In a form, names in braces stand for ids and texts that the portal under test has: `{group Group 1}`, `{user ann}`, `{ticket name}`,
//! `{container ann}`, `{activation ann}`, `{credential ann}`, `{token ann}`, `{session ann}`, `{license name}`, `{product name}`,
//! `{webhook Group 2}`, `{delivery Group 2}`, `{creation}`, `{amendment}`, `{take-back}`, `{provider}`, `{import}` and `{report}` are ids; `{owner @ann/Group 1}` is an owner, `{placed name}` a ticket
//! with the owner it has, `{code name}` its code, `{request 30}` a request for so many seats, `{instance-license 12}` a licence for so
//! many, `{totp}` a code of the second factor that some have, `{email}` a mail address that nobody has, `{fingerprint 7;9>Group 1}` that of
//! the preview of a move of these tickets to that owner for who may move them all. `me` is whoever makes the call.

/// The calls; a line each.
pub const CALLS: &str = "
me
demo
language language=de
language language=xx
theme theme=dark
theme theme=xx
start start=overview
start start=xx
list_layout
set_list_layout columns[0]=ends&columns[1]=&columns[2]=used&compact=true
set_list_layout columns[0]=colour
log_in login=me&password=correct
log_in login=me&password=wrong
log_out
active_sessions
active_sessions search=user-2
ended_sessions
ended_sessions page=x
close_session session={session user-2.1}
end_session session={session user-2.1}&reason=Stolen
end_session session={session user-2.1}&reason=
beat tab=7&idle=0
beat tab=7&idle=x
leave tab=7
leave tab=x
user-2.1 silence => close_session session={session user-2.1}
isv-admin end_session session={session user-2.1}&reason=Stolen => tickets query[node]=mine

overview
find search=user
find search=group 1.1
find

users
users query[search]=user&query[state]=active&query[page]=0
users query[state]=elsewhere
user user={user user-1.1.1}
user user={user admin-1.1}
user user={user isv-admin}
user user={user me}
user user=4611686018427387903
create_user login=new
create_user login=new&group={group Group 1}
create_user login=new&group={group Group 1.1}&name=New&email=new@example.org&permissions[admin]=true
create_user login=new&group={group Group 1.1}&permissions[create_ticket]=true
create_user login=new&group={group Group 2}
create_user login=user-2.1&group={group Group 1.1}
create_user login=<new>&group={group Group 1.1}
create_user login=new&group={group Group 1.1}&email=nowhere
create_user login=new&group={group Group 1.1}&invite=true
create_user login=new&group={group Group 1.1}&email=new@example.org&invite=true
invite_user user={user newcomer}
invite_user user={user user-1.1.1}
invite_user user={user user-2.1}
invite_user user={user isv-admin}
invite_user user={user me}
save_user user={user user-1.1.1}&name=New
save_user user={user user-1.1.1}&name=
save_user user={user user-2.1}&name=New&email=new@example.org
save_user user={user isv-admin}&name=New
save_user user={user me}&name=New
save_user user={user me}&name=New&email=new@example.org
switch_users users[0]={user user-1.1.1}&active=false
switch_users users[0]={user user-1.1.1}&active=true
switch_users users[0]={user user-1.1.1}&users[1]={user user-2.1}&end_login=true&active=false
switch_users users[0]={user isv-admin}&active=false
switch_users users[0]={user me}&active=false
switch_users active=false
generate_password user={user user-1.1.1}
generate_password user={user user-2.1}
generate_password user={user isv-admin}
generate_password user={user me}
change_password present=correct&chosen=three small goats in may
change_password present=wrong&chosen=three small goats in may
change_password present=correct&chosen=short
isv-admin generate_password user={user user-1.1.1} => tickets query[node]=mine
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
withdraw_request request={request 30}
demand_second_factor on=true
demand_second_factor on=false
isv-admin demand_second_factor on=true => tickets query[node]=mine
keep_use_by_person on=true
keep_use_by_person on=false
isv-admin keep_use_by_person on=true => keep_use_by_person on=false
own_use
own_use page=1
own_use page=x
own_second_factor
begin_second_factor present=correct
begin_second_factor present=wrong
confirm_second_factor code={totp}
confirm_second_factor code=000000
renew_recovery_codes present=correct
renew_recovery_codes present=wrong
remove_second_factor present=correct
remove_second_factor present=wrong
reset_second_factor user={user user-1.1.1}
reset_second_factor user={user user-2.1}
reset_second_factor user={user me}
log_in_with_code code={totp}
log_in_with_code code=000000
forgot_password email={email}
forgot_password email=nowhere
password_link token=link
password_link token=x
use_password_link token=link&chosen=three small goats in may
use_password_link token=link&chosen=short
use_password_link token=x&chosen=three small goats in may
replace_license license=x
replace_license license={instance-license 12}
tokens user={user user-1.1.1}
tokens user={user user-2.1}
tokens user={user isv-admin}
tokens user={user me}
tokens user=4611686018427387903
create_token name=Script&scopes[tickets]=read&days=90&present=correct
create_token name=Script&scopes[tickets]=read&days=90&present=wrong
create_token name=Script&scopes[tickets]=&days=90&present=correct
create_token name=Script&scopes[tickets]=x&days=90&present=correct
create_token name=Script&scopes[tickets]=read&days=0&present=correct
create_token name=&scopes[tickets]=read&days=90&present=correct
revoke_token token={token user-1.1.1}
revoke_token token={token user-2.1}
revoke_token token={token isv-admin}
revoke_token token={token me}
revoke_token token=4611686018427387903
offered_sign_ins
own_sign_ins
link_sign_in provider={provider}&present=correct
link_sign_in provider={provider}&present=wrong
link_sign_in provider=4611686018427387903&present=correct
link_sign_in provider=4611686018427387903&present=wrong
unlink_sign_in provider={provider}&present=correct
unlink_sign_in provider=4611686018427387903&present=correct
unlink_sign_in provider=4611686018427387903&present=wrong
identity_providers
identity_provider provider={provider}
identity_provider provider=4611686018427387903
create_identity_provider form[name]=Provider&form[issuer]=https://id.example.org&form[client_id]=portal&form[client_secret]=secret
create_identity_provider form[name]=Provider&form[issuer]=https://id.example.org&form[client_id]=portal&form[client_secret]=secret&form[branch]={group Group 1}&form[join_group]={group Group 2}
create_identity_provider form[name]=Provider&form[issuer]=x&form[client_id]=portal&form[client_secret]=secret
save_identity_provider provider={provider}&form[name]=Provider&form[issuer]=https://id.example.org&form[client_id]=portal&form[client_secret]=secret&form[version]=1
save_identity_provider provider={provider}&form[name]=Provider&form[issuer]=https://id.example.org&form[client_id]=portal&form[client_secret]=secret
save_identity_provider provider=4611686018427387903&form[name]=Provider&form[issuer]=https://id.example.org&form[client_id]=portal&form[client_secret]=secret
switch_identity_provider provider={provider}&on=false
switch_identity_provider provider=4611686018427387903&on=true
delete_identity_provider provider={provider}
delete_identity_provider provider=4611686018427387903
test_identity_provider provider={provider}
test_identity_provider provider=4611686018427387903

view_as user={user user-1.1.1}
view_as user={user admin-1.1.1}
view_as user={user user-2.1}
view_as user={user isv-admin}
view_as user={user me}
view_as user=4611686018427387903
end_view
admin-1.1 view_as user={user user-1.1.1} => end_view
admin-1.1 view_as user={user user-1.1.1} => view_as user={user user-1.2.1}
admin-1.1 view_as user={user user-1.1.1} => tickets query[node]=mine
admin-1.1 view_as user={user user-1.1.1} => tickets query[node]={owner Group 1.2}
admin-1.1 view_as user={user user-1.1.1} => history ticket={ticket user-1.1.1@1.1}
admin-1.1 view_as user={user user-1.1.1} => history ticket={ticket user-1.1.1}
isv-admin view_as user={user user-1.1.1} => history ticket={ticket user-1.1.1}
isv-admin view_as user={user user-1.1.1} => history ticket={ticket unassigned}
admin-1.1 view_as user={user user-1.1.1} => reassign tickets={placed 1.1-open}&to={owner @user-1.1.1/Group 1.1}&key=operations
admin-1.1 view_as user={user user-1.1.1} => save_me name=New
admin-1.1 view_as user={user user-1.1.1} => change_email present=correct&email=new@example.org
admin-1.1 view_as user={user user-1.1.1} => change_password present=correct&chosen=three small goats in may
admin-1.1 view_as user={user user-1.1.1} => own_second_factor

expiring
expiring query[days]=30&query[page]=1
expiring query[group]={group Group 1}
expiring query[group]={group Group 1.1}
expiring query[group]={group Group 2}
expiring query[product]={product 1.1-open}
expiring query[page]=x
ticket_use ticket={ticket 1.1-open}
ticket_use ticket={ticket 1-open}&span=Week
ticket_use ticket={ticket unassigned}&span=Year
ticket_use ticket=4611686018427387903
ticket_use ticket={ticket 1.1-open}&span=x
branch_use
branch_use query[group]={group Group 1}&query[span]=Day
branch_use query[group]={group Group 1.1}
branch_use query[group]={group Group 2}
branch_use query[group]=4611686018427387903
branch_use query[product]={product 1.1-open}&query[span]=Year
unused
unused query[days]=1
unused query[days]=0&query[page]=1
unused query[group]={group Group 1}
unused query[group]={group Group 1.1}&query[days]=7
unused query[group]={group Group 2}
unused query[page]=x
expiry_mail
want_expiry_mail on=false
want_expiry_mail on=true
want_expiry_mail on=x
leaver user={user user-1.1.1}
leaver user={user user-1.1.1}&successor={user user-1.2.1}&search=user
leaver user={user user-1.1.1}&successor={user user-2.1}
leaver user={user user-2.1}
leaver user={user isv-admin}
leaver user={user me}
leaver user=4611686018427387903
rehearse_leaver user={user user-1.1.1}&plan=tickets:{group Group 1.1}={owner Group 1.1}
rehearse_leaver user={user user-1.1.1}&plan=credentials:{container user-1.1.1}
rehearse_leaver user={user user-1.1.1}&plan=licenses:{container user-1.1.1}=back;membership:{group Group 1.1}
rehearse_leaver user={user user-2.1}&plan=account
rehearse_leaver user={user user-1.1.1}&plan=x
process_leaver user={user user-1.1.1}&plan=tickets:{group Group 1.1}={owner Group 1.1}&key=operations
process_leaver user={user user-1.1.1}&plan=tickets:{group Group 1.1}={owner Group 1}&key=operations
process_leaver user={user user-1.1.1}&plan=tickets:none={owner Group 1.1}&key=operations
process_leaver user={user user-1.1.1}&plan=licenses:{container user-1.1.1}=back&key=operations
process_leaver user={user user-1.1.1}&plan=licenses:{container user-1.1.1}={container user-1.2.1}&key=operations
process_leaver user={user user-1.1.1}&plan=licenses:{container user-1.1.1}={container user-2.1}&key=operations
process_leaver user={user user-1.1.1}&plan=credentials:{container user-1.1.1}&key=operations
process_leaver user={user user-1.1.1}&plan=credentials:{container user-2.1}&key=operations
process_leaver user={user user-1.1.1}&plan=account&key=operations
process_leaver user={user user-1.1.1}&plan=account&seen=x&key=operations
process_leaver user={user user-1.1.1}&plan=login&key=operations
process_leaver user={user user-1.1.1}&plan=login&reason=Left&key=operations
process_leaver user={user user-1.1.1}&plan=membership:{group Group 1.1}&key=operations
process_leaver user={user user-2.1}&plan=membership:{group Group 2}&key=operations
process_leaver user={user isv-admin}&plan=account&key=operations
process_leaver user={user me}&plan=account&key=operations
isv-admin process_leaver user={user user-1.1.1}&plan=account&key=operations => process_leaver user={user user-1.1.1}&plan=account&key=operations
leaver_report report={report}
leaver_report report=4611686018427387903
events query[search]=
events query[search]=user-1&query[topic]=Tickets&query[from]=0&query[to]=0&query[before]=7
events query[person]={user user-1.1.1}
events query[person]={user user-2.1}
events query[person]={user me}
events query[group]={group Group 1}
events query[group]={group Group 1.1}
events query[topic]=elsewhere
tickets query[node]=all
tickets query[node]=mine
tickets query[node]=none
tickets query[node]=loose
ticket_facets query[node]=all
ticket_facets query[node]=none
ticket_facets query[node]={owner Group 1}
ticket_facets query[node]={owner Group 1.1}&query[facets]=state:free,ends:30
ticket_facets query[node]=all&query[facets]=state:x
tickets query[node]=all&query[facets]=owner:me
protect_tickets tickets={placed 1.1-open}&on=true
protect_tickets tickets={placed 1.1-open};{placed 2-open}&on=true
protect_tickets tickets={placed user-1.1.1@1.1}&on=true
ticket_views node=all
ticket_views node={owner Group 1.1}
ticket_views node={owner Group 2}
save_ticket_view name=Free&query[below]=true&query[facets]=state:free&query[layout]=compact.used
save_ticket_view name=Free&query[facets]=state:x
save_ticket_view name=&query[below]=true
save_ticket_view name=Ends&group={group Group 1.1}&query[facets]=ends:30
save_ticket_view name=Ends&group={group Group 2}&query[facets]=ends:30
remove_ticket_view view={view Group 1.1}
remove_ticket_view view={view Group 2}
remove_ticket_view view=4611686018427387903
tickets query[node]={owner Group 1}
tickets query[node]={owner Group 1.1}
tickets query[node]={owner @user-1.1.1/Group 1.1}
tickets query[node]={owner @user-1.1.1/Group 1.2}
tickets query[node]={owner @user-1.1.1}
tickets query[node]=group:4611686018427387903
tickets query[node]=elsewhere
selected ids[0]={ticket 1.1-open}&ids[1]={ticket 2-open}
selected ids[0]=x
history ticket={ticket 1.1-open}
history ticket={ticket 1.1-protected}
history ticket={ticket user-1.1.1@1.1}
history ticket={ticket user-1.1.1}
history ticket={ticket unassigned}
history ticket=4611686018427387903
viewers ticket={ticket 1.1-open}
viewers ticket={ticket 1.1-protected}&search=User
viewers ticket={ticket user-1.1.1@1.1}
viewers ticket={ticket user-1.1.1}
viewers ticket={ticket unassigned}
viewers ticket=4611686018427387903
targets tickets={placed 1.1-open}
targets tickets={placed user-2.1@2}
targets tickets={placed unassigned}
targets tickets={placed 1.1-open};{placed 2-open}
targets tickets=matching 1 below {owner Group 1.1}
targets tickets=matching 1 below {owner Group 2}
targets tickets=matching 1 below none
targets tickets=matching

reassign tickets={placed 1.1-open}&to={owner Group 1}&key=operations
reassign tickets={placed 1.1-open}&to={owner Group 1.2}&key=operations
reassign tickets={placed 1.1-open}&to={owner Group 2}&key=operations
reassign tickets={placed 1.1-open}&to={owner Group 1.1}&key=operations
reassign tickets={placed 1.1-open}&to={owner @user-1.1.1/Group 1.1}&key=operations
reassign tickets={placed 1.1-open}&to={owner @me/Group 1.1}&key=operations
reassign tickets={placed 1.1-open}&to={owner @me}&key=operations
reassign tickets={placed 1.1-open}&to=none&key=operations
reassign tickets={placed 1.1-open}&to=group:4611686018427387903&key=operations
reassign tickets={placed 1.1-open}&to=group:0&key=operations
reassign tickets={placed 1.1-open}&to={owner Group 1}&key=short
reassign tickets={placed 1.1-protected}&to={owner @user-1.1.1/Group 1.1}&key=operations
reassign tickets={placed 1.1-protected}&to={owner Group 1}&key=operations
reassign tickets={placed 1.1-open};{placed 1.2-open}&to={owner Group 1}&key=operations
reassign tickets={placed 1.1-open};{placed 2-open}&to={owner Group 1}&key=operations
reassign tickets={ticket 1.1-open}={owner Group 1.2}&to={owner Group 1}&key=operations
reassign tickets={placed user-1.1.1@1.1}&to={owner Group 1.1}&key=operations
reassign tickets={placed user-1.1.1@1.1}&to={owner Group 1.2}&key=operations
reassign tickets={placed user-1.1.1@1.1}&to={owner @user-1.1.1}&key=operations
reassign tickets={placed user-1.1.1@1.1}&to={owner @admin-1.1.1/Group 1.1}&key=operations
reassign tickets={placed user-1.1.1}&to={owner Group 1.1}&key=operations
reassign tickets={placed user-1.1.1}&to={owner Group 1.2}&key=operations
reassign tickets={placed user-1.1.1}&to={owner @user-1.1.1/Group 1.1}&key=operations
reassign tickets={placed user-2.1@2}&to={owner @user-2.2/Group 2}&key=operations
reassign tickets={placed unassigned}&to={owner Group 2}&key=operations
admin-1.1 reassign tickets={placed 1.1-open}&to={owner Group 1}&key=before-all => reassign tickets={placed 1.1-open}&to={owner Group 1.1}&key=operations
admin-1.1 reassign tickets={placed 1.1-open}&to={owner Group 1}&key=before-all => undo key=before-all&undo_key=operations
isv-admin remove_member group={group Group 1}&user={user admin-1.1} => reassign tickets={placed 1.1-open}&to={owner Group 1}&key=operations
undo key=before-all&undo_key=operations
reassign tickets={placed admin-1.1.1@1.1}&to={owner Group 1.1}&key=operations
reassign tickets={placed admin-1.1.1@1.1}&to={owner Group 1.1}&activated=keep&key=operations
reassign tickets={placed admin-1.1.1@1.1}&to={owner Group 1.1}&activated=deactivate&key=operations
reassign tickets={placed admin-1.1.1@1.1}&to={owner Group 1.1}&activated=x&key=operations
preview_move tickets={placed 1.1-open}&to={owner Group 1}
preview_move tickets={placed 1.1-open}&to={owner Group 1.2}
preview_move tickets={placed 1.1-open}&to={owner Group 2}
preview_move tickets={placed 1.1-open}&to=none
preview_move tickets={placed 1.1-open};{placed 2-open}&to={owner Group 1}
preview_move tickets=matching 1 below {owner Group 1.1} &to={owner Group 1}
preview_move tickets=matching 1 below {owner Group 2} &to={owner Group 1}
preview_move tickets=matching 1 only none &to={owner Group 1}
preview_move tickets=matching 1 only x &to={owner Group 1}
move_as_previewed tickets={placed 1.1-open}&to={owner Group 1}&seen={fingerprint 1.1-open>Group 1}&key=operations
move_as_previewed tickets={placed 1.1-open}&to={owner Group 1.2}&seen={fingerprint 1.1-open>Group 1}&key=operations
move_as_previewed tickets={placed 1-open};{placed 1.1-open}&to={owner Group 1}&seen={fingerprint 1-open;1.1-open>Group 1}&key=operations
move_as_previewed tickets={placed 1-open};{placed 1.1-open}&to={owner Group 1}&seen={fingerprint 1-open;1.1-open>Group 1}&only_permitted=true&key=operations
move_as_previewed tickets={placed 1.1-open}&to={owner Group 2}&seen={fingerprint 1.1-open>Group 1}&key=operations
move_as_previewed tickets=matching 1 below {owner Group 2} &to={owner Group 1}&seen={fingerprint 1.1-open>Group 1}&key=operations
move_as_previewed tickets={placed 1.1-open}&to={owner Group 1}&seen=x&key=operations
redeem codes={code unassigned}&to={owner @me}
redeem codes={code unassigned}&to={owner @me/Group 2}
redeem codes={code unassigned}&to={owner Group 1.1}
redeem codes={code unassigned}&to={owner @user-1.1.1/Group 1.1}
redeem codes={code 2-open}&to={owner @me}
redeem codes=00000-00000-00000-00000-00001&to={owner @me}
split_ticket ticket={ticket 1.1-open}&parts[0][license]={license 1.1-open}&parts[0][quantity]=1&key=operations
split_ticket ticket={ticket 1.1-protected}&parts[0][license]={license 1.1-protected}&parts[0][quantity]=0&key=operations
split_ticket ticket={ticket 1.1-open}&parts[0][license]={license 2-open}&parts[0][quantity]=1&key=operations
split_ticket ticket={ticket 1.1-open}&key=short
split_ticket ticket=4611686018427387903&key=operations
isv-admin amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Quantity&new[quantity]=3&key=before-all => split_ticket ticket={ticket 1.1-open}&parts[0][license]={license 1.1-open}&parts[0][quantity]=1&key=operations
split_ticket ticket={ticket 1.1-protected}&parts[0][license]={license 1.1-protected}&parts[0][quantity]=1&key=operations
split_ticket ticket={ticket user-1.1.1@1.1}&parts[0][license]={license user-1.1.1@1.1}&parts[0][quantity]=1&key=operations
split_ticket ticket={ticket unassigned}&parts[0][license]={license unassigned}&parts[0][quantity]=1&key=operations
join_candidates ticket={ticket 1.1-open}
join_candidates ticket={ticket 1.1-protected}
join_candidates ticket=4611686018427387903
join_tickets ticket={ticket 1.1-open}&into={ticket 1.1-open}&key=operations
join_tickets ticket={ticket 1.1-open}&into={ticket 1.1-protected}&key=operations
join_tickets ticket={ticket 1.1-open}&into={ticket 2-open}&key=operations
join_tickets ticket={ticket 1.1-open}&into=4611686018427387903&key=operations
join_tickets ticket={ticket 1.1-open}&into={ticket 1.1-open}&key=short
isv-admin reassign tickets={placed 1.2-open}&to={owner Group 1.1}&key=before-all => join_tickets ticket={ticket 1.2-open}&into={ticket 1.1-open}&key=operations
isv-admin reassign tickets={placed 1.2-open}&to={owner Group 1.1}&key=before-all => join_candidates ticket={ticket 1.1-open}
protect ticket={ticket 1.1-open}&on=true
protect ticket={ticket 1.1-protected}&on=false
protect ticket={ticket user-1.1.1@1.1}&on=true
protect ticket=4611686018427387903&on=true

imports
import import={import}
import import={import}&verdict=Refused&page=1
import import={import}&page=x
import import=4611686018427387903
confirm_import import={import}
confirm_import import=4611686018427387903
discard_import import={import}
discard_import import=4611686018427387903
isv-admin discard_import import={import} => confirm_import import={import}
isv-admin confirm_import import={import} => discard_import import={import}

products
product product={product 1.1-open}
product product=4611686018427387903
save_product article=A-1&name=New
save_product product={product 1.1-open}&article=A-1&name=New&name_de=Neu&features=one
save_product product=4611686018427387903&article=A-1&name=New
save_product article=1.1-open&name=New
save_product article=&name=New
licenses ticket={ticket 1.1-open}
licenses ticket={ticket 1.1-protected}
licenses ticket={ticket admin-1.1.1@1.1}
licenses ticket=4611686018427387903
amendments ticket={ticket 1.1-open}
amendments ticket={ticket 1.1-protected}
amendments ticket={ticket user-1.1.1}
amendments ticket={ticket unassigned}
amendments ticket=4611686018427387903
preview_amendment new[licenses][0][license]={license 1.1-open}&new[kind]=Suspend
preview_amendment new[licenses][0][license]={license 1.1-protected}&new[kind]=Renew&new[months]=12
preview_amendment new[licenses][0][license]={license 1.1-open}&new[licenses][1][license]={license 2-open}&new[kind]=Revoke
preview_amendment new[licenses][0][license]={license unassigned}&new[kind]=Quantity&new[quantity]=2
preview_amendment new[licenses][0][license]=4611686018427387903&new[kind]=Revoke
preview_amendment new[licenses][0][license]={license 1.1-open}&new[kind]=Extend&new[until]=x
preview_amendment new[licenses][0][license]={license 1.1-open}&new[kind]=x
amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Revoke&new[on]=2099-01-01&key=operations
amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Renew&new[days]=1&key=operations
amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Quantity&new[quantity]=0&key=operations
amend_licenses new[licenses][0][license]={license 1.1-open}&new[licenses][0][version]=7&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license 1.1-open}&new[licenses][1][license]={license 2-open}&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license 1.1-protected}&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license user-1.1.1}&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license 2-open}&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license unassigned}&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]=4611686018427387903&new[kind]=Suspend&key=operations
amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Suspend&key=short
isv-admin set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[change_ticket]=true => amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Suspend&key=operations
isv-admin set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[renew_ticket]=true => amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Suspend&key=operations
isv-admin set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[renew_ticket]=true => amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Renew&new[days]=1&key=operations
isv-admin set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[revoke_ticket]=true => amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Revoke&key=operations
isv-admin amend_licenses new[licenses][0][license]={license 1.1-open}&new[kind]=Suspend&key=before-all => activate license={license 1.1-open}&container={container user-1.1.1}&quantity=1&key=operations
undo_amendments amendments[0]={amendment}
undo_amendments amendments[0]=4611686018427387903
undo_amendments
isv-admin set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[change_ticket]=true => undo_amendments amendments[0]={amendment}
isv-admin undo_amendments amendments[0]={amendment} => undo_amendments amendments[0]={amendment}
take_backs
take_backs query[ticket]={ticket 1.1-open}
take_backs query[ticket]={ticket user-1.1.1@1.1}
take_backs query[ticket]={ticket unassigned}
take_backs query[ticket]=4611686018427387903
take_backs query[page]=x
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}&new[to]={group Group 1}&new[days]=7
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}&new[to]={group Group 2}
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}&new[to]=4611686018427387903
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}&new[days]=61
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}&new[days]=x
ask_take_back new[tickets][0]={ticket user-1.1.1@1.1}&new[tickets][1]={ticket 2-open}
ask_take_back new[tickets][0]={ticket 1.1-protected}&new[to]={group Group 1}
ask_take_back new[tickets][0]={ticket 1.1-open}&new[to]={group Group 1}
ask_take_back new[tickets][0]={ticket unassigned}&new[to]={group Group 1}
ask_take_back new[tickets][0]=4611686018427387903&new[to]={group Group 1}
ask_take_back
keep_take_back take_back={take-back}
keep_take_back take_back=4611686018427387903
give_take_back take_back={take-back}
give_take_back take_back=4611686018427387903
cancel_take_back take_back={take-back}
cancel_take_back take_back=4611686018427387903
admin-1.1 cancel_take_back take_back={take-back} => keep_take_back take_back={take-back}
admin-1.1 cancel_take_back take_back={take-back} => ask_take_back new[tickets][0]={ticket 1.1-open}&new[to]={group Group 1}
admin-1.1.1 give_take_back take_back={take-back} => cancel_take_back take_back={take-back}
containers
containers query[user]={user user-1.1.1}
containers query[page]=x
container container={container user-1.1.1}
container container={container user-2.1}
container container=4611686018427387903
create_container of={owner @me}&name=New&kind=Cloud&key=operations
create_container of={owner @me/Group 1.1}&name=New&kind=Cloud&key=operations
create_container of={owner @user-1.1.1}&name=New&kind=Cloud&key=operations
create_container of={owner @user-1.1.1/Group 1.1}&name=New&kind=Cloud&key=operations
create_container of={owner @user-1.1.1/Group 1.2}&name=New&kind=Cloud&key=operations
create_container of={owner Group 1.1}&name=New&kind=Cloud&key=operations
create_container of={owner @me}&name=&kind=Cloud&key=operations
create_container of={owner @me}&name=New&kind=Device&key=operations
create_container of={owner @user-1.1.1/Group 1.1}&name=New&kind=Dongle&serial=3-1234567&key=operations
create_container of={owner @me}&name=New&kind=Dongle&key=operations
create_container of={owner @me}&name=New&kind=Server&key=operations
remove_container container={container user-1.1.1}
remove_container container={container user-2.1}
remove_container container=4611686018427387903
set_machine_lost lost=true&container={container user-1.2.1}
set_machine_lost lost=true&container={container user-2.1}
set_machine_lost lost=true&container=4611686018427387903
isv-admin set_machine_lost lost=true&container={container user-1.2.1} => set_machine_lost lost=false&container={container user-1.2.1}
rename_container container={container user-1.1.1}&name=New
rename_container container={container user-1.1.1}&name=
rename_container container={container user-2.1}&name=New
activate license={license 1.1-open}&container={container user-1.1.1}&quantity=1&key=operations
activate license={license 1.1-open}&container={container user-1.1.1}&quantity=2&key=operations
activate license={license 1.1-open}&container={container user-1.1.1}&quantity=0&key=operations
activate license={license 1.1-protected}&container={container user-1.1.1}&quantity=1&key=operations
activate license={license user-1.1.1@1.1}&container={container user-1.1.1}&quantity=1&key=operations
activate license={license user-1.1.1}&container={container user-1.1.1}&quantity=1&key=operations
activate license={license 1-open}&container={container user-1.1.1}&quantity=1&key=operations
activate license={license 1.1-open}&container={container user-2.1}&quantity=1&key=operations
activate license={license 2-open}&container={container user-2.1}&quantity=1&key=operations
activate license={license unassigned}&container={container user-2.1}&quantity=1&key=operations
activate license=4611686018427387903&container={container user-2.1}&quantity=1&key=operations
containers_for source=free:{license 1.1-open}
containers_for source=free:{license 1.1-protected}
containers_for source=free:{license unassigned}
containers_for source=free:4611686018427387903
containers_for source=activated:{activation user-1.1.1}
containers_for source=activated:4611686018427387903
containers_for source=x
deactivate activation={activation user-1.1.1}
deactivate activation={activation user-1.1.1}&quantity=2
deactivate activation=4611686018427387903
withdraw_license activation={activation user-1.1.1}
withdraw_license activation=4611686018427387903
transfer activations[0]={activation user-1.1.1}&to={container user-2.1}
transfer activations[0]={activation user-1.1.1}&to={container user-1.1.1}
transfer activations[0]={activation user-1.1.1}&to={container user-1.2.1}
transfer to={container user-1.1.1}
credentials container={container user-1.1.1}
credentials container={container user-2.1}
credentials container=4611686018427387903
switch_credential on=false&credential={credential user-1.1.1}
switch_credential on=false&credential={credential user-2.1}
switch_credential on=false&credential=4611686018427387903
switch_credential on=true&credential={credential user-1.1.1}
switch_credential on=true&credential={credential user-2.1}
isv-admin switch_credential on=false&credential={credential user-1.1.1} => switch_credential on=true&credential={credential user-1.1.1}
revoke_credential credential={credential user-1.1.1}
revoke_credential credential={credential user-2.1}
isv-admin switch_credential on=false&credential={credential user-1.1.1} => revoke_credential credential={credential user-1.1.1}
reset_credentials container={container user-1.1.1}
reset_credentials container={container user-2.1}
reset_credentials container=4611686018427387903

creation_form
creation_form group={group Group 2}
creation_form group={group Group 1.1}
creation_form group=4611686018427387903
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[quantity]=5
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[quantity]=3&new[series]=2
create_tickets new[group]={group Group 2}&new[product]={product 1.1-open}
create_tickets new[group]={group Group 2}&new[product]=4611686018427387903
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[quantity]=0
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[recipient]=Stock
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[recipient]=Customer&new[customer]={user user-2.1}
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[recipient]=NewCustomer&new[new_customer][email]=n@e.org
create_tickets new[group]={group Group 2}&new[product]={product 2-open}&new[recipient]=NewCustomer
create_tickets new[group]={group Group 1.1}&new[product]={product 1.1-open}
create_tickets new[product]={product 1.1-open}
isv-admin set_member group={group Group 2}&user={user user-2.3}&permissions[create_ticket]=true => creation_form
creations
creations page=x
creation creation={creation}
creation creation=4611686018427387903
isv-admin set_member group={group Group 2}&user={user user-2.2} => creation creation={creation}
mail_codes creation={creation}&email=new@example.org
mail_codes creation={creation}&email=nowhere
mail_codes creation=4611686018427387903&email=new@example.org
partner group={group Group 1}
partner group={group Group 1.1}
partner group={group Group 2}
partner group=4611686018427387903
set_product_filter group={group Group 1.1}&filtered=true&products[0]={product 1.1-open}
set_product_filter group={group Group 1.1}&filtered=true&products[0]={product 2-open}
set_product_filter group={group Group 1.1}
set_product_filter group={group Group 1}&filtered=true
set_product_filter group={group Group 2}&filtered=true&products[0]={product 2-open}
set_quota group={group Group 1.1}&product={product 1.1-open}&period=Day&quantity=1
set_quota group={group Group 1.1}&product={product 2-open}&period=Day&quantity=1
set_quota group={group Group 1.1}&product={product 1.1-open}&period=Week&quantity=1
set_quota group={group Group 2}&product={product 2-open}&period=Total
webhooks
webhooks group={group Group 1}
webhooks group={group Group 1.1}
webhooks group={group Group 2}
webhooks group=4611686018427387903
webhook webhook={webhook}
webhook webhook={webhook Group 1.1}
webhook webhook={webhook Group 1.1}&before={delivery Group 1.1}
webhook webhook={webhook Group 2}
webhook webhook=4611686018427387903
create_webhook name=New&url=https://example.org/
create_webhook group={group Group 1}&name=New&url=https://example.org/
create_webhook group={group Group 1.1}&name=New&url=https://example.org/&topics[0]=Tickets
create_webhook group={group Group 1.1}&name=New&url=http://example.org/
create_webhook group={group Group 1.1}&name=New&url=https://me@example.org/
create_webhook group={group Group 1.1}&name=&url=https://example.org/
create_webhook group={group Group 1.1}&name=New&url=https://example.org/&topics[0]=x
create_webhook group={group Group 2}&name=New&url=https://example.org/
save_webhook webhook={webhook}&name=New&url=https://example.org/
save_webhook webhook={webhook Group 1.1}&name=New&url=https://example.org/
save_webhook webhook={webhook Group 1.1}&name=New&url=nowhere
save_webhook webhook={webhook Group 2}&name=New&url=https://example.org/
switch_webhook webhook={webhook}&on=false
switch_webhook webhook={webhook Group 1.1}&on=false
switch_webhook webhook={webhook Group 1.1}&on=true
switch_webhook webhook={webhook Group 2}&on=false
test_webhook webhook={webhook}
test_webhook webhook={webhook Group 1.1}
test_webhook webhook={webhook Group 2}
send_again delivery={delivery}
send_again delivery={delivery Group 1.1}
send_again delivery={delivery Group 2}
send_again delivery=4611686018427387903
delete_webhook webhook={webhook}
delete_webhook webhook={webhook Group 1.1}
delete_webhook webhook={webhook Group 2}
delete_webhook webhook=4611686018427387903
report
report query[group]={group Group 1.1}
report query[group]={group Group 2}
report query[group]=4611686018427387903
report query[by]=x
isv-admin set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[view_reports]=true => report query[group]={group Group 1.1}

branches
branches nodes[0]={owner Group 1.1}&nodes[1]=loose
branches nodes[0]=x
ancestors node={owner Group 1.1}
ancestors node=x
find_in_tree
find_in_tree search=1.1

group group={group Group 1}
group group={group Group 1.1}
group group={group Group 2}
group group=4611686018427387903
administered
administered search=1&not_within={group Group 1.1}
administered not_within=x
candidates group={group Group 1}
candidates group={group Group 1.1}
create_group name=New
create_group parent={group Group 1}&name=New
create_group parent={group Group 1.1}&name=New
create_group parent={group Group 1.1}&name=
rename_group group={group Group 1}&name=New
rename_group group={group Group 1.1}&name=New
rename_group group={group Group 2}&name=New
move_group group={group Group 1.1}
move_group group={group Group 1.1}&parent={group Group 1.2}
move_group group={group Group 1.1}&parent={group Group 1}
move_group group={group Group 1.1}&parent={group Group 2}
move_group group={group Group 1}&parent={group Group 1.1}
delete_group group={group Group 1.1}
delete_group group={group Group 1.1}&heir={group Group 1}
delete_group group={group Group 1.1}&heir={group Group 1.2}&people_follow=true
delete_group group={group Group 1.1}&heir={group Group 2}
delete_group group={group Group 1}&heir={group Group 1.1}
delete_group group={group Group 2}&heir={group Group 1}
set_member group={group Group 1.1}&user={user user-1.2.1}
set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[admin]=true
set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[create_ticket]=true
set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[view_reports]=true
set_member group={group Group 1.1}&user={user user-1.1.1}&permissions[admin]=x
set_member group={group Group 1.1}&user={user admin-1.1.1}
set_member group={group Group 1.1}&user={user user-2.1}
set_member group={group Group 1.1}&user={user user-1.1.1}
set_member group={group Group 2}&user={user user-2.3}&permissions[admin]=true
set_member group={group Group 1}&user={user me}&permissions[admin]=true
remove_member group={group Group 1.1}&user={user user-1.1.1}
remove_member group={group Group 1.1}&user={user user-2.1}
remove_member group={group Group 1}&user={user admin-1.1}
remove_member group={group Group 2}&user={user admin-2.2}
";
