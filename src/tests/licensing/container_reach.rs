//! Whose containers somebody reaches (S9): on random worlds, the policy, the condition in SQL and the oracle agree.

use domain::{access::ContainerFacts, ids::ContainerId};
use license_portal::{
    ops,
    store::Engine,
    views::licensing::containers::{CONTAINERS_PAGE, ContainerQuery},
};

use crate::{
    policy::{
        oracle::World,
        worlds::{actor, file, lineage, some_worlds, user_id},
    },
    support::portal::{BEGIN_MS, TestPortal},
};

on_both_engines!(lists_of_containers_show_what_the_policy_reaches);

/// Whose it is, and its group context.
type Container = (usize, Option<usize>);

/// One for each person in each group and in none, whether they are a member there or have left.
fn containers(world: &World) -> Vec<Container> {
    let groups = 0..world.parents.len();
    let contexts = move || std::iter::once(None).chain(groups.clone().map(Some));
    (0..world.isv_admins.len())
        .flat_map(|person| contexts().map(move |context| (person, context)))
        .collect()
}

/// "A group admin who reaches the user reaches the container", and the admins of its context keep it.
fn expected(world: &World, person: usize, (of, context): Container) -> bool {
    world.sees_person(person, of) || context.is_some_and(|group| world.admin(person, group))
}

fn permitted(world: &World, person: usize, (of, context): Container) -> bool {
    actor(world, person).reaches_container(&ContainerFacts {
        id: ContainerId(1),
        user: user_id(of),
        context: context.map(|group| lineage(world, group)),
        groups: world.memberships[of]
            .keys()
            .map(|group| lineage(world, *group))
            .collect(),
    })
}

/// Writes them behind the portal's back, because nobody could make those of leavers; their names are their numbers.
async fn write(portal: &TestPortal, containers: &[Container]) {
    let row = |(number, (of, context)): (usize, &Container)| {
        let context = context.map_or_else(
            || "NULL".to_owned(),
            |group| portal.group(&format!("g{group}")).to_string(),
        );
        let user = portal.person(&format!("p{of}"));
        format!(
            "({}, {user}, {context}, 'cloud', '{number}', '{number}', {BEGIN_MS})",
            number + 1
        )
    };
    let rows: Vec<String> = containers.iter().enumerate().map(row).collect();
    portal
        .run(&format!(
            "INSERT INTO containers (id, user_id, context_group_id, kind, name, folded, created_at) VALUES {}",
            rows.join(", ")
        ))
        .await;
}

/// The numbers of the containers that somebody finds, page by page.
async fn found(portal: &TestPortal, person: usize) -> Vec<usize> {
    let reader = portal.person(&format!("p{person}"));
    let mut found = Vec::new();
    for page in 0.. {
        let query = ContainerQuery {
            page,
            ..ContainerQuery::default()
        };
        let answer = ops::licensing::containers::list(&portal.store, reader, &query)
            .await
            .unwrap();
        let full = answer.rows.len() == CONTAINERS_PAGE as usize;
        found.extend(answer.rows.iter().map(|row| row.name.parse::<usize>().unwrap()));
        if !full {
            assert_eq!(
                u64::try_from(found.len()).unwrap(),
                answer.total,
                "the list and its count differ"
            );
            break;
        }
    }
    found.sort_unstable();
    found
}

async fn lists_of_containers_show_what_the_policy_reaches(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let mut decisions = [0, 0];
    for world in some_worlds(if engine == Engine::Sqlite { 40 } else { 20 }) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        let containers = containers(&world);
        write(&portal, &containers).await;
        for person in 0..world.isv_admins.len() {
            let mut reached = Vec::new();
            for (number, container) in containers.iter().enumerate() {
                let permitted = permitted(&world, person, *container);
                assert_eq!(
                    permitted,
                    expected(&world, person, *container),
                    "p{person}, {container:?}: {world:#?}"
                );
                decisions[usize::from(permitted)] += 1;
                if permitted {
                    reached.push(number);
                }
            }
            assert_eq!(found(&portal, person).await, reached, "p{person}: {world:#?}");
        }
    }
    assert!(decisions.iter().all(|count| *count >= 1_000), "{decisions:?}");
}
