-- Lists in order of owner walk the groups by name, side by side with the people (users_by_name).
CREATE INDEX groups_by_name ON groups (folded, id, path);
-- Nobody's tickets, and those of people without a group context: few among many.
CREATE INDEX tickets_without_level ON tickets (owner_user_id, owner_since, id) WHERE level_group_id IS NULL;
