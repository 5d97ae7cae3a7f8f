//! Trees in one literal.
//!
//! ```text
//! @root^                     an ISV admin
//! @ann #a                    a person, with a personal ticket without context
//! #u                         an unassigned ticket
//! Company/                   a group; what is indented below belongs to it
//!   #c #p!                   group tickets; the second in protected mode
//!   @ann* #b                 a member: * admin, + create_ticket, % view_reports, = renew_ticket, ~ change_ticket, ? revoke_ticket; personal tickets with the group as context
//!   @eve- #e                 no member (any more), but holder of a ticket of that context
//!   Team/                    a group below
//! ```
//!
//! The name of a ticket is the product in it; the name of a person is their login.

use license_portal::ops::instance::organisation::file::{
    FORMAT, FileGroup, FileLicense, FileMembership, FileOwner, FileTicket, FileUser, Organisation,
};

/// The organisation file of a literal.
pub fn organisation(text: &str) -> Organisation {
    let mut file = Organisation {
        format: FORMAT.to_owned(),
        source: None,
        groups: Vec::new(),
        users: Vec::new(),
        memberships: Vec::new(),
        products: Vec::new(),
        tickets: Vec::new(),
    };
    let mut above: Vec<(usize, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        above.retain(|(other, _)| *other < indent);
        let group = above.last().map(|(_, key)| key.clone());
        if let Some(name) = line.trim().strip_suffix('/') {
            file.groups.push(FileGroup {
                key: name.to_owned(),
                name: name.to_owned(),
                parent: group,
            });
            above.push((indent, name.to_owned()));
        } else {
            holdings(&mut file, line, group.as_deref());
        }
    }
    file
}

/// A line of tickets, with or without their person.
fn holdings(file: &mut Organisation, line: &str, group: Option<&str>) {
    let mut person: Option<String> = None;
    for word in line.split_whitespace() {
        if let Some(person_of_line) = word.strip_prefix('@') {
            person = Some(member(file, person_of_line, group));
            continue;
        }
        let ticket = word
            .strip_prefix('#')
            .unwrap_or_else(|| panic!("neither @person nor #ticket: {word:?}"));
        let owner = FileOwner {
            group: group.filter(|_| person.is_none()).map(str::to_owned),
            user: person.clone(),
            context: group.filter(|_| person.is_some()).map(str::to_owned),
        };
        file.tickets.push(FileTicket {
            code: None,
            owner: Some(owner).filter(|owner| *owner != FileOwner::default()),
            protected: ticket.ends_with('!'),
            licenses: vec![FileLicense {
                product: ticket.trim_end_matches('!').to_owned(),
                quantity: 1,
                ..FileLicense::default()
            }],
        });
    }
}

fn member(file: &mut Organisation, word: &str, group: Option<&str>) -> String {
    let login = word.trim_end_matches(['*', '+', '%', '=', '~', '?', '^', '-']);
    let flags = &word[login.len()..];
    if !file.users.iter().any(|user| user.login == login) {
        let isv_admin = flags.contains('^');
        file.users.push(FileUser {
            login: login.to_owned(),
            email: None,
            name: None,
            isv_admin,
            active: None,
        });
    }
    let known = |group: &str| {
        file.memberships
            .iter()
            .any(|m| m.user == login && m.group == group)
    };
    if let Some(group) = group.filter(|group| !flags.contains('-') && !known(group)) {
        let granted = [
            ('*', "admin"),
            ('+', "create_ticket"),
            ('%', "view_reports"),
            ('=', "renew_ticket"),
            ('~', "change_ticket"),
            ('?', "revoke_ticket"),
        ]
        .into_iter()
        .filter(|(flag, _)| flags.contains(*flag));
        file.memberships.push(FileMembership {
            user: login.to_owned(),
            group: group.to_owned(),
            permissions: granted.map(|(_, name)| name.to_owned()).collect(),
        });
    }
    login.to_owned()
}

/// The example tree of the seed (S7), with a ticket of every kind at every place.
pub const DEMO: &str = "
    @isv-admin^ #isv-admin
    @admin-1.1 #admin-1.1
    @user-1.1.1 #user-1.1.1
    @admin-1.1.1 #admin-1.1.1
    @user-1.2.1 #user-1.2.1
    @user-1.2.2 #user-1.2.2
    @admin-2.1 #admin-2.1
    @admin-2.2 #admin-2.2
    @user-2.1 #user-2.1
    @user-2.2 #user-2.2
    @user-2.3 #user-2.3
    #unassigned
    Group 1/
      #1-open #1-protected!
      @admin-1.1* #admin-1.1@1
      Group 1.1/
        #1.1-open #1.1-protected!
        @user-1.1.1 #user-1.1.1@1.1
        @admin-1.1.1* #admin-1.1.1@1.1
      Group 1.2/
        #1.2-open #1.2-protected!
        @user-1.2.1 #user-1.2.1@1.2
        @user-1.2.2 #user-1.2.2@1.2
    Group 2/
      #2-open #2-protected!
      @admin-2.1* #admin-2.1@2
      @admin-2.2* #admin-2.2@2
      @user-2.1 #user-2.1@2
      @user-2.2 #user-2.2@2
      @user-2.3 #user-2.3@2
";

/// The logins of the example tree, in the order of the seed.
pub const PEOPLE: [&str; 11] = [
    "isv-admin",
    "admin-1.1",
    "user-1.1.1",
    "admin-1.1.1",
    "user-1.2.1",
    "user-1.2.2",
    "admin-2.1",
    "admin-2.2",
    "user-2.1",
    "user-2.2",
    "user-2.3",
];

/// The tree of the tests is the one that the demo loads.
#[test]
fn the_example_tree_is_that_of_the_demo() {
    let demo: Organisation = serde_json::from_str(include_str!("../../ops/instance/demo/tree.json")).unwrap();
    let named = |file: &Organisation| {
        let name = |key: &str| {
            file.groups
                .iter()
                .find(|group| group.key == key)
                .unwrap()
                .name
                .clone()
        };
        let groups: Vec<_> = file
            .groups
            .iter()
            .map(|group| (group.name.clone(), group.parent.as_deref().map(name)))
            .collect();
        let people: Vec<_> = file
            .users
            .iter()
            .map(|user| (user.login.clone(), user.isv_admin))
            .collect();
        let members: Vec<_> = file
            .memberships
            .iter()
            .map(|m| (m.user.clone(), name(&m.group), m.permissions.clone()))
            .collect();
        (groups, people, members)
    };
    assert_eq!(named(&demo), named(&organisation(DEMO)));
    assert_eq!(
        demo.users
            .iter()
            .map(|user| user.login.as_str())
            .collect::<Vec<_>>(),
        PEOPLE
    );
}
